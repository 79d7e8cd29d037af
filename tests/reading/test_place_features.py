"""What is known of a place where strokes meet, on hand-made sheets and by hand-worked numbers."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from wire_detection.classic.detect import find_candidates
from wire_detection.classic.strokes import Bars
from wire_detection.networks.tasks import TASKS
from wire_detection.reading.place_features import (
    ARM_NAMES,
    Surroundings,
    canonical,
    find_arms,
    habit_features,
    place_features,
    polar,
    reach,
    sampled,
)
from wire_detection.reading.places import Places, find_places
from wire_detection.reading.ridges import NO_RIDGES
from wire_detection.sheets.ink import darkness

SAME = np.eye(2, 3)
MIDDLE = 80.5, 60.5


def sheet(left=True, right=True, up=True, down=True, *, dot: int = 0) -> np.ndarray:
    """(120, 160) uint8: strokes 2 px wide that leave MIDDLE to the sides named, and a dot of that radius there."""
    grey = np.full((120, 160), 255, np.uint8)
    for wanted, place in (
        (left, np.s_[60:62, 10:82]),
        (right, np.s_[60:62, 80:151]),
        (up, np.s_[5:62, 80:82]),
        (down, np.s_[60:116, 80:82]),
    ):
        if wanted:
            grey[place] = 0
    if dot:
        cv2.circle(grey, (int(MIDDLE[0] * 16), int(MIDDLE[1] * 16)), dot * 16, 0, -1, cv2.LINE_AA, 4)
    return grey


def features_of(grey: np.ndarray, **changes) -> dict[str, float]:
    """The features of MIDDLE, with maps that call all ink wire and nothing a junction unless `changes` do."""
    found = find_candidates(grey)
    nothing = np.zeros(grey.shape, np.float32)
    maps = {"wire": np.where(grey < 128, 0.9, 0.1).astype(np.float32), "junction": nothing, "crossing": nothing}
    maps |= {task: values for task, values in changes.items() if task in maps}
    confidences = changes.get("confidences", np.full(len(found.bars), 0.9))
    around = Surroundings(found, confidences, darkness(grey), maps, SAME)
    places = Places(np.array([MIDDLE], np.float32), np.zeros(1, int))
    return {name: float(column[0]) for name, column in place_features(places, around).items()}


T = {"up": False}
CORNER = {"up": False, "left": False}


def test_a_t_has_two_sides_and_an_arm_opposite_to_none():
    column = features_of(sheet(**T))
    assert column["arms"] == column["wires"] == 3
    assert column["wire of weakest arm"] == -6 and column["length of weakest arm"] == 0
    for name in ("of stronger side", "of weaker side", "opposite"):
        assert column[f"wire {name}"] == pytest.approx(np.log(9) * 1.5, abs=1e-3)  # of 4 in maps, 6 here
        assert column[f"map {name}"] == pytest.approx(np.log(9), abs=0.1)
    assert column["strokes at 4.0"] == 3


@pytest.mark.parametrize(
    "turned", [{"up": False}, {"down": False}, {"left": False}, {"right": False}], ids=lambda t: next(iter(t))
)
def test_turning_the_sheet_changes_nothing(turned):
    """But for the lengths of the arms, which are those of the sheet's sides."""
    one, other = features_of(sheet(**T, dot=4)), features_of(sheet(**turned, dot=4))
    for name in one:
        if not name.startswith("length"):
            assert other[name] == pytest.approx(one[name], abs=0.1), name


def test_crossing_t_and_corner_differ_in_their_arms():
    assert [features_of(sheet(**kind))["strokes at 4.0"] for kind in ({}, T, CORNER)] == [4, 3, 2]
    assert [features_of(sheet(**kind))["arms"] for kind in ({}, T, CORNER)] == [4, 3, 2]


@pytest.mark.parametrize("kind", [{}, T, CORNER], ids=["crossing", "T", "corner"])
def test_a_dot_is_dark_between_the_arms_as_far_as_it_reaches(kind):
    """Strokes are 2 px wide: the disc of radius 5 is 2.5 of them, and bare strokes reach 0.7 along the diagonals."""
    bare, dotted = features_of(sheet(**kind)), features_of(sheet(**kind, dot=5))
    assert np.exp(bare["reach"]) - 0.25 == pytest.approx(0.9, abs=0.3) and bare["low at 2.0"] < 0.1
    assert np.exp(dotted["reach"]) - 0.25 == pytest.approx(2.75, abs=0.3) and dotted["low at 2.0"] > 0.9
    assert dotted["low at 4.0"] < 0.1 and dotted["filled"] == 1 and bare["filled"] == 0


def test_squares_are_told_from_dots():
    grey = sheet(**T)
    grey[55:67, 75:87] = 0
    assert [features_of(grey)[name] for name in ("dot", "square")] == [0, 1]
    assert [features_of(sheet(**T, dot=5))[name] for name in ("dot", "square")] == [1, 0]


