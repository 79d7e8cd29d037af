"""Connectors with what their contacts end in."""

from __future__ import annotations

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.pin_rows import finish_pins
from wire_detection.drawing.drawing import RIGHT
from wire_detection.drawing.symbols import boxes


def wired_connector(block: Block) -> None:
    """A connector, each contact ending in a labelled wire, a rail or a flag."""
    two_rows = block.chance(0.35)
    count = block.between(2, 8) * (2 if two_rows else 1)
    if block.chance(0.15):
        count *= 2
    symbol = boxes.connector(
        count,
        contacts=block.pick(("bars", "rings", "sockets", "arrows", "plain")),
        two_rows=two_rows,
        lead=block.between(2, 4),
    )
    mirror = block.chance(0.5)
    pins = block.part(symbol, 0, 0, 0, mirror, name=False)
    x0, y0, x1, y1 = block.components[-1][1]
    block.label(block.words.designator("connector"), (x0 + x1) / 2, y0 - 0.5)
    if block.chance(0.5):
        block.label(block.words.value("connector"), (x0 + x1) / 2, y1 + 0.5, 0, 1)
    elif not two_rows:
        block.label(block.words.value("connector"), (x0 + x1) / 2, (y0 + y1) / 2, 0, 0, True)
    finish_pins(block, pins)


def nested(block: Block) -> None:
    """Two connectors above one another whose contacts are joined by wires that run round one another."""
    count, gap = block.between(3, 10), block.between(1, 2)
    contacts = block.pick(("bars", "rings", "plain"))
    symbol = boxes.connector(count, contacts=contacts, lead=block.between(2, 4))
    below = 2 * count + block.between(4, 8)
    upper = block.part(symbol, 0, 0, 0, True, name=False)
    lower = block.part(symbol, -2 * block.between(0, 2), below, 0, True, name=False)
    block.label(block.words.designator("connector"), 0, -1.6)
    for i, (a, b) in enumerate(zip(reversed(upper), lower, strict=True)):
        if block.chance(0.12):
            block.finish(*a.tip, RIGHT)
            continue
        x = max(a.x, b.x) + 3 + gap * i
        block.wire(a.tip, (x, a.y), (x, b.y), b.tip)
        if block.chance(0.3):
            block.net_name(*a.tip, x, a.y)
        if block.chance(0.1):
            block.port(x, (a.y + b.y) // 2, RIGHT, block.between(2, gap * count + 4))
