"""What all formats share: errors that name their file once, sources that cannot be read, exact coordinates."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.formats.contract import broken_source, by_hand, in_file, rounded
from wire_detection.sheets.image_files import SheetError


@pytest.mark.parametrize("error", [AnnotationError("wire 3 is no line"), SheetError("wire 3 is no line")])
def test_an_error_gets_the_name_of_its_file(error):
    with pytest.raises(AnnotationError, match=r"^a/b\.json: wire 3 is no line$"), in_file("a/b.json"):
        raise error


def test_an_error_that_names_its_file_is_left_as_it_is():
    with pytest.raises(AnnotationError, match=r"^a\.json: no JSON$"), in_file("a.json"), in_file("a.json"):
        raise AnnotationError("no JSON")


def test_an_error_in_a_part_of_a_file_names_the_part_and_then_the_file():
    with pytest.raises(AnnotationError, match=r"^a\.json: image 2: no JSON$"), in_file("a.json"), in_file("image 2"):
        raise AnnotationError("no JSON")


def test_other_errors_and_blocks_without_one_pass():
    with in_file("a.json"):
        pass
    with pytest.raises(ZeroDivisionError, match="^division by zero$"), in_file("a.json"):
        _ = 1 / 0


def test_a_broken_source_keeps_its_place_and_raises_only_when_it_is_read():
    source = broken_source("a.json", AnnotationError("not JSON"))
    assert source.name == "a.json"
    with pytest.raises(AnnotationError, match="^not JSON$"):
        source.read(None)


def test_what_may_have_been_edited_counts_as_made_by_hand():
    before = {"source": "hough", "stroke_width": 2.5}
    assert by_hand(before) == {"source": "manual", "stroke_width": 2.5} and before["source"] == "hough"
    assert by_hand({}) == {"source": "manual"}
    assert by_hand("no object") == "no object"  # refused later, with the file's other errors


@pytest.mark.parametrize(
    ("values", "written"),
    [
        (np.array([[0.1, 1 / 3]], np.float32), [[0.1, 0.3333]]),  # float32 0.1 is 0.10000000149
        (12.00004, 12.0),
        (np.zeros((0, 4), np.float32), []),
    ],
)
def test_coordinates_are_written_to_a_ten_thousandth_of_a_pixel(values, written):
    assert rounded(values) == written
