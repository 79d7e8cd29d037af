"""Chips in boxes with what stands around them."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.pin_rows import finish_pins
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT, UP, Pin, Symbol
from wire_detection.drawing.symbols.boxes import integrated_circuit


def chip(block: Block) -> None:
    """A chip in a box with names and numbers, every pin ending in something."""
    count = block.between(*block.pick(((2, 8), (2, 8), (4, 14), (10, 24), (20, 44))))
    rows = [block.between(max(1, count - 4), count), block.between(max(1, count - 4), count)]
    if block.chance(0.12):
        rows[block.between(0, 1)] = block.between(1, 2)
    pitch = block.pick((2, 2, 2, 2, 1))
    most = 12 if count > 9 else 4
    tops, bottoms = (block.between(1, most) if block.chance(0.4) else 0 for _ in range(2))
    if pitch == 1 and block.style.text_height > 0.85:
        pitch = 2
    symbol = chip_symbol(block, rows[0], rows[1], tops, bottoms, pitch)
    pins = block.part(symbol, 0, 0, name=False)
    _name_chip(block)
    finish_pins(block, pins)


def chip_symbol(block: Block, left: int, right: int, tops: int, bottoms: int, pitch: int) -> Symbol:
    """A chip with so many pins on each side, `pitch` grid units apart."""
    style = block.style
    count = left + right + tops + bottoms
    numbers = iter((block.rng.permutation(max(100, count))[:count] if block.chance(0.3) else np.arange(count)) + 1)
    ball = block.chance(0.1)

    def entries(count, first):
        gaps, spot, out = block.chance(0.3), first, []
        for _ in range(count):
            number = str(next(numbers))
            out.append((spot, block.words.pin_name(), block.words.pick("ABCDEFGH") + number if ball else number))
            spot += pitch * (2 if gaps and block.chance(0.15) else 1)
        return out, spot

    margin = 2
    ends = [entries(n, 4) for n in (tops, bottoms)]
    upper = max([block.width(name, style.text_height) for _, name, _ in ends[0][0]] or [0.0])
    first = margin + (2 * round(upper / 2) if block.chance(0.7) else 0)  # below the names of the upper pins
    sides = [entries(n, first) for n in (left, right)]
    height = max(sides[0][1], sides[1][1]) - pitch + margin
    longest = max([block.width(n, style.text_height) for _, n, _ in sides[0][0]] or [0]) + max(
        [block.width(n, style.text_height) for _, n, _ in sides[1][0]] or [0]
    )
    width = int(max(longest + 2, 6, ends[0][1], ends[1][1]))
    width += width % 2 + 2 * block.between(0, 2)
    if tops or bottoms:  # names along the upper and lower edge need room
        height += 2 * block.between(1, 3)
    lead = block.pick((2, 2, 3, 4, 4, 6)) if style.numbers else 2
    return integrated_circuit(
        sides[0][0],
        sides[1][0],
        ends[0][0],
        ends[1][0],
        width=width,
        height=height,
        lead=lead,
        name_height=style.text_height,
        bubbles=block.chance(0.4),
    )


def _name_chip(block: Block) -> None:
    x0, y0, x1, y1 = block.components[-1][1]
    reference, value = block.words.designator("ic"), block.words.value("ic")
    if x1 - x0 > 20 and block.chance(0.5):
        block.label(reference, (x0 + x1) / 2, (y0 + y1) / 2, 0, -1)
        block.label(value, (x0 + x1) / 2, (y0 + y1) / 2 + 1, 0, 1)
    elif block.chance(0.5):
        block.label(reference, x0 if block.chance(0.5) else (x0 + x1) / 2, y0 - 0.6, -1 if block.chance(0.5) else 0)
        block.label(value, (x0 + x1) / 2, y1 + 0.6, 0, 1)
    else:
        step = block.style.text_height * 1.6
        block.label(reference, (x0 + x1) / 2, y0 - 0.6 - step)
        block.label(value, (x0 + x1) / 2, y0 - 0.6)


def regulator(block: Block) -> None:
    """A three-pin regulator with capacitors at its input and output."""
    symbol = integrated_circuit(
        [(2, "VIN" if block.chance(0.6) else "VI", "3")],
        [(2, "VOUT" if block.chance(0.6) else "VO", "2")],
        bottom=[(5, "GND", "1")],
        width=10,
        height=6,
        lead=2,
        name_height=block.style.text_height,
    )
    pins = block.part(symbol, 0, 0, name=False)
    _name_chip(block)
    rail = 6 + 2 + block.between(0, 2)
    for pin, way in ((pins[0], -1), (pins[1], 1)):
        x = pin.x
        for _ in range(block.between(1, 2)):
            step = block.between(5, 10)
            block.wire((x, pin.y), (x + way * step, pin.y))
            x += way * step
            _, y = block.passive(x, pin.y, DOWN, block.pick(("capacitor", "capacitor_polarised")))
            if y < rail and block.chance(0.5):
                block.wire((x, y), (x, rail), (5, rail))
            else:
                block.down_to_ground(x, y, block.between(0, 2))
        if block.chance(0.6):
            block.wire((x, pin.y), (x + way * 3, pin.y))
            block.up_to_supply(x + way * 3, pin.y, block.between(0, 2))
        else:
            block.port(x, pin.y, (way, 0), 3)
    block.wire(pins[2].tip, (5, rail))
    block.down_to_ground(5, rail, block.between(0, 1))


def chain(block: Block) -> None:
    """The same small chip several times, each output wired to the next input, with common rails above and below."""
    count, rails = block.between(2, 5), block.chance(0.6)
    pins = block.between(1, 3)
    names = [block.words.pin_name() for _ in range(2 * pins)]
    width = 2 * int(np.ceil(max(block.width(n, block.style.text_height) for n in names))) + 4
    height = 2 * pins + 6
    symbol = integrated_circuit(
        [(4 + 2 * i, names[i], str(i + 1)) for i in range(pins)],
        [(4 + 2 * i, names[pins + i], str(pins + i + 1)) for i in range(pins)],
        [(width // 2, "VDD", "14")],
        [(width // 2, "GND", "7")],
        width=width,
        height=height,
        name_height=block.style.text_height,
    )
    step = width + 4 + block.between(2, 6)
    before: list[Pin] = []
    for i in range(count):
        left, right, top, bottom = (p for p in _by_side(block.part(symbol, i * step, 0, name=False)))
        block.label(block.words.designator("ic"), i * step, -0.6, -1)
        for a, b in zip(before, left, strict=False):
            block.wire(a.tip, b.tip)
            if block.chance(0.15):
                block.port((a.x + b.x) // 2, a.y, UP, block.between(8, 12))
        for pin in left if not before else []:
            block.finish(*pin.tip, LEFT)
        before = right
        for pin, way, rail in ((top[0], UP, -5), (bottom[0], DOWN, height + 5)):
            if rails:
                block.wire(pin.tip, (pin.x, rail))
            elif way == UP:
                block.up_to_supply(*pin.tip, 1)
            else:
                block.down_to_ground(*pin.tip, 1)
    for pin in before:
        block.finish(*pin.tip, RIGHT)
    if rails:
        x0, x1 = width // 2, width // 2 + (count - 1) * step
        for y in (-5, height + 5):
            block.wire((x0 - 4, y), (x1, y))
        block.up_to_supply(x0 - 4, -5, 1)
        block.down_to_ground(x0 - 4, height + 5, 1)


def _by_side(pins: list[Pin]) -> list[list[Pin]]:
    """Pins that look left, right, up and down."""
    return [[p for p in pins if p.direction == way] for way in (LEFT, RIGHT, UP, DOWN)]
