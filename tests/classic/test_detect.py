"""Drawn lines come back where they were drawn, and what is no wire does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.bars import bars_of
from tests.helpers.circuit import HEIGHT, WIDTH, WIRES, body, circuit, dot, line, misses
from wire_detection.classic.detect import (
    classic_confidences,
    detect_wires,
    find_candidates,
    read_candidates,
    wire_width,
)
from wire_detection.classic.dots import Blobs
from wire_detection.classic.letters import strokes_of_text
from wire_detection.classic.skew import rotate_upright, skew_angle_deg
from wire_detection.classic.strokes import find_bars
from wire_detection.sheets.ink import darkness


def test_wires_come_back_where_they_were_drawn_and_nothing_else():
    found = detect_wires(circuit())
    assert misses(WIRES, found.wires, 1.5) == []
    assert len(found.wires) == len(WIRES)
    assert found.wires.dtype == np.float32 and ((found.wire_confidences >= 0.5) & (found.wire_confidences <= 1)).all()


def test_a_dot_is_a_junction_a_crossing_and_a_corner_are_none():
    found = detect_wires(circuit())
    assert found.junction_types == ("T",)
    np.testing.assert_allclose(found.junctions, [[400.5, 200.5]], atol=0.5)


def test_a_dot_on_a_crossing_makes_a_cross():
    grey = circuit()
    dot(grey, 400, 300)
    found = detect_wires(grey)
    assert sorted(found.junction_types) == ["T", "cross"]
    np.testing.assert_allclose(found.junctions[found.junction_types.index("cross")], [400.5, 300.5], atol=0.5)


def test_a_square_marks_an_end_and_no_junction():
    grey = circuit()
    grey[296:307, 395:408] = 0
    assert detect_wires(grey).junction_types == ("T",)


@pytest.mark.parametrize("ink", [0, 120, 200])
def test_light_ink_is_found_like_black(ink):
    assert misses(WIRES, detect_wires(circuit(ink)).wires, 1.5) == []


def test_uneven_paper_changes_nothing():
    shade = np.linspace(0.55, 1, WIDTH)[None] * np.linspace(1, 0.8, HEIGHT)[:, None]
    assert misses(WIRES, detect_wires((circuit() * shade).astype(np.uint8)).wires, 1.5) == []


@pytest.mark.parametrize("angle", [-1.7, 0.6, 2.0])
def test_a_turned_scan_gives_wires_in_its_own_coordinates(angle):
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), angle, 1)
    scan = cv2.warpAffine(circuit(), turn, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderValue=255)
    expected = (WIRES.reshape(-1, 2) @ turn[:, :2].T + turn[:, 2]).reshape(-1, 4)
    found = detect_wires(scan)
    assert misses(expected, found.wires, 2.5) == []
    np.testing.assert_allclose(found.junctions, [turn[:, :2] @ (400.5, 200.5) + turn[:, 2]], atol=1)


@pytest.mark.parametrize("angle", [-2.5, -0.3, 0.0, 1.25])
def test_the_skew_is_measured_to_a_few_hundredths_of_a_degree(angle):
    turn = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), -angle, 1)  # OpenCV turns counterclockwise
    scan = cv2.warpAffine(circuit(), turn, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR, borderValue=255)
    assert skew_angle_deg((darkness(scan) > 0.12).astype(np.uint8), 2.0) == pytest.approx(angle, abs=0.06)


def test_turning_upright_maps_back_to_where_a_point_came_from():
    dark = np.zeros((200, 300), np.float32)
    dark[50, 220] = 1
    turned, back = rotate_upright(dark, 1.5)
    y, x = np.unravel_index(turned.argmax(), turned.shape)
    np.testing.assert_allclose(back @ (x, y, 1), (220, 50), atol=1)


def test_a_sheet_frame_with_ticks_and_title_block_is_no_wire():
    grey = circuit()
    for inset in (15, 35):
        body(grey, inset, inset, WIDTH - inset - 2, HEIGHT - inset - 2)
    for x in (300, 600):
        line(grey, x, 15, x, 35)
    line(grey, 550, 560, 550, HEIGHT - 37)
    line(grey, 550, 560, WIDTH - 37, 560)
    line(grey, 550, 600, WIDTH - 37, 600)
    found = detect_wires(grey)
    assert misses(WIRES, found.wires, 1.5) == []
    assert len(found.wires) == len(WIRES)


def test_a_row_of_letters_is_no_wire():
    grey = circuit()
    for y in (40, 90, 600):
        cv2.putText(grey, "HELLO THIN FILTER", (60, y), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    assert len(detect_wires(grey).wires) == len(WIRES)


def test_the_line_through_a_diode_is_cut():
    grey = circuit()
    line(grey, 300, 288, 300, 312)  # the cathode
    cv2.fillPoly(grey, [np.array([[280, 288], [280, 313], [300, 300]])], 0)
    on_line = [w for w in detect_wires(grey).wires if abs(w[1] - 300.5) < 1 and abs(w[3] - 300.5) < 1]
    assert len(on_line) == 2
    assert all(min(w[0], w[2]) > 300 or max(w[0], w[2]) < 300 for w in on_line)


def test_doubtful_wires_come_beside_the_others_and_change_nothing_about_them():
    """The wire down from the dot is doubtful: then it makes no T. So is the cathode, which cuts all the same."""
    grey = circuit()
    line(grey, 300, 288, 300, 312)
    candidates = find_candidates(grey)
    confidences = classic_confidences(candidates)
    down = candidates.bars.vertical & (np.abs(candidates.bars.offset - 400.5) < 1)
    assert down.sum() == 1 and len(read_candidates(candidates, confidences, grey.shape).junctions) == 1
    confidences[down] = 0.3
    usual = read_candidates(candidates, confidences, grey.shape)
    more = read_candidates(candidates, confidences, grey.shape, 0.0)
    sure = more.wire_confidences >= 0.5
    np.testing.assert_array_equal(more.wires[sure], usual.wires)
    np.testing.assert_array_equal(more.wire_confidences[sure], usual.wire_confidences)
    assert misses(np.array([[400.5, 200.5, 400.5, 420.5], [300.5, 288, 300.5, 313]]), more.wires[~sure], 1.5) == []
    assert usual.junction_types == more.junction_types == ("dot",)
    assert misses(np.array([[400.5, 200.5, 400.5, 420.5]]), usual.doubtful_wires, 1.5) == []
    confidences[down] = 0.05
    assert len(read_candidates(candidates, confidences, grey.shape).doubtful_wires) < len(usual.doubtful_wires)


def test_a_slanted_wire_joins_two_straight_ones():
    grey = circuit()
    line(grey, 200, 450, 300, 450)
    line(grey, 480, 380, 600, 380)
    cv2.line(grey, (301, 451), (480, 381), 0, 2)
    assert misses(np.array([[301, 450.5, 480, 380.5]]), detect_wires(grey).wires, 7) == []  # a flat slant begins late


def test_a_text_box_takes_letters_and_leaves_the_wire_under_them():
    segments = np.array([[220, 285, 220, 305], [215, 309, 585, 309], [400, 250, 400, 305]], float)
    assert strokes_of_text(segments, np.array([[210, 280, 590, 310]])).tolist() == [True, False, False]
    assert misses(WIRES, detect_wires(circuit(), text_boxes=[[210, 290, 590, 310]]).wires, 1.5) == []


@pytest.mark.parametrize("scale", [2, 3])
def test_lengths_are_counted_in_stroke_widths(scale):
    found = detect_wires(np.kron(circuit(), np.ones((scale, scale), np.uint8)))
    expected = scale * (WIRES + 0.5) - 0.5
    assert misses(expected, found.wires, 1.5 * scale) == [] and len(found.wires) == len(expected)
    assert found.junction_types == ("T",)


def test_a_sheet_without_ink_has_empty_arrays():
    found = detect_wires(np.full((300, 400), 255, np.uint8))
    assert found.wires.shape == (0, 4) and found.junctions.shape == (0, 2)
    assert found.wire_confidences.shape == (0,) and found.junction_confidences.shape == (0,)
    assert found.junction_types == ()


@pytest.mark.parametrize("shape", [(1, 1), (3, 500), (40, 30)])
def test_tiny_sheets_pass(shape):
    assert detect_wires(np.full(shape, 255, np.uint8)).wires.shape == (0, 4)
    detect_wires(np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8))


def test_the_same_sheet_gives_the_same_answer():
    first, second = detect_wires(circuit()), detect_wires(circuit())
    np.testing.assert_array_equal(first.wires, second.wires)
    np.testing.assert_array_equal(first.wire_confidences, second.wire_confidences)


def test_no_wire_is_shorter_than_asked():
    lengths = [np.hypot(*(w[2:] - w[:2])) for w in detect_wires(circuit(), min_wire_length=360).wires]
    assert len(lengths) == 2 and min(lengths) >= 360


def test_bars_have_the_width_and_place_of_their_strokes():
    grey = np.full((120, 200), 255, np.uint8)
    grey[40:43, 20:180] = 0  # 3 px wide, rows 40 to 42
    dark = darkness(grey)
    bars = find_bars(dark, (dark > 0.12).astype(np.uint8), 3.0, 30)
    assert len(bars) == 1 and not bars.vertical[0]
    np.testing.assert_allclose([bars.low[0], bars.high[0], bars.offset[0], bars.width[0]], [20, 179, 41, 3], atol=0.2)


def test_a_line_through_a_dot_is_one_bar():
    assert (np.abs(find_candidates(circuit()).bars.length - 400) < 2).sum() == 2


@pytest.mark.parametrize(("length", "width"), [(34, 2), (200, 6)])
def test_the_strokes_that_carry_dots_are_wires_unless_none_is_longer_than_a_plate(length, width):
    """Three strokes of 6 px with something like a dot on each, where most are 2 px wide."""
    bars = bars_of(*([x, 100, x, 100 + length] for x in (60, 140, 220)), width=6)
    centre = np.array([[60, 110], [140, 110], [220, 110]], np.float32)
    dots = Blobs(centre, *(np.full(3, value, np.float32) for value in (16, 1, 0, 0)))
    assert wire_width(bars, dots, 2.0) == width
    assert wire_width(bars.take([0, 1]), dots, 2.0) == 2
