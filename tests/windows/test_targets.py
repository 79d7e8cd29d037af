"""Targets: what is asked of the maps, and where nothing is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.windows.targets import (
    DONT_CARE,
    SURE_PLACE,
    SURE_WIRE,
    connected_leads,
    crossing_target,
    junction_target,
    wire_target,
)


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


def test_of_proposals_only_what_is_sure_is_taught_either_way():
    proposed = Annotation.build(
        image_path="",
        image_shape=(50, 60),
        wires=[[0, 5, 59, 5], [0, 15, 59, 15]],
        wire_confidences=[SURE_WIRE, SURE_WIRE - 0.01],
        doubtful_wires=[[0, 25, 59, 25]],
        junctions=[[10, 5], [30, 5]],
        junction_confidences=[SURE_PLACE, SURE_PLACE - 0.01],
        doubtful_junctions=[[50, 25]],
        crossings=[[10, 40], [30, 40]],
        crossing_confidences=[SURE_PLACE, SURE_PLACE - 0.01],
        metadata={"source": "model"},
    )
    ink = np.zeros((50, 60), np.uint8)
    assert wire_target(proposed, ink)[[5, 15, 25, 35], 20].tolist() == [1, DONT_CARE, DONT_CARE, 0]
    assert junction_target(proposed, ink)[[5, 5, 25, 40], [10, 30, 50, 10]].tolist() == [1, DONT_CARE, DONT_CARE, 0]
    crossing = crossing_target(proposed, ink)
    assert crossing[40, [10, 30, 50]].tolist() == [1, DONT_CARE, 0]
    assert crossing[[5, 5, 25], [10, 30, 50]].tolist() == [0, DONT_CARE, DONT_CARE]


def test_what_a_person_looked_at_is_taught_however_sure_the_program_was():
    looked_at = Annotation.build(
        image_path="",
        image_shape=(50, 60),
        wires=[[0, 5, 59, 5]],
        wire_confidences=[0.5],
        junctions=[[10, 5]],
        junction_confidences=[0.5],
        crossings=[[10, 40]],
        crossing_confidences=[0.5],
        metadata={"source": "manual"},
    )
    ink = np.zeros((50, 60), np.uint8)
    targets = wire_target(looked_at, ink), junction_target(looked_at, ink), crossing_target(looked_at, ink)
    assert [target.min() for target in targets] == [0, 0, 0]
    assert [targets[0][5, 20], targets[1][5, 10], targets[2][40, 10]] == [1, 1, 1]


def test_windows_without_anything_sure_ask_for_nothing_where_there_is_no_ink():
    proposed = Annotation.build(image_path="", image_shape=(8, 9), metadata={"source": "hough"})
    paper = np.full((8, 9), 255, np.uint8)
    assert (wire_target(proposed, paper) == DONT_CARE).all() and (junction_target(proposed, paper) == 0).all()
