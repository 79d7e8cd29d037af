"""Composes screenshots of editors and simulators: circuits under a window's bars, plots and tables beside them."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.drawing import Box, Drawing
from wire_detection.drawing.figure_words import FigureWords
from wire_detection.drawing.figures import GAP, make_cell
from wire_detection.drawing.notes import table
from wire_detection.drawing.placing import bounds_of, lay_out
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style import Style
from wire_detection.drawing.words import Words

WIDTHS_PX = (560, 1700)
"""Least and greatest width of a screenshot when no size is asked for."""

LEAST_PLOTTED = 40
"""Grid units of width and height below which a window has no room for a plot."""

MENUS = ("File", "Edit", "View", "Place", "Simulate", "Tools", "Window", "Help", "Hierarchy", "Options")


def compose_screen(
    style: Style, streams: Streams, size: tuple[int, int] | None
) -> tuple[Style, Drawing, tuple[float, float], tuple[int, int]]:
    """A screenshot of `size` (width, height) pixels; its style, its drawing, the place of (0, 0) and its size."""
    rng = streams.page
    if size is None:
        width = int(rng.integers(*WIDTHS_PX))
        size = width, int(width * rng.uniform(0.45, 0.9))
    unit = style.grid_px * style.zoom
    area = (0.0, 0.0, size[0] / unit, size[1] / unit)
    words = Words(streams.words)
    screen = Block(style, words.apart(), streams.border)
    if screen.chance(0.3) and area[3] > LEAST_PLOTTED:
        area = draw_window(screen, area)
    if screen.chance(style.plots) and min(area[2] - area[0], area[3] - area[1]) > LEAST_PLOTTED:
        area = draw_panel(screen, area)
    if screen.chance(0.5):
        _place_cells(screen, area, streams)
    else:
        inside = tuple(int(v) for v in (np.ceil(area[0]) + 1, np.ceil(area[1]) + 1, area[2] - 1, area[3] - 1))
        screen.add(lay_out(style, words, streams, inside, density=float(rng.uniform(0.4, 0.9))), 0, 0)
    return style, screen, (0.0, 0.0), size


def _place_cells(screen: Block, area: Box, streams: Streams) -> None:
    """Circuits of transistors and amplifiers in rows, with plain names and values, as simulators have them."""
    words = FigureWords(streams.words)
    words.subscripts, words.values = False, 0.8
    y, misses = int(area[1]) + 2, 0
    while y < area[3] - 8 and misses < 6:
        x, low = int(area[0]) + screen.between(1, 6), y
        while misses < 6:
            cell = make_cell(screen.style, words, streams.circuits.spawn(1)[0])
            x0, y0, x1, y1 = bounds_of(cell)
            wide, high = np.ceil(x1) - np.floor(x0), np.ceil(y1) - np.floor(y0)
            if x + wide > area[2] - 1 or y + high > area[3] - 1:
                misses += 1
                break
            screen.add(cell, x - np.floor(x0), y - np.floor(y0))
            x += wide + GAP + screen.between(0, 4)
            low = max(low, y + high)
        y = int(low) + GAP if low > y else y + 4
    for _ in range(screen.between(0, 3)):
        note = screen.words.pick((".tran 10m", ".ac dec 100 1 100G", ".op", ".include models.lib", "SINE(0 1 1k)"))
        box = (screen.rng.uniform(area[0], area[2] - 12), screen.rng.uniform(area[1] + 2, area[3] - 2))
        screen.label(note, *box, -1)


def draw_window(screen: Block, area: Box) -> Box:
    """A window's menu above, a bar of buttons beside or below it; returns what they leave free."""
    x0, y0, x1, y1 = area
    row = 2.2 * screen.style.text_height
    screen.stroke([(x0, y0), (x1, y0), (x1, y0 + row), (x0, y0 + row)], "label", True, "shade")
    x = x0 + 1
    for name in MENUS[: screen.between(4, len(MENUS))]:
        screen.label(name, x, y0 + row / 2, -1, 0)
        x += screen.width(name, screen.style.text_height) + 1.5
    y0 += row
    upright = screen.chance(0.5)
    length, side = (y1 - y0 if upright else x1 - x0), 2.4
    for k in range(int(min(length / (side + 0.6), screen.between(5, 24)))):
        a = (x0 + 0.4, y0 + 0.4 + k * (side + 0.6)) if upright else (x0 + 0.4 + k * (side + 0.6), y0 + 0.4)
        _button(screen, (*a, a[0] + side, a[1] + side))
    return (x0 + side + 1, y0, x1, y1) if upright else (x0, y0 + side + 1, x1, y1)


