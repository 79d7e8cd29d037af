"""A scored sheet holds truth and prediction side by side, on its pixels, without what is don't-care."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.scoring.tolerances import Tolerances
from wire_detection.sheets.geometry import as_points, segments_outside
from wire_detection.sheets.raster import draw_segments, pixels_at, within
from wire_detection.windows.targets import passing_places

DONT_CARE_RIM_PX = 2.0
"""Lead segments and buses are ignored this much further out than the tolerance: they may be thicker than wires."""


def tolerances_of(truth: Annotation, stroke_px: float | None = None) -> Tolerances:
    """Choose the tolerances by the stroke width of the truth, or by `stroke_px` in place of it."""
    return Tolerances.of_stroke(float(stroke_px or truth.stroke_px))


@dataclass(frozen=True)
class ScoredSheet:
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
    true_passed: np.ndarray  # (M, 2) centres of hops and gaps, across which a net goes on
    predicted_passed: np.ndarray
    ignored: np.ndarray  # (H, W) bool


def prepare(truth, predicted, tolerances: Tolerances) -> ScoredSheet:
    shape = tuple(truth.image_shape)
    true_wires, net_wires = on_image(truth.wires, shape), on_image(predicted.wires, shape)
    true_line = draw_segments(shape, true_wires)
    beyond_wires = ~within(true_line, tolerances.wire_px)
    rim_px = tolerances.wire_px + DONT_CARE_RIM_PX
    on_bus = within(draw_segments(shape, truth.buses), rim_px) & beyond_wires
    true_passed = as_points(getattr(truth, "passed", ()))
    passing = passing_places(truth) if len(true_passed) else np.zeros(shape, bool)
    ignored = on_bus | ((passing | within(draw_segments(shape, truth.pins), rim_px)) & beyond_wires)
    net_wires = segments_outside(net_wires, on_bus) if on_bus.any() else net_wires
    predicted_wires = segments_outside(net_wires, ignored) if ignored.any() else net_wires
    predicted_wires = predicted_wires[~lie_within(predicted_wires, passing)]
    return ScoredSheet(
        shape=shape,
        tolerances=tolerances,
        true_wires=true_wires,
        true_junctions=as_points(truth.junctions),
        true_line=true_line,
        predicted_wires=predicted_wires,
        predicted_junctions=as_points(predicted.junctions),
        predicted_line=draw_segments(shape, predicted_wires) & ~ignored,
        predicted_net_wires=net_wires,
        true_passed=true_passed,
        predicted_passed=as_points(getattr(predicted, "passed", ())),
        ignored=ignored,
    )


def lie_within(segments: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Tell which segments (N, 4) have both ends and their middle on the mask (H, W) bool: (N,) bool.

    On an arc or a gap such are the crumbs left where one is read as a plain crossing, on the wire that it passes.
    """
    start, end = segments[:, :2], segments[:, 2:]
    return np.all([pixels_at(mask, *point.T) for point in (start, (start + end) / 2, end)], axis=0)


def on_image(segments, shape: tuple[int, int]) -> np.ndarray:
    """Move ends half a pixel outside, on the rim of the edge pixels, to those pixels' centres: (N, 4) float64.

    By way of text, which says 1570.9 px where single precision holds 1570.90002: rounding is not to decide ties.
    """
    height, width = shape
    exact = np.asarray(segments).astype(str).astype(np.float64).reshape(-1, 4)
    return np.clip(exact, 0, [width - 1, height - 1] * 2)
