"""Blocks: what their small things draw, by the habits of a style."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.helpers.blocks import empty_block, inside, stroke_boxes
from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT, UP
from wire_detection.drawing.symbols.two_pins import resistor_box


def block_with(seed: int = 0, **habits) -> Block:
    """An empty block of a style with these habits."""
    block = empty_block(seed)
    block.style = replace(block.style, pin_squares=0.0, **habits)
    return block


@pytest.mark.parametrize(("direction", "stop"), [(RIGHT, (9, 5)), (DOWN, (3, 11)), (LEFT, (-3, 5)), (UP, (3, -1))])
def test_a_passive_starts_at_a_point_and_returns_its_far_pin(direction, stop):
    block = block_with()
    block.style.symbols["resistor"] = (resistor_box(),)
    assert block.passive(3, 5, direction, "resistor") == stop
    assert {pin.tip for pin in block.pins} == {(3, 5), stop}


def test_a_run_is_a_wire_and_a_port_waits_at_its_end():
    block = block_with()
    assert block.run(1, 2, RIGHT, 4) == (5, 2)
    block.port(5, 2, DOWN, 3)
    assert block.wires == [(1, 2, 5, 2), (5, 2, 5, 5)] and block.ports == [(5, 5, 0, 1)]


@pytest.mark.parametrize("named", [(), (0,), (0, 1, 3)])
def test_only_grounds_of_the_named_turns_bear_names(named):
    for turns in range(4):
        block = block_with(named_grounds=named)
        for _ in range(20):
            block.ground(0, 0, turns)
        assert bool(block.texts) == (turns in named)


@pytest.mark.parametrize(("share", "flags"), [(0.0, 1), (1.0, 0)])
def test_a_named_end_is_a_flag_or_a_terminal(share, flags):
    block = block_with(terminal_share=share, terminal="")
    block.name_end(4, 6, RIGHT, "RESET")
    assert sum(stroke.kind == "label" and stroke.closed for stroke in block.strokes) == flags
    assert [text.text for text in block.texts] == ["RESET"] and block.texts[0].x > 4


def test_a_square_has_its_side_in_wire_widths():
    block = block_with(stroke_px=2.0, grid_px=10.0)
    block.square(5, 5, 3.0)
    assert stroke_boxes(block).tolist() == [pytest.approx([4.7, 4.7, 5.3, 5.3])]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_labels_hang_on_squares_on_their_wire_where_that_is_the_habit(share):
    block = block_with(label_squares=share, end_squares=2.0)
    block.net_name(0, 3, 20, 3, "CLK")
    assert [stroke.kind for stroke in block.strokes] == ["square"] * int(share)
    assert inside(stroke_boxes(block), (5, 2, 15, 4))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_vertical_resistor_has_its_value_in_its_body_where_that_is_the_habit(share):
    block = block_with(values_inside=share, footprints=0.0)
    block.part(resistor_box(), 10, 10, turns=1)
    ((_, body),) = block.components
    in_body = [t for t in block.texts if body[0] < t.x < body[2] and body[1] < t.y < body[3] and t.vertical]
    assert len(in_body) == share


def test_pins_bear_numbers_where_the_style_has_them_but_those_of_resistors_never():
    for kind, numbers, expected in (("diode", True, 2), ("diode", False, 0), ("resistor", True, 0)):
        block = block_with(numbers=numbers)
        block.part(block.symbol(kind), 0, 0, name=False)
        assert sum(text.kind == "pin_number" for text in block.texts) == expected


def test_a_part_is_named_beside_its_body_and_other_texts():
    for seed in range(30):
        block = block_with(seed, values_inside=0.0, footprints=0.0)
        block.label("NEAR", 10, 8.6, 0, -1)
        block.part(resistor_box(), 10, 10)
        boxes = [block._box_of(text) for text in block.texts]
        (_, body) = block.components[0]
        for x0, y0, x1, y1 in boxes[1:]:
            assert y1 <= body[1] or y0 >= body[3] or x1 <= body[0] or x0 >= body[2]


def test_a_struck_out_part_bears_a_bold_cross():
    block = block_with(struck_out=1.0)
    block.part(resistor_box(), 10, 10)
    assert [stroke.kind for stroke in block.strokes].count("thick") == 2
