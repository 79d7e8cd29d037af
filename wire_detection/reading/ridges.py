"""Ridges are wires of any direction: what the wire map calls wire and no bar explains, followed along its middle.

Bars are measured in the ink and are the better answer wherever a stroke runs along the sheet. Slanted, curved and
hand-drawn wires are no bars; the map knows them all the same. What is left of it beside the bars is thinned to lines
of a pixel, each line is a chain of few straight segments (Douglas and Peucker 1973), the segments are moved to the
middle of the ink, and the chain's ends onto what they touch.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from wire_detection.classic.chains import ended_on, on_ink, simplified
from wire_detection.classic.detect import LEAST_CONFIDENCE, Candidates, slanted_wires
from wire_detection.classic.letters import without_letters
from wire_detection.reading.slants import shown_slants
from wire_detection.sheets.geometry import (
    as_segments,
    compose_affine,
    points_near_segments,
    scale_of,
    segment_lengths,
    transform_points,
    transform_segments,
)
from wire_detection.sheets.raster import draw_segments, pixels_at, widened

EXPLAINED_PX = 4
"""On the map, how far from its middle a bar explains what is marked as wire: the map is as coarse as its stride."""

RIM_PX = 2 * EXPLAINED_PX
"""On the map, from the sheet's edge: what runs along it so near is a frame or the edge of a page, and was no bar."""

SHORTEST = 7.0
"""In stroke widths, as for bars: shorter ridges are noise of the map, and rims of what bars explain."""

LEAST_MEAN = 0.7
"""Mean probability along a ridge: blobs of a map that is not sure are paler, wires are 0.9 and more."""

BEND = 0.75
"""In stroke widths, how far a chain of segments may lie from the ridge: the middle of the ink is found within that."""

FACING = -0.85
"""Cosine of the angle between the ends of two ridges of which one goes on as the other, across a bar or a ridge."""

KNOT = np.ones((3, 3), np.uint8)


@dataclass(frozen=True)
class Ridges:
    """Wires on the upright sheet that are no bars, segments of chains which meet end on end.

    segments: (M, 4) float32 x0 y0 x1 y1      confidences: (M,) float32, the mean probability of the chain
    """

    segments: np.ndarray
    confidences: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """(M,) in pixels."""
        return np.hypot(*(self.segments[:, 2:] - self.segments[:, :2]).T)


NO_RIDGES = Ridges(as_segments(()), np.zeros(0, np.float32))


def find_ridges(candidates: Candidates, confidences: np.ndarray, wire: np.ndarray, matrix: np.ndarray) -> Ridges:
    """Trace what the map `wire` (h, w) shows away from all bars and slanted strokes.

    Args:
        confidences: (B,) how surely each bar of `candidates` is a wire; ridges end on those that are.
        matrix: (2, 3) from the sheet's pixels to those of the map.
    """
    to_map = compose_affine(candidates.back, matrix)
    scale = scale_of(to_map, wire.shape)
    stroke_px = candidates.stroke_px * scale  # on the map, as all that follows up to the chains
    may_be_wires = shown_slants(candidates, wire, matrix)
    bars, (slanted, _) = candidates.bars.segments(), slanted_wires(candidates, confidences, may_be_wires)
    explained = transform_segments(np.concatenate([bars, slanted]), to_map)
    left = (wire > LEAST_CONFIDENCE) & ~draw_segments(wire.shape, explained, 2 * EXPLAINED_PX + 1)
    left[:RIM_PX] = left[-RIM_PX:] = left[:, :RIM_PX] = left[:, -RIM_PX:] = False
    if not left.any():
        return NO_RIDGES
    drawing = without_letters(candidates.ink, candidates.stroke_px)  # as for bars: letters look like wires to some maps
    left &= widened(cv2.warpAffine(drawing, to_map, wire.shape[::-1], flags=cv2.INTER_NEAREST), 1)
    lines = [line for line in thin_lines(left) if len(line) > stroke_px]
    if not lines:
        return NO_RIDGES
    lines = join_facing(lines, 2 * (EXPLAINED_PX + 1) + stroke_px)
    chosen = [
        (line, mean)
        for line in lines
        if _length(line) + 2 * EXPLAINED_PX >= SHORTEST * stroke_px
        and (mean := float(pixels_at(wire, *line.T).mean())) >= LEAST_MEAN
    ]
    if not chosen:
        return NO_RIDGES
    back = cv2.invertAffineTransform(to_map)
    chains = [
        on_ink(transform_points(simplified(line, BEND * stroke_px), back), candidates.ink, candidates.stroke_px)
        for line, _ in chosen
    ]
    wires = np.concatenate([bars[confidences >= LEAST_CONFIDENCE], slanted])
    segments = ended_on(chains, wires, EXPLAINED_PX / scale + 1.5 * candidates.stroke_px)
    counts = [len(chain) - 1 for chain in chains]
    sure = np.repeat(np.float32([mean for _, mean in chosen]), counts)
    remains = segment_lengths(segments) > 0  # of a rim of a bar both ends move onto one point of it
    return Ridges(as_segments(segments[remains]), sure[remains])


