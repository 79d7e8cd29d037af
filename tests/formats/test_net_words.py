"""Words beside nets: whose they are, which are names, and that no label connects what the annotation keeps apart."""

from __future__ import annotations

import json

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.formats import kicad, ltspice, netlist
from wire_detection.formats.net_graph import net_graph
from wire_detection.formats.net_words import labels_of, words_of_nets

HEIGHT = 10
"""Of the letters, in pixels; a word may be so far from its wire."""


def sheet_with(*words: tuple[str, float, float], nets=((0,), (1,))) -> Annotation:
    """Two horizontal wires of 200 px, at y 100 and 200, and words (text, x of the left, y of the bottom) of letters."""
    return Annotation.build(
        image_path="a.png",
        image_shape=(300, 400),
        wires=[[100, 100, 300, 100], [100, 200, 300, 200]],
        texts=[[x, y - HEIGHT, x + 8 * len(word), y] for word, x, y in words],
        words=[word for word, _, _ in words],
        nets=nets,
        metadata={"stroke_width": 2.0},
    )


def words_of(annotation: Annotation) -> dict[int, list[str]]:
    return {net: [word for word, _ in words] for net, words in words_of_nets(annotation, net_graph(annotation)).items()}


def labels(annotation: Annotation) -> list[tuple[list[float], str]]:
    graph = net_graph(annotation)
    return [(graph.points[point].tolist(), name) for point, name in labels_of(annotation, graph)]


@pytest.mark.parametrize(
    ("word", "x", "bottom", "net"),
    [
        ("OUT", 180, 97, [0]),  # on the middle of the first wire
        ("OUT", 180, 90, [0]),  # as far above it as its letters are high
        ("OUT", 180, 89, []),
        ("OUT", 180, 215, [1]),  # below the second
        ("OUT", 305, 105, [0]),  # behind the end of the first
        ("OUT", 316, 105, []),  # too far behind it
        ("RESET", 90, 97, [0]),  # around an end
    ],
)
def test_a_word_belongs_to_the_wire_that_it_stands_beside(word, x, bottom, net):
    assert words_of(sheet_with((word, x, bottom))) == {number: [word] for number in net}


def test_the_nearest_wire_and_the_nearest_word_come_first():
    between = [[100, 100, 300, 100], [100, 118, 300, 118]]
    annotation = Annotation.build(
        image_path="a.png",
        image_shape=(300, 400),
        wires=between,
        texts=[[150, 106, 180, 116], [150, 120, 180, 130], [200, 88, 230, 98]],
        words=["LOW", "NEAR", "UP"],
        nets=[[0], [1]],
    )
    assert words_of(annotation) == {0: ["UP"], 1: ["LOW", "NEAR"]}
    assert [name for _, name in labels(annotation)] == ["UP", "LOW"]


@pytest.mark.parametrize("word", ["10k", "7", "B", "+", "R1", "U3A", "MP1", "IC12", "net5", "NET5", "RF IN", ""])
def test_values_numbers_parts_and_made_up_names_are_no_names(word):
    assert words_of(sheet_with((word, 180, 97))) == {}


@pytest.mark.parametrize("word", ["VCC", "+5V", "A15", "D0", "~RESET", "/CS", "nRST", "USB_D-"])
def test_names_of_nets(word):
    assert words_of(sheet_with((word, 180, 97))) == {0: [word]}


def test_a_word_that_was_read_twice_is_one():
    assert words_of(sheet_with(("OUT", 180, 97), ("OUT", 181, 97))) == {0: ["OUT"]}


def test_a_label_stands_at_the_nearer_end_of_the_wire():
    assert labels(sheet_with(("OUT", 240, 97), ("IN", 110, 197))) == [([100, 200], "IN"), ([300, 100], "OUT")]


def test_what_stands_on_two_nets_is_no_label_of_either():
    """Editors that do not tell capitals from small letters would connect them, too."""
    twice = sheet_with(("VCC", 180, 97), ("Vcc", 180, 197), ("OUT", 270, 90))
    assert labels(twice) == [([300, 100], "OUT")]
    assert words_of(twice) == {0: ["VCC", "OUT"], 1: ["Vcc"]}


def test_the_parts_of_a_net_are_connected_by_its_name():
    whole = sheet_with(("OUT", 180, 97), nets=((0, 1),))
    assert {name for _, name in labels(whole)} == {"OUT"} and len(labels(whole)) >= 2
    assert {name for _, name in labels(sheet_with(nets=((0, 1),)))} == {"net0"}


def test_a_name_holds_no_character_that_an_editor_forbids():
    assert [name for _, name in labels(sheet_with(('/A"(é)', 180, 97)))] == ["_A____"]


def test_a_sheet_without_words_has_no_labels():
    assert labels(sheet_with()) == [] and words_of(sheet_with()) == {}


def test_the_editors_and_the_netlist_have_the_words(tmp_path):
    annotation = sheet_with(("OUT", 305, 105), ("VCC", 180, 197))
    text = kicad.draw_schematic(annotation, np.full((300, 400), 255, np.uint8))
    assert text.count("(label ") == 2 and '(label "OUT"' in text and '(label "VCC"' in text
    flags = [line.split()[-1] for line in ltspice.draw_schematic(annotation).splitlines() if line.startswith("FLAG")]
    assert sorted(flags) == ["OUT", "VCC"]
    first, second = netlist.netlist(annotation)["nets"]
    assert (first["words"], second["words"]) == (["OUT"], ["VCC"])
    assert first["open_ends"][1] == {"wire": 0, "at": [300, 100], "text": [305, 95, 329, 105], "word": "OUT"}
    json.dumps(first)
