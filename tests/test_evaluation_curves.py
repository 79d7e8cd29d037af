"""Precision and recall move as the least confidence rises, scores as the tolerance grows; numbers worked by hand."""

from __future__ import annotations

from custom_annotation_format import Annotation
from evaluation_curves import CONFIDENCES, TOLERANCES_PX, Curves, draw_curves


def annotation(wires, confidences=None) -> Annotation:
    return Annotation.build(image_path="a.png", image_shape=(100, 220), wires=wires, wire_confidences=confidences,
                            junctions=[], metadata={"stroke_width": 2.0})


def one_right_one_wrong() -> Curves:
    """Two true wires of 100 px, one of them found with confidence 0.9, and a false one as long given 0.55."""
    curves = Curves()
    curves.add(annotation([[10, 20, 110, 20], [10, 80, 110, 80]]),
               annotation([[10, 20, 110, 20], [110, 50, 210, 50]], [0.9, 0.55]))
    return curves


def test_the_doubtful_wire_goes_first():
    by_confidence = one_right_one_wrong().values()["confidence"]
    assert list(by_confidence) == [str(value) for value in CONFIDENCES]
    for least, precision, recall in ((0.5, 0.5, 0.5), (0.6, 1, 0.5), (0.95, 0, 0)):
        segment = by_confidence[str(least)]["segment"]
        if recall:
            assert (segment["precision"], segment["recall"]) == (precision, recall)
        else:
            assert segment["recall"] == 0


def test_a_shifted_wire_counts_from_its_distance_on():
    curves = Curves()
    curves.add(annotation([[10, 20, 110, 20]]), annotation([[10, 25, 110, 25]]))
    f1 = {int(place): row["wire"]["f1"] for place, row in curves.values()["tolerance_px"].items()}
    assert [f1[t] for t in TOLERANCES_PX[:4]] == [0, 0, 0, 0] and f1[5] == f1[8] == 1


def test_sheets_are_pooled_and_drawn(tmp_path):
    curves = one_right_one_wrong()
    curves.add(annotation([[10, 20, 110, 20]]), annotation([[10, 20, 110, 20]]))
    segment = curves.values()["confidence"]["0.5"]["segment"]
    assert (segment["precision"], segment["recall"]) == (2 / 3, 2 / 3)  # 2 of 3 found are right, 2 of 3 true are found
    draw_curves(curves, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
