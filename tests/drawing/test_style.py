"""Pens: the scale and the width that come nearest to the one asked for."""

from __future__ import annotations

import pytest

from wire_detection.drawing.style import pen


@pytest.mark.parametrize(
    ("width_px", "fine", "drawn_px"),
    [
        (1.0, 3, 1.0),  # three fine pixels; a finer scale has it no better
        (2.0, 5, 9 / 5),  # nearer than 5/3 and 9/4
        (2.24, 4, 9 / 4),  # nearer than 11/5
        (6.0, 3, 17 / 3),  # nearer than 13/2
        (0.1, 5, 1 / 5),  # no line is thinner than a fine pixel
    ],
)
def test_a_pen_is_the_odd_number_of_fine_pixels_that_comes_nearest(width_px, fine, drawn_px):
    assert pen(width_px) == (fine, pytest.approx(drawn_px))
