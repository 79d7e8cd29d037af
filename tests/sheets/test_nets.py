"""Nets of hand-drawn figures, and groups of any graph."""

from __future__ import annotations

import numpy as np

from wire_detection.sheets.groups import connected_groups, members_of
from wire_detection.sheets.nets import connect_nets, facing_wires, wires_of_nets

NO_SEGMENTS = np.zeros((0, 4), np.float32)
NO_POINTS = np.zeros((0, 2), np.float32)

CROSS = [[0, 10, 20, 10], [10, 0, 10, 20]]

HALVES = [[0, 50, 45, 50], [100, 50, 55, 50]]
OVER = [50, 0, 50, 100]


def net_count(wires, junctions=NO_POINTS, **tolerances) -> int:
    tolerances = {"end_px": 1, "junction_px": 3} | tolerances
    return len(set(connect_nets(wires, junctions, **tolerances).tolist()))


def test_nets_through_ends_and_bodies_but_not_through_a_crossing():
    assert net_count([[0, 0, 10, 0], [10.6, 0.6, 20, 20]]) == 1  # ends that meet
    assert net_count([[0, 0, 20, 0], [10, 0.5, 10, 20]]) == 1  # an end on a wire
    assert net_count(CROSS) == 2  # a crossing
    assert net_count(CROSS, [[11, 10]]) == 1  # a crossing with a dot
    assert net_count(CROSS, [[10, 14]]) == 2  # a dot elsewhere on one of the wires


def test_nets_chain_and_are_numbered_from_zero():
    wires = [[0, 0, 10, 0], [50, 50, 60, 50], [10, 0, 10, 9], [10, 9, 30, 9]]
    assert connect_nets(wires, NO_POINTS, end_px=1, junction_px=3).tolist() == [0, 1, 0, 0]
    assert connect_nets(NO_SEGMENTS, [[1, 1]], end_px=1, junction_px=3).tolist() == []


def test_nets_take_a_tolerance_of_their_own_for_ends_on_bodies():
    tee = [[0, 0, 20, 0], [10, 2, 10, 20]]
    assert net_count(tee, end_px=1) == 2
    assert net_count(tee, end_px=1, body_px=2) == 1


def test_nets_join_every_wire_of_one_junction():
    star = [[0, 10, 9, 10], [11, 10, 20, 10], [10, 11, 10, 20], [10, 9, 10, 0]]
    assert net_count(star, [[10, 10]], end_px=0.5, junction_px=2) == 1


def test_groups_are_numbered_by_their_first_nodes():
    assert connected_groups([[3, 1], [1, 4], [2, 2]], 6).tolist() == [0, 1, 2, 1, 1, 3]
    assert connected_groups([], 2).tolist() == [0, 1] and connected_groups([], 0).tolist() == []


def test_members_of_each_group_come_in_rising_order():
    assert [members.tolist() for members in members_of(np.array([0, 1, 0, 2, 1]))] == [[0, 2], [1, 4], [3]]
    assert members_of(np.zeros(0, int)) == []


def test_a_net_lists_its_wires():
    assert wires_of_nets(np.array([0, 1, 0, 0])) == ((0, 2, 3), (1,)) and wires_of_nets(np.zeros(0, int)) == ()


def test_the_halves_of_a_wire_face_each_other_across_the_wire_they_pass():
    assert facing_wires([*HALVES, OVER], [[50, 50]], 1.0).tolist() == [[0, 1]]
    labels = connect_nets([*HALVES, OVER], [], end_px=1, junction_px=1, passed=[[50, 50]])
    assert labels[0] == labels[1] != labels[2]
    assert len(set(connect_nets([*HALVES, OVER], [], end_px=1, junction_px=1).tolist())) == 3


def test_the_nearest_pair_goes_on():
    row = [[0, 50, 45, 50], [55, 50, 65, 50], [75, 50, 99, 50]]
    assert facing_wires(row, [[50, 50]], 1.0).tolist() == [[0, 1]]
    assert facing_wires(row, [[70, 50]], 1.0).tolist() == [[1, 2]]


def test_a_wire_drawn_by_hand_may_bend_where_it_passes():
    assert facing_wires([[0, 40, 44, 48], [100, 60, 56, 52]], [[50, 50]], 1.0).tolist() == [[0, 1]]
    assert facing_wires([[0, 0, 45, 45], [100, 50, 55, 50]], [[50, 50]], 1.0).tolist() == [[0, 1]]
    assert len(facing_wires([[0, 50, 45, 50], [50, 55, 50, 100]], [[50, 50]], 1.0)) == 0  # a corner


def test_nothing_goes_on_where_a_half_lies_outside_the_image():
    assert facing_wires([HALVES[0], OVER], [[50, 50]], 1.0).shape == (0, 2)
    assert facing_wires([HALVES[0], OVER, [300, 50, 200, 50]], [[50, 50]], 1.0).shape == (0, 2)
    assert facing_wires(np.zeros((0, 4)), [[50, 50]], 1.0).shape == facing_wires(HALVES, [], 1.0).shape == (0, 2)
