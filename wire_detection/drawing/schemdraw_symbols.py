"""Symbols of the schemdraw library as strokes and pins; schemdraw's own, slow drawing is not used."""

from __future__ import annotations

import functools
import inspect

import numpy as np

from wire_detection.drawing.drawing import Pin, Stroke, Symbol, Text

UNIT = 3.4
"""Grid units per schemdraw unit."""
EDGE = 0.02
NO_SYMBOLS = frozenset(
    "Element ElementDrawing Element2Term ElementCompound ElementTwoport ElementImage Container Line Arrow Arrowhead Dot"
    " DotDotDot Wire Gap Label Tag CurrentLabel CurrentLabelInline VoltageLabelArc ZLabel LoopCurrent LoopArrow Rect"
    " Arc2 Arc3 ArcZ ArcN ArcLoop Annotate Encircle EncircleBox OrthoLines RightLines BusConnect BusLine DataBusLine Ic"
    " Kmap Table TimingDiagram BitField NoConnect Box".split()
)
"""Classes that draw lines, labels or nothing by themselves."""
_NO_PINS = frozenset("center xy mid n1 n2 n1a n2a vd vs istart iend start_dot end_dot".split())
_DASHED = ("--", ":", "-.")


@functools.cache
def symbol_names() -> tuple[str, ...]:
    """The names of all classes that draw a symbol, sorted."""
    return tuple(sorted(name for name in _classes() if name not in NO_SYMBOLS))


@functools.cache
def _classes() -> dict[str, type]:
    from schemdraw import dsp, elements, logic

    every = {**vars(dsp), **vars(elements), **vars(logic)}
    return {n: c for n, c in every.items() if inspect.isclass(c) and issubclass(c, elements.Element)}


@functools.cache
def two_pin_names() -> tuple[str, ...]:
    """The names of the symbols with one pin on either side, both on one horizontal line."""
    import schemdraw.elements as elements

    return tuple(n for n in symbol_names() if issubclass(_classes()[n], elements.Element2Term))


@functools.cache
def library_symbol(name: str) -> Symbol:
    """The symbol that schemdraw's class `name` draws, centred on the origin, y downwards, in grid units."""
    import schemdraw
    import schemdraw.elements as elements

    cls = _classes()[name]
    with schemdraw.Drawing(show=False) as drawing:
        element = drawing.add(cls().at((0, 0)).right() if issubclass(cls, elements.Element2Term) else cls().at((0, 0)))
    strokes, texts = [], []
    for segment in element.segments:
        moved = segment.xform(element.transform)
        if type(moved).__name__ == "SegmentText":
            texts += _text(moved)
        else:
            strokes += _strokes(moved)
    anchors = {n: np.array(p, float) for n, p in element.absanchors.items() if n not in _NO_PINS}
    if issubclass(cls, elements.Element2Term):
        ends = [np.array(element.absanchors[n], float) for n in ("istart", "iend")]
        strokes = [_without_leads(s, ends) for s in strokes]
        return _two_pin_symbol(name, strokes, texts, ends)
    return _many_pin_symbol(name, strokes, texts, anchors)


def _strokes(segment) -> list[Stroke]:
    """The strokes of one schemdraw segment, in schemdraw's coordinates (y upwards)."""
    maker = _MAKERS.get(type(segment).__name__)
    if maker is None or segment.visible is False:
        return []
    kind = "dashed" if segment.ls in _DASHED else "thick" if (segment.lw or 0) > 3 else "symbol"
    return [Stroke(points, kind, closed, fill) for points, closed, fill in maker(segment) if len(points) > 1]


def _fill(segment) -> str:
    if segment.fill in (None, False, "", "none"):
        return ""
    return "paper" if segment.fill in ("white", "bg") else "ink"


def _from_path(segment):
    points = np.array([tuple(p) for p in segment.path], float)
    gaps = np.flatnonzero(np.isnan(points[:, 0]))
    parts = [p[~np.isnan(p[:, 0])] for p in np.split(points, gaps)]
    pieces = [(p, False, _fill(segment) if len(p) > 2 else "") for p in parts if len(p)]
    if segment.arrow and len(parts[-1]) > 1:
        head = parts[-1] if ">" in segment.arrow else parts[-1][::-1]
        way = (head[-1] - head[-2]) / max(np.hypot(*(head[-1] - head[-2])), 1e-9)
        side = np.array([-way[1], way[0]]) * segment.arrowwidth / 2
        back = head[-1] - way * segment.arrowlength
        pieces.append((np.array([head[-1], back + side, back - side]), True, "ink"))
    return pieces


def _from_polygon(segment):
    from schemdraw.segments import roundcorners

    corners = roundcorners(segment.verts, segment.cornerradius) if segment.cornerradius > 0 else segment.verts
    return [(np.array([tuple(p) for p in corners], float), segment.closed, _fill(segment))]


def _from_circle(segment):
    angles = np.linspace(0, 2 * np.pi, 33)[:-1]
    ring = np.stack([np.cos(angles), np.sin(angles)], 1) * segment.radius + tuple(segment.center)
    return [(ring, True, _fill(segment))]


def _from_arc(segment):
    stop = segment.theta2 if segment.theta2 > segment.theta1 else segment.theta2 + 360
    t = np.radians(np.linspace(segment.theta1, stop, 20))
    points = np.stack([np.cos(t) * segment.width, np.sin(t) * segment.height], 1) / 2
    c, s = np.cos(np.radians(segment.angle)), np.sin(np.radians(segment.angle))
    return [(points @ np.array([[c, s], [-s, c]]) + tuple(segment.center), False, "")]


