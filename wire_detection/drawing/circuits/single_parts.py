"""Parts that stand by themselves: large symbols, those of the schemdraw library, test points, holes."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import DOWN, RIGHT
from wire_detection.drawing.schemdraw_symbols import library_symbol, symbol_names
from wire_detection.drawing.symbols import marks
from wire_detection.drawing.symbols.boxes import protection_array


def odd_part(block: Block) -> None:
    """One of the larger symbols with something at each pin."""
    kind = block.pick(("transformer", "relay", "potentiometer", "crystal", "protection", "protection", "protection"))
    if kind == "crystal":
        block.wire((-6, 0), (-3, 0))
        block.passive(-3, 0, RIGHT, "crystal")
        block.wire((3, 0), (6, 0))
        for side in (-6, 6):
            block.down_to_ground(*block.passive(side, 0, DOWN, "capacitor"), block.between(0, 2))
            block.port(side, 0, (int(np.sign(side)), 0), 3)
        return
    if kind == "protection":
        left, right = block.between(1, 3), block.between(1, 3)
        names = ["NC" if block.chance(0.5) else block.words.pin_name() for _ in range(left + right + 4)]
        symbol = protection_array(
            left, right, block.pick(("ink", "")), clamp=block.chance(0.5), names=names if block.chance(0.5) else ()
        )
    else:
        symbol = block.symbol(kind)
    for pin in block.part(symbol, 0, 0, block.between(0, 3) if kind == "potentiometer" else 0, block.chance(0.5)):
        block.finish(*pin.tip, pin.direction) if block.chance(0.6) else block.port(
            *pin.tip, pin.direction, block.between(1, 4)
        )


def small_things(block: Block) -> None:
    """Power flags, test points and open pins that stand about on a sheet."""
    x = 0
    for _ in range(block.between(1, 4)):
        what = block.rng.random()
        if what < 0.35:
            block.supply(x, 0)
            block.wire((x, 0), (x, 2))
            block.power_flag(x, 2, True) if block.chance(0.3) else block.ground(x, 2)
        elif what < 0.7:
            for pin in block.part(marks.test_point(), x, 0, block.between(0, 3)):
                block.finish(*pin.tip, pin.direction)
        else:
            block.place(marks.mounting_hole(), x, 0)
            block.label(block.words.pick(("H1", "MH2", "FID1", "MountingHole")), x + 1.6, 0, -1, 0)
        x += block.between(9, 14)


def library_part(block: Block) -> None:
    """Any symbol of the schemdraw library with wires at its pins."""
    symbol = library_symbol(block.pick(symbol_names()))
    for pin in block.part(symbol, 0, 0, block.between(0, 3), block.chance(0.3)):
        if block.chance(0.15):
            continue
        x, y = block.run(*pin.tip, pin.direction, block.between(1, 4))
        if block.chance(0.5):
            block.finish(x, y, pin.direction)
        else:
            block.port(x, y, pin.direction, block.between(1, 3))
