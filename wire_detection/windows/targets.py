"""What a network should say of a window."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.sheets.geometry import points_near_segments
from wire_detection.sheets.nets import facing_wires
from wire_detection.sheets.raster import draw_points, draw_segments, widened

WIRE_TARGET_PX = 3
"""Width of the wires in the wire target, at the normalised scale, where strokes are 1.3 to 2.8 px wide."""

JUNCTION_TARGET_RADIUS_PX = 4
"""Radius of the discs in the junction target: about two stroke widths, the tolerance of the junction score."""

PAPER, PAPER_REACH_PX = 230, 3
"""Paper is at least this bright on a normalised sheet; a wire's target and blurred edge reach this far from its ink."""

DONT_CARE = -1.0
"""Value of the pixels of a target that losses and scores pass over: what a program proposed and is not sure of, and of
the wire target leads that nothing is connected to, buses, the arcs and gaps where a wire passes another one, and bare
paper."""

SURE_WIRE, SURE_PLACE = 0.9, 0.98
"""Least confidence with which a program's proposals of wires, and of junctions and crossings, are taught. Of the length
of the shipped network's wires given 0.9 to 0.95, 0.93 was right on 28 real sheets, of those given 0.85 to 0.9 0.76. Of
its junctions given 0.98 and more 0.98 were true, of the 23 given 0.5 to 0.98 a sixth (docs/measurements.md)."""

LEAD_REACH_PX = 2.0
"""How far from the tip of a lead, at the normalised scale, lies what it is connected to: a stroke width."""


def wire_target(annotation: Annotation, grey: np.ndarray) -> np.ndarray:
    """What the wire map should say of an annotated window `grey` (H, W) uint8: (H, W) float32, 1, 0 or DONT_CARE.

    A wire is ink: of paper, nine tenths of most windows, nothing is asked, so that what is learned is the meaning of
    strokes and not their shape. `ink_nearby` is where a wire may be at all. A connected lead is a wire, too: in print
    nothing tells where the one becomes the other, and where two symbols touch by their leads there is no other wire.
    """
    shape, sure = annotation.image_shape, _sure(annotation, annotation.wire_confidences, SURE_WIRE)
    wire = draw_segments(shape, np.concatenate([annotation.wires[sure], connected_leads(annotation)]), WIRE_TARGET_PX)
    unsure = annotation.wires[~sure], annotation.doubtful_wires
    unasked = draw_segments(shape, np.concatenate([annotation.pins, annotation.buses, *unsure]), WIRE_TARGET_PX + 2)
    unasked |= passing_places(annotation) | ~ink_nearby(grey)
    return np.where(wire, 1.0, np.where(unasked, DONT_CARE, 0.0)).astype(np.float32)


def _sure(annotation: Annotation, confidences: np.ndarray, least: float) -> np.ndarray:
    """(N,) bool, which things of these confidences are taught: all that were drawn or looked at, and sure proposals."""
    return (confidences >= least) | (not annotation.is_proposed)


def connected_leads(annotation: Annotation) -> np.ndarray:
    """(K, 4) float32, the leads of symbols whose tip lies on a wire, on another lead or on the image's edge."""
    leads, (height, width) = annotation.pins, annotation.image_shape
    strokes = np.concatenate([annotation.wires, leads])
    tip, stroke = points_near_segments(leads[:, :2], strokes, LEAD_REACH_PX).T
    is_connected = np.zeros(len(leads), bool)
    is_connected[tip[stroke != len(annotation.wires) + tip]] = True
    room = np.minimum(leads[:, :2], np.array([width, height]) - 1 - leads[:, :2]).min(1, initial=np.inf)
    return leads[is_connected | (room <= LEAD_REACH_PX)]


def passing_places(annotation: Annotation) -> np.ndarray:
    """(H, W) bool, true on the arcs and gaps: discs as wide as what the wire that passes another one leaves open."""
    wires, discs = annotation.wires, np.zeros(annotation.image_shape, np.uint8)
    for point in annotation.passed:
        for pair in facing_wires(wires, [point], annotation.stroke_px):
            reach_px = np.hypot(*(wires[pair].reshape(-1, 2) - point).T).reshape(2, 2).min(1).max()
            cv2.circle(discs, np.round(point).astype(int).tolist(), round(reach_px + WIRE_TARGET_PX / 2), 1, -1)
    return discs > 0


def junction_target(annotation: Annotation, grey: np.ndarray) -> np.ndarray:
    """What the junction map should say of an annotated window (H, W): (H, W) float32, discs of 1 or DONT_CARE on 0."""
    sure = _sure(annotation, annotation.junction_confidences, SURE_PLACE)
    unsure = np.concatenate([annotation.junctions[~sure], annotation.doubtful_junctions])
    return _discs(annotation.image_shape, annotation.junctions[sure], unsure)


def crossing_target(annotation: Annotation, grey: np.ndarray) -> np.ndarray:
    """What the map of crossings, hops and gaps should say of an annotated window (H, W): float32, as of junctions.

    Where it is not sure that strokes are connected, it is not sure either that they cross.
    """
    sure = _sure(annotation, annotation.crossing_confidences, SURE_PLACE)
    connected = _sure(annotation, annotation.junction_confidences, SURE_PLACE)
    unsure = annotation.crossings[~sure], annotation.junctions[~connected], annotation.doubtful_junctions
    return _discs(annotation.image_shape, annotation.crossings[sure], np.concatenate(unsure))


def _discs(shape: tuple[int, int], points: np.ndarray, unsure: np.ndarray) -> np.ndarray:
    """(H, W) float32, discs of 1 around `points` (N, 2), of DONT_CARE around `unsure` (M, 2), and 0 elsewhere."""
    here, maybe = (draw_points(shape, places, JUNCTION_TARGET_RADIUS_PX) for places in (points, unsure))
    return np.where(here, 1.0, np.where(maybe, DONT_CARE, 0.0)).astype(np.float32)


TARGETS: dict[str, Callable[[Annotation, np.ndarray], np.ndarray]] = {
    "wire": wire_target,
    "junction": junction_target,
    "crossing": crossing_target,
}
"""Name of a task -> what draws its target from the annotation of a window and its grey values."""


def draw_targets(annotation: Annotation, grey: np.ndarray) -> dict[str, np.ndarray]:
    """The target of every task for an annotated window `grey` (H, W) uint8: (H, W) float32 each."""
    return {name: draw(annotation, grey) for name, draw in TARGETS.items()}


def ink_nearby(grey: np.ndarray) -> np.ndarray:
    """(H, W) bool, true within PAPER_REACH_PX of anything darker than paper on a normalised sheet (H, W) uint8."""
    return widened(grey < PAPER, PAPER_REACH_PX)
