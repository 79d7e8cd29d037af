"""Colours of the pictures: what was hit, missed, false and of no concern."""

from __future__ import annotations

import numpy as np

from custom_annotation_format import Annotation
from wire_plots import FALSE_RGB, HIT_RGB, IGNORED_RGB, MISS_RGB, draw_error_overlay, draw_net_overlay, net_rgb

PAPER = np.full((100, 200), 255, np.uint8)


def annotation(wires, **rest) -> Annotation:
    return Annotation.build(image_path="a.png", image_shape=PAPER.shape, wires=wires, metadata={"stroke_width": 2.0},
                            **{"junctions": [], **rest})


def test_errors_have_their_colours():
    truth = annotation([[10, 20, 90, 20], [10, 60, 90, 60]], pins=[[90, 20, 110, 20]], junctions=[[10, 90], [60, 90]])
    found = annotation([[10, 21, 110, 21], [150, 10, 150, 80]], junctions=[[11, 90], [160, 90]])
    picture = draw_error_overlay(PAPER, truth, found, 2.0)
    for colour, (x, y) in ((HIT_RGB, (50, 21)), (IGNORED_RGB, (102, 21)), (FALSE_RGB, (150, 40)),
                           (MISS_RGB, (50, 60))):
        assert tuple(picture[y, x]) == colour
    for colour, x in ((HIT_RGB, 11), (MISS_RGB, 60), (FALSE_RGB, 160)):  # circles of radius 8
        assert tuple(picture[90, x + 8]) == colour


def test_each_net_has_a_colour_of_its_own():
    found = annotation([[10, 20, 90, 20], [90, 20, 90, 50], [10, 80, 90, 80]], nets=[[0, 1], [2]])
    picture = draw_net_overlay(PAPER, found)
    first, second = tuple(picture[20, 40]), tuple(picture[80, 40])
    assert first == net_rgb(0) == tuple(picture[40, 90]) and second == net_rgb(1) != first
    assert len({net_rgb(number) for number in range(40)}) == 40


def test_nothing_found_and_nothing_true_leaves_pale_paper():
    for picture in (draw_error_overlay(PAPER, annotation([]), annotation([]), 2.0),
                    draw_net_overlay(PAPER, annotation([]))):
        assert (picture == 254).all()
