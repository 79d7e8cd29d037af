"""Gates and what they make."""

from __future__ import annotations

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import LEFT, RIGHT
from wire_detection.drawing.symbols.devices import gate


def gates(block: Block) -> None:
    """A column of gates whose inputs share nets and whose outputs feed a second column."""
    count, step = block.between(2, 5), block.between(9, 11)
    shared = -9 - block.between(0, 4) if block.chance(0.4) else None
    outputs, taps = [], []
    for i in range(count):
        pins = block.part(block.symbol("gate"), 0, i * step)
        *inputs, out = [p for p in pins if p.direction[0]]
        outputs.append(out.tip)
        if shared is not None and block.chance(0.8):
            taps.append(inputs.pop(0))
        for pin in inputs:
            block.finish(*pin.tip, LEFT) if not taps and block.chance(0.7) else block.port(*pin.tip, LEFT)
        for pin in pins:
            if not pin.direction[0] and block.chance(0.7):
                block.down_to_ground(*pin.tip, block.between(0, 2))
    if taps:
        block.wire((shared, min(0, taps[0].y) - 2), (shared, taps[-1].y))
        for pin in taps:
            block.wire((shared, pin.y), pin.tip)
    for j in range(0, count - 1, 2):
        (x0, y0), (_, y1) = outputs[j], outputs[j + 1]
        if block.chance(0.75):
            y = round((y0 + y1) / 2)
            symbol = gate(block.pick(("and", "or", "nand", "nor", "xor")))
            pins = block.part(symbol, x0 + 6 + block.between(4, 10), y)
            bend = x0 + block.between(1, 3)
            for (x, start), pin in zip(outputs[j : j + 2], pins, strict=False):
                block.wire((x, start), (bend, start), (bend, pin.y), pin.tip)
            block.port(*pins[-1].tip, RIGHT, 2) if block.chance(0.5) else block.finish(*pins[-1].tip, RIGHT)
            if block.chance(0.4):
                up = y0 - block.between(3, 5)
                block.wire((bend, y0), (bend, up), (bend + block.between(6, 12), up))
        else:
            for spot in (outputs[j], outputs[j + 1]):
                block.finish(*spot, RIGHT)


def latch(block: Block) -> None:
    """Two gates, each fed by the other's output; the feedback slanted or in steps, as in flip-flops of any textbook."""
    kind, down = block.pick(("nand", "nor", "and", "or")), block.between(11, 14)
    upper, lower = (block.part(gate(kind), 0, y) for y in (0, down))
    slanted, third = block.chance(0.35), down / 3
    for out, into, outer, sign in ((upper[2], lower[0], upper[0], 1), (lower[2], upper[1], lower[1], -1)):
        right, left, turn = out.x + 2, into.x - 2, out.y + sign * third
        block.wire(out.tip, (right, out.y), (right, turn))
        block.wire((right, turn), (left, into.y - sign) if slanted else (left, turn))
        block.wire((left, into.y - sign) if slanted else (left, turn), (left, into.y), into.tip)
        block.port(right, out.y, RIGHT, block.between(2, 6)) if block.chance(0.6) else block.finish(right, out.y, RIGHT)
        block.finish(*outer.tip, LEFT)
