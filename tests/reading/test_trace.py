"""Peaks of the junction map, the wires that lead away from them, and both together with the ink: exact vectors."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.reading.trace import arm_counts, find_peaks, join_junctions, trace_maps

SURE, DOUBTFUL = 0.99, 0.75
"""Confidences of dots where three wires were found, and where only two were."""


# --- peaks of the junction map -------------------------------------------------------------------------------------


def test_peaks_lie_in_the_middle_of_their_spots():
    junction = np.zeros((40, 50), np.float32)
    junction[10:13, 20:23] = 0.9
    junction[30, 40] = 0.6
    peaks, heights = find_peaks(junction)
    np.testing.assert_allclose(peaks, [[21, 11], [40, 30]])
    np.testing.assert_allclose(heights, [0.9, 0.6])


def test_a_peak_leans_towards_the_higher_probabilities():
    """x = (0.6 * 4 + 0.9 * 5) / (0.6 + 0.9) = 4.6, and its height is the highest, not the mean."""
    junction = np.zeros((6, 9), np.float32)
    junction[3, 4:6] = 0.6, 0.9
    peaks, heights = find_peaks(junction)
    np.testing.assert_allclose(peaks, [[4.6, 3]], rtol=1e-6)
    np.testing.assert_allclose(heights, [0.9])


def test_what_is_not_more_likely_than_not_is_no_peak_and_moves_none():
    junction = np.full((6, 9), 0.5, np.float32)
    assert find_peaks(junction)[0].shape == (0, 2) and find_peaks(junction)[1].shape == (0,)
    junction[2, 3] = 0.75
    peaks, heights = find_peaks(junction)
    assert peaks.tolist() == [[3, 2]] and heights.tolist() == [0.75]


def test_pixels_that_touch_at_a_corner_are_one_spot():
    junction = np.zeros((6, 9), np.float32)
    junction[1, 1] = junction[2, 2] = 0.75
    assert find_peaks(junction)[0].tolist() == [[1.5, 1.5]]


# --- how many wires lead away --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("segment", "arms"),
    [
        ([50, 20, 90, 20], 1),  # ends in the point
        ([90, 20, 50, 20], 1),  # the other way round
        ([10, 20, 90, 20], 2),  # runs through
        ([46, 20, 90, 20], 1),  # ends 4 px beyond it: twice the reach
        ([45, 20, 90, 20], 2),  # and 5 px beyond it
        ([50, 22, 90, 22], 1),  # passes at 2 px
        ([10, 23, 90, 23], 0),  # and at 3 px
        ([53, 20, 90, 20], 0),  # ends 3 px before it
    ],
)
def test_an_end_at_the_point_is_one_arm_and_a_wire_through_it_two(segment, arms):
    assert arm_counts(np.array([[50, 20]], np.float32), np.array([segment], np.float32), 2.0).tolist() == [arms]


def test_arms_of_all_wires_add_up_for_each_point_by_itself():
    wires = np.array([[10, 20, 90, 20], [50, 20, 50, 60], [90, 20, 90, 60]], np.float32)
    points = np.array([[50, 20], [90, 20], [50, 60], [10, 60]], np.float32)
    assert arm_counts(points, wires, 2.0).tolist() == [3, 2, 1, 0]


def test_without_points_or_wires_there_are_no_arms():
    nothing, point = np.zeros((0, 2), np.float32), np.array([[5, 5]], np.float32)
    assert arm_counts(nothing, np.array([[0, 0, 9, 9]], np.float32), 2.0).shape == (0,)
    assert arm_counts(point, np.zeros((0, 4), np.float32), 2.0).tolist() == [0]


# --- dots of the ink and peaks of the map --------------------------------------------------------------------------


def reading(wires, *, confidences=None, dots=(), dot_confidences=()) -> Annotation:
    """What the ink alone tells: wires with strokes of 2 px, sure unless said otherwise, and dots of the type "dot"."""
    return Annotation.build(
        image_path="",
        image_shape=(100, 100),
        wires=wires,
        wire_confidences=confidences,
        junctions=dots,
        junction_types=["dot"] * len(dots),
        junction_confidences=dot_confidences,
        metadata={"stroke_width": 2.0},
    )


T = [[0, 20, 60, 20], [30, 20, 30, 60]]
"""Two wires that meet in (30, 20)."""


def test_a_sheet_without_dots_gets_its_junctions_from_the_map():
    """Peaks on a T, on an end, on a crossing, on a T with a wire that is none in all likelihood, along a wire."""
    read = reading([*T, [0, 50, 60, 50], [60, 30, 60, 70]], confidences=[1, 1, 1, 0.4])
    peaks = np.array([[30, 20], [0, 20], [30, 50], [60, 50], [15, 20]], np.float32)
    points, types, confidences = join_junctions(read, peaks, np.array([0.9, 0.8, 0.7, 0.6, 0.5], np.float32))
    assert points.tolist() == [[30, 20], [30, 50]] and types == ("T", "cross")
    assert confidences.tolist() == pytest.approx([0.9, 0.7]) and confidences.dtype == np.float32


def test_one_sure_dot_makes_the_peaks_of_the_sheet_worthless():
    read = reading(T, dots=[[90, 90], [10, 90]], dot_confidences=[DOUBTFUL, SURE])
    points, types, confidences = join_junctions(read, np.array([[30, 20]], np.float32), np.ones(1, np.float32))
    assert points.tolist() == [[90, 90], [10, 90]] and types == ("dot", "dot")
    assert confidences.tolist() == pytest.approx([DOUBTFUL, SURE])


@pytest.mark.parametrize(("dot_x", "found"), [(24, 1), (23, 2)])
def test_a_peak_within_three_stroke_widths_of_a_doubtful_dot_is_the_dot(dot_x, found):
    """Strokes are 2 px wide: the peak at x = 30 is 6 px from a dot at 24, and 7 px from one at 23."""
    read = reading(T, dots=[[dot_x, 20]], dot_confidences=[DOUBTFUL])
    points, types, confidences = join_junctions(read, np.array([[30, 20]], np.float32), np.full(1, 0.9, np.float32))
    assert points.tolist() == [[dot_x, 20], [30, 20]][:found] and types == ("dot", "T")[:found]
    assert confidences.tolist() == pytest.approx([DOUBTFUL, 0.9][:found])


def test_without_peaks_the_dots_stay_as_they_are():
    read = reading(T, dots=[[30, 20]], dot_confidences=[DOUBTFUL])
    points, types, confidences = join_junctions(read, np.zeros((0, 2), np.float32), np.zeros(0, np.float32))
    assert points.tolist() == [[30, 20]] and types == ("dot",) and confidences.tolist() == [DOUBTFUL]


# --- a sheet and its maps ------------------------------------------------------------------------------------------

HORIZONTAL, VERTICAL = [10, 60.5, 149, 60.5], [80.5, 10, 80.5, 110]


def sheet(*wires) -> np.ndarray:
    """(120, 160) uint8: black strokes 2 px wide along the axes, on segments whose middle lies between pixels."""
    grey = np.full((120, 160), 255, np.uint8)
    for x0, y0, x1, y1 in np.floor(wires).astype(int).reshape(-1, 4):
        grey[y0 : y1 + (2 if y0 == y1 else 1), x0 : x1 + (2 if x0 == x1 else 1)] = 0
    return grey


def traced(grey: np.ndarray, *, wire: np.ndarray | None = None, junctions=(), matrix=None, **settings) -> Annotation:
    """What the maps alone make of a sheet: `wire` in 0..1, by default its ink, and a spot at each of `junctions`."""
    wire = (grey == 0).astype(np.float32) if wire is None else wire
    junction = np.zeros(wire.shape, np.float32)
    for x, y in junctions:
        junction[y : y + 2, x : x + 2] = 0.875
    return trace_maps(grey, {"wire": wire, "junction": junction}, matrix, map_alone=True, **settings)


def rows(values: np.ndarray) -> list:
    """Segments or points in rising order, to a tenth of a pixel."""
    return sorted(np.round(values.astype(float), 1).tolist())


def test_two_wires_that_cross_are_two_nets():
    found = traced(sheet(HORIZONTAL, VERTICAL))
    assert rows(found.wires) == [HORIZONTAL, VERTICAL] and found.wires.dtype == np.float32
    assert sorted(found.nets) == [(0,), (1,)]
    assert found.junctions.shape == (0, 2) and found.junction_types == () and found.junction_confidences.shape == (0,)


def test_a_peak_where_they_cross_makes_them_one_net():
    found = traced(sheet(HORIZONTAL, VERTICAL), junctions=[(80, 60)])
    assert rows(found.wires) == [HORIZONTAL, VERTICAL] and found.nets == ((0, 1),)
    assert rows(found.junctions) == [[80.5, 60.5]] and found.junction_types == ("cross",)
    assert found.junction_confidences.tolist() == [0.875]


def test_how_surely_a_stroke_is_a_wire_is_what_the_map_says_along_it():
    """A map of 0.75 gives a logit of ln 3 all along, and these a confidence of 1 / (1 + 1/3) = 0.75 again."""
    found = traced(sheet(HORIZONTAL), wire=np.full((120, 160), 0.75, np.float32))
    assert found.wire_confidences.tolist() == pytest.approx([0.75], abs=1e-6)


def test_a_wire_ends_where_its_map_ends_and_the_rest_comes_only_when_asked_for():
    """The map knows the stroke up to x = 80: steps of 2 px along it, and a pixel more that the maximum adds."""
    grey = sheet(HORIZONTAL)
    wire = np.full(grey.shape, 0.02, np.float32)
    wire[60:62, :81] = 0.98
    (known,) = traced(grey, wire=wire).wires
    np.testing.assert_allclose(known, [10, 60.5, 82, 60.5], atol=1.5)
    more = traced(grey, wire=wire, least_confidence=0.0)
    assert more.wires.tolist() == [known.tolist(), [known[2], 60.5, 149, 60.5]]
    assert more.wire_confidences.tolist() == pytest.approx([0.98, 0.02], abs=0.01)


def test_maps_of_half_the_size_are_put_back_onto_the_sheet():
    """Pixel (40, 30) of the map covers the sheet's (80..81, 60..61), around (80.5, 60.5)."""
    grey = sheet(HORIZONTAL, VERTICAL)
    half = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]])
    wire, junction = np.zeros((2, 60, 80), np.float32)
    wire[30, 5:75] = wire[5:56, 40] = 1
    junction[30, 40] = 0.875
    found = trace_maps(grey, {"wire": wire, "junction": junction}, half, map_alone=True)
    assert rows(found.wires) == [HORIZONTAL, VERTICAL]
    assert rows(found.junctions) == [[80.5, 60.5]] and found.nets == ((0, 1),)


def test_a_sheet_without_ink_gives_nothing_whatever_its_maps_say():
    found = traced(np.full((120, 160), 255, np.uint8), wire=np.ones((120, 160), np.float32), junctions=[(80, 60)])
    assert found.wires.shape == (0, 4) and found.wire_confidences.shape == (0,)
    assert found.junctions.shape == (0, 2) and found.nets == ()
