"""Amplifier stages with transistors, operational amplifiers and tubes."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import DOWN, LEFT, RIGHT, UP
from wire_detection.drawing.words import NEGATIVE


def transistor_stage(block: Block) -> None:
    """A transistor with a load, a base network and an emitter branch."""
    kind = block.pick(("transistor", "mosfet", "transistor"))
    symbol = block.symbol(kind)
    flip = block.chance(0.25)
    pins = block.part(symbol, 0, 0, 0, flip)
    base, collector, emitter = pins
    way = base.direction[0]
    x, y = collector.tip
    y = block.run(x, y, UP, block.between(0, 3))[1]
    if block.chance(0.5):
        block.port(x, y, (-way, 0), block.between(3, 9))
    top = (
        block.passive(x, y - 0, UP, block.pick(("resistor", "resistor", "inductor", "led", "diode")))
        if block.chance(0.75)
        else (x, y)
    )
    block.up_to_supply(*top, block.between(0, 2)) if block.chance(0.8) else block.port(*top, UP, 2)
    x, y = emitter.tip
    y = block.run(x, y, DOWN, block.between(0, 2))[1]
    if block.chance(0.5):
        low = block.passive(x, y, DOWN, "resistor")
        if block.chance(0.5):
            side = x - way * block.between(5, 7)
            block.wire((x, y), (side, y))
            stop = block.passive(side, y, DOWN, block.pick(("capacitor", "capacitor_polarised")))
            if block.chance(0.5):
                block.wire(stop, (side, low[1] + 1), (x, low[1] + 1))
                block.wire(low, (x, low[1] + 1))
                low = (x, low[1] + 1)
            else:
                block.down_to_ground(*stop)
        block.down_to_ground(*low, block.between(0, 2))
    else:
        block.down_to_ground(x, y, block.between(0, 3))
    x, y = base.tip
    x, y = block.run(x, y, (way, 0), block.between(1, 4))
    for share, direction in ((0.6, DOWN), (0.45, UP)):
        if block.chance(share):
            stop = block.passive(x, block.run(x, y, direction, block.between(0, 3))[1], direction, "resistor")
            if direction == DOWN:
                block.down_to_ground(*stop, block.between(0, 3))
            else:
                block.up_to_supply(*stop, block.between(0, 3))
    if block.chance(0.7):
        x, y = block.run(x, y, (way, 0), block.between(1, 4))
        x, y = block.passive(x, y, (way, 0), block.pick(("resistor", "capacitor")))
    if block.chance(0.5):
        block.port(x, y, (way, 0), block.between(1, 4))
    else:
        block.finish(x, y, (way, 0))


def opamp_stage(block: Block) -> None:
    """An operational amplifier with feedback over its top or bottom."""
    symbol = block.symbol("opamp")
    pins = block.part(symbol, 0, 0)
    named = {p.name: p for p in pins}
    minus, plus, out = named["-"], named["+"], next(p for p in pins if p.name == "")
    above = minus.y < plus.y
    side = -1 if above else 1
    loop_y = block.between(6, 8)
    if "V+" in named:  # past the supply, its name and the names of the part above it
        loop_y = int(np.ceil(abs(named["V+"].y) + 3.5 + 3 * block.style.text_height)) + block.between(0, 2)
    loop_y *= side
    left = minus.x - block.between(1, 3)
    right = out.x + block.between(1, 3)
    block.wire(minus.tip, (left, minus.y), (left, loop_y))
    block.wire(out.tip, (right, 0), (right, loop_y))
    if block.chance(0.75):
        kind = block.pick(("resistor", "capacitor", "resistor"))
        size = 2 * block.symbol(kind).pins[1].x
        before = int((right - left - size) // 2)
        block.wire((left, loop_y), (left + before, loop_y))
        stop = block.passive(left + before, loop_y, RIGHT, kind)
        block.wire(stop, (right, loop_y))
        if block.chance(0.4):
            upper_y = loop_y + side * (int(np.ceil(3 + 3 * block.style.text_height)) + block.between(0, 2))
            block.wire((left, loop_y), (left, upper_y), (left + before, upper_y))
            stop = block.passive(left + before, upper_y, RIGHT, block.pick(("capacitor", "resistor")))
            block.wire(stop, (right, upper_y), (right, loop_y))
    else:
        block.wire((left, loop_y), (right, loop_y))
    if block.chance(0.75):
        start = block.run(left, minus.y, LEFT, block.between(1, 3))
        start = block.passive(*start, LEFT, "resistor")
        block.port(*start, LEFT, 2) if block.chance(0.5) else block.finish(*start, LEFT)
    if block.chance(0.5):
        x, y = block.run(*plus.tip, LEFT, block.between(1, 2))
        block.down_to_ground(x, y, block.between(2, 5)) if plus.y > 0 else block.finish(x, y, LEFT)
    else:
        x, y = block.run(*plus.tip, LEFT, block.between(2, 4))
        if plus.y > 0 and block.chance(0.5):
            block.down_to_ground(*block.passive(x, y, DOWN, "resistor"))
        block.finish(x, y, LEFT)
    if "V+" in named:
        block.supply(*named["V+"].tip, 0)
        block.ground(*named["V-"].tip) if block.chance(0.6) else block.supply(
            *named["V-"].tip, 2, block.words.pick(NEGATIVE)
        )
    block.port(right, 0, RIGHT, block.between(1, 6)) if block.chance(0.6) else block.finish(right, 0, RIGHT)


def tube_stage(block: Block) -> None:
    """A valve with anode load, grid leak and cathode resistor."""
    anode, grid, cathode = block.part(block.symbol("tube"), 0, 0)
    x, y = block.run(*anode.tip, UP, block.between(0, 2))
    block.port(x, y, RIGHT, block.between(4, 9))
    block.up_to_supply(*block.passive(x, y, UP, "resistor"), block.between(0, 2))
    x, y = block.run(*cathode.tip, DOWN, block.between(0, 2))
    if block.chance(0.5):
        side = x + block.between(5, 7)
        block.wire((x, y), (side, y))
        block.down_to_ground(*block.passive(side, y, DOWN, "capacitor_polarised"), block.between(0, 1))
    block.down_to_ground(*block.passive(x, y, DOWN, "resistor"), block.between(0, 1))
    x, y = block.run(*grid.tip, LEFT, block.between(1, 3))
    if block.chance(0.7):
        block.down_to_ground(*block.passive(x, y, DOWN, "resistor"), block.between(0, 2))
    block.port(*block.passive(x, y, LEFT, "capacitor"), LEFT, block.between(1, 4)) if block.chance(
        0.6
    ) else block.finish(x, y, LEFT)
