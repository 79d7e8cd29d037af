"""The clean sheet shows the drawing upright and bare, and says where everything lay in the picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.circuit import HEIGHT, WIDTH, WIRES, circuit, misses
from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.annotate_sheet import annotate_sheet
from wire_detection.sheets.geometry import transform_segments
from wire_detection.sheets.prepare import Known, clean_sheet
from wire_detection.windows.windows import prepare_sample


def seen(matrix: np.ndarray, size: tuple[int, int], desk: int = 255) -> np.ndarray:
    """The circuit as a camera sees it; around the page lies a desk of one tone."""
    page = cv2.warpPerspective(np.full_like(circuit(), 255), matrix, size, flags=cv2.INTER_NEAREST)
    grey = cv2.warpPerspective(circuit(), matrix, size, flags=cv2.INTER_CUBIC, borderValue=255)
    return np.where(page > 0, grey, desk).astype(np.uint8)


TURN = np.vstack([cv2.getRotationMatrix2D((450, 350), -9, 1), (0, 0, 1)])
TURN[:2, 2] += 80
CORNERS = np.float32([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]])
ASKEW = cv2.getPerspectiveTransform(CORNERS, CORNERS + np.float32([[60, 20], [-10, 45], [-70, -15], [30, -40]]))

PICTURES = {
    "turned": (seen(TURN, (1060, 860)), TURN),
    "askew on a desk": (seen(ASKEW, (WIDTH, HEIGHT), desk=90), ASKEW),
    "framed": (
        cv2.copyMakeBorder(circuit(), 16, 16, 16, 16, cv2.BORDER_CONSTANT, value=0),
        np.array([[1, 0, 16], [0, 1, 16], [0, 0, 1.0]]),
    ),
}


def test_a_sheet_that_needs_nothing_is_passed_on_as_it_is():
    grey = circuit()
    sheet = clean_sheet(grey)
    assert sheet.grey is grey and sheet.found == {} and sheet.stroke_px == pytest.approx(2, abs=0.1)
    np.testing.assert_array_equal(sheet.to_given, np.eye(3))


@pytest.mark.parametrize("name", PICTURES)
def test_wires_lie_where_they_are_in_the_picture(name):
    picture, matrix = PICTURES[name]
    found = annotate_sheet(picture, "a.png")
    assert found.image_shape == picture.shape
    assert misses(transform_segments(WIRES, matrix), found.wires, 4) == []


@pytest.mark.parametrize("name", PICTURES)
def test_training_sees_the_clean_sheet_with_its_annotation_moved_along(name):
    picture, matrix = PICTURES[name]
    truth = Annotation.build(
        image_path="",
        image_shape=picture.shape,
        wires=transform_segments(WIRES, matrix),
    )
    sample = prepare_sample("a", picture, truth)
    steps = np.abs(sample.annotation.wires[:, 2:] - sample.annotation.wires[:, :2])
    assert len(steps) == len(WIRES) and steps.min(1).max() < 2.5  # level and upright again
    assert steps.max(1) / steps.max() == pytest.approx(np.array([400, 400, 220, 200]) / 400, rel=0.02)
    for x0, y0, x1, y1 in sample.annotation.wires:
        x, y = round((3 * x0 + x1) / 4), round((3 * y0 + y1) / 4)
        assert sample.grey[y - 1 : y + 2, x - 1 : x + 2].min() < 100


def test_what_was_noticed_is_told():
    assert clean_sheet(PICTURES["turned"][0]).found == {"turned_deg": pytest.approx(9, abs=0.1), "converging": False}
    askew = clean_sheet(PICTURES["askew on a desk"][0]).found
    assert askew["converging"] and len(askew["page"]) >= 4
    paper = circuit()
    paper[5::20] = np.minimum(paper[5::20], 200)
    assert clean_sheet(paper).found == {"printed_lines_px": 20}


def test_what_is_known_is_not_guessed():
    picture = PICTURES["turned"][0]
    assert clean_sheet(picture, Known(turn_deg=0)).grey is picture
    assert clean_sheet(picture, Known(turn_deg=8)).found == {"deskew_deg": 8, "turned_deg": 8, "converging": False}
    assert clean_sheet(circuit(), Known(stroke_px=3.5)).stroke_px == 3.5
    part = clean_sheet(circuit(), Known(crop=(100, 150, 700, 500)))
    np.testing.assert_array_equal(part.grey, circuit()[150:500, 100:700])
    assert part.points_on_given([[1, 2]]).tolist() == [[101, 152]] and part.given_shape == (HEIGHT, WIDTH)


@pytest.mark.parametrize("shape", [(1, 1), (1, 60), (60, 1), (3, 3), (40, 50)])
def test_the_smallest_pictures_go_through(shape):
    for grey in (np.full(shape, 255, np.uint8), np.zeros(shape, np.uint8)):
        sheet = clean_sheet(grey)
        assert sheet.grey.shape == shape and sheet.segments_on_given(()).shape == (0, 4)


@pytest.mark.parametrize("thickness", [6, 15])
def test_a_bold_frame_around_the_drawing_is_not_the_stroke(thickness):
    grey = cv2.copyMakeBorder(circuit(), 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255)
    height, width = grey.shape
    for edge in (30, height - 30 - thickness):
        grey[edge : edge + thickness, 30 : width - 30] = 0
    for edge in (30, width - 30 - thickness):
        grey[30 : height - 30, edge : edge + thickness] = 0
    assert clean_sheet(grey).stroke_px == pytest.approx(2, abs=0.1)
