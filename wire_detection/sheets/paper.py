"""Lines that are printed on the paper (squared, ruled, millimetre paper, grids of editors) are levelled out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter
from scipy.spatial import cKDTree

STRIPS = 8
"""The sheet is looked at in so many strips: within one, printed lines are straight and level to a pixel or so."""

NARROWEST_STRIP_PX = 100
"""Fewer strips are cut from a small sheet: across a narrow one run many of the drawing's own lines."""

STRIP_SHARE = 0.75
"""Printed lines go right across the sheet: so many of the strips must show them."""

SAMPLES = 128
"""So many pixels of a strip's row are enough for its median."""

WINDOW_PX = 15
"""Of the running median that is the paper between printed lines; on large sheets a WINDOW_SHARE of their side."""

WINDOW_SHARE = 1 / 120

LEAST_LINE = 0.025
"""A printed line darkens the paper by this share at least; a paler one disturbs nobody."""

LEAST_SPACING_PX = 8
"""Lines that lie nearer together are grain, or a shaded part."""

FEWEST_LINES = 6
"""Fewer lines are no family: a drawing has as many wires in parallel."""

REGULAR_SHARE = 0.75
"""So many of the lines must have another at the family's spacing from them: a few wires lie between printed lines."""

DRIFT_PX = 3
"""How far a printed line may drift from one end of the sheet to the other."""

REGULAR_PX = 1.5
"""By how much that distance may be off."""

OFF_SHARE = 0.1
"""By which share of the spacing that distance may be off where that is more."""

PALER = 0.8
"""Printed lines are darker than the paper by at most this share of what the drawing's ink is."""

INK_QUANTILE = 0.998
"""The drawing's ink is as dark as the darkest pixels but these: on a sparse sheet no more are ink."""

KEPT = 1.3
"""On a printed line remains what is so many times darker than the line itself: the drawing's own ink."""


@dataclass(frozen=True)
class Profile:
    """The rows of a strip of a sheet.

    paper: (H,) the tone of the paper            line: (H,) by which share of it a line right across darkens it, or 0
    ink: how dark the darkest pixels of the strip are, as a share of the paper's tone
    """

    paper: np.ndarray
    line: np.ndarray
    ink: float

    def middles(self) -> np.ndarray:
        """Find the middle rows (N,) of the lines."""
        starts, ends = runs(self.line > 0)
        return (starts + ends - 1) / 2

    def spacing_px(self) -> float:
        """Measure the distance between the lines; 0 where they are no family that goes down half the sheet."""
        middles = self.middles()
        reaches = len(middles) and middles[-1] - middles[0] >= len(self.line) / 2
        return regular_spacing(middles) if reaches else 0.0


def without_printed_lines(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """Level out the lines printed on the paper of a sheet (H, W) uint8; tell their spacing in pixels, 0 without any.

    Printed lines go right across the sheet at even distances and are paler than the drawing: the median tone along one
    is the line's own, and only the drawing's ink is darker. A sheet without any is returned as it is.
    """
    grey, level_px = _without_level_lines(grey)
    upright, upright_px = _without_level_lines(grey.T)
    return (np.ascontiguousarray(upright.T) if upright_px else grey), max(level_px, upright_px)


def _without_level_lines(grey: np.ndarray) -> tuple[np.ndarray, float]:
    """Do as `without_printed_lines` with the horizontal ones."""
    count = int(np.clip(grey.shape[1] // NARROWEST_STRIP_PX, 1, STRIPS))
    edges = np.linspace(0, grey.shape[1], count + 1).astype(int)
    strips = [slice(*pair) for pair in zip(edges[:-1], edges[1:], strict=True)]
    profiles, missing = [], 0
    for strip in strips:
        profiles.append(strip_profile(grey[:, strip]))
        missing += len(profiles[-1].middles()) < FEWEST_LINES
        if missing > (1 - STRIP_SHARE) * count:
            return grey, 0.0
    profiles = common_lines(profiles)
    spacings = np.array([profile.spacing_px() for profile in profiles])
    if np.count_nonzero(spacings) < STRIP_SHARE * count:
        return grey, 0.0
    cleaned = grey.copy()
    for strip, profile in zip(strips, profiles, strict=True):
        paper, line = profile.paper[:, None], profile.line[:, None]
        part = cleaned[:, strip]
        np.copyto(part, paper.astype(np.uint8), where=(line > 0) & (part > paper * (1 - KEPT * line)))
    return cleaned, float(np.median(spacings[spacings > 0]))


def strip_profile(strip: np.ndarray) -> Profile:
    """Measure the profile of a strip (H, w) uint8 of a sheet."""
    sampled = strip[:, :: max(1, strip.shape[1] // SAMPLES)]
    middle = sampled.shape[1] // 2
    tone = np.partition(sampled, middle, axis=1)[:, middle].astype(np.float64)
    window = max(WINDOW_PX, int(len(tone) * WINDOW_SHARE)) | 1
    paper = np.maximum(median_filter(tone, window, mode="mirror"), 1)
    line = np.maximum(1 - tone / paper, 0)
    line[line < LEAST_LINE] = 0
    starts, ends = runs(line > 0)
    if not len(starts):
        return Profile(paper, line, 0.0)
    for start, end in zip(starts, ends, strict=True):
        if end - start > window // 2:
            line[start:end] = 0
    return Profile(paper, line, 1 - float(np.quantile(sampled[::4] / paper[::4, None], 1 - INK_QUANTILE)))


def common_lines(profiles: list[Profile]) -> list[Profile]:
    """Leave in the profiles what is printed right across the sheet alone, as dark as it is in most of the strips.

    A wire that runs along most of one strip makes the line there darker, and one that is as dark as ink is none.
    """
    near = np.array([maximum_filter1d(profile.line, 2 * DRIFT_PX + 1) for profile in profiles])
    common = np.sort(near, axis=0)[int((1 - STRIP_SHARE) * len(profiles))]
    common[common > PALER * max(profile.ink for profile in profiles)] = 0
    return [Profile(profile.paper, np.minimum(profile.line, common), profile.ink) for profile in profiles]


def regular_spacing(positions: np.ndarray, off_share: float = OFF_SHARE) -> float:
    """Find the spacing of lines at these ascending positions (N,) in pixels, 0 where they are few or not regular.

    off_share: by which share of the spacing it may differ.
    """
    if len(positions) < FEWEST_LINES:
        return 0.0
    spacing = float(np.median(np.diff(positions)))
    if spacing < LEAST_SPACING_PX:
        return 0.0
    near = max(REGULAR_PX, off_share * spacing)
    tree = cKDTree(positions[:, None])
    nearest = np.minimum(*(tree.query(positions[:, None] + step)[0] for step in (-spacing, spacing)))
    return spacing if (nearest <= near).mean() >= REGULAR_SHARE else 0.0


def runs(inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Find the first rows, and the rows after the last, of the runs of true in (H,) bool."""
    step = np.diff(np.concatenate([[0], inside.astype(np.int8), [0]]))
    return np.flatnonzero(step == 1), np.flatnonzero(step == -1)
