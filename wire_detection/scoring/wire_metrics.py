"""Scores of wires, junctions and nets of a sheet against the truth, with tolerance.

    scores = score_sheet(truth, predicted)

A sheet's scores are counts, so that sets pool them (micro) as well as average them over sheets (mean). The tolerance
is t = max(2 px, stroke width) for lines and max(3 px, 2 stroke widths) for junctions, by the truth's stroke width.

    wire      centreline pixels within t of the other side's centreline: precision, recall, F1
    segment   touching collinear pieces merged on both sides, one-to-one: both ends within t of the other's line, and
              overlap IoU of 0.8 or both ends within the junction tolerance of the other's
    junction  one-to-one within the junction tolerance
    net       share of true nets of which one predicted net covers 90 % of the pixels, being the main cover (50 %) of
              no other true net; net_covered: the same without the last condition
    iou       wire pixels drawn at stroke width, strictly; junction_iou: junction discs
    cldice    share of each side's skeleton inside the other side's wire pixels, as precision, recall and their
              harmonic mean (Shit et al., CVPR 2021, eq. 1-3)

Leads and buses, where the truth names them, count neither for nor against: predicted pixels within t + 2 px of one,
but not within t of a true wire, are dropped and predicted segments cut there. Nets are cut on buses only: who takes a
lead for wire does no harm, who runs on into the symbol's outline merges the nets that end at it.

Empty against empty scores 1. A sheet that has nothing to score in junctions, nets or pixels is left out of their mean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from types import SimpleNamespace

import cv2
import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching
from scipy.spatial import cKDTree

from wire_detection.sheets.geometry import (
    as_points,
    connect_nets,
    draw_labels,
    draw_segments,
    merge_collinear,
    points_near_segments,
    segments_outside,
)

DEFAULT_STROKE_PX = 2.0
"""The stroke width of a truth that does not state one."""

DONT_CARE_RIM_PX = 2.0
"""Leads and buses are ignored this much further out than the tolerance: they may be drawn thicker than wires."""

SEGMENT_OVERLAP = 0.8
MAIN_COVER = 0.5
FULL_COVER = 0.9
SMALLEST_NET_PX = 4
"""A net of fewer pixels is a sliver that a window's edge has left."""

COUNTED_WHEN_EMPTY = ("wire", "segment")
"""The scores whose mean takes in sheets where neither side has anything, with 1."""


@dataclass(frozen=True)
class Counts:
    """Hits of both sides, which differ where matching is not one-to-one: pixels within a tolerance."""

    predicted_hits: int
    predicted: int
    true_hits: int
    true: int

    @property
    def precision(self) -> float:
        return self.predicted_hits / self.predicted if self.predicted else float(self.is_empty)

    @property
    def recall(self) -> float:
        return self.true_hits / self.true if self.true else float(self.is_empty)

    @property
    def score(self) -> float:
        """F1, the harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def is_empty(self) -> bool:
        return self.predicted == 0 and self.true == 0

    def values(self) -> dict[str, float]:
        return {"precision": self.precision, "recall": self.recall, "f1": self.score}


@dataclass(frozen=True)
class Share:
    """A part of a whole: recovered nets of all, common pixels of the union."""

    part: int
    whole: int

    @property
    def score(self) -> float:
        return self.part / self.whole if self.whole else 1.0

    @property
    def is_empty(self) -> bool:
        return self.whole == 0

    def values(self) -> dict[str, float]:
        return {"share": self.score}


SheetScores = dict[str, Counts | Share]
"""What one sheet scores, by the names in this file's docstring."""


@dataclass(frozen=True)
class Tolerances:
    """Distances in pixels within which wires and junctions count as found."""

    stroke_px: float
    wire_px: float
    junction_px: float

    @classmethod
    def of_stroke(cls, stroke_px: float) -> Tolerances:
        return cls(stroke_px=stroke_px, wire_px=max(2.0, stroke_px), junction_px=max(3.0, 2 * stroke_px))


