"""Places before messages, broken sources, and metadata that somebody may have edited."""

from __future__ import annotations

import pytest

from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.contract import broken_source, by_hand, in_file, rounded
from wire_detection.sheets.image_files import SheetError


@pytest.mark.parametrize("error", [AnnotationError("wire 3 is odd"), SheetError("wire 3 is odd")])
def test_the_place_stands_before_the_message(error):
    with pytest.raises(AnnotationError, match=r"^a\.json: wire 3 is odd$"), in_file("a.json"):
        raise error


def test_the_place_stands_there_once():
    with pytest.raises(AnnotationError, match=r"^a\.json: is no text$"), in_file("a.json"), in_file("a.json"):
        raise AnnotationError("is no text")


def test_other_errors_pass_as_they_are():
    with pytest.raises(ZeroDivisionError), in_file("a.json"):
        1 / 0  # noqa: B018


def test_a_broken_source_raises_its_error_when_it_is_read():
    source = broken_source("a.json", AnnotationError("is no text"))
    assert source.place == "a.json"
    with pytest.raises(AnnotationError, match="is no text"):
        source.read(None)


def test_what_a_hand_may_have_edited_is_manual():
    given = {"source": "drawn", "stroke_width": 2}
    assert by_hand(given) == {"source": "manual", "stroke_width": 2} and given["source"] == "drawn"
    assert by_hand(["no metadata"]) == ["no metadata"]


def test_coordinates_are_rounded_to_a_ten_thousandth():
    assert rounded([[1 / 3, 2], [1e-9, -0.25]]) == [[0.3333, 2], [0, -0.25]]
