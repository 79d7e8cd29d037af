"""Junctions of hand-made sheets: every place is judged for itself, whatever stands elsewhere on the sheet."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.classic.detect import find_candidates
from wire_detection.networks.tasks import TASKS
from wire_detection.reading.junctions import Junctions, classify_places, junction_type
from wire_detection.reading.ridges import NO_RIDGES
from wire_detection.sheets.ink import darkness

SAME = np.eye(2, 3)
WIDTH, HEIGHT = 640, 480

T_DOT, T_BARE, CROSS_DOT, CROSSING, CORNER = [120, 200], [320, 200], [120, 360], [320, 360], [520, 360]
"""Where two strokes meet on `sheet`: (x, y) between the two pixels that each is wide."""


def sheet() -> np.ndarray:
    """A T and a crossing with dots, a T and a crossing without, and a corner, of strokes 2 px wide."""
    grey = np.full((HEIGHT, WIDTH), 255, np.uint8)

    def stroke(x0: int, y0: int, x1: int, y1: int) -> None:
        grey[y0 : y1 + 2, x0 : x1 + 2] = 0

    stroke(40, 200, 440, 200)
    stroke(120, 120, 120, 200)
    stroke(320, 120, 320, 200)
    stroke(40, 360, 520, 360)
    stroke(120, 280, 120, 440)
    stroke(320, 280, 320, 440)
    stroke(520, 280, 520, 360)
    for x, y in (T_DOT, CROSS_DOT):
        cv2.circle(grey, (x * 16 + 8, y * 16 + 8), 5 * 16, 0, -1, cv2.LINE_AA, 4)
    return grey


def judged(junctions=(), *, map_alone: bool = False, height: float = 0.9) -> Junctions:
    """What is made of `sheet` when all its ink is wire, with spots of that `height` in the junction map."""
    grey = sheet()
    junction = np.zeros(grey.shape, np.float32)
    for x, y in junctions:
        junction[y - 3 : y + 5, x - 3 : x + 5] = height
    wire = np.where(grey < 128, 0.95, 0.02).astype(np.float32)
    maps = {"wire": wire, "junction": junction, "crossing": np.zeros_like(wire)}
    found = find_candidates(grey)
    return classify_places(darkness(grey), found, np.full(len(found.bars), 0.95), NO_RIDGES, maps, SAME, map_alone)


def by_place(junctions: Junctions) -> list:
    """[(x, y), type] to a pixel, in rising order."""
    return sorted(
        ([round(x - 0.5), round(y - 0.5)], kind)
        for (x, y), kind in zip(junctions.points.tolist(), junctions.types, strict=True)
    )


def test_dots_are_junctions_and_crossings_and_corners_are_none():
    """Of the junction map nothing is known but the two dots."""
    found = judged([T_DOT, CROSS_DOT])
    assert by_place(found) == [(T_DOT, "T"), (CROSS_DOT, "cross")]
    assert (found.confidences >= 0.5).all() and found.confidences.dtype == np.float32


def test_a_t_without_a_dot_counts_beside_dots_when_the_map_knows_it():
    assert by_place(judged([T_DOT, T_BARE, CROSS_DOT])) == [(T_DOT, "T"), (CROSS_DOT, "cross"), (T_BARE, "T")]


def test_by_the_map_alone_its_height_at_each_place_decides():
    found = judged([T_BARE, CROSSING], map_alone=True, height=0.85)
    assert by_place(found) == [(T_BARE, "T"), (CROSSING, "cross")]
    assert found.confidences.tolist() == pytest.approx([0.85, 0.85])
    assert by_place(judged([T_DOT], map_alone=True, height=0.45)) == []


def test_places_that_are_rather_none_are_doubtful():
    found = judged([T_BARE], map_alone=True, height=0.45)
    np.testing.assert_allclose(found.doubtful, [np.add(T_BARE, 0.5)], atol=0.5)
    assert len(judged([T_BARE], map_alone=True, height=0.05).doubtful) == 0


def test_types_say_how_many_wires_lead_away():
    assert [junction_type(wires) for wires in (1, 2, 3, 4)] == ["dot", "dot", "T", "cross"]


def test_bare_paper_has_none():
    grey, none = np.full((60, 80), 255, np.uint8), np.zeros((60, 80), np.float32)
    maps = dict.fromkeys(TASKS, none)
    found = classify_places(darkness(grey), find_candidates(grey), np.zeros(0), NO_RIDGES, maps, SAME, False)
    assert found.points.shape == (0, 2) and found.types == () and found.confidences.shape == (0,)
    assert found.doubtful.shape == (0, 2)