def score_sheet(truth, predicted, *, wire_mask: np.ndarray | None = None, junction_mask: np.ndarray | None = None,
                stroke_px: float | None = None) -> SheetScores:
    """All scores of one sheet.

    Args:
        truth: annotation with `image_shape`, `wires`, `junctions`, `pins`, `buses` and `metadata["stroke_width"]`.
        predicted: annotation with `wires` and `junctions`, in the same coordinates.
        wire_mask: (H, W) bool predicted wire pixels for `iou` and `cldice`; drawn from predicted wires when not given.
        junction_mask: (H, W) bool predicted junction pixels; without it there is no `junction_iou`.
        stroke_px: stroke width of the sheet in place of the truth's.
    """
    sheet = _prepare(truth, predicted, _tolerances(truth, stroke_px))
    scores = {**_vector_scores(sheet), **_net_scores(sheet), **_mask_scores(sheet, wire_mask)}
    if junction_mask is not None:
        drawn = _discs(sheet.shape, sheet.true_junctions, _disc_radius(truth, sheet.tolerances.stroke_px))
        scores["junction_iou"] = _iou(drawn, _checked(junction_mask, sheet.shape))
    return scores


def score_against_tolerance(truth, predicted, tolerances_px: Iterable[float] = range(1, 9), *,
                            stroke_px: float | None = None) -> dict[float, SheetScores]:
    """The wire, segment and junction scores of one sheet with each of the tolerances, for wires and junctions alike."""
    usual = _tolerances(truth, stroke_px)
    return {t: _vector_scores(_prepare(truth, predicted, replace(usual, wire_px=t, junction_px=t)))
            for t in tolerances_px}


def score_against_confidence(truth, predicted, thresholds: Iterable[float] = np.linspace(0, 1, 21), *,
                             stroke_px: float | None = None) -> dict[float, SheetScores]:
    """A precision-recall curve: the wire, segment and junction scores of what has at least each confidence.

    `predicted` needs `wire_confidences` (N,) and `junction_confidences` (M,) as well.
    """
    tolerances = _tolerances(truth, stroke_px)
    curve = {}
    for threshold in thresholds:
        kept = SimpleNamespace(wires=predicted.wires[predicted.wire_confidences >= threshold],
                               junctions=predicted.junctions[predicted.junction_confidences >= threshold])
        curve[float(threshold)] = _vector_scores(_prepare(truth, kept, tolerances))
    return curve


def score_masks(true_wires: np.ndarray, predicted_wires: np.ndarray, *, stroke_px: float,
                true_junctions: np.ndarray | None = None,
                predicted_junctions: np.ndarray | None = None) -> SheetScores:
    """The scores that (H, W) bool masks allow: wire (between skeletons), iou, cldice, and with both junction masks
    junction (between the blobs' centres) and junction_iou."""
    tolerances = Tolerances.of_stroke(stroke_px)
    shape = true_wires.shape
    true_wires, predicted_wires = _checked(true_wires, shape), _checked(predicted_wires, shape)
    true_line, predicted_line = _skeleton(true_wires), _skeleton(predicted_wires)
    scores: SheetScores = {
        "wire": _pixel_counts(true_line, predicted_line, tolerances.wire_px),
        "iou": _iou(true_wires, predicted_wires),
        "cldice": _cldice(true_line, true_wires, predicted_line, predicted_wires),
    }
    if true_junctions is not None and predicted_junctions is not None:
        true_junctions, predicted_junctions = _checked(true_junctions, shape), _checked(predicted_junctions, shape)
        scores["junction"] = _junction_counts(_blob_centres(true_junctions), _blob_centres(predicted_junctions),
                                              tolerances.junction_px)
        scores["junction_iou"] = _iou(true_junctions, predicted_junctions)
    return scores


def _tolerances(truth, stroke_px: float | None) -> Tolerances:
    return Tolerances.of_stroke(float(stroke_px or truth.metadata.get("stroke_width") or DEFAULT_STROKE_PX))


@dataclass(frozen=True)
class _Sheet:
    """Truth and prediction of one sheet, drawn, with what is don't-care taken out of the prediction."""

    shape: tuple[int, int]
    tolerances: Tolerances
    true_wires: np.ndarray
    true_junctions: np.ndarray
    true_line: np.ndarray  # (H, W) bool centreline pixels
    predicted_wires: np.ndarray
    predicted_junctions: np.ndarray
    predicted_line: np.ndarray
    predicted_net_wires: np.ndarray  # cut on buses only
    ignored: np.ndarray  # (H, W) bool


