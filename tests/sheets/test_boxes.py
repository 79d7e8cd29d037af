"""Boxes around segments and points, and the segments back from boxes."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.sheets.boxes import (
    axes_of_boxes,
    bounds_of_boxes,
    box_is_visible,
    boxes_of_points,
    boxes_of_segments,
    corners_of_bounds,
)

SHAPE = (100, 200)


def test_a_box_lies_around_its_segment():
    # y down: to the left of the direction +x lies +y
    np.testing.assert_allclose(
        boxes_of_segments([[10, 20, 50, 20]], 4, SHAPE), [[[10, 22], [50, 22], [50, 18], [10, 18]]]
    )


@pytest.mark.parametrize(
    ("segment", "width"),
    [
        ([10, 20, 50, 20], 4),
        ([50, 20, 10, 20], 4),
        ([10, 20, 10, 90], 4),
        ([10, 20, 40, 60], 4),
        ([10, 20, 13, 20], 1.5),  # shorter than wide: half its length
        ([0, 20, 0, 50], 1),
        ([10, 99, 50, 99], 1),  # half a pixel to the edge
        ([30, 99.5, 50, 99.5], 0.1),
    ],
)
def test_the_long_axis_is_the_segment_again(segment, width):
    axes, widths = axes_of_boxes(boxes_of_segments([segment], 4, SHAPE))
    np.testing.assert_allclose(axes, [segment], atol=0.026)
    np.testing.assert_allclose(widths, [width], atol=0.051)


def test_the_order_of_corners_does_not_matter():
    box = np.array([[10, 22], [50, 22], [50, 18], [10, 18]])
    for turn in range(4):
        for corners in (np.roll(box, turn, 0), np.roll(box, turn, 0)[::-1]):
            axes, widths = axes_of_boxes([corners])
            assert sorted(axes.reshape(2, 2).tolist()) == [[10, 20], [50, 20]] and widths == [4]


def test_no_box_sticks_out_of_the_image():
    rng = np.random.default_rng(0)
    segments = rng.uniform(-1, 1, (500, 4)) * [100, 50, 100, 50] + [99.5, 49.5, 99.5, 49.5]
    for boxes in (boxes_of_segments(segments, 9, SHAPE), boxes_of_points(segments[:, :2], 9, SHAPE)):
        assert (boxes >= -0.5).all() and (boxes <= [199.5, 99.5]).all()


def test_squares_around_points():
    np.testing.assert_allclose(
        bounds_of_boxes(boxes_of_points([[10, 20], [1, 50]], 6, SHAPE)), [[7, 17, 13, 23], [-0.5, 48.5, 2.5, 51.5]]
    )


def test_bounds_there_and_back_and_nothing_from_nothing():
    np.testing.assert_allclose(bounds_of_boxes(corners_of_bounds([[1, 2, 5, 9]])), [[1, 2, 5, 9]])
    for boxes in (boxes_of_segments((), 2, SHAPE), boxes_of_points((), 2, SHAPE), corners_of_bounds(())):
        assert boxes.shape == (0, 4, 2) and bounds_of_boxes(boxes).shape == (0, 4)
        assert axes_of_boxes(boxes)[0].shape == (0, 4)
    assert np.isfinite(boxes_of_segments([[5, 5, 5, 5]], 2, SHAPE)).all()


@pytest.mark.parametrize(
    ("bounds", "visible"),
    [
        ([-9, -9, 0.5, 0.5], True),  # reaches into the first pixel
        ([-9, 10, 0, 20], False),  # ends at its centre
        ([198, 10, 300, 20], True),
        ([199, 10, 300, 20], False),  # begins at the centre of the last column
        ([10, 99, 20, 120], False),  # and of the last row
        ([-50, -50, 500, 500], True),
    ],
)
def test_a_box_is_visible_between_the_centres_of_the_outer_pixels(bounds, visible):
    assert box_is_visible(bounds, SHAPE) is visible
