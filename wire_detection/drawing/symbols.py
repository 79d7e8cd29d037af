"""Component symbols in grid units: own drawings of what schematic editors use, in several national styles."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.drawing import Pin, Stroke, Symbol, Text


def arc(x: float, y: float, radius: float, start_deg: float, stop_deg: float, steps: int = 24) -> np.ndarray:
    """(N, 2) points of an arc, angles counted from the right, downwards."""
    angles = np.radians(np.linspace(start_deg, stop_deg, max(3, int(abs(stop_deg - start_deg) / 360 * steps) + 2)))
    return np.stack([x + radius * np.cos(angles), y + radius * np.sin(angles)], 1)


def line(*points, kind: str = "symbol", closed: bool = False, fill: str = "") -> Stroke:
    return Stroke(np.array(points, float), kind, closed, fill)


def circle(x: float, y: float, radius: float, kind: str = "symbol", fill: str = "") -> Stroke:
    return Stroke(arc(x, y, radius, 0, 360)[:-1], kind, True, fill)


def rect(x0: float, y0: float, x1: float, y1: float, kind: str = "symbol", fill: str = "") -> Stroke:
    return line((x0, y0), (x1, y0), (x1, y1), (x0, y1), kind=kind, closed=True, fill=fill)


def pin(x: float, y: float, ix: float, iy: float, name: str = "", number: str = "", way=None) -> Pin:
    """A pin whose direction follows from its lead, or is `way` for a lead of no length."""
    dx, dy = way if way else (np.sign(x - ix), np.sign(y - iy))
    return Pin(x, y, ix, iy, float(dx), float(dy), name, number)


def two_pins(half: float, body: float, first: str = "1", second: str = "2") -> tuple[Pin, Pin]:
    return pin(-half, 0, -body, 0, "", first), pin(half, 0, body, 0, "", second)


def _passive(kind: str, half: float, body: float, height: float, *strokes: Stroke, texts=()) -> Symbol:
    return Symbol(kind, strokes, two_pins(half, body), (-body, -height, body, height), tuple(texts))


def resistor_box(half: float = 3, body: float = 2, height: float = 0.8, kind: str = "symbol") -> Symbol:
    return _passive("resistor", half, body, height, rect(-body, -height, body, height, kind, "shade"))


def resistor_zigzag(
    half: float = 3, body: float = 2, height: float = 0.8, teeth: int = 3, kind: str = "symbol"
) -> Symbol:
    count = 2 * teeth
    x = -body + (np.arange(count) + 0.5) * 2 * body / count
    y = np.where(np.arange(count) % 2, height, -height)
    points = [(-body, 0), *zip(x, y, strict=True), (body, 0)]
    return _passive("resistor", half, body, height, line(*points, kind=kind))


def capacitor(half: float = 3, gap: float = 0.5, height: float = 1.6, kind: str = "thick") -> Symbol:
    return _passive(
        "capacitor",
        half,
        gap,
        height,
        line((-gap, -height), (-gap, height), kind=kind),
        line((gap, -height), (gap, height), kind=kind),
    )


def capacitor_curved(
    half: float = 3, gap: float = 0.4, height: float = 1.4, kind: str = "symbol", plus: bool = True
) -> Symbol:
    bow = arc(gap + 2.2, 0, 2.2, 180 - 38, 180 + 38)
    strokes = [line((-gap, -height), (-gap, height), kind=kind), Stroke(bow, kind)]
    if plus:
        strokes += [line((-1.5, -1.0), (-0.8, -1.0)), line((-1.15, -1.35), (-1.15, -0.65))]
    return _passive("capacitor_polarised", half, gap, height, *strokes)


def capacitor_box(half: float = 3, height: float = 1.7) -> Symbol:
    return _passive(
        "capacitor_polarised",
        half,
        0.75,
        height,
        rect(-0.75, -height, -0.3, height, fill="paper"),
        rect(0.3, -height, 0.75, height, fill="ink"),
        line((-1.8, -1.2), (-1.0, -1.2)),
        line((-1.4, -1.6), (-1.4, -0.8)),
    )


def inductor(half: float = 3, body: float = 2, turns: int = 4, filled: bool = False) -> Symbol:
    if filled:
        return _passive("inductor", half, body, 0.6, rect(-body, -0.6, body, 0.6, fill="ink"))
    radius = body / turns
    bows = np.concatenate([arc(-body + (2 * i + 1) * radius, 0, radius, 180, 360, 16) for i in range(turns)])
    return _passive("inductor", half, body, radius, Stroke(bows, "symbol"))


def inductor_loops(half: float = 4, body: float = 2.4, turns: int = 4) -> Symbol:
    t = np.linspace(0, 1, 16 * turns)
    x = -body * 0.85 + 1.7 * body * t - 0.35 * np.sin(2 * np.pi * turns * t)
    y = -0.8 * np.cos(2 * np.pi * turns * t) + 0.1
    points = np.concatenate([[(-body, 0)], np.stack([x, y], 1), [(body, 0)]])
    return _passive("inductor", half, body, 0.9, Stroke(points, "symbol"))


def diode(half: float = 3, size: float = 1.0, fill: str = "", mark: str = "", line_through: bool = False) -> Symbol:
    """Anode left; mark: "", zener, schottky, led, tvs or varicap."""
    strokes = [
        line((-size, -size), (size, 0), (-size, size), closed=True, fill=fill),
        line((size, -size), (size, size), kind="medium"),
    ]
    if mark == "zener":
        strokes[1] = line((size - 0.5, -size), (size, -size), (size, size), kind="medium")
    elif mark == "schottky":
        strokes[1] = line(
            (size + 0.5, -size + 0.4),
            (size + 0.5, -size),
            (size, -size),
            (size, size),
            (size - 0.5, size),
            (size - 0.5, size - 0.4),
            kind="medium",
        )
    elif mark == "led":
        for shift in (0.0, 0.8):
            strokes += [
                line((-0.2 + shift, -1.4), (0.8 + shift, -2.4)),
                line((0.8 + shift, -2.4), (0.35 + shift, -2.2), (0.6 + shift, -1.95), closed=True, fill="ink"),
            ]
    elif mark == "tvs":
        strokes = [
            line((-2 * size, -size), (0, 0), (-2 * size, size), closed=True, fill=fill),
            line((2 * size, -size), (0, 0), (2 * size, size), closed=True, fill=fill),
            line((-0.4, -size), (0, -size), (0, size), (0.4, size), kind="medium"),
        ]
    elif mark == "varicap":
        strokes.append(line((size + 0.5, -size), (size + 0.5, size)))
    if line_through:
        strokes.append(line((-size, 0), (size, 0)))
    reach = 2 * size if mark == "tvs" else size + (0.5 if mark == "varicap" else 0)
    return Symbol(
        "led" if mark == "led" else "diode",
        tuple(strokes),
        two_pins(half, reach, "K" if mark else "1", "2"),
        (-reach, -size, reach, size),
    )


def fuse(half: float = 3, body: float = 1.8, wave: bool = False) -> Symbol:
    if wave:
        t = np.linspace(0, 2 * np.pi, 24)
        return _passive("fuse", half, body, 0.8, Stroke(np.stack([(t / np.pi - 1) * body, -0.8 * np.sin(t)], 1)))
    return _passive("fuse", half, body, 0.7, rect(-body, -0.7, body, 0.7), line((-body, 0), (body, 0)))


def ferrite(half: float = 3) -> Symbol:
    slab = np.array([(-1.6, -0.3), (0.9, -1.3), (1.6, 0.3), (-0.9, 1.3)])
    return _passive("ferrite", half, 1.2, 1.2, Stroke(slab, "symbol", True))


def crystal(half: float = 3) -> Symbol:
    return _passive(
        "crystal",
        half,
        1.0,
        1.5,
        rect(-0.5, -1.5, 0.5, 1.5),
        line((-1, -1), (-1, 1), kind="medium"),
        line((1, -1), (1, 1), kind="medium"),
    )


def switch(half: float = 4, kind: str = "spst") -> Symbol:
    strokes = [circle(-1.6, 0, 0.35), circle(1.6, 0, 0.35)]
    if kind == "push":
        strokes += [line((-1.8, -1.0), (1.8, -1.0)), line((0, -1.0), (0, -2.2)), line((-0.6, -2.2), (0.6, -2.2))]
    else:
        strokes.append(line((-1.3, -0.2), (1.5, -1.4)))
    return Symbol("switch", tuple(strokes), two_pins(half, 1.95), (-2, -1.6, 2, 0.6))


def source(half: float = 4, kind: str = "dc", radius: float = 2.0) -> Symbol:
    strokes = [circle(0, 0, radius)]
    if kind == "sine":
        t = np.linspace(-np.pi, np.pi, 24)
        strokes.append(Stroke(np.stack([0.55 * np.sin(t), t / np.pi], 1)))
    elif kind == "current":
        strokes += [line((-1.2, 0), (0.6, 0)), line((1.3, 0), (0.5, -0.4), (0.5, 0.4), closed=True, fill="ink")]
    elif kind == "pulse":
        strokes.append(line((0.5, -1.1), (0.5, -0.5), (-0.5, -0.5), (-0.5, 0.5), (0.5, 0.5), (0.5, 1.1)))
    else:
        strokes += [line((-1.2, -0.4), (-1.2, 0.4)), line((1.2, -0.4), (1.2, 0.4)), line((0.8, 0), (1.6, 0))]
    return Symbol("source", tuple(strokes), two_pins(half, radius), (-radius, -radius, radius, radius))


def battery(half: float = 3, cells: int = 2) -> Symbol:
    strokes = []
    for i in range(2 * cells):
        x = (i - cells + 0.5) * 0.6
        strokes.append(
            line((x, -0.7 if i % 2 else -1.5), (x, 0.7 if i % 2 else 1.5), kind="thick" if i % 2 else "symbol")
        )
    body = (cells - 0.5) * 0.6
    return _passive("battery", half, body, 1.5, *strokes)


def test_point(stem: float = 2) -> Symbol:
    return Symbol(
        "test_point",
        (circle(stem + 0.6, 0, 0.6),),
        (pin(0, 0, stem, 0, "", "1", way=(-1, 0)),),
        (0, -0.6, stem + 1.2, 0.6),
    )


def potentiometer(half: float = 3, zigzag: bool = False) -> Symbol:
    base = resistor_zigzag(half) if zigzag else resistor_box(half)
    head = line((0, 0.8), (-0.4, 1.6), (0.4, 1.6), closed=True, fill="ink")
    return Symbol("potentiometer", (*base.strokes, head), (*base.pins, pin(0, 3, 0, 1.6, "", "3")), (-2, -0.8, 2, 1.6))


def bipolar(pnp: bool = False, ring: bool = True, base_lead: float = 4, reach: float = 4, size: float = 1.0) -> Symbol:
    """Base left at (-base_lead, 0), collector above at (2, -reach), emitter below; a PNP's arrow points to the base."""
    k = size
    bar = -0.5
    corner_c, corner_e = (2.0, -2.0 * k), (2.0, 2.0 * k)
    strokes = [
        line((bar, -1.5 * k), (bar, 1.5 * k), kind="medium"),
        line((bar, -0.6 * k), corner_c),
        line((bar, 0.6 * k), corner_e),
        _arrow((bar, 0.6 * k), corner_e, 0.55 if not pnp else 0.35, pnp),
    ]
    if ring:
        strokes.append(circle(0.7, 0, 2.3 * k, "ring"))
    pins = (
        pin(-base_lead, 0, bar, 0, "B", "1"),
        pin(2, -reach, *corner_c, "C", "3"),
        pin(2, reach, *corner_e, "E", "2"),
    )
    return Symbol("transistor", tuple(strokes), pins, (bar - 1, -2.3 * k, 3.0, 2.3 * k))