def _button(screen: Block, box: Box) -> None:
    """A small picture on a button: a line, a box, a ring, a cross or an arrow."""
    x0, y0, x1, y1 = box
    screen.rectangle(box, "graphic")
    a, b, c, d = x0 + 0.6, y0 + 0.6, x1 - 0.6, y1 - 0.6
    angles = np.linspace(0, 2 * np.pi, 13)
    ring = np.stack([(a + c) / 2 + 0.6 * np.cos(angles), (b + d) / 2 + 0.6 * np.sin(angles)], 1)
    marks = (
        [[(a, d), (c, b)]],
        [[(a, b), (c, b), (c, d), (a, d), (a, b)]],
        [ring],
        [[(a, (b + d) / 2), (c, (b + d) / 2)], [((a + c) / 2, b), ((a + c) / 2, d)]],
        [[(a, (b + d) / 2), (c, (b + d) / 2), (c - 0.5, b + 0.3)]],
    )
    for line in marks[int(screen.rng.integers(len(marks)))]:
        screen.stroke(line, "label")


def draw_panel(screen: Block, area: Box) -> Box:
    """One to three plots or tables beside or below the circuit, in a pane of their own; returns what is left free."""
    x0, y0, x1, y1 = area
    share = screen.rng.uniform(0.3, 0.5)
    below = screen.chance(0.5)
    pane = (x0, y1 - share * (y1 - y0), x1, y1) if below else (x1 - share * (x1 - x0), y0, x1, y1)
    if screen.chance(0.7):
        screen.rectangle((pane[0] + 0.3, pane[1] + 0.3, pane[2] - 0.3, pane[3] - 0.3), "label")
    count = screen.between(1, 3)
    for k in range(count):
        along = (pane[2] - pane[0], pane[3] - pane[1])[not below] / count
        a = (pane[0] + k * along, pane[1]) if below else (pane[0], pane[1] + k * along)
        b = (a[0] + along, pane[3]) if below else (pane[2], a[1] + along)
        if screen.chance(0.85):
            plot(screen, (a[0] + 1, a[1] + 1, b[0] - 1, b[1] - 1))
        else:
            piece = Block(screen.style, screen.words, screen.rng)
            table(piece, 0, 0)
            screen.add(piece, a[0] + 2, a[1] + 2)
    return (x0, y0, x1, pane[1]) if below else (x0, y0, pane[0], y1)


def plot(screen: Block, box: Box) -> None:
    """Curves over a grid in a frame, numbers along its axes, its quantities named above."""
    height = screen.style.text_height
    x0, y0, x1, y1 = box[0] + 4 * height, box[1] + 2.2 * height, box[2] - 0.5, box[3] - 2.2 * height
    if x1 - x0 < 6 or y1 - y0 < 4:
        return
    columns, rows = screen.between(4, 10), screen.between(3, 8)
    grid = screen.chance(0.75)
    kind = "dashed" if screen.chance(0.3) else "graphic"
    for k in range(columns + 1):
        x = x0 + k / columns * (x1 - x0)
        if grid and 0 < k < columns:
            screen.stroke([(x, y0), (x, y1)], kind)
        else:
            screen.stroke([(x, y1), (x, y1 - 0.5)], "label")
        if k % 2 == 0:
            screen.label(f"{k}ms", x, y1 + 0.4, 0, 1, size=0.8)
    for k in range(rows + 1):
        y = y0 + k / rows * (y1 - y0)
        if grid and 0 < k < rows:
            screen.stroke([(x0, y), (x1, y)], kind)
        screen.label(f"{(rows - k) * 0.5:.1f}V", x0 - 0.4, y, 1, 0, size=0.8)
    screen.rectangle((x0, y0, x1, y1), "label")
    t = np.linspace(0, 1, 120)
    for k in range(screen.between(1, 4)):
        y = _curve(t, screen.rng)
        points = np.stack([x0 + t * (x1 - x0), y1 - (0.08 + 0.84 * y) * (y1 - y0)], 1)
        screen.stroke(points, screen.words.pick(("symbol", "label", "wire")))
        name = screen.words.pick(("V(out)", "V(n001)", "I(R1)", "V(vin)", "I(C1)", "V(a,b)"))
        screen.label(name, x0 + (k + 0.5) / 4 * (x1 - x0), box[1] + 1.2 * height, 0, -1, size=0.9)


def _curve(t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """(N,) values between 0 and 1: a sine, a square wave, a transient, a filter's response."""
    kind, f = int(rng.integers(4)), rng.uniform(1, 9)
    if kind == 0:
        return 0.5 + 0.5 * rng.uniform(0.3, 1) * np.sin(2 * np.pi * f * t + rng.uniform(0, 6))
    if kind == 1:
        return (np.sin(2 * np.pi * f * t) > 0) * rng.uniform(0.4, 1)
    if kind == 2:
        return np.clip(1 - np.exp(-f * t) * np.cos(20 * t), 0, 1.3) / 1.3
    return 1 / np.sqrt(1 + (t * f) ** rng.uniform(2, 8))
