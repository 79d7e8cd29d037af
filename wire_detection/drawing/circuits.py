"""Pieces of circuits as engineers draw them: amplifier stages, chips with their nets, supplies, connectors, buses."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing import symbols
from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import DIRECTIONS, DOWN, LEFT, RIGHT, UP, Pin, Symbol, overlap, wire_box
from wire_detection.drawing.schemdraw_symbols import library_symbol, symbol_names
from wire_detection.drawing.words import NEGATIVE


def lattice(block: Block) -> None:
    """Nodes on a raster; components, plain wires or nothing between neighbours, like the figures of any textbook."""
    columns, rows = block.between(2, 6), block.between(2, 4)
    step_x, step_y = block.between(9, 13), block.between(8, 11)
    level = block.rng.choice(3, size=(rows, columns), p=(0.45, 0.35, 0.2))
    upright = block.rng.choice(3, size=(rows, columns), p=(0.2, 0.5, 0.3))
    for row in range(rows):
        for column in range(columns):
            x, y = column * step_x, row * step_y
            if column + 1 < columns and level[row, column] < 2:
                _edge(block, x, y, RIGHT, step_x, bool(level[row, column]))
            if row + 1 < rows and upright[row, column] < 2:
                _edge(block, x, y, DOWN, step_y, bool(upright[row, column]))
    for column in range(columns):
        if block.chance(0.3):
            block.down_to_ground(column * step_x, (rows - 1) * step_y, block.between(0, 2))
        if block.chance(0.2):
            block.up_to_supply(column * step_x, 0, block.between(0, 2))
    for row in range(rows):
        if block.chance(0.5):
            block.port((columns - 1) * step_x, row * step_y, RIGHT, block.between(1, 5))
        if block.chance(0.4):
            block.port(0, row * step_y, LEFT, block.between(1, 5))
    for _ in range(block.between(0, 2)):
        _crossing_wire(block, columns * step_x, rows * step_y)


def _edge(block: Block, x: float, y: float, direction, length: int, component: bool) -> None:
    dx, dy = direction
    stop = (x + dx * length, y + dy * length)
    if not component:
        block.wire((x, y), stop)
        if block.chance(0.12):
            block.net_name(x, y, *stop)
        return
    kind = block.passive_kind()
    symbol = block.symbol(kind)
    size = int(2 * symbol.pins[1].x)
    if size > length:
        block.wire((x, y), stop)
        return
    before = (length - size) // 2 if block.chance(0.6) else block.between(0, length - size)
    start = (x + dx * before, y + dy * before)
    block.wire((x, y), start)
    half = size / 2
    block.part(
        symbol,
        start[0] + dx * half,
        start[1] + dy * half,
        DIRECTIONS.index(direction) + (2 if block.chance(0.2) else 0),
    )
    block.wire((start[0] + dx * size, start[1] + dy * size), stop)


def _crossing_wire(block: Block, width: int, height: int) -> None:
    """A wire that passes over wires of the circuit without connecting, and between its components."""
    level = block.chance(0.5)
    across = block.rng.permutation(np.arange(1, max(2, height if level else width))) + 0.5
    for at in across.tolist():
        wire = ((-2, at), (width, at)) if level else ((at, -2), (at, height))
        over = sum(b < at < d if level else a < at < c for a, b, c, d in map(wire_box, block.wires))
        if over > 1 and not any(overlap((*wire[0], *wire[1]), box) for _, box in block.components):
            block.wire(*wire)
            return


def chip(block: Block) -> None:
    """A chip in a box with names and numbers, every pin ending in something."""
    count = block.between(*block.words.pick(((2, 8), (2, 8), (4, 14), (10, 24), (20, 44))))
    rows = [block.between(max(1, count - 4), count), block.between(max(1, count - 4), count)]
    if block.chance(0.12):
        rows[block.between(0, 1)] = block.between(1, 2)
    pitch = block.words.pick((2, 2, 2, 2, 1))
    most = 12 if count > 9 else 4
    tops, bottoms = (block.between(1, most) if block.chance(0.4) else 0 for _ in range(2))
    if pitch == 1 and block.style.text_height > 0.85:
        pitch = 2
    symbol = chip_symbol(block, rows[0], rows[1], tops, bottoms, pitch)
    pins = block.part(symbol, 0, 0, name=False)
    _name_chip(block)
    _finish_pins(block, pins)


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
    lead = block.words.pick((2, 2, 3, 4, 4, 6)) if style.numbers else 2
    return symbols.integrated_circuit(
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


def _finish_pins(block: Block, pins: list[Pin]) -> None:
    """Runs of neighbouring pins often end alike: labelled wires of one length, a common rail, or each for itself."""
    groups: dict[tuple[int, int], list[Pin]] = {}
    for pin in pins:
        groups.setdefault(pin.direction, []).append(pin)
    longest = block.words.pick((9, 9, 9, 40))
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
                _bus_run(block, run, direction)
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


def _bus_run(block: Block, run: list[Pin], direction) -> None:
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


def _series_run(block: Block, run: list[Pin], direction) -> None:
    """A component in series with every third pin, then a label; between them there is no room for more than a cross."""
    kind = block.words.pick(("resistor", "resistor", "capacitor", "ferrite", "inductor", "led"))
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
    gap = block.words.pick((1, 2, 2))
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


def decoupling(block: Block) -> None:
    """A row of capacitors between two rails."""
    count, step = block.between(2, 9), block.words.pick((6, 7, 8, 9, 10, 11, 12))
    kind = block.words.pick(("capacitor", "capacitor", "capacitor_polarised", "resistor"))
    stub = block.between(0, 2)
    ends = []
    for i in range(count):
        x = i * step
        block.wire((x, 0), (x, stub))
        _, y = block.passive(x, stub, DOWN, kind if block.chance(0.9) else None)
        ends.append(y)
    bottom = max(ends) + stub
    for i, y in enumerate(ends):
        block.wire((i * step, y), (i * step, bottom))
    block.wire((0, 0), ((count - 1) * step, 0))
    block.wire((0, bottom), ((count - 1) * step, bottom))
    block.up_to_supply(block.between(0, count - 2) * step, 0, block.between(0, 2))
    if block.chance(0.3):
        block.power_flag((count - 1) * step, 0)
    block.down_to_ground(block.between(0, count - 1) * step, bottom, block.between(0, 2))
    if block.chance(0.4):
        block.port((count - 1) * step, 0, RIGHT, 2)


def regulator(block: Block) -> None:
    """A three-pin regulator with capacitors at its input and output."""
    symbol = symbols.integrated_circuit(
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
            _, y = block.passive(x, pin.y, DOWN, block.words.pick(("capacitor", "capacitor_polarised")))
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


def transistor_stage(block: Block) -> None:
    """A transistor with a load, a base network and an emitter branch."""
    kind = block.words.pick(("transistor", "mosfet", "transistor"))
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
        block.passive(x, y - 0, UP, block.words.pick(("resistor", "resistor", "inductor", "led", "diode")))
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
            stop = block.passive(side, y, DOWN, block.words.pick(("capacitor", "capacitor_polarised")))
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
        x, y = block.passive(x, y, (way, 0), block.words.pick(("resistor", "capacitor")))
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
    level = block.between(6, 8)
    if "V+" in named:  # past the supply, its name and the names of the part above it
        level = int(np.ceil(abs(named["V+"].y) + 3.5 + 3 * block.style.text_height)) + block.between(0, 2)
    level *= side
    left = minus.x - block.between(1, 3)
    right = out.x + block.between(1, 3)
    block.wire(minus.tip, (left, minus.y), (left, level))
    block.wire(out.tip, (right, 0), (right, level))
    if block.chance(0.75):
        kind = block.words.pick(("resistor", "capacitor", "resistor"))
        size = 2 * block.symbol(kind).pins[1].x
        before = int((right - left - size) // 2)
        block.wire((left, level), (left + before, level))
        stop = block.passive(left + before, level, RIGHT, kind)
        block.wire(stop, (right, level))
        if block.chance(0.4):
            upper = level + side * (int(np.ceil(3 + 3 * block.style.text_height)) + block.between(0, 2))
            block.wire((left, level), (left, upper), (left + before, upper))
            stop = block.passive(left + before, upper, RIGHT, block.words.pick(("capacitor", "resistor")))
            block.wire(stop, (right, upper), (right, level))
    else:
        block.wire((left, level), (right, level))
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
            gate_symbol = symbols.gate(block.words.pick(("and", "or", "nand", "nor", "xor")))
            pins = block.part(gate_symbol, x0 + 6 + block.between(4, 10), y)
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
    kind, down = block.words.pick(("nand", "nor", "and", "or")), block.between(11, 14)
    upper, lower = (block.part(symbols.gate(kind), 0, y) for y in (0, down))
    slanted, third = block.chance(0.35), down / 3
    for out, into, outer, sign in ((upper[2], lower[0], upper[0], 1), (lower[2], upper[1], lower[1], -1)):
        right, left, turn = out.x + 2, into.x - 2, out.y + sign * third
        block.wire(out.tip, (right, out.y), (right, turn))
        block.wire((right, turn), (left, into.y - sign) if slanted else (left, turn))
        block.wire((left, into.y - sign) if slanted else (left, turn), (left, into.y), into.tip)
        block.port(right, out.y, RIGHT, block.between(2, 6)) if block.chance(0.6) else block.finish(right, out.y, RIGHT)
        block.finish(*outer.tip, LEFT)


def connector(block: Block) -> None:
    """A connector, each contact ending in a labelled wire, a rail or a flag."""
    two_rows = block.chance(0.35)
    count = block.between(2, 8) * (2 if two_rows else 1)
    if block.chance(0.15):
        count *= 2
    symbol = symbols.connector(
        count, style=block.words.pick(("bars", "rings", "arrows", "plain")), two_rows=two_rows, lead=block.between(2, 4)
    )
    mirror = block.chance(0.5)
    pins = block.part(symbol, 0, 0, 0, mirror, name=False)
    x0, y0, x1, y1 = block.components[-1][1]
    block.label(block.words.designator("connector"), (x0 + x1) / 2, y0 - 0.5)
    if block.chance(0.5):
        block.label(block.words.value("connector"), (x0 + x1) / 2, y1 + 0.5, 0, 1)
    elif not two_rows:
        block.label(block.words.value("connector"), (x0 + x1) / 2, (y0 + y1) / 2, 0, 0, True)
    _finish_pins(block, pins)


def hierarchy(block: Block) -> None:
    """Sheet symbols with named ports, joined by wires and buses."""
    count = block.between(2, 4)
    x, y0 = 0, 0
    previous: list[tuple[float, float]] = []
    h = block.style.text_height
    for i in range(count):
        width, ports = block.between(14, 24), block.between(2, 7)
        height, y0 = 2 * ports + 2, y0 + (2 * block.between(-4, 4) if block.chance(0.5) else 0)
        block.stroke([(x, y0), (x + width, y0), (x + width, y0 + height), (x, y0 + height)], "outline", True, "shade")
        block.components.append(("sheet", (x, y0, x + width, y0 + height)))
        block.label(block.words.pick(("Power", "CPU", "IO", "Analog", "Memory", "Clock", "USB")), x, y0 - 0.4, -1)
        block.label("File: " + block.words.pick(("power", "cpu", "io", "ram")) + ".sch", x, y0 + height + 0.4, -1, 1)
        rights = []
        for p in range(ports):
            y = y0 + 2 * p + 2
            name = block.words.net()
            if previous and p < len(previous):
                block.stroke(_small_flag(x, y, 1, h), "label", True)
                block.label(name, x + 1.4, y, -1, 0, kind="label")
                start = previous[p]
                bend = x - 2 - 1.0 * p if block.chance(0.8) else x - 4
                path = [start, (x, y)] if start[1] == y else [start, (bend, start[1]), (bend, y), (x, y)]
                _bus_link(block, path) if block.chance(0.2) else block.wire(*path)
            if i + 1 < count:
                block.stroke(_small_flag(x + width, y, -1, h), "label", True)
                block.label(name, x + width - 1.4, y, 1, 0, kind="label")
                rights.append((x + width, y))
        previous = [rights[k] for k in block.rng.permutation(len(rights))] if block.chance(0.3) else rights
        x += width + 12


def _bus_link(block: Block, path: list[tuple[float, float]]) -> None:
    """A bus along the path, with a branch from its middle piece now and then."""
    block.bus(*path)
    block.stroke(path, "bus")
    if len(path) > 2 and abs(path[2][1] - path[1][1]) > 2 and block.chance(0.4):
        _bus_branch(block, path[1][0], (path[1][1] + path[2][1]) / 2, 1 if block.chance(0.5) else -1)


def _small_flag(x: float, y: float, way: int, height: float) -> list[tuple[float, float]]:
    half = height * 0.6
    return [
        (x, y),
        (x + way * half, y - half),
        (x + way * 1.1, y - half),
        (x + way * 1.1, y + half),
        (x + way * half, y + half),
    ]


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


def odd_part(block: Block) -> None:
    """One of the larger symbols with something at each pin."""
    kind = block.words.pick(("transformer", "relay", "potentiometer", "crystal", "transformer"))
    if kind == "crystal":
        block.wire((-6, 0), (-3, 0))
        block.passive(-3, 0, RIGHT, "crystal")
        block.wire((3, 0), (6, 0))
        for side in (-6, 6):
            block.down_to_ground(*block.passive(side, 0, DOWN, "capacitor"), block.between(0, 2))
            block.port(side, 0, (int(np.sign(side)), 0), 3)
        return
    for pin in block.part(
        block.symbol(kind), 0, 0, block.between(0, 3) if kind == "potentiometer" else 0, block.chance(0.5)
    ):
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
            for pin in block.part(symbols.test_point(), x, 0, block.between(0, 3)):
                block.finish(*pin.tip, pin.direction)
        else:
            symbol = symbols.Symbol("hole", (symbols.circle(0, 0, 1.0), symbols.circle(0, 0, 0.5)), (), (-1, -1, 1, 1))
            block.place(symbol, x, 0)
            block.label(block.words.pick(("H1", "MH2", "FID1", "MountingHole")), x + 1.6, 0, -1, 0)
        x += block.between(9, 14)


def library_part(block: Block) -> None:
    """Any symbol of the schemdraw library with wires at its pins."""
    symbol = library_symbol(block.words.pick(symbol_names()))
    for pin in block.part(symbol, 0, 0, block.between(0, 3), block.chance(0.3)):
        if block.chance(0.15):
            continue
        x, y = block.run(*pin.tip, pin.direction, block.between(1, 4))
        if block.chance(0.5):
            block.finish(x, y, pin.direction)
        else:
            block.port(x, y, pin.direction, block.between(1, 3))


def shunt_rail(block: Block) -> None:
    """A rail with components in series, and at its nodes components that hang down to a ground of their own."""
    x, nodes = 0.0, block.between(2, 7)
    mixed = block.chance(0.5)
    kind = block.words.pick(("capacitor", "capacitor", "resistor", "diode", "capacitor_polarised"))
    start = (x, 0)
    for node in range(nodes):
        step = block.between(5, 9)
        if node and block.chance(0.35):
            gap = block.between(1, 3)
            block.wire((x, 0), (x + gap, 0))
            x, _ = block.passive(
                x + gap, 0, RIGHT, block.words.pick(("resistor", "inductor", "diode", "ferrite", "fuse"))
            )
        block.wire((x, 0), (x + step, 0))
        x += step
        if block.chance(0.85):
            spot = (x, 0)
            for _ in range(1 + block.chance(0.25)):
                spot = block.passive(
                    *block.run(*spot, DOWN, block.between(0, 3)), DOWN, block.passive_kind() if mixed else kind
                )
                if block.chance(0.1):
                    block.port(*spot, RIGHT, block.between(2, 5))
            block.down_to_ground(*spot, block.between(0, 3))
        elif block.chance(0.5):
            block.up_to_supply(x, 0, block.between(1, 2))
        else:
            block.port(x, 0, UP, block.between(2, 6))
    block.name_end(*start, LEFT) if block.chance(0.4) else block.port(*start, LEFT, block.between(1, 4))
    block.finish(x, 0, RIGHT) if block.chance(0.6) else block.port(x, 0, RIGHT, block.between(1, 5))


def matrix(block: Block) -> None:
    """Switches or lamps between upright column wires and level row wires, which cross without touching."""
    columns, rows = block.between(2, 5), block.between(2, 4)
    step_x, step_y = block.between(14, 17), block.between(13, 16)
    kind = block.words.pick(("switch", "led", "resistor", "diode"))
    second = block.words.pick(("diode", "resistor", "led"))
    for column in range(columns):
        x = column * step_x
        block.wire((x, -2), (x, (rows - 1) * step_y))
        block.name_end(x, -2, UP) if block.chance(0.7) else block.port(x, -2, UP)
        for row in range(rows):
            if block.chance(0.08):
                continue
            y = row * step_y
            spot = block.passive(*block.run(x, y, RIGHT, 1), RIGHT, kind)
            spot = block.run(*spot, RIGHT, 1)
            block.run(*block.passive(*spot, DOWN, second), DOWN, 3)
    for row in range(rows):
        y = row * step_y + 9
        right = (columns - 1) * step_x + 2 + 2 * block.symbol(kind).pins[1].x
        block.wire((-3, y), (right, y))
        block.name_end(-3, y, LEFT) if block.chance(0.7) else block.port(-3, y, LEFT)


def chain(block: Block) -> None:
    """The same small chip several times, each output wired to the next input, with common rails above and below."""
    count, rails = block.between(2, 5), block.chance(0.6)
    pins = block.between(1, 3)
    names = [block.words.pin_name() for _ in range(2 * pins)]
    width = 2 * int(np.ceil(max(block.width(n, block.style.text_height) for n in names))) + 4
    height = 2 * pins + 6
    symbol = symbols.integrated_circuit(
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


def nested(block: Block) -> None:
    """Two connectors above one another whose contacts are joined by wires that run round one another."""
    count, gap = block.between(3, 10), block.between(1, 2)
    style = block.words.pick(("bars", "rings", "plain"))
    symbol = symbols.connector(count, style=style, lead=block.between(2, 4))
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


CIRCUITS = {
    "lattice": (1.6, lattice),
    "chip": (2.6, chip),
    "decoupling": (1.2, decoupling),
    "regulator": (0.8, regulator),
    "transistor": (1.4, transistor_stage),
    "opamp": (1.1, opamp_stage),
    "gates": (0.7, gates),
    "latch": (0.15, latch),
    "connector": (1.3, connector),
    "hierarchy": (0.35, hierarchy),
    "tube": (0.3, tube_stage),
    "odd_part": (0.6, odd_part),
    "small": (0.5, small_things),
    "library": (0.9, library_part),
    "shunt_rail": (1.6, shunt_rail),
    "matrix": (0.35, matrix),
    "chain": (0.5, chain),
    "nested": (0.4, nested),
}
"""Each circuit: how often it is drawn, and its maker."""
