"""KiCad schematics, read back: nets, junctions, places over the picture, and names that would break the file."""

from __future__ import annotations

import base64
import re
from dataclasses import replace

import cv2
import numpy as np
import pytest

from tests.helpers.meetings import assert_nets_of, meetings_annotation, nets_of_ends, nets_of_touching
from tests.helpers.sheets import draw_tiny_sheet
from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.formats.kicad import Writer, draw_schematic
from wire_detection.pictures.overlays import pale
from wire_detection.sheets.safe_files import write_png

PAPER = np.full((300, 400), 255, np.uint8)
TOKEN = re.compile(r'\(|\)|"(?:[^"\\]|\\.)*"|[^\s()"]+')


def parse(text: str) -> list:
    """The lists of an S-expression, its atoms as texts."""
    stack: list[list] = [[]]
    for token in TOKEN.findall(text):
        if token == "(":
            stack.append([])
        elif token == ")":
            stack[-2].append(stack.pop())
        else:
            stack[-1].append(re.sub(r"\\(.)", r"\1", token[1:-1]) if token[0] == '"' else token)
    assert len(stack) == 1 and len(stack[0]) == 1
    return stack[0][0]


def find(tree: list, name: str) -> list[list]:
    return [item for item in tree if isinstance(item, list) and item[0] == name]


def segments_of(tree: list, kind: str = "wire") -> np.ndarray:
    rows = [[float(v) for xy in find(item, "pts")[0][1:] for v in xy[1:]] for item in find(tree, kind)]
    return np.array(rows).reshape(-1, 4)


def labels_of(tree: list) -> list[tuple]:
    return [(float(label[2][1]), float(label[2][2]), label[1]) for label in find(tree, "label")]


def to_file(tree: list, shape: tuple[int, int]):
    """The map from the sheet's pixels to the file's millimetres, as its picture lies."""
    (image,) = find(tree, "image")
    middle = np.array(find(image, "at")[0][1:], float)
    pixel_mm = float(find(image, "scale")[0][1]) * 25.4 / 300
    return lambda points: middle + (points - (np.array(shape[::-1]) - 1) / 2) * pixel_mm


def test_the_nets_are_those_of_the_annotation_whatever_connects():
    annotation = meetings_annotation()
    tree = parse(draw_schematic(annotation, PAPER))
    wires, labels = segments_of(tree), labels_of(tree)
    assert [name for _, _, name in labels] == ["net5", "net5"]
    for nets in (nets_of_ends(wires, labels), nets_of_touching(wires, labels)):
        assert_nets_of(annotation, wires, nets, to_file(tree, (300, 400)))


@pytest.mark.parametrize(("seed", "style"), [(1, "kicad"), (2, "hand"), (3, "drafting"), (4, "eagle")])
def test_drawn_sheets_keep_their_nets(seed, style):
    grey, annotation = draw_sheet(seed, size=(900, 700), style=style)
    tree = parse(draw_schematic(annotation, grey))
    wires, labels = segments_of(tree), labels_of(tree)
    for nets in (nets_of_ends(wires, labels), nets_of_touching(wires, labels)):
        assert_nets_of(annotation, wires, nets, to_file(tree, annotation.image_shape))


def test_wires_junctions_and_buses_lie_where_the_sheet_has_them_on_50_mil():
    annotation = meetings_annotation()
    tree = parse(draw_schematic(annotation, PAPER))
    place = to_file(tree, (300, 400))
    dots = np.array([find(dot, "at")[0][1:] for dot in find(tree, "junction")], float)
    np.testing.assert_allclose(dots, place(annotation.junctions[:2]), atol=0.05)
    np.testing.assert_allclose(segments_of(tree, "bus"), [place(np.array([[360, 100], [360, 220]])).ravel()], atol=0.05)
    off_grid = [
        np.abs(v / 1.27 - np.rint(v / 1.27)) > 1e-9 for v in (dots, segments_of(tree, "bus"), segments_of(tree))
    ]
    assert [int(off.sum()) for off in off_grid] == [0, 0, 1], "on the grid the end at x = 110 would touch another net"


def test_the_head_of_the_file():
    tree = parse(draw_schematic(replace(meetings_annotation(), image_path='amp "2"\\\nü'), PAPER))
    assert tree[0] == "kicad_sch" and find(tree, "version") == [["version", "20211123"]]
    (block,) = find(tree, "title_block")
    assert find(block, "title") == [["title", 'amp "2"\\\N{REPLACEMENT CHARACTER}ü']]
    assert re.fullmatch(
        r"1 pixel = 0\.06\d+ mm; 1\.27 mm = (20|19)\.\d+ pixels is a .* grid", find(block, "comment")[0][2]
    )
    names = [item[1] for top in tree if isinstance(top, list) for item in find(top, "uuid")]
    assert len(names) == len(set(names)) == len(find(tree, "wire")) + 2 + 1 + 2 + 1


@pytest.mark.parametrize(("side", "paper"), [(300, ["A4"]), (4500, ["A3"]), (40_000, ["User", "2595.88", "2565.40"])])
def test_the_paper_holds_the_picture(side, paper):
    annotation = Annotation.build(image_path="a.png", image_shape=(side // 100, side), wires=[])
    text = draw_schematic(annotation, np.full((3, 3), 255, np.uint8))
    assert find(parse(text), "paper")[0][1] == paper[0]


def test_the_pale_picture_is_inside(tmp_path):
    grey, annotation = draw_tiny_sheet(0)
    write_png(tmp_path / "a b.png", grey)
    Writer(tmp_path / "out").add(annotation, tmp_path / "a b.png")
    tree = parse((tmp_path / "out" / "a b.kicad_sch").read_text(encoding="utf-8"))
    data = base64.b64decode("".join(find(find(tree, "image")[0], "data")[0][1:]))
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(picture, pale(grey)[:, :, 0])


def test_a_sheet_without_wires():
    tree = parse(draw_schematic(Annotation.build(image_path="a.png", image_shape=(30, 40)), PAPER))
    assert not find(tree, "wire") and len(find(tree, "image")) == 1