def _arrow(start, stop, at: float, back: bool = False, size: float = 0.75) -> Stroke:
    """A filled arrow head whose tip lies `at` (plus half a head) of the way from start to stop."""
    start, stop = np.array(start, float), np.array(stop, float)
    way = (stop - start) / np.hypot(*(stop - start))
    if back:
        way = -way
    side = np.array([-way[1], way[0]])
    tip = start + at * (stop - start) + way * size / 2
    return Stroke(
        np.array([tip, tip - way * size + side * size * 0.45, tip - way * size - side * size * 0.45]),
        "symbol",
        True,
        "ink",
    )


def mosfet(p_channel: bool = False, ring: bool = True, reach: float = 4, body_diode: bool = False) -> Symbol:
    """Gate left at (-4, 0), drain above at (2, -reach), source below."""
    y = (-1.5, 0.0, 1.5)
    strokes = [line((-1.0, -1.5), (-1.0, 1.5), kind="medium")]
    strokes += [line((-0.4, v - 0.5), (-0.4, v + 0.5), kind="medium") for v in y]
    strokes += [
        line((-0.4, y[0]), (2, y[0]), (2, -2)),
        line((-0.4, y[2]), (2, y[2]), (2, 2)),
        line((-0.4, 0), (2, 0), (2, y[2])),
        _arrow((-0.4, 0), (2, 0), 0.3, not p_channel, 0.8),
    ]
    if body_diode:
        strokes += [
            line((2, y[0]), (2.9, y[0]), (2.9, y[2]), (2, y[2])),
            line((2.5, 0.35), (3.3, 0.35), (2.9, -0.35), closed=True, fill="ink"),
            line((2.5, -0.35), (3.3, -0.35)),
        ]
    if ring:
        strokes.append(circle(0.8 + 0.3 * body_diode, 0, 2.4, "ring"))
    if ring or body_diode:
        strokes += [circle(2, 1.5, 0.22, fill="ink")]
    pins = (pin(-4, 0, -1.0, 0, "G", "1"), pin(2, -reach, 2, -2, "D", "3"), pin(2, reach, 2, 2, "S", "2"))
    return Symbol("mosfet", tuple(strokes), pins, (-1.8, -2.4, 3.2, 2.4))


