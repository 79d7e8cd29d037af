"""Curves over the confidence and the tolerance: pooled numbers by hand."""

from __future__ import annotations

import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.scoring.curves import CONFIDENCES, SHOWN, TOLERANCES_PX, Curves, curves_of_sheet


def sheet(**content) -> Annotation:
    return Annotation.build(image_path="a.png", image_shape=(100, 120), metadata={"stroke_width": 2.0}, **content)


TRUTH = sheet(wires=[[10, 20, 109, 20], [10, 60, 109, 60]], junctions=[[50, 20]])
FOUND = sheet(
    wires=[[10, 20, 109, 20], [10, 90, 109, 90]],
    wire_confidences=[0.96, 0.55],
    junctions=[[50, 26]],
    junction_confidences=[0.75],
)
"""One of two wires is found, surely, and another one falsely, less so; the junction lies 6 px beside its place."""


@pytest.fixture
def values() -> dict:
    curves = Curves()
    curves.add(curves_of_sheet(TRUTH, FOUND, FOUND))
    return curves.values()


def test_precision_rises_and_recall_falls_with_the_confidence(values):
    assert list(values["confidence"]) == [str(c) for c in CONFIDENCES]
    wire = {place: row["wire"] for place, row in values["confidence"].items()}
    assert (wire["0.5"]["precision"], wire["0.5"]["recall"]) == (0.5, 0.5)  # both wires have 100 pixels
    assert (wire["0.6"]["precision"], wire["0.6"]["recall"]) == (1, 0.5)
    assert (wire["0.95"]["precision"], wire["0.95"]["recall"]) == (1, 0.5)
    assert wire["0.98"] == {"precision": 0, "recall": 0, "f1": 0}


def test_doubtful_wires_raise_recall_below_the_operating_point_and_change_nothing_else(values):
    """Beside those of FOUND the missing wire and two false ones: then 2 of 5 are right, and both true ones found."""
    doubtful = sheet(
        wires=[*FOUND.wires, [10, 60, 109, 60], [10, 40, 109, 40], [10, 75, 109, 75]],
        wire_confidences=[*FOUND.wire_confidences, 0.15, 0.12, 0.12],
        junctions=FOUND.junctions,
        junction_confidences=[0.75],
    )
    curves = Curves()
    curves.add(curves_of_sheet(TRUTH, FOUND, doubtful))
    more = curves.values()
    assert more["tolerance_px"] == values["tolerance_px"]
    for place, row in more["confidence"].items():
        if float(place) <= 0.1:
            assert (row["wire"]["precision"], row["wire"]["recall"]) == (0.4, 1)
        else:
            assert row == values["confidence"][place]


def test_what_lies_beside_its_place_is_found_from_that_tolerance_on(values):
    assert list(values["tolerance_px"]) == [str(t) for t in TOLERANCES_PX]
    junction = {place: row["junction"]["f1"] for place, row in values["tolerance_px"].items()}
    assert junction == {str(t): float(t >= 6) for t in TOLERANCES_PX}


def test_sheets_are_pooled_by_their_counts():
    """One of two predicted wires is right on the first sheet, three of three on the second: 4 of 5 are."""
    wires = [[10, y, 109, y] for y in (20, 50, 80)]
    curves = Curves()
    curves.add(curves_of_sheet(TRUTH, FOUND, FOUND))
    curves.add(curves_of_sheet(*[sheet(wires=wires)] * 3))
    segment = curves.values()["confidence"]["0.0"]["segment"]
    assert segment == pytest.approx({"precision": 4 / 5, "recall": 4 / 5, "f1": 4 / 5})


def test_empty_sheets_against_each_other_are_right():
    curves = Curves()
    curves.add(curves_of_sheet(*[sheet()] * 3))
    assert all(row[key]["f1"] == 1 for kind in curves.values().values() for row in kind.values() for key in SHOWN)
