"""Chains by hand: what is left of a line of points, where its ink lies, and what it ends on."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.classic.chains import ended_on, on_ink, simplified


def test_few_points_are_left_of_a_line_and_they_move_to_the_middle_of_the_ink():
    ink = np.zeros((80, 120), np.uint8)
    cv2.line(ink, (10, 20), (100, 50), 1, 3)
    line = np.stack([np.arange(10, 101), 21 + np.arange(91) / 3], 1).astype(np.float32)  # a pixel too low
    chain = simplified(line, 1.0)
    assert len(chain) == 2
    np.testing.assert_allclose(on_ink(chain, ink, 3.0), [[10.3, 20.1], [100.3, 50.1]], atol=0.35)


def test_an_end_is_drawn_out_along_its_line_or_moved_to_the_nearest_point():
    wire = np.array([[0, 50, 100, 50]], float)
    out = ended_on([np.array([[10, 10], [40, 44]], float)], wire, 8)
    np.testing.assert_allclose(out, [[10, 10, 40 + 30 * 6 / 34, 50]])
    along = ended_on([np.array([[110, 20], [112, 48]], float)], wire, 13)  # its line passes the wire's end
    np.testing.assert_allclose(along, [[110, 20, 100, 50]])