def _prepare(truth, predicted, tolerances: Tolerances) -> _Sheet:
    shape = tuple(truth.image_shape)
    true_wires, net_wires = _on_image(truth.wires, shape), _on_image(predicted.wires, shape)
    true_line = draw_segments(shape, true_wires)
    beyond_wires = ~_within(true_line, tolerances.wire_px)
    rim_px = tolerances.wire_px + DONT_CARE_RIM_PX
    on_bus = _within(draw_segments(shape, truth.buses), rim_px) & beyond_wires
    ignored = on_bus | (_within(draw_segments(shape, truth.pins), rim_px) & beyond_wires)
    net_wires = segments_outside(net_wires, on_bus) if on_bus.any() else net_wires
    predicted_wires = segments_outside(net_wires, ignored) if ignored.any() else net_wires
    return _Sheet(
        shape=shape,
        tolerances=tolerances,
        true_wires=true_wires,
        true_junctions=as_points(truth.junctions),
        true_line=true_line,
        predicted_wires=predicted_wires,
        predicted_junctions=as_points(predicted.junctions),
        predicted_line=draw_segments(shape, predicted_wires) & ~ignored,
        predicted_net_wires=net_wires,
        ignored=ignored,
    )


def _on_image(segments, shape: tuple[int, int]) -> np.ndarray:
    """(N, 4) float64, ends half a pixel outside, on the rim of the edge pixels, moved to those pixels' centres.

    By way of text, which says 1570.9 px where single precision holds 1570.90002: rounding is not to decide ties.
    """
    height, width = shape
    exact = np.asarray(segments).astype(str).astype(np.float64).reshape(-1, 4)
    return np.clip(exact, 0, [width - 1, height - 1] * 2)


def _within(mask: np.ndarray, distance_px: float) -> np.ndarray:
    """(H, W) bool, true on pixels whose centre is no further than this from the centre of a pixel of `mask`."""
    reach = int(distance_px)
    rows, columns = np.ogrid[-reach:reach + 1, -reach:reach + 1]
    disc = (rows**2 + columns**2 <= distance_px**2).astype(np.uint8)
    return cv2.dilate(mask.view(np.uint8), disc) > 0


def _vector_scores(sheet: _Sheet) -> SheetScores:
    return {
        "wire": _pixel_counts(sheet.true_line, sheet.predicted_line, sheet.tolerances.wire_px),
        "segment": _segment_counts(sheet),
        "junction": _junction_counts(sheet.true_junctions, sheet.predicted_junctions, sheet.tolerances.junction_px),
    }


def _pixel_counts(true_line: np.ndarray, predicted_line: np.ndarray, tolerance_px: float) -> Counts:
    return Counts(predicted_hits=int((predicted_line & _within(true_line, tolerance_px)).sum()),
                  predicted=int(predicted_line.sum()),
                  true_hits=int((true_line & _within(predicted_line, tolerance_px)).sum()),
                  true=int(true_line.sum()))


def _segment_counts(sheet: _Sheet) -> Counts:
    true, predicted = merged_for_scoring(sheet.true_wires, sheet.predicted_wires, sheet.tolerances.stroke_px)
    hits = len(match_segments(true, predicted, sheet.tolerances))
    return Counts(predicted_hits=hits, predicted=len(predicted), true_hits=hits, true=len(true))


def _junction_counts(true: np.ndarray, predicted: np.ndarray, tolerance_px: float) -> Counts:
    hits = len(match_junctions(true, predicted, tolerance_px))
    return Counts(predicted_hits=hits, predicted=len(predicted), true_hits=hits, true=len(true))


def merged_for_scoring(true_wires, predicted_wires, stroke_px: float) -> tuple[np.ndarray, np.ndarray]:
    """Both sides with touching collinear pieces joined, so that where a line was cut makes no difference."""
    return (merge_collinear(true_wires, offset_px=1.0, gap_px=1.5),
            merge_collinear(predicted_wires, offset_px=max(1.5, stroke_px / 2), gap_px=max(2.0, stroke_px)))


def match_segments(true: np.ndarray, predicted: np.ndarray, tolerances: Tolerances) -> np.ndarray:
    """(K, 2) int pairs (true, predicted), one-to-one and as many as possible (Hopcroft and Karp 1973)."""
    reach_px = np.hypot(tolerances.wire_px, tolerances.junction_px) + 1
    middles = (predicted[:, :2] + predicted[:, 2:]) / 2  # a match's middle always lies on the other, or nearly
    pairs = points_near_segments(middles, true, reach_px)[:, ::-1]
    pairs = pairs[_same_segment(true[pairs[:, 0]], predicted[pairs[:, 1]], tolerances)]
    graph = coo_matrix((np.ones(len(pairs), bool), pairs.T), shape=(len(true), len(predicted))).tocsr()
    if not len(pairs):
        return np.zeros((0, 2), int)
    partner = maximum_bipartite_matching(graph, perm_type="column")
    return np.stack([np.flatnonzero(partner >= 0), partner[partner >= 0]], 1)


