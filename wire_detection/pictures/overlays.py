"""Overlays show what was found: wires and junctions drawn on their sheet."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.sheets.raster import SUBPIXEL_BITS, draw_segments, fixed_point, within

LOW_CONFIDENCE = 0.8
"""What is less sure than this is worth a look and has a colour of its own."""

WIRE_RGB, JUNCTION_RGB, CROSSING_RGB, DOUBTFUL_RGB = (0, 150, 0), (220, 0, 0), (0, 60, 255), (255, 150, 0)


def draw_annotation_overlay(grey: np.ndarray, annotation: Annotation) -> np.ndarray:
    """Draw an annotation on its pale sheet `grey` (H, W) uint8: (H, W, 3) uint8 RGB.

    Wires are green, junctions red circles, crossings small blue ones, hops and gaps two of these in one another; all
    are orange where the confidence is below LOW_CONFIDENCE.
    """
    canvas = pale(grey)
    stroke_px = annotation.stroke_px
    thickness = max(2, int(round(1.5 * stroke_px)))
    for wire, confidence in zip(annotation.wires, annotation.wire_confidences, strict=True):
        _draw_line(canvas, wire, WIRE_RGB if confidence >= LOW_CONFIDENCE else DOUBTFUL_RGB, thickness)
    for point, confidence in zip(annotation.junctions, annotation.junction_confidences, strict=True):
        colour = JUNCTION_RGB if confidence >= LOW_CONFIDENCE else DOUBTFUL_RGB
        _draw_circle(canvas, point, max(4, 5 * stroke_px), colour, max(2, int(round(stroke_px))))
    for point, kind, confidence in zip(
        annotation.crossings, annotation.crossing_types, annotation.crossing_confidences, strict=True
    ):
        colour = CROSSING_RGB if confidence >= LOW_CONFIDENCE else DOUBTFUL_RGB
        for radius in (2.5, 4.0)[: 1 if kind == "crossing" else 2]:
            _draw_circle(canvas, point, max(3, radius * stroke_px), colour, max(2, int(round(0.5 * stroke_px))))
    return canvas


def draw_net_overlay(grey: np.ndarray, annotation: Annotation) -> np.ndarray:
    """Draw each net in a colour of its own and junctions black on the pale sheet `grey` (H, W): (H, W, 3) uint8 RGB."""
    canvas = pale(grey)
    thickness = max(2, int(round(1.5 * annotation.stroke_px)))
    for number, net in enumerate(annotation.nets):
        for wire in annotation.wires[list(net)]:
            _draw_line(canvas, wire, net_rgb(number), thickness)
    for point in annotation.junctions:
        _draw_circle(canvas, point, 1.5 * thickness, (0, 0, 0), cv2.FILLED)
    return canvas


def pale(grey: np.ndarray) -> np.ndarray:
    """Show the sheet in the brighter half of the greys: (H, W, 3) uint8 RGB."""
    return np.repeat((grey // 2 + 127).astype(np.uint8)[:, :, None], 3, 2)


def _draw_line(canvas: np.ndarray, segment: np.ndarray, colour: tuple[int, int, int], thickness: int) -> None:
    ends = fixed_point(segment).tolist()
    cv2.line(canvas, ends[:2], ends[2:], colour, thickness, cv2.LINE_AA, SUBPIXEL_BITS)


def _draw_circle(
    canvas: np.ndarray, centre: np.ndarray, radius_px: float, colour: tuple[int, int, int], thickness: int
) -> None:
    place, radius = fixed_point(centre).tolist(), int(fixed_point(radius_px))
    cv2.circle(canvas, place, radius, colour, thickness, cv2.LINE_AA, SUBPIXEL_BITS)


def net_rgb(number: int) -> tuple[int, int, int]:
    """Choose the colour of a net: hues a golden angle apart, so that neighbours in number differ most."""
    hue = number * 137.508 % 360 / 2
    colour = cv2.cvtColor(np.array([[[hue, 230, 190]]], np.uint8), cv2.COLOR_HSV2RGB)[0, 0]
    return tuple(int(value) for value in colour)


HIT_RGB, MISS_RGB, FALSE_RGB, IGNORED_RGB = (0, 150, 0), (0, 60, 255), (220, 0, 0), (150, 150, 150)


def draw_error_overlay(grey: np.ndarray, truth: Annotation, predicted: Annotation, tolerance_px: float) -> np.ndarray:
    """Draw hits green, misses blue and false wires and junctions red on the pale sheet `grey` (H, W) uint8.

    Wires are judged pixel by pixel and junctions by their nearest counterpart, within `tolerance_px` and twice that.
    What is found on a true lead segment or bus is grey: scores don't care about it.

    Returns:
        (H, W, 3) uint8 RGB.
    """
    canvas = pale(grey)
    true_line, predicted_line = (draw_segments(grey.shape, side.wires, 2) for side in (truth, predicted))
    near_true, near_predicted = (within(line, tolerance_px) for line in (true_line, predicted_line))
    ignored = within(draw_segments(grey.shape, np.concatenate([truth.pins, truth.buses])), tolerance_px + 2)
    canvas[predicted_line & near_true] = HIT_RGB
    canvas[predicted_line & ~near_true] = FALSE_RGB
    canvas[predicted_line & ~near_true & ignored] = IGNORED_RGB
    canvas[true_line & ~near_predicted] = MISS_RGB
    radius = max(4, round(4 * tolerance_px))
    for points, others, wrong in (
        (predicted.junctions, truth.junctions, FALSE_RGB),
        (truth.junctions, predicted.junctions, MISS_RGB),
    ):
        for point in points:
            found = len(others) and np.hypot(*(others - point).T).min() <= 2 * tolerance_px
            colour = HIT_RGB if found else wrong
            cv2.circle(canvas, np.round(point).astype(int).tolist(), radius, colour, 2, cv2.LINE_AA)
    return canvas