def opamp(half: float = 6, supply: bool = True, plus_first: bool = True, large: bool = True) -> Symbol:
    """Inputs left at (-half, -2) and (-half, 2), output right, supplies above and below."""
    back, tip, height = -4.0, 4.0, 4.0
    if not large:
        back, tip, height = -3.0, 3.0, 3.6
    strokes = [line((back, -height), (tip, 0), (back, height), closed=True, kind="medium", fill="shade")]
    plus = -2 if plus_first else 2
    strokes += [
        line((back + 0.6, plus), (back + 1.6, plus)),
        line((back + 1.1, plus - 0.5), (back + 1.1, plus + 0.5)),
        line((back + 0.6, -plus), (back + 1.6, -plus)),
    ]
    pins = [
        pin(-half, plus, back, plus, "+", "3"),
        pin(-half, -plus, back, -plus, "-", "2"),
        pin(half, 0, tip, 0, "", "1"),
    ]
    if supply:
        x = back + (tip - back) * 0.25
        edge = height * (1 - 0.25)
        pins += [pin(x, -edge - 2 + (edge % 1), x, -edge, "V+", "8"), pin(x, edge + 2 - (edge % 1), x, edge, "V-", "4")]
    return Symbol("opamp", tuple(strokes), tuple(pins), (back, -height, tip, height))


