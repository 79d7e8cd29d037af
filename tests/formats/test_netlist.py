"""Netlists: what belongs to a net, where it ends and which text stands there."""

from __future__ import annotations

import json

from tests.helpers.meetings import meetings_annotation
from wire_detection.annotations.annotation import Annotation
from wire_detection.formats.netlist import Writer, netlist


def test_the_file_says_what_belongs_to_each_net(tmp_path):
    Writer(tmp_path).add(meetings_annotation(), tmp_path / "a.v1.png")
    content = json.loads((tmp_path / "a.v1.netlist.json").read_text(encoding="utf-8"))
    assert content["image"] == "meetings.png" and content["image_shape"] == [300, 400]
    nets = content["nets"]
    assert [net["net"] for net in nets] == list(range(6))
    assert tuple(tuple(net["wires"]) for net in nets) == meetings_annotation().nets
    assert [net["junctions"] for net in nets] == [[0], [], [], [], [1], []]
    assert nets[0]["open_ends"] == [
        {"wire": 0, "at": [40.0, 60.0]},
        {"wire": 0, "at": [360.0, 60.0]},
        {"wire": 1, "at": [120.0, 240.0]},
    ]
    assert [end["wire"] for end in nets[1]["open_ends"]] == [2, 4], "none at the hop nor at the corner"
    assert [end["at"] for end in nets[2]["open_ends"]] == [[40.0, 160.0], [110.0, 160.0]], "none at the gap"


def test_a_text_is_named_where_a_wire_ends_beside_it():
    nets = netlist(meetings_annotation())["nets"]
    ends = {tuple(end["at"]): end.get("text") for end in nets[5]["open_ends"]}
    assert ends == {(40, 280): None, (100, 280): [102, 272, 140, 286], (300, 280): None, (360, 280): None}


def test_the_nearest_text_within_the_height_of_its_letters():
    near, far, upright = [102, 40, 130, 50], [102, 54, 150, 64], [96, 61, 105, 100]
    boxes = {51: near, 57: far, 60.5: upright}
    for y, box in boxes.items():
        annotation = Annotation.build(
            image_path="a.png", image_shape=(300, 400), wires=[[10, y, 100, y]], texts=[far, upright, near]
        )
        assert netlist(annotation)["nets"][0]["open_ends"][1]["text"] == box
    alone = Annotation.build(image_path="a.png", image_shape=(300, 400), wires=[[10, 61, 100, 61]], texts=[near])
    assert "text" not in netlist(alone)["nets"][0]["open_ends"][1]


def test_a_sheet_without_wires_and_a_net_without_any():
    empty = Annotation.build(image_path="a.png", image_shape=(30, 40), nets=[[]])
    assert netlist(empty)["nets"] == [{"net": 0, "wires": [], "junctions": [], "open_ends": []}]
