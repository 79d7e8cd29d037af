"""Draws what was composed with a ruler anew as a hand would: bent, slanted, with strokes that run too far."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from wire_detection.drawing.drawing import Drawing, Pin, Stroke, Text
from wire_detection.drawing.meetings import Wiring
from wire_detection.drawing.rasterise import written
from wire_detection.drawing.style import Style

WAVES = ((70.0, 0.5), (30.0, 0.22), (14.0, 0.1), (7.0, 0.05), (4.0, 0.025))
"""Wavelengths of the hand's drift and tremor, and how far each moves the pen, in grid units: a few degrees of slope."""

SLANT = 0.05
"""Shear of a page whose horizontals or verticals lean, standard deviation: three degrees."""

STEP = 0.5
"""Grid units between the points where a stroke is bent."""

CHAIN_PX = 0.35
"""How far a chain of straight wires may lie from the bent stroke, in pixels: well below its width."""

OVERSHOOT = (0.15, 0.45)
"""Grid units by which a stroke runs past its end, least and most."""

LETTER_TREMOR = 0.06
"""Deviation of a letter's points, in heights of a capital."""


class Hand:
    """A smooth shift of every point of a page, the same for all that meets there: what was joined stays joined."""

    def __init__(self, rng: np.random.Generator, strength: float):
        self.rng, self.strength = rng, strength
        lengths, heights = np.array(WAVES).T
        angles = rng.uniform(0, 2 * np.pi, (2, len(lengths)))
        self.waves = 2 * np.pi / lengths * np.stack([np.cos(angles), np.sin(angles)])  # (2 of xy, 2 of shift, waves)
        self.heights = heights * strength * rng.uniform(0.5, 1.3, (2, len(lengths)))
        self.phases = rng.uniform(0, 2 * np.pi, (2, len(lengths)))
        self.shear = np.eye(2) + np.array([[0, 1], [1, 0]]) * rng.normal(0, SLANT * strength, 2)

    def move(self, points) -> np.ndarray:
        """(..., 2) grid points where the hand puts them."""
        points = np.asarray(points, float)
        waves = np.einsum("...k,ksw->...sw", points, self.waves) + self.phases
        return points @ self.shear.T + (self.heights * np.sin(waves)).sum(-1)

    def bend(self, points: np.ndarray, closed: bool = False) -> np.ndarray:
        """(N, 2) polyline bent at every STEP."""
        if closed:
            points = np.concatenate([points, points[:1]])
        return self.move(_dense(points))


def _dense(points: np.ndarray) -> np.ndarray:
    """The polyline with points at most STEP apart."""
    pieces = []
    for start, stop in zip(points, points[1:], strict=False):
        count = max(1, int(np.ceil(np.hypot(*(stop - start)) / STEP)))
        pieces.append(start + np.arange(count)[:, None] / count * (stop - start))
    return np.concatenate([*pieces, points[-1:]])


def draw_by_hand(
    drawing: Drawing, wiring: Wiring, style: Style, rng: np.random.Generator
) -> tuple[Drawing, Drawing, Wiring]:
    """What is true of the page, what is drawn besides its wires, and its wires as chains of straight pieces."""
    hand = Hand(rng, style.hand)
    wires = [_chain(hand, wire, style) for wire in wiring.wires]
    bent = replace(
        wiring,
        wires=np.concatenate([np.concatenate([c[:-1], c[1:]], 1) for c in wires]) if wires else wiring.wires,
        junctions=hand.move(wiring.junctions),
        crossings=hand.move(wiring.crossings),
        arcs=tuple(hand.move(arc) for arc in wiring.arcs),
    )
    truth = _moved(drawing, hand)
    inked = Drawing(strokes=[_shaken(stroke, hand) for stroke in drawing.strokes], pins=truth.pins)
    for text in drawing.texts:
        inked.strokes += _letters(text, hand, style)
    inked.strokes += [_overshoot(chain, rng) for chain in wires if rng.random() < style.overshoot]
    return truth, inked, bent


def _chain(hand: Hand, wire: np.ndarray, style: Style) -> np.ndarray:
    """(N, 2) few points of a bent wire; its ends are where the hand puts them."""
    points = hand.bend(wire.reshape(2, 2))
    chain = cv2.approxPolyDP(points.astype(np.float32), CHAIN_PX / style.grid_px, False).reshape(-1, 2).astype(float)
    chain[[0, -1]] = points[[0, -1]]
    return chain


def _moved(drawing: Drawing, hand: Hand) -> Drawing:
    """The truth beside the wires: pins, texts and boxes at their new places."""
    moved = Drawing(bus_knots=[tuple(p) for p in hand.move(np.array(drawing.bus_knots).reshape(-1, 2)).tolist()])
    for pin in drawing.pins:
        (x, y), (ix, iy) = hand.move([(pin.x, pin.y), (pin.ix, pin.iy)]).tolist()
        moved.pins.append(Pin(x, y, ix, iy, pin.dx, pin.dy, pin.name, pin.number))
    for text in drawing.texts:
        x, y = hand.move((text.x, text.y)).tolist()
        moved.texts.append(replace(text, x=x, y=y))
    for bus in drawing.buses:
        moved.buses.append(tuple(hand.move(np.reshape(bus, (2, 2))).ravel().tolist()))
    for kind, (x0, y0, x1, y1) in drawing.components:
        corners = hand.move([(x0, y0), (x1, y0), (x0, y1), (x1, y1)])
        moved.components.append((kind, (*corners.min(0).tolist(), *corners.max(0).tolist())))
    return moved


def _shaken(stroke: Stroke, hand: Hand) -> Stroke:
    """A stroke of a symbol, bent; a dashed one at its corners alone, for each piece begins a new dash."""
    if stroke.kind == "dashed":
        return Stroke(hand.move(stroke.points), stroke.kind, stroke.closed, stroke.fill)
    points = hand.bend(stroke.points, stroke.closed)
    return Stroke(points, stroke.kind, False if stroke.closed and not stroke.fill else stroke.closed, stroke.fill)


def _letters(text: Text, hand: Hand, style: Style) -> list[Stroke]:
    """The strokes of a text's letters, which no hand writes twice alike."""
    lines = written(text, style)
    tremor = LETTER_TREMOR * text.height * hand.strength
    return [
        Stroke(hand.move(line) + hand.rng.normal(0, tremor, line.shape) * (len(line) < 9), "text") for line in lines
    ]


def _overshoot(chain: np.ndarray, rng: np.random.Generator) -> Stroke:
    """Ink beyond the end of a wire, along it."""
    ends = chain if rng.random() < 0.5 else chain[::-1]
    way = ends[-1] - ends[-2]
    way = way / max(np.hypot(*way), 1e-9) * rng.uniform(*OVERSHOOT)
    return Stroke(np.array([ends[-1], ends[-1] + way]), "wire")