def thin_lines(mask: np.ndarray) -> list[np.ndarray]:
    """Thin a mask (H, W) bool to lines of a pixel, cut where three meet: each (N, 2) float32 x y, from end to end."""
    if not mask.any():
        return []
    from skimage.morphology import skeletonize

    thin = skeletonize(mask).astype(np.uint8)
    neighbours = cv2.filter2D(thin, cv2.CV_8U, KNOT, borderType=cv2.BORDER_CONSTANT) - thin
    thin &= 1 - cv2.dilate(thin & (neighbours > 2), KNOT)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(thin, connectivity=8)
    rows, columns = np.nonzero(thin)
    order = np.argsort(labels[rows, columns], kind="stable")
    points = np.stack([columns, rows], 1)[order]
    return [walked(part) for part in np.split(points, np.cumsum(stats[1:, cv2.CC_STAT_AREA])[:-1]) if len(part) > 1]


def walked(points: np.ndarray) -> np.ndarray:
    """The pixels (N, 2) of a line that does not branch, in their order along it; a ring begins anywhere."""
    free = {tuple(point) for point in points.tolist()}
    steps = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))  # straight on before aslant

    def around(x, y):
        return [(x + dx, y + dy) for dx, dy in steps if (x + dx, y + dy) in free]

    here = min(free, key=lambda point: len(around(*point)))
    line = [here]
    while True:
        free.discard(here)
        ahead = around(*here)
        if not ahead:
            return np.array(line, np.float32)
        here = ahead[0]
        line.append(here)


def join_facing(lines: list[np.ndarray], reach_px: float) -> list[np.ndarray]:
    """Join lines whose ends face each other, across a bar or another line that they cross: the nearest pairs first.

    reach_px is the width of the gap that a bar leaves in a line which crosses it at a right angle.
    """
    ends = np.array([line[i] for line in lines for i in (0, -1)])
    ways = np.array([outward(line, last) for line in lines for last in (False, True)])
    one, two = np.triu_indices(len(ends), 1)
    gap = ends[two] - ends[one]
    far = np.hypot(*gap.T)
    ahead = (gap * ways[one]).sum(1)
    straight = (ahead > 0.9 * far) & (-(gap * ways[two]).sum(1) > 0.9 * far)
    fits = (one // 2 != two // 2) & (far <= 2 * reach_px) & ((ways[one] * ways[two]).sum(1) < FACING) & straight
    one, two = one[fits], two[fits]
    used, partner = set(), {}
    for k in np.argsort(far[fits], kind="stable").tolist():
        a, b = int(one[k]), int(two[k])
        if not {a, b} & used:
            used |= {a, b}
            partner[a], partner[b] = b, a
    return _followed(lines, partner)


def _followed(lines: list[np.ndarray], partner: dict[int, int]) -> list[np.ndarray]:
    """The lines joined end to end; end 2 k is the first of line k and 2 k + 1 its last, `partner` says what follows."""
    joined, seen = [], set()
    starts = [end for end in range(2 * len(lines)) if end not in partner]
    for start in [*starts, *range(2 * len(lines))]:  # those without a partner first: what is left then are rings
        parts, end = [], start
        while end is not None and end // 2 not in seen:
            seen.add(end // 2)
            parts.append(lines[end // 2][:: 1 if end % 2 == 0 else -1])
            end = partner.get(end ^ 1)
        if parts:
            joined.append(np.concatenate(parts))
    return joined


def outward(line: np.ndarray, last: bool) -> np.ndarray:
    """The unit vector (2,) in which a line (N, 2) leaves at its first or its last point."""
    line = line if last else line[::-1]
    way = line[-1] - line[max(0, len(line) - 10)]  # of ten pixels: fewer tell a direction badly
    return way / max(np.hypot(*way), 1e-9)


def _length(line: np.ndarray) -> float:
    return float(np.hypot(*np.diff(line[:: max(1, len(line) // 50)], axis=0).T).sum())


def arms_of_ridges(points: np.ndarray, ridges: Ridges, reach_px: float) -> np.ndarray:
    """How many ridges lead away from each of the points (N, 2): one that ends there once, one that runs on twice."""
    counts = np.zeros(len(points), int)
    for point, segment in points_near_segments(points, ridges.segments, reach_px).tolist():
        ends = ridges.segments[segment].reshape(2, 2) - points[point]
        counts[point] += int((np.hypot(*ends.T) > reach_px).sum())
    return counts
