"""The families of styles: the habits of several drawing programs, of textbooks and of drafting offices."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.figure_styles import figure, hand, passing_habits
from wire_detection.drawing.screen_styles import screen
from wire_detection.drawing.streams import pick
from wire_detection.drawing.style import KINDS, Style, pen
from wire_detection.drawing.symbol_sets import symbol_set

DARK_SHARE = 0.03
"""So many of the sheets of a program that has a light theme were exported from its dark one."""


def draw_style(rng: np.random.Generator, name: str | None) -> Style:
    """A style of the named family, or of one by chance when None.

    Raises:
        ValueError: when there is no family of this name.
    """
    if name is None:
        names, weights = zip(*((n, w) for n, (w, _) in FAMILIES.items()), strict=True)
        name = str(rng.choice(names, p=np.array(weights) / sum(weights)))
    elif name not in FAMILIES:
        raise ValueError(f"no style {name!r}; there are {', '.join(FAMILIES)}")
    return FAMILIES[name][1](rng)


def _uniform(rng, low: float, high: float) -> float:
    return float(rng.uniform(low, high))


def _style(
    rng, name: str, width_px: float, grid_strokes: float, *, widths: dict, tones: dict | None = None, **habits
) -> Style:
    """A style whose wires are about `width_px` wide and whose grid unit is `grid_strokes` wires wide.

    widths, tones: of the kinds of strokes that differ from the others; a colour scheme by chance when `tones` is None.
    habits: further fields of Style.
    """
    supersample, stroke_px = pen(width_px)
    dark_theme = rng.random() < DARK_SHARE
    return Style(
        name,
        stroke_px,
        supersample,
        grid_strokes * stroke_px,
        widths={**dict.fromkeys(KINDS, 1.0), "bus": 2.5, "thick": 2.5, "medium": 1.3, **widths},
        tones={**dict.fromkeys(KINDS, 0), **(_tones(rng) if tones is None else tones)},
        **{"dark_theme": dark_theme, **habits},
    )


def _tones(rng) -> dict[str, int]:
    """Black in most cases; else a colour scheme seen in grey."""
    chance = rng.random()
    if chance < 0.6:
        return {}
    if chance < 0.75:  # one grey for all
        return dict.fromkeys(KINDS, int(rng.integers(20, 150)))
    wire, symbol, text = (int(v) for v in rng.integers(20, 165, 3))
    label = int(rng.integers(20, 150))
    pin = symbol if rng.random() < 0.6 else wire
    return {
        "wire": wire,
        "dot": wire if rng.random() < 0.8 else symbol,
        "bus": int(rng.integers(20, 130)),
        "text": text,
        "label": label,
        "cross": label,
        "graphic": int(rng.integers(30, 190)),
        "dashed": int(rng.integers(30, 190)),
        "frame": int(rng.integers(30, 170)),
        "square": int(rng.integers(30, 190)),
        **dict.fromkeys(("symbol", "medium", "thick", "ring", "outline"), symbol),
        "pin": pin,
    }


def _width(rng) -> float:
    """Wire widths as rendered sheets have them: mostly 1.3 to 2.3 px, some finer and some bold."""
    chance = rng.random()
    if chance < 0.72:
        return _uniform(rng, 1.3, 2.3)
    return _uniform(rng, 1.0, 1.4) if chance < 0.8 else _uniform(rng, 2.2, 4.0)


def _kicad(rng) -> Style:
    bold = rng.random() < 0.2
    return _style(
        rng,
        "kicad",
        _width(rng),
        _uniform(rng, 7.6, 9.0),
        footprints=_uniform(rng, 0.2, 0.9) if rng.random() < 0.12 else 0.0,
        struck_out=_uniform(rng, 0.05, 0.3) if rng.random() < 0.12 else 0.0,
        heading_weight=pick(rng, (1.0, 1.0, 2.0, 2.5)),
        heading_slant=pick(rng, (0.0, 0.0, 0.15)),
        widths={
            "symbol": pick(rng, (1.0, 1.0, 1.5, 1.67)),
            "outline": pick(rng, (1.0, 1.5, 1.67)),
            "medium": pick(rng, (1.3, 1.67)),
            "thick": pick(rng, (2.5, 3.3)),
            "ring": pick(rng, (1.0, 1.67)),
            "bus": pick(rng, (2.0, 2.5)),
            "text": 1.5 if bold else 1.0,
            "pin": 1.0,
        },
        font="round" if rng.random() < 0.85 else "sans",
        text_height=_uniform(rng, 0.88, 1.12),
        flag_half=_uniform(rng, 0.8, 0.92),
        dot_radius=_uniform(rng, 2.6, 3.4),
        shade=255 if rng.random() < 0.8 else int(rng.integers(225, 255)),
        frame=pick(rng, ("zones", "zones", "", "")),
        symbols=symbol_set(rng, "box" if rng.random() < 0.7 else "zigzag", "plates"),
        ground=pick(rng, ("triangle", "triangle", "bars", "filled")),
        supply=pick(rng, ("arrow", "arrow", "bar", "circle")),
        terminal_share=0.15,
        named_grounds=(0, 1, 3),
        values_inside=0.12,
    )


def _eagle(rng) -> Style:
    return _style(
        rng,
        "eagle",
        _width(rng),
        _uniform(rng, 6.5, 9),
        widths={
            "symbol": pick(rng, (1.0, 1.6)),
            "outline": pick(rng, (1.6, 2.6)),
            "medium": 1.6,
            "thick": pick(rng, (1.6, 2.6)),
            "bus": 4.0,
            "pin": 1.0,
        },
        font=pick(rng, ("round", "sans", "sans", "oblique")),
        text_height=_uniform(rng, 0.7, 0.9),
        dot_radius=_uniform(rng, 1.6, 3.2),
        shade=255 if rng.random() < 0.5 else int(rng.integers(215, 253)),
        frame=pick(rng, ("zones", "plain", "")),
        symbols=symbol_set(rng, pick(rng, ("box", "zigzag")), pick(rng, ("plates", "curved"))),
        ground=pick(rng, ("thick", "bars", "triangle")),
        supply=pick(rng, ("arrow", "bar", "circle", "triangle")),
        terminal_share=0.15,
        named_grounds=(0,),
    )


def _xschem(rng) -> Style:
    grey = rng.random() < 0.4
    wire = int(rng.integers(60, 140))
    symbol = int(rng.integers(30, 110))
    tones = {
        "wire": wire,
        "dot": int(np.clip(wire + rng.integers(-50, 20), 0, 160)),
        "square": int(rng.integers(130, 200)),
        "text": symbol,
        "graphic": int(rng.integers(60, 190)),
        "label": wire,
        "pin": symbol,
        **dict.fromkeys(("symbol", "medium", "thick", "ring", "outline"), symbol),
        "bus": int(rng.integers(40, 140)),
    }
    zoom = _uniform(rng, 11, 16) if rng.random() < 0.7 else _uniform(rng, 16, 26)
    return _style(
        rng,
        "xschem",
        _uniform(rng, 1.3, 2.3),
        zoom,
        widths=dict.fromkeys(("medium", "thick"), 1.0),
        tones=tones if grey else {},
        dark_theme=grey and rng.random() < 0.3,
        font="angular",
        text_height=_uniform(rng, 0.65, 1.1),
        dot_radius=zoom * _uniform(rng, 0.3, 0.42),
        count_pins=False,
        pin_squares=zoom * _uniform(rng, 0.35, 0.6),
        end_squares=zoom * _uniform(rng, 0.18, 0.3),
        terminal="square",
        label_squares=0.6,
        numbers=False,
        diagonal=0.25,
        symbols=symbol_set(rng, "zigzag", "thin", simulator=True),
        ground=pick(rng, ("bars", "triangle", "filled")),
        supply=pick(rng, ("bar", "arrow")),
    )


def _lepton(rng) -> Style:
    thin = pick(rng, (0.5, 0.6, 1.0))
    return _style(
        rng,
        "lepton",
        _uniform(rng, 1.5, 2.3),
        _uniform(rng, 9.2, 10.6),
        terminal=pick(rng, ("square", "")),
        widths={
            **dict.fromkeys(("symbol", "medium", "thick", "ring", "outline", "graphic", "frame"), thin),
            "pin": pick(rng, (thin, 1.0)),
            "bus": 2.5,
        },
        font=pick(rng, ("sans", "sans", "round")),
        text_height=_uniform(rng, 0.95, 1.15),
        dot_radius=_uniform(rng, 2.0, 3.2),
        end_squares=_uniform(rng, 1.5, 2.2) if rng.random() < 0.6 else 0.0,
        frame=pick(rng, ("plain", "")),
        symbols=symbol_set(rng, "zigzag", "thin"),
        ground="bars",
        supply="bar",
    )


def _ltspice(rng) -> Style:
    return _style(
        rng,
        "ltspice",
        _uniform(rng, 1.0, 3.2),
        _uniform(rng, 6, 9),
        terminal=pick(rng, ("square", "", "circle")),
        widths={"medium": 1.0, "thick": 1.0},
        font=pick(rng, ("sans", "sans-bold", "mono")),
        text_height=_uniform(rng, 0.8, 1.0),
        dot_radius=_uniform(rng, 1.4, 2.6),
        square_dots=rng.random() < 0.5,
        numbers=False,
        diagonal=0.05,
        dark_theme=rng.random() < 0.08,
        symbols=symbol_set(rng, "zigzag", "thin", simulator=True),
        ground="triangle",
        supply=pick(rng, ("bar", "circle")),
    )


def _textbook(rng) -> Style:
    return _style(
        rng,
        "textbook",
        _uniform(rng, 1.2, 4.0),
        _uniform(rng, 7, 12),
        library_share=0.35,
        terminal=pick(rng, ("circle", "circle", "square", "")),
        widths={"symbol": pick(rng, (1.0, 2.0)), "medium": 2.0, "thick": 2.0, "outline": pick(rng, (1.0, 2.0))},
        font=pick(rng, ("times", "times-italic", "roman", "serif")),
        text_height=_uniform(rng, 0.9, 1.3),
        **passing_habits(rng),
        numbers=False,
        diagonal=0.08,
        tones={} if rng.random() < 0.85 else None,
        symbols=symbol_set(rng, pick(rng, ("zigzag", "box")), pick(rng, ("thin", "thin", "curved")), simulator=True),
        ground=pick(rng, ("bars", "thick", "triangle")),
        supply=pick(rng, ("bar", "circle", "arrow")),
    )


def _drafting(rng) -> Style:
    return _style(
        rng,
        "drafting",
        _uniform(rng, 1.6, 6.0),
        _uniform(rng, 4.5, 8),
        library_share=0.15,
        terminal=pick(rng, ("circle", "circle", "")),
        widths={
            "symbol": pick(rng, (1.0, 1.0, 1.4)),
            "medium": pick(rng, (1.0, 1.6)),
            "thick": pick(rng, (1.0, 2.0)),
            "outline": pick(rng, (1.0, 1.6)),
        },
        tones={} if rng.random() < 0.6 else dict.fromkeys(KINDS, int(rng.integers(10, 90))),
        font=pick(rng, ("angular", "round", "typewriter", "sans")),
        text_height=_uniform(rng, 0.8, 1.2),
        **passing_habits(rng),
        numbers=rng.random() < 0.5,
        frame=pick(rng, ("plain", "zones", "")),
        symbols=symbol_set(rng, "zigzag", pick(rng, ("thin", "curved"))),
        ground=pick(rng, ("bars", "chassis", "thick")),
        supply=pick(rng, ("arrow", "circle", "bar")),
    )


FAMILIES = {
    "kicad": (0.44, _kicad),
    "xschem": (0.16, _xschem),
    "lepton": (0.1, _lepton),
    "eagle": (0.1, _eagle),
    "ltspice": (0.06, _ltspice),
    "textbook": (0.07, _textbook),
    "drafting": (0.07, _drafting),
    "figure": (0.4, figure),
    "screen": (0.2, screen),
    "hand": (0.2, hand),
}
"""Each family: how often it is drawn, and its maker."""
