"""What a network should say of a window."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.sheets.raster import draw_points, draw_segments, widened

WIRE_TARGET_PX = 3
"""Width of the wires in the wire target, at the normalised scale, where strokes are 1.3 to 2.8 px wide."""

JUNCTION_TARGET_RADIUS_PX = 4
"""Radius of the discs in the junction target: about two stroke widths, the tolerance of the junction score."""

PAPER, PAPER_REACH_PX = 230, 3
"""Paper is at least this bright on a normalised sheet; a wire's target and blurred edge reach this far from its ink."""

DONT_CARE = -1.0
"""Value of the pixels of the wire target that losses and scores pass over: symbol leads, buses and bare paper."""


def wire_target(annotation: Annotation, grey: np.ndarray) -> np.ndarray:
    """What the wire map should say of an annotated window `grey` (H, W) uint8: (H, W) float32, 1, 0 or DONT_CARE.

    A wire is ink: of paper, nine tenths of most windows, nothing is asked, so that what is learned is the meaning of
    strokes and not their shape. `ink_nearby` is where a wire may be at all.
    """
    shape = annotation.image_shape
    wire = draw_segments(shape, annotation.wires, WIRE_TARGET_PX)
    leads = draw_segments(shape, np.concatenate([annotation.pins, annotation.buses]), WIRE_TARGET_PX + 2)
    return np.where(wire, 1.0, np.where(leads | ~ink_nearby(grey), DONT_CARE, 0.0)).astype(np.float32)


def junction_target(annotation: Annotation, grey: np.ndarray) -> np.ndarray:
    """What the junction map should say of an annotated window (H, W): (H, W) float32, discs of 1 on 0."""
    return draw_points(annotation.image_shape, annotation.junctions, JUNCTION_TARGET_RADIUS_PX).astype(np.float32)


TARGETS: dict[str, Callable[[Annotation, np.ndarray], np.ndarray]] = {
    "wire": wire_target,
    "junction": junction_target,
}
"""Name of a task -> what draws its target from the annotation of a window and its grey values."""


def draw_targets(annotation: Annotation, grey: np.ndarray) -> dict[str, np.ndarray]:
    """The target of every task for an annotated window `grey` (H, W) uint8: (H, W) float32 each."""
    return {name: draw(annotation, grey) for name, draw in TARGETS.items()}


def ink_nearby(grey: np.ndarray) -> np.ndarray:
    """(H, W) bool, true within PAPER_REACH_PX of anything darker than paper on a normalised sheet (H, W) uint8."""
    return widened(grey < PAPER, PAPER_REACH_PX)
