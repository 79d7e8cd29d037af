"""The families of figures: circuits as books and papers print them, and as hands draw them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wire_detection.drawing.style import KINDS, Style, pen
from wire_detection.drawing.symbol_sets import figure_symbols

FONTS = ("times", "times", "times", "roman", "sans", "sans", "sans-bold", "serif", "times-bold", "roman-sans", "round")
"""Fonts of figures; those of Times are the most frequent."""

PASSING = (
    ({"crossing": 1.0}, 0.3),
    ({"hop": 1.0}, 0.42),
    ({"hop": 0.7, "crossing": 0.3}, 0.08),
    ({"gap": 1.0}, 0.1),
    ({"gap": 0.4, "hop": 0.3, "crossing": 0.3}, 0.1),
)
"""How the wires of a figure pass each other, and how often: half of the figures hold arcs or gaps."""


def passing_habits(rng: np.random.Generator) -> dict:
    """The fields of Style that say how wires meet and pass each other on one sheet."""
    shares = np.array([share for _, share in PASSING])
    passing = PASSING[int(rng.choice(len(PASSING), p=shares / shares.sum()))][0]
    dots = rng.random() < 0.68
    return {
        "passing": passing,
        "dots": dots,
        "dot_share": 1.0 if rng.random() < 0.6 else float(rng.uniform(0.3, 0.95)),
        "cross_dots": bool(dots or rng.random() < 0.5),
        "square_dots": bool(rng.random() < 0.08),
        "dot_radius": float(rng.uniform(0.8, 1.5) if rng.random() < 0.35 else rng.uniform(1.4, 3.0)),
        "hop_vertical": float(rng.choice([0.0, 1.0, 0.5], p=[0.6, 0.3, 0.1])),
        "hop_left": float(rng.choice([1.0, 0.0, 0.5], p=[0.8, 0.1, 0.1])),
        "hop_radius": float(rng.uniform(0.3, 0.9)),
        "hop_height": float(rng.uniform(0.6, 1.1) if rng.random() < 0.5 else 1.0),
        "gap_half": float(rng.uniform(0.25, 0.6)),
    }


def figure_tones(rng: np.random.Generator) -> dict[str, int]:
    """Black nearly always; one grey for all, or coloured marks seen in grey."""
    chance = rng.random()
    light = {"graphic": int(rng.integers(185, 220))}
    if chance < 0.75:
        return light
    if chance < 0.85:
        return {**dict.fromkeys(KINDS, int(rng.integers(20, 120))), **light}
    wire, symbol, text = (int(v) for v in rng.integers(0, 150, 3))
    return {
        "wire": wire,
        "dot": wire,
        "pin": symbol if rng.random() < 0.6 else wire,
        "text": text,
        "label": text,
        "dashed": int(rng.integers(60, 180)),
        **dict.fromkeys(("symbol", "medium", "thick", "ring", "outline"), symbol),
        **light,
    }


def figure(rng: np.random.Generator) -> Style:
    """A figure; its scale and its stroke width follow from its size, when it is composed."""
    supersample, stroke_px = pen(2.0)
    bold = rng.random() < 0.25
    bars = float(rng.choice([1.0, 1.3, 1.8, 2.4]))
    widths = {
        "medium": bars,
        "thick": float(rng.choice([1.0, 1.6, 2.5])),
        "symbol": float(rng.choice([1.0, 1.0, 1.0, 1.3, 1.6])),
        "outline": float(rng.choice([1.0, 1.0, 1.5])),
        "text": 1.5 if bold else 1.0,
    }
    widths["pin"] = 1.0 if rng.random() < 0.8 else widths["symbol"]
    return Style(
        "figure",
        stroke_px,
        supersample,
        9.0,
        widths={**dict.fromkeys(KINDS, 1.0), "bus": 2.5, **widths},
        tones={**dict.fromkeys(KINDS, 0), **figure_tones(rng)},
        symbols=figure_symbols(rng),
        text_height=float(rng.uniform(0.95, 1.7)),
        font=str(rng.choice(FONTS)),
        ground=str(rng.choice(["bars", "bars", "triangle", "thick", "chassis", "filled"])),
        supply=str(rng.choice(["bar", "bar", "arrow", "circle"])),
        dark_theme=False,
        paper=255 if rng.random() < 0.85 else int(rng.integers(225, 255)),
        shade=255 if rng.random() < 0.85 else int(rng.integers(190, 245)),
        numbers=False,
        terminal=str(rng.choice(["circle", "circle", "circle", ""])),
        terminal_share=1.0,
        library_share=0.1,
        page="figure",
        stem=float(rng.uniform(0.65, 1.5)),
        thick_rails=bool(rng.random() < 0.08),
        rounding=float(rng.uniform(0.4, 1.5)) if rng.random() < 0.06 else 0.0,
        **passing_habits(rng),
    )


def hand(rng: np.random.Generator) -> Style:
    """A figure drawn by hand, in ink or pencil, on plain, ruled or squared paper."""
    drawn = figure(rng)
    tone = int(rng.integers(0, 70)) if rng.random() < 0.7 else int(rng.integers(70, 140))
    even = dict.fromkeys(KINDS, 1.0)
    return replace(
        drawn,
        name="hand",
        widths=even,
        tones={**dict.fromkeys(KINDS, tone), "graphic": 215},
        font=str(rng.choice(["round", "round", "angular"])),
        shade=drawn.paper,
        margin=float(rng.uniform(0.02, 0.4)),
        simple=0.75,
        thick_rails=False,
        rounding=float(rng.choice([0.0, 0.0, 0.0, 0.6, 1.2])),
        hand=float(rng.uniform(0.4, 1.3)),
        overshoot=float(rng.choice([0.0, 0.05, 0.2])),
        pressure=float(rng.uniform(0, 0.7)),
        ruling=str(rng.choice(["", "", "lines", "squares", "dots"])),
        ruling_pitch=float(rng.uniform(1.2, 4.0)),
        ruling_tone=int(rng.integers(165, 240)),
        library_share=0.0,
        **({"passing": {"hop": 0.5, "crossing": 0.5}} if rng.random() < 0.3 else {}),
    )