def gate(kind: str = "nand", half: float = 6, inputs: int = 2) -> Symbol:
    """A logic gate with a distinctive shape; a bubble on the output where the name begins with n or is not."""
    body_left, height = -3.0, max(2.5, inputs * 1.1)
    bubble = kind in ("nand", "nor", "xnor", "not", "schmitt")
    bow: list = []
    if kind in ("not", "buffer", "schmitt", "tristate"):
        outline = np.array([(-2.5, -2.2), (2.0, 0), (-2.5, 2.2)])
        body_left, right, ys = -2.5, 2.0, [0]
    else:
        ys = [-2, 2] if inputs == 2 else list(np.linspace(-2, 2, inputs).round())
        if kind in ("and", "nand"):
            outline = np.concatenate(
                [
                    [(body_left, -height), (0, -height)],
                    np.array([1.0, height / 2.5]) * arc(0, 0, 2.5, -90, 90),
                    [(0, height), (body_left, height)],
                ]
            )
            right = 2.5
        else:
            t = np.linspace(0, 1, 12)
            upper = np.stack([body_left + 1 + (3.0 - body_left - 1) * t**0.8, -height * (1 - t**2)], 1)
            back = np.stack([body_left + 0.9 * (1 - np.linspace(1, -1, 12) ** 2), np.linspace(height, -height, 12)], 1)
            outline = np.concatenate([[(body_left, -height)], upper, upper[::-1] * (1, -1), back])
            right = 3.0
            if kind in ("xor", "xnor"):
                bow = [Stroke(back - (0.7, 0), "symbol")]
    strokes = [Stroke(outline, "symbol", True, "shade"), *bow]
    if kind == "schmitt":
        strokes.append(line((-1.9, 0.5), (-1.0, 0.5), (-1.0, -0.5), (-0.1, -0.5)))
    if bubble:
        strokes.append(circle(right + 0.5, 0, 0.5, fill="paper"))
    left = body_left if kind in ("and", "nand", "not", "buffer", "schmitt", "tristate") else body_left + 0.4
    pins = [pin(-half, y, left, y, "", str(i + 1)) for i, y in enumerate(ys)]
    pins.append(pin(half, 0, right + bubble, 0, "", str(len(ys) + 1)))
    if kind == "tristate":
        strokes.append(circle(0, 1.7, 0.45, fill="paper"))
        pins.append(pin(0, 4, 0, 2.15, "", "4"))
    return Symbol("gate", tuple(strokes), tuple(pins), (body_left, -height, right + bubble, height))