def _from_bezier(segment):
    t = np.linspace(0, 1, 16)[:, None]
    points = [np.array(tuple(p), float)[None] for p in segment.p]
    while len(points) > 1:  # de Casteljau
        points = [(1 - t) * a + t * b for a, b in zip(points, points[1:], strict=False)]
    return [(points[0], False, "")]


_MAKERS = {
    "Segment": _from_path,
    "SegmentPoly": _from_polygon,
    "SegmentCircle": _from_circle,
    "SegmentArc": _from_arc,
    "SegmentBezier": _from_bezier,
}


def _text(segment) -> list[Text]:
    words = str(segment.text).replace("$", "").replace("\\", "")
    if not words.strip() or "\n" in words or segment.visible is False:
        return []
    x, y = segment.xy
    return [Text(words, float(x), float(y), 0.16 * (segment.fontsize or 14) / 14, 0, 0, False, "pin_name")]


def _without_leads(stroke: Stroke, ends: list[np.ndarray]) -> Stroke:
    """The stroke without its straight horizontal ends outside the body from ends[0] to ends[1]."""
    points = stroke.points
    if len(points) > 1 and abs(points[0, 1]) < EDGE and points[0, 0] < ends[0][0] - EDGE:
        points = points[1:]
    if len(points) > 1 and abs(points[-1, 1]) < EDGE and points[-1, 0] > ends[1][0] + EDGE:
        points = points[:-1]
    return Stroke(points, stroke.kind, stroke.closed, stroke.fill)


def _scaled(
    strokes: list[Stroke], texts: list[Text], centre: np.ndarray
) -> tuple[tuple[Stroke, ...], tuple[Text, ...]]:
    flip = np.array([UNIT, -UNIT])
    drawn = [Stroke((s.points - centre) * flip, s.kind, s.closed, s.fill) for s in strokes if len(s.points) > 1]
    written = [
        Text(t.text, (t.x - centre[0]) * UNIT, (centre[1] - t.y) * UNIT, t.height * UNIT, 0, 0, False, t.kind)
        for t in texts
    ]
    return tuple(drawn), tuple(written)


def _box(strokes: tuple[Stroke, ...]) -> tuple[float, float, float, float]:
    if not strokes:
        return 0.0, 0.0, 0.0, 0.0
    points = np.concatenate([s.points for s in strokes])
    return (*points.min(0).tolist(), *points.max(0).tolist())


def _two_pin_symbol(name: str, strokes, texts, ends) -> Symbol:
    drawn, written = _scaled(strokes, texts, (ends[0] + ends[1]) / 2)
    body = float(ends[1][0] - ends[0][0]) / 2 * UNIT
    half = float(np.ceil(body + 1))
    pins = (Pin(-half, 0, -body, 0, -1, 0, "", "1"), Pin(half, 0, body, 0, 1, 0, "", "2"))
    x0, y0, x1, y1 = _box(drawn)
    return Symbol(name, drawn, pins, (min(x0, -body), y0, max(x1, body), y1), written)


def _many_pin_symbol(name: str, strokes, texts, anchors) -> Symbol:
    box = _box(tuple(strokes))
    on_edge = {n: p for n, p in anchors.items() if _ways_out(p, box)[0][0] < EDGE * 3}
    found: dict[tuple[float, float], tuple[str, np.ndarray, np.ndarray, float]] = {}
    for label, spot in (on_edge or anchors).items():
        key = tuple(np.round(spot, 3))
        if key in found:
            continue
        nearest = _ways_out(spot, box)
        for depth, way in nearest:  # in a corner of the box, the lead tells which way the pin looks
            strokes, inner = _cut_lead(strokes, spot, way)
            if inner is not None:
                found[key] = (label, inner, way, depth)
                break
        else:
            found[key] = (label, spot, nearest[0][1], nearest[0][0])
    centre = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    drawn, written = _scaled(strokes, texts, centre)
    flip = np.array([UNIT, -UNIT])
    pins = []
    for number, (key, (label, inner, way, depth)) in enumerate(found.items(), 1):
        inside, tip, out = (inner - centre) * flip, (np.array(key) - centre) * flip, way * (1, -1)
        if np.abs(tip - inside).max() < 0.3:  # the library's symbol ends at its body: give it a lead
            tip = inside + out * (1.5 + max(0.0, depth) * UNIT)
        pins.append(Pin(*tip, *inside, *out, label, str(number)))
    return Symbol(name, drawn, tuple(pins), _box(drawn), written)


def _ways_out(spot: np.ndarray, box) -> list[tuple[float, np.ndarray]]:
    """The nearest edge of the symbol's box, and others that are as near: how far each is, and the direction to it."""
    x0, y0, x1, y1 = box
    depths = np.abs([spot[0] - x0, x1 - spot[0], y1 - spot[1], spot[1] - y0])
    ways = ((-1.0, 0.0), (1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
    return [(float(depths[i]), np.array(ways[i])) for i in np.argsort(depths) if depths[i] < depths.min() + EDGE * 3]


def _cut_lead(strokes: list[Stroke], spot: np.ndarray, way: np.ndarray) -> tuple[list[Stroke], np.ndarray | None]:
    """The strokes without the straight piece that ends at `spot` coming along `way`, and that piece's inner end."""
    for index, stroke in enumerate(strokes):
        for points in (stroke.points, stroke.points[::-1]):
            if stroke.closed or np.abs(points[-1] - spot).max() > EDGE:
                continue
            step = points[-1] - points[-2]
            if step @ way > EDGE and abs(step[0] * way[1] - step[1] * way[0]) < EDGE:
                rest = Stroke(points[:-1], stroke.kind, False, stroke.fill)
                return [*strokes[:index], rest, *strokes[index + 1 :]], points[-2]
    return strokes, None