def _same_segment(true: np.ndarray, predicted: np.ndarray, tolerances: Tolerances) -> np.ndarray:
    """(K,) bool, whether predicted segment k is true segment k; both (K, 4)."""
    along = true[:, 2:] - true[:, :2]
    length = np.hypot(*along.T)
    along /= length[:, None]
    from_start = predicted.reshape(-1, 2, 2) - true[:, None, :2]
    across_px = np.abs(from_start[..., 1] * along[:, None, 0] - from_start[..., 0] * along[:, None, 1]).max(1)
    place = np.sort((from_start * along[:, None]).sum(2), axis=1)
    low, high = place.T
    common = np.minimum(high, length) - np.maximum(low, 0)
    union = np.maximum(high, length) - np.minimum(low, 0)
    ends_meet = (np.abs(low) <= tolerances.junction_px) & (np.abs(high - length) <= tolerances.junction_px)
    parallel = high - low > 0.5 * np.hypot(*(predicted[:, 2:] - predicted[:, :2]).T)
    return (across_px <= tolerances.wire_px) & parallel & ((common / union >= SEGMENT_OVERLAP) | ends_meet)


def match_junctions(true: np.ndarray, predicted: np.ndarray, tolerance_px: float) -> np.ndarray:
    """(K, 2) int pairs (true, predicted) within the tolerance, one-to-one, as many and as near as possible.

    The Hungarian algorithm, on the points that have a partner within reach at all.
    """
    if not len(true) or not len(predicted):
        return np.zeros((0, 2), int)
    near = cKDTree(true).sparse_distance_matrix(cKDTree(predicted), tolerance_px, output_type="coo_matrix")
    rows, row_of = np.unique(near.row, return_inverse=True)
    columns, column_of = np.unique(near.col, return_inverse=True)
    too_far = tolerance_px * (len(rows) + 1) + 1  # dearer than any number of pairs within reach
    cost = np.full((len(rows), len(columns)), too_far)
    cost[row_of, column_of] = near.data
    matched = np.stack(linear_sum_assignment(cost), 1)
    matched = matched[cost[matched[:, 0], matched[:, 1]] < too_far]
    return np.stack([rows[matched[:, 0]], columns[matched[:, 1]]], 1).astype(int)


def _net_scores(sheet: _Sheet) -> SheetScores:
    tolerances = sheet.tolerances
    true_nets = connect_nets(sheet.true_wires, sheet.true_junctions, end_px=0.75, junction_px=1.0)
    predicted_nets = connect_nets(sheet.predicted_net_wires, sheet.predicted_junctions, end_px=tolerances.junction_px,
                                  junction_px=tolerances.junction_px, body_px=tolerances.wire_px)
    true_image = _draw_nets(sheet.shape, sheet.true_wires, true_nets)
    sizes = np.bincount(true_image[true_image >= 0], minlength=true_nets.max(initial=-1) + 1)
    judged = sizes >= SMALLEST_NET_PX
    # where predicted nets cross, one image shows the later net and one the earlier
    images = [_draw_nets(sheet.shape, sheet.predicted_net_wires, predicted_nets, flip) for flip in (False, True)]
    net, cover, count = _covered_pixels(true_image, images, tolerances.wire_px)
    share = count / sizes[net]
    mains = np.bincount(cover[judged[net] & (share >= MAIN_COVER)], minlength=cover.max(initial=-1) + 1)
    full = judged[net] & (share >= FULL_COVER)
    return {"net": Share(len(np.unique(net[full & (mains[cover] == 1)])), int(judged.sum())),
            "net_covered": Share(len(np.unique(net[full])), int(judged.sum()))}


def _draw_nets(shape: tuple[int, int], wires: np.ndarray, nets: np.ndarray, flip: bool = False) -> np.ndarray:
    order = np.argsort(nets, kind="stable")[:: -1 if flip else 1]
    return draw_labels(shape, wires[order], nets[order])


