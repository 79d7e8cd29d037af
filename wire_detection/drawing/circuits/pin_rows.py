"""What the rows of pins along a chip or a connector end in."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.circuits.buses import bus_run
from wire_detection.drawing.drawing import DOWN, RIGHT, Pin


def finish_pins(block: Block, pins: list[Pin]) -> None:
    """Runs of neighbouring pins often end alike: labelled wires of one length, a common rail, or each for itself."""
    groups: dict[tuple[int, int], list[Pin]] = {}
    for pin in pins:
        groups.setdefault(pin.direction, []).append(pin)
    longest = block.pick((9, 9, 9, 40))
    for direction, row in groups.items():
        at = 0
        while at < len(row):
            run = row[at : at + block.between(1, longest)]
            at += len(run)
            how = block.rng.random()
            if how < 0.1 and len(run) > 3:
                _comb(block, run, direction)
            elif how < 0.3 and len(run) > 1:
                _labelled_run(block, run, direction)
            elif how < 0.45 and 1 < len(run) <= 6:
                _rail(block, run, direction)
            elif how < 0.55 and len(run) > 2 and direction[0]:
                bus_run(block, run, direction)
            elif how < 0.68 and direction[0]:
                _series_run(block, run, direction)
            elif how < 0.74:
                for pin in run:
                    block.cross(*pin.tip)
            elif how < 0.8 and len(run) > 1 and (run[0] is row[0] or run[-1] is row[-1]):
                _staircase(block, run, direction, first=run[0] is row[0], last=run[-1] is row[-1])
            else:
                for pin in run:
                    block.finish(*pin.tip, direction)


def _labelled_run(block: Block, run: list[Pin], direction) -> None:
    dx, dy = direction
    names = [block.words.net() for _ in run]
    length = int(np.ceil(max(block.width(n, block.style.text_height) for n in names))) + block.between(1, 4)
    flags = block.chance(0.35)
    length = block.between(0, 4) if flags else length
    boxed = block.chance(0.5)
    for pin, name in zip(run, names, strict=True):
        stop = (pin.x + dx * length, pin.y + dy * length)
        block.wire(pin.tip, stop)
        if flags:
            block.flag(*stop, direction, boxed, name)
        else:
            block.net_name(*pin.tip, *stop, name)


def _rail(block: Block, run: list[Pin], direction) -> None:
    """Neighbouring pins joined by one wire across their ends, to ground or a supply."""
    dx, dy = direction
    reach = block.between(1, 4)
    tips = [(p.x + dx * reach, p.y + dy * reach) for p in run]
    for pin, tip in zip(run, tips, strict=True):
        block.wire(pin.tip, tip)
    block.wire(tips[0], tips[-1])
    if direction[0]:
        low, high = min(tips, key=lambda t: t[1]), max(tips, key=lambda t: t[1])
        if block.chance(0.5):
            block.down_to_ground(*high, block.between(1, 3))
        else:
            block.up_to_supply(*low, block.between(1, 3))
    elif direction == DOWN:
        block.down_to_ground(*tips[int(block.rng.integers(len(tips)))], block.between(1, 2))
    else:
        block.up_to_supply(*tips[int(block.rng.integers(len(tips)))], block.between(1, 2))


def _comb(block: Block, run: list[Pin], direction) -> None:
    """A rail that joins some of the pins and crosses the wires of the others."""
    dx, dy = direction
    reach = block.between(2, 5)
    joined = sorted(block.rng.choice(len(run), size=block.between(2, max(2, len(run) // 2)), replace=False).tolist())
    spots = [(run[i].x + dx * reach, run[i].y + dy * reach) for i in joined]
    for index, pin in enumerate(run):
        if index in joined:
            block.run(*pin.tip, direction, reach)
        else:
            x, y = block.run(*pin.tip, direction, reach + 1)
            block.finish(x, y, direction)
    block.wire(spots[0], spots[-1])
    along = (0, 1) if dx else (1, 0)
    stop = (run[-1].x + dx * reach + 2 * along[0], run[-1].y + dy * reach + 2 * along[1])
    block.wire(spots[-1], stop)
    if along == DOWN:
        block.down_to_ground(*stop, block.between(0, 2))
    else:
        block.finish(*stop, RIGHT)


def _series_run(block: Block, run: list[Pin], direction) -> None:
    """A component in series with every third pin, then a label; between them there is no room for more than a cross."""
    kind = block.pick(("resistor", "resistor", "capacitor", "ferrite", "inductor", "led"))
    for i, pin in enumerate(run):
        if i % 3 == 0:
            spot = block.run(*pin.tip, direction, block.between(1, 5))
            block.finish(*block.passive(*spot, direction, kind), direction)
        elif block.chance(0.5):
            block.cross(*pin.tip)


def _staircase(block: Block, run: list[Pin], direction, first: bool, last: bool) -> None:
    """Wires that leave together, turn together past the row's `first` or `last` pin and run on in parallel."""
    dx, dy = direction
    forwards = last and (not first or block.chance(0.5))
    sign = 1 if forwards else -1
    side = (0, sign) if dx else (sign, 0)
    gap = block.pick((1, 2, 2))
    far = block.between(3, 12)
    order = run[::-1] if forwards else run
    diagonal = block.chance(block.style.diagonal)
    for i, pin in enumerate(order):
        reach = 2 + gap * i
        corner = (pin.x + dx * reach, pin.y + dy * reach)
        length = far + abs((order[0].x - pin.x) * side[0] + (order[0].y - pin.y) * side[1])
        slant = length if diagonal else 0
        stop = (corner[0] + side[0] * length + dx * slant, corner[1] + side[1] * length + dy * slant)
        block.wire(pin.tip, corner, stop)
        if gap > 1 and block.chance(0.4):
            block.name_end(*stop, side)
        elif block.chance(0.6):
            block.ports.append((*stop, *side))
