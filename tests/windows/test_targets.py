"""Targets: what is asked of the maps, and where nothing is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.windows.targets import DONT_CARE, connected_leads, crossing_target, wire_target


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


def test_a_lead_is_a_wire_where_its_tip_meets_a_wire_another_lead_or_the_edge():
    on_wire, on_lead, partner, at_edge, alone = (
        [20, 20, 20, 26],
        [40, 30, 40, 36],
        [40, 29, 40, 22],
        [59, 35, 50, 35],
        [5, 35, 12, 35],
    )
    annotation = Annotation.build(
        image_path="",
        image_shape=(40, 60),
        wires=[[0, 20, 30, 20]],
        pins=[on_wire, on_lead, partner, at_edge, alone],
    )
    np.testing.assert_array_equal(connected_leads(annotation), [on_wire, on_lead, partner, at_edge])
    target = wire_target(annotation, np.zeros((40, 60), np.uint8))
    assert target[24, 20] == target[33, 40] == target[25, 40] == target[35, 54] == 1
    assert target[35, 8] == DONT_CARE
    assert connected_leads(replace(annotation, pins=annotation.pins[:0])).shape == (0, 4)


def test_the_crossing_target_holds_discs_at_crossings_of_every_kind():
    annotation = Annotation.build(
        image_path="", image_shape=(40, 60), crossings=[[10, 10], [40, 30]], crossing_types=["crossing", "hop"]
    )
    target = crossing_target(annotation, np.zeros((40, 60), np.uint8))
    assert target[10, 10] == target[30, 40] == target[30, 43] == 1 and target[20, 25] == 0