def _covered_pixels(true_image: np.ndarray, predicted_images: list[np.ndarray],
                    tolerance_px: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many pixels of which true net lie within the tolerance of which predicted net.

    Args:
        true_image: (H, W) int32 net numbers, -1 where there is none; predicted_images likewise.

    Returns:
        (K,) true nets, (K,) predicted nets, (K,) counts of pixels of the one near the other, all above 0.
    """
    reach = int(tolerance_px)
    around = [(y, x) for y in range(-reach, reach + 1) for x in range(-reach, reach + 1)
              if y * y + x * x <= tolerance_px**2]
    padded = np.pad(true_image, reach, constant_values=-1)
    row_step = padded.shape[1]
    near = _within(true_image >= 0, tolerance_px)
    sites = [(image, *np.nonzero(near & (image >= 0))) for image in predicted_images]
    covers = np.concatenate([image[rows, columns] for image, rows, columns in sites]).astype(np.int64)
    places = np.concatenate([(rows + reach) * row_step + columns + reach for _, rows, columns in sites])
    number_of_covers = int(covers.max(initial=0)) + 1
    keys = [np.zeros(0, np.int64)]
    for y, x in around:
        pixels = places + y * row_step + x
        hit = padded.ravel()[pixels] >= 0
        keys.append(np.unique(pixels[hit] * number_of_covers + covers[hit]))
    keys = np.unique(np.concatenate(keys))
    nets = padded.ravel()[keys // number_of_covers].astype(np.int64)
    pairs, counts = np.unique(nets * number_of_covers + keys % number_of_covers, return_counts=True)
    return pairs // number_of_covers, pairs % number_of_covers, counts


def _mask_scores(sheet: _Sheet, wire_mask: np.ndarray | None) -> SheetScores:
    true_mask = _ribbons(sheet.shape, sheet.true_wires, sheet.tolerances.stroke_px)
    if wire_mask is None:
        predicted_mask = _ribbons(sheet.shape, sheet.predicted_wires, sheet.tolerances.stroke_px)
    else:
        predicted_mask = _checked(wire_mask, sheet.shape)
    predicted_mask = predicted_mask & (true_mask | ~sheet.ignored)
    predicted_line = sheet.predicted_line if wire_mask is None else _skeleton(predicted_mask)
    return {"iou": _iou(true_mask, predicted_mask),
            "cldice": _cldice(sheet.true_line, true_mask, predicted_line, predicted_mask)}


def _checked(mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    if mask.shape != shape or mask.dtype != bool:
        raise ValueError(f"mask is {mask.dtype} of shape {mask.shape}, expected bool of shape {tuple(shape)}")
    return mask


def _ribbons(shape: tuple[int, int], segments: np.ndarray, stroke_px: float) -> np.ndarray:
    """(H, W) bool segments at stroke width, as OpenCV's `line` draws them: the ink's soft rim included."""
    mask = np.zeros(shape, np.uint8)
    for x0, y0, x1, y1 in np.rint(segments.astype(np.float64) * 16).astype(int).tolist():
        cv2.line(mask, (x0, y0), (x1, y1), 1, max(1, round(stroke_px)), cv2.LINE_8, 4)
    return mask > 0


def _discs(shape: tuple[int, int], points: np.ndarray, radius_px: int) -> np.ndarray:
    mask = np.zeros(shape, np.uint8)
    for x, y in np.rint(points).astype(int).tolist():
        cv2.circle(mask, (x, y), radius_px, 1, -1)
    return mask > 0


def _disc_radius(truth, stroke_px: float) -> int:
    return max(2, round(truth.metadata.get("junction_radius", 2 * stroke_px)))


def _skeleton(mask: np.ndarray) -> np.ndarray:
    from skimage.morphology import skeletonize

    return skeletonize(mask)


def _blob_centres(mask: np.ndarray) -> np.ndarray:
    """(M, 2) float32 centres of the connected blobs of a mask."""
    _, _, _, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    return as_points(centres[1:])


def _iou(true_mask: np.ndarray, predicted_mask: np.ndarray) -> Share:
    return Share(int((true_mask & predicted_mask).sum()), int((true_mask | predicted_mask).sum()))


def _cldice(true_line: np.ndarray, true_mask: np.ndarray, predicted_line: np.ndarray,
            predicted_mask: np.ndarray) -> Counts:
    return Counts(predicted_hits=int((predicted_line & true_mask).sum()), predicted=int(predicted_line.sum()),
                  true_hits=int((true_line & predicted_mask).sum()), true=int(true_line.sum()))
