"""Buses, the wires that enter them at a slant, and their branches."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import Pin


def bus_run(block: Block, run: list[Pin], direction) -> None:
    """Labelled wires that enter a bus at 45 degrees."""
    dx = direction[0]
    names = [block.words.net() for _ in run]
    length = int(np.ceil(max(block.width(n, block.style.text_height) for n in names))) + block.between(1, 3)
    x = run[0].x + dx * (length + 2)
    down = 2 if block.chance(0.5) else -2
    thin = block.chance(0.5)
    for pin, name in zip(run, names, strict=True):
        stop = (pin.x + dx * length, pin.y)
        block.wire(pin.tip, stop)
        block.net_name(*pin.tip, *stop, name)
        block.buses.append((*stop, x, pin.y + down))
        block.stroke([stop, (x, pin.y + down)], "wire" if thin else "bus")
    ys = [p.y + down for p in run]
    low, high = min(ys) - block.between(0, 2), max(ys) + block.between(2, 8)
    turn = block.chance(0.4)
    path = [(x, low), (x, high)] + ([(x + dx * block.between(4, 12), high)] if turn else [])
    block.bus(*path)
    block.stroke(path, "bus")
    if high - low > 3 and block.chance(0.25):
        _bus_branch(block, x, block.between(int(low) + 1, int(high) - 1), dx)
    block.label(block.words.net() + f"[0..{len(run) - 1}]", x + dx * 0.5, high + 0.4, -dx, 1, kind="label")


def _bus_branch(block: Block, x: float, y: float, way: int) -> None:
    """A bus that leaves another one at a dot."""
    stop = x + way * block.between(4, 12)
    block.bus((x, y), (stop, y))
    block.stroke([(x, y), (stop, y)], "bus")
    block.bus_knots.append((x, y))
    block.flag(stop, y, (way, 0), False, block.words.net() + "[0..7]")


def bus_link(block: Block, path: list[tuple[float, float]]) -> None:
    """A bus along the path, with a branch from its middle piece now and then."""
    block.bus(*path)
    block.stroke(path, "bus")
    if len(path) > 2 and abs(path[2][1] - path[1][1]) > 2 and block.chance(0.4):
        _bus_branch(block, path[1][0], (path[1][1] + path[2][1]) / 2, 1 if block.chance(0.5) else -1)
