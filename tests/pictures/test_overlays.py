"""Overlays show hits, misses, nets and junctions in their colours, at their places."""

from __future__ import annotations

import colorsys

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.pictures.overlays import (
    CROSSING_RGB,
    FALSE_RGB,
    HIT_RGB,
    IGNORED_RGB,
    MISS_RGB,
    draw_annotation_overlay,
    draw_error_overlay,
    draw_net_overlay,
    net_rgb,
)

PAPER = [254, 254, 254]


def sheet(**content) -> Annotation:
    return Annotation.build(image_path="a.png", image_shape=(100, 120), metadata={"stroke_width": 2.0}, **content)


GREY = np.full((100, 120), 255, np.uint8)


def test_hits_are_green_misses_blue_and_false_wires_red():
    truth = sheet(wires=[[10, 20, 60, 20], [10, 50, 60, 50]])
    found = sheet(wires=[[10, 22, 80, 22], [10, 80, 60, 80]])
    overlay = draw_error_overlay(GREY, truth, found, 2.0)
    assert overlay[22, 40].tolist() == list(HIT_RGB)  # within 2 px of the true one
    assert overlay[22, 75].tolist() == overlay[80, 40].tolist() == list(FALSE_RGB)
    assert overlay[50, 40].tolist() == list(MISS_RGB) and overlay[95, 5].tolist() == PAPER
    assert overlay.shape == (100, 120, 3) and overlay.dtype == np.uint8
    far = draw_error_overlay(GREY, truth, sheet(wires=[[10, 26, 80, 26]]), 2.0)
    assert far[26, 40].tolist() == list(FALSE_RGB) and far[20, 40].tolist() == list(MISS_RGB)


def test_what_is_found_on_a_lead_is_grey():
    truth = Annotation.build(
        image_path="a.png",
        image_shape=(60, 200),
        wires=[[10, 20, 90, 20]],
        junctions=[],
        pins=[[90, 20, 130, 20]],
        metadata={"stroke_width": 2.0},
    )
    found = Annotation.build(image_path="a.png", image_shape=(60, 200), wires=[[10, 20, 190, 20]], junctions=[])
    picture = draw_error_overlay(np.full((60, 200), 255, np.uint8), truth, found, 2.0)
    assert [tuple(picture[20, x]) for x in (50, 110, 170)] == [HIT_RGB, IGNORED_RGB, FALSE_RGB]


def test_junctions_are_ringed_within_twice_the_tolerance():
    """Rings of a radius of 4 * 2 px; a junction 4 px beside the true one is a hit, one 5 px away is none."""
    truth = sheet(junctions=[[20, 50], [60, 50], [100, 20]])
    found = sheet(junctions=[[24, 50], [65, 50]])
    overlay = draw_error_overlay(GREY, truth, found, 2.0)
    assert overlay[50, 20 - 8].tolist() == overlay[50, 24 + 8].tolist() == list(HIT_RGB)
    assert overlay[50, 65 + 8].tolist() == list(FALSE_RGB)
    assert overlay[50, 60 - 8].tolist() == overlay[20, 100 - 8].tolist() == list(MISS_RGB)


@pytest.mark.parametrize(
    "draw",
    [
        lambda a: draw_error_overlay(GREY, a, a, 2.0),
        lambda a: draw_net_overlay(GREY, a),
        lambda a: draw_annotation_overlay(GREY, a),
    ],
)
def test_an_empty_annotation_leaves_the_pale_sheet(draw):
    assert (draw(sheet()) == 254).all()


def test_each_net_has_its_colour_and_junctions_are_black():
    annotation = sheet(
        wires=[[10, 20, 110, 20], [10, 50, 110, 50], [10, 80, 110, 80]], nets=[[0, 2], [1]], junctions=[[60, 20]]
    )
    overlay = draw_net_overlay(GREY, annotation)
    assert [overlay[y, 30].tolist() for y in (20, 50, 80)] == [list(net_rgb(n)) for n in (0, 1, 0)]
    assert overlay[20, 60].tolist() == [0, 0, 0] and overlay[65, 30].tolist() == PAPER
    assert draw_net_overlay(np.zeros_like(GREY), annotation)[65, 30].tolist() == [127] * 3


def test_neighbouring_nets_have_hues_far_apart():
    hues = [colorsys.rgb_to_hsv(*(value / 255 for value in net_rgb(number)))[0] for number in range(60)]
    step = np.abs(np.diff(hues))
    assert (np.minimum(step, 1 - step) > 0.35).all() and len({net_rgb(number) for number in range(60)}) > 50
    assert all(type(value) is int for value in net_rgb(7))


def test_crossings_are_blue_circles_hops_and_gaps_two():
    """Of strokes of 2 px, 5 and 8 px around the middle."""
    found = sheet(crossings=[[30, 50], [80, 50]], crossing_types=["crossing", "hop"], crossing_confidences=[1.0, 0.9])
    overlay = draw_annotation_overlay(GREY, found)
    assert overlay[50, 35].tolist() == overlay[50, 85].tolist() == overlay[50, 88].tolist() == list(CROSSING_RGB)
    assert overlay[50, 38].tolist() == overlay[50, 30].tolist() == PAPER
