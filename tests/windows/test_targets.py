"""Targets: what is asked of the maps, and where nothing is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.windows.targets import DONT_CARE, wire_target


def test_the_arc_of_a_hop_is_asked_neither_way_and_the_wire_below_it_is_a_wire():
    annotation = Annotation.build(
        image_path="",
        image_shape=(40, 60),
        wires=[[0, 20, 24, 20], [36, 20, 59, 20], [30, 0, 30, 39]],
        crossings=[[30, 20]],
        crossing_types=["hop"],
    )
    ink = np.zeros((40, 60), np.uint8)
    target = wire_target(annotation, ink)
    assert (target[14, [26, 34]] == DONT_CARE).all() and (target[20, [26, 34]] == DONT_CARE).all()
    assert target[20, 10] == target[20, 50] == target[20, 30] == target[12, 30] == 1
    assert target[8, 24] == 0
    plain = wire_target(replace(annotation, crossing_types=("crossing",)), ink)
    assert (plain[14, [26, 34]] == 0).all()