def triode(reach: float = 5) -> Symbol:
    """Anode above, grid left, cathode below, in an oblong bulb."""
    bulb = np.concatenate([arc(0, -1.2, 2.4, 180, 360), arc(0, 1.2, 2.4, 0, 180)])
    strokes = [
        Stroke(bulb, "symbol", True),
        line((-1.2, -2), (1.2, -2), kind="medium"),
        Stroke(arc(0, 2.2, 1.2, 200, 340), "symbol"),
    ]
    strokes += [line((x, 0), (x + 0.7, 0)) for x in (-1.8, -0.7, 0.4, 1.5)]
    pins = (pin(0, -reach, 0, -2, "A", "6"), pin(-5, 0, -2.2, 0, "G", "7"), pin(-1, reach, -1, 1.9, "K", "8"))
    return Symbol("tube", tuple(strokes), pins, (-2.4, -3.6, 2.4, 3.6))


def transformer(half: float = 5, core: bool = True, tap: bool = False) -> Symbol:
    strokes = []
    for side in (-1, 1):
        bows = np.concatenate([arc(side * 1.6, y, 1.0, -90, 90 if side < 0 else -270, 16) for y in (-3, -1, 1, 3)])
        strokes.append(Stroke(bows, "symbol"))
    if core:
        strokes += [line((x, -3.8), (x, 3.8), kind="medium") for x in (-0.2, 0.2)]
    pins = [
        pin(s * half, y, s * 1.6, y, "", str(n)) for n, (s, y) in enumerate(((-1, -4), (-1, 4), (1, -4), (1, 4)), 1)
    ]
    if tap:
        pins.append(pin(half, 0, 1.6, 0, "", "5"))
    return Symbol("transformer", tuple(strokes), tuple(pins), (-1.8, -4, 1.8, 4))


def relay() -> Symbol:
    strokes = (
        rect(-4.5, -1.2, -1.5, 1.2),
        line((-4.0, 1.2), (-2.0, -1.2)),
        line((2, 1.4), (3.2, -1.6)),
        circle(2, 1.5, 0.25, fill="ink"),
        line((-1.5, 0), (2.4, 0), kind="dashed"),
        line((1.2, -2), (1.2, -1.6)),
        line((3.4, -2), (3.4, -1.4)),
    )
    pins = (
        pin(-3, -4, -3, -1.2, "", "1"),
        pin(-3, 4, -3, 1.2, "", "2"),
        pin(2, 4, 2, 1.5, "", "3"),
        pin(1, -4, 1, -2, "", "4"),
        pin(3, -4, 3, -2, "", "5"),
    )
    return Symbol("relay", strokes, pins, (-4.5, -2, 3.6, 2))


def integrated_circuit(
    left,
    right,
    top=(),
    bottom=(),
    *,
    width: float,
    height: float,
    lead: float = 2,
    name_height: float = 0.9,
    kind: str = "ic",
    shade: str = "shade",
    bubbles: bool = True,
) -> Symbol:
    """A box with pins. left, right, top, bottom: (offset, name, number) along that side, offset None leaves a gap.

    Names stand inside beside their pin; "~NAME" gets a bar above it, and sometimes a bubble on the lead.
    """
    strokes = [rect(0, 0, width, height, "outline", shade)]
    texts: list[Text] = []
    pins: list[Pin] = []
    sides = ((left, (-1, 0)), (right, (1, 0)), (top, (0, -1)), (bottom, (0, 1)))
    for entries, (dx, dy) in sides:
        for offset, name, number in entries:
            x = 0 if dx < 0 else width if dx > 0 else offset
            y = 0 if dy < 0 else height if dy > 0 else offset
            pins.append(_box_pin(x, y, dx, dy, lead, name, number))
            bubble = bubbles and name.startswith("~") and lead >= 2
            if bubble:
                strokes.append(circle(x + 0.4 * dx, y + 0.4 * dy, 0.4, fill="paper"))
            texts.append(Text(name, x - 0.5 * dx, y - 0.5 * dy, name_height, dx or -dy, 0, dx == 0, "pin_name"))
    return Symbol(kind, tuple(strokes), tuple(pins), (0, 0, width, height), tuple(texts))