def test_the_junction_map_is_read_at_the_place_and_around_it():
    junction = np.zeros((120, 160), np.float32)
    junction[60, 85] = 0.8  # two stroke widths away
    column = features_of(sheet(**T), junction=junction)
    assert column["junction map"] == -4 and column["junction map around"] > -1
    junction[60:62, 80:82] = 0.9
    assert features_of(sheet(**T), junction=junction)["junction map"] == pytest.approx(np.log(9), abs=1e-3)


def test_the_surest_bar_counts_in_each_direction():
    """Right: two bars, 0.5 and 0.9 sure; down: one of 0.9 that begins 3 px below, nearer than two stroke widths."""
    bars = Bars(
        np.array([False, False, True]),
        *(np.array(v, np.float32) for v in ([0, 50, 23], [100, 90, 60], [20, 21, 50], [2, 4, 2], [1, 1, 1], [0, 0, 0])),
    )
    arms = find_arms(np.array([[50, 20]], np.float32), bars, np.array([0.5, 0.9, 0.9]), 2.0)
    assert arms.there.tolist() == [[True, True, True, False]]  # right, down, left, up
    np.testing.assert_allclose(arms.logit, [[1.5 * np.log(9), 1.5 * np.log(9), 0, -6]], atol=1e-5)
    np.testing.assert_allclose(arms.length, [[20, 20, 25, 0]])
    np.testing.assert_allclose(arms.width, [[2, 1, 1, 0]])


def test_arms_are_named_from_the_weakest_on():
    """Weakest, the stronger of the two beside it, the weaker of them, and the one opposite."""
    assert canonical(np.array([[5.0, 1.0, 7.0, 3.0], [0.0, 4.0, 9.0, 2.0]])).tolist() == [[1, 2, 0, 3], [0, 1, 3, 2]]


def test_rays_are_followed_up_to_the_first_pale_spot():
    """Half a stroke width each: 1 + 1 + 0.5 and then paper; no more than 1 counts, and nothing behind the spot."""
    dark = np.zeros((1, 2, 17), np.float32)
    dark[0, 0, :6] = 1, 1, 0.5, 0.2, 1, 1
    dark[0, 1, :2] = 2, 1
    np.testing.assert_allclose(reach(dark), [[1.25, 1.0]])


def test_samples_lie_on_circles_and_are_paper_beyond_the_edge():
    points = polar(np.array([[5.0, 5.0]], np.float32), np.array([0, np.pi / 2]), np.array([0.0, 2.0, 50.0]))
    np.testing.assert_allclose(points[0, :, 1], [[7, 5], [5, 7]], atol=1e-6)
    image = np.ones((10, 10), np.float32)
    assert sampled(image, points, SAME)[0].tolist() == [[1, 1, 0], [1, 1, 0]]


def test_a_sheets_habits_are_shares_and_sizes():
    """Three Ts of which two are filled, a bare crossing, and a corner with a dot as large as those on the Ts."""
    wire = np.array([-6.0, -6.0, -6.0, 5.0, -6.0])
    columns = {
        "wire of weakest arm": wire,
        "arms": np.array([3, 3, 3, 4, 2]),
        "wires": np.array([3, 2, 3, 4, 2]),
        "reach": np.log([2.5, 2.5, 1.0, 1.0, 2.5]),
        "square": np.zeros(5, bool),
        **{f"width {arm}": np.ones(5) for arm in ARM_NAMES},
        "junction map": np.array([2.0, 4.0, -3.0, -4.0, 1.0]),
    }
    habits = habit_features(columns)
    assert habits["Ts"].tolist() == pytest.approx([np.log(4)] * 5)
    assert habits["filled Ts"].tolist() == pytest.approx([2.5 / 4] * 5)
    assert habits["filled crossings"].tolist() == pytest.approx([0.5 / 2] * 5)
    assert habits["reach over arms"].tolist() == pytest.approx([2.25, 2.25, 0.75, 0.75, 2.25])
    assert habits["reach beside usual"].tolist() == pytest.approx([0, 0, *np.log([0.4, 0.4]), 0], abs=1e-6)
    assert habits["of its shape at Ts"].tolist() == pytest.approx([2.5 / 4, 2.5 / 4, 2.5 / 3, 2.5 / 3, 2.5 / 4])
    assert habits["map of its like"].tolist() == pytest.approx([3, 3, -3, -4, 1])


def test_without_places_there_are_columns_of_no_rows():
    grey = np.full((60, 80), 255, np.uint8)
    found, none = find_candidates(grey), np.zeros((60, 80), np.float32)
    places, maps = find_places(found, NO_RIDGES, none, SAME), dict.fromkeys(TASKS, none)
    columns = place_features(places, Surroundings(found, np.zeros(0), darkness(grey), maps, SAME))
    assert {column.shape for column in columns.values()} == {(0,)}