def _box_pin(x: float, y: float, dx: int, dy: int, lead: float, name: str, number: str) -> Pin:
    inner = 0.8 if name.startswith("~") and lead >= 2 else 0.0
    return Pin(x + dx * lead, y + dy * lead, x + dx * inner, y + dy * inner, dx, dy, name, number)


def connector(count: int, *, pitch: float = 2, lead: float = 3, style: str = "bars", two_rows: bool = False) -> Symbol:
    """A connector with its pins to the left (and right when it has two rows), pin 1 at the top, first row at y = 0.

    style: bars (short filled contacts), rings (circles on the outline), arrows or plain box.
    """
    rows = (count + 1) // 2 if two_rows else count
    width = 4.0 if two_rows else 2.0
    strokes = [rect(0, -1, width, (rows - 1) * pitch + 1, "outline", "shade")]
    pins = []
    for i in range(count):
        row, side = (i // 2, i % 2) if two_rows else (i, 0)
        y, edge, way = row * pitch, width * side, 1 if side else -1
        reach = edge + way * lead
        inner = edge
        if style == "bars":
            a, b = sorted((edge, edge - way * 1.1))
            strokes.append(rect(a, y - 0.12, b, y + 0.12, fill="ink"))
        elif style == "rings":
            strokes.append(circle(edge + way * 0.5, y, 0.5))
            inner = edge + way
        elif style == "arrows":
            strokes.append(line((edge - way * 0.2, y), (edge - way * 1.2, y), kind="symbol"))
            strokes.append(Stroke(arc(edge - way * 1.2, y, 0.35, 0, 360), "symbol"))
        pins.append(Pin(reach, y, inner, y, way, 0, "", str(i + 1)))
    return Symbol("connector", tuple(strokes), tuple(pins), (0, -1, width, (rows - 1) * pitch + 1))


def ground(kind: str = "triangle", stem: float = 1.0) -> Symbol:
    """A ground symbol hanging down from its pin at the origin."""
    if kind == "triangle":
        strokes = (line((0, 0), (0, stem)), line((-1, stem), (1, stem), (0, stem + 1), closed=True))
    elif kind == "bars":
        strokes = (
            line((0, 0), (0, stem)),
            line((-1.2, stem), (1.2, stem)),
            line((-0.75, stem + 0.45), (0.75, stem + 0.45)),
            line((-0.3, stem + 0.9), (0.3, stem + 0.9)),
        )
    elif kind == "chassis":
        strokes = (
            line((0, 0), (0, stem)),
            line((-1, stem), (1, stem)),
            *(line((x, stem), (x - 0.5, stem + 0.9)) for x in (-1, 0, 1)),
        )
    elif kind == "thick":
        strokes = (line((0, 0), (0, stem)), line((-1, stem), (1, stem), kind="thick"))
    else:
        strokes = (line((0, 0), (0, stem)), line((-1, stem), (1, stem), (0, stem + 1.2), closed=True, fill="ink"))
    return Symbol("ground", strokes, (pin(0, 0, 0, 0, way=(0, -1)),), (-1.2, 0, 1.2, stem + 1.2))


def supply(kind: str = "arrow", stem: float = 1.5) -> Symbol:
    """A supply symbol standing on its pin at the origin."""
    top = -stem
    if kind == "arrow":
        strokes = (line((0, 0), (0, top)), line((-0.5, top + 0.6), (0, top), (0.5, top + 0.6)))
    elif kind == "bar":
        strokes = (line((0, 0), (0, top)), line((-1, top), (1, top)))
    elif kind == "circle":
        strokes = (line((0, 0), (0, top + 0.6)), circle(0, top + 0.2, 0.4))
    elif kind == "triangle":
        strokes = (line((0, 0), (0, top + 0.4)), line((-0.7, top + 0.4), (0, top - 0.6), (0.7, top + 0.4), closed=True))
    else:
        strokes = (line((0, 0), (0, top)), line((-0.9, top), (0.9, top), kind="thick"))
    return Symbol("supply", strokes, (pin(0, 0, 0, 0, way=(0, 1)),), (-1, top, 1, 0))


def power_flag() -> Symbol:
    return Symbol(
        "power_flag",
        (line((0, 0), (0, -1)), line((0, -1), (-0.9, -1.6), (0, -2.2), (0.9, -1.6), closed=True)),
        (pin(0, 0, 0, 0, way=(0, 1)),),
        (-1, -2.2, 1, 0),
    )
