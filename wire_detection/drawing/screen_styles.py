"""The family of screenshots: the windows of drawing programs and simulators, a pixel wide and in their colours."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.figure_styles import passing_habits
from wire_detection.drawing.style import KINDS, Style, pen
from wire_detection.drawing.symbol_sets import figure_symbols

WIRES = (0, 18, 29, 29, 60, 76, 88, 105, 120)
"""Greys of the usual colours of wires: black, dark blue, blue, violet, red, green, teal."""

SYMBOLS = (0, 0, 29, 38, 60, 76, 100)
"""The same of symbols."""

ZOOMS = (0.7, 0.8, 1.25, 1.33, 1.5, 2.0)
"""Shares at which screenshots are shown in documents and browsers."""


def screen(rng: np.random.Generator) -> Style:
    """A window of one program: its pen, its colours, its grid, its marks at pins and open ends."""
    crisp = rng.random() < 0.45
    supersample, stroke_px = (1, 1.0) if crisp else pen(float(rng.uniform(1.0, 1.9)))
    grid_px = float(rng.integers(5, 12)) if crisp else float(rng.uniform(5.5, 13))
    wire, symbol = int(rng.choice(WIRES)), int(rng.choice(SYMBOLS))
    text = int(rng.choice([0, 0, 0, symbol, 60, 110]))
    tones = {
        **dict.fromkeys(("symbol", "medium", "thick", "ring", "outline"), symbol),
        "wire": wire,
        "dot": wire,
        "pin": symbol if rng.random() < 0.6 else wire,
        "text": text,
        "label": int(rng.choice([wire, text, 40, 90])),
        "square": int(rng.choice([wire, symbol, 130])),
        "graphic": int(rng.integers(120, 215)),
        "dashed": int(rng.integers(120, 215)),
        "frame": int(rng.integers(40, 160)),
        "cross": int(rng.integers(30, 120)),
    }
    thin = 1.0
    if rng.random() < 0.12:  # wires bolder than symbols
        supersample, stroke_px = pen(float(rng.uniform(2.0, 4.0)))
        thin, grid_px = float(rng.uniform(0.35, 0.7)), max(grid_px, 3.5 * stroke_px)
    bold = thin * float(rng.choice([1.0, 1.0, 1.0, 2.0, 3.0]))
    lead = thin * float(rng.choice([1.0, 1.0, 1.0, 1.0, 1.5, 2.5]))
    return Style(
        "screen",
        stroke_px,
        supersample,
        grid_px,
        widths={**dict.fromkeys(KINDS, thin), "wire": 1.0, "medium": bold, "thick": bold, "bus": 3.0, "pin": lead},
        tones={**dict.fromkeys(KINDS, 0), **tones},
        symbols=figure_symbols(rng),
        text_height=float(rng.uniform(0.9, 1.3)) * max(1.0, 6.5 / grid_px),
        font=str(rng.choice(["sans", "sans", "sans-bold", "mono", "times", "oblique", "round", "roman-sans"])),
        ground=str(rng.choice(["bars", "triangle", "triangle", "thick", "filled"])),
        supply=str(rng.choice(["bar", "arrow", "circle"])),
        dark_theme=bool(rng.random() < 0.3),
        paper=int(rng.choice([255, 255, 255, 250, 240, 215])),
        shade=int(rng.choice([255, 245, 225])),
        numbers=bool(rng.random() < 0.4),
        pin_squares=float(rng.choice([0.0, 0.0, 0.0, 3.0, 4.0])),
        end_squares=float(rng.choice([0.0, 3.0, 4.0])),
        terminal=str(rng.choice(["", "circle", "square"])),
        terminal_share=float(rng.choice([0.3, 0.9])),
        library_share=0.1,
        page="screen",
        zoom=float(rng.choice(ZOOMS)) if rng.random() < 0.4 else 1.0,
        ruling=str(rng.choice(["", "dots", "dots", "dots", "squares", "crosses"])),
        ruling_pitch=float(rng.choice([1, 1, 2, 4, 5])),
        ruling_tone=int(rng.integers(130, 235)),
        cross_hair=bool(rng.random() < 0.08),
        plots=0.35,
        **{**passing_habits(rng), **_screen_passing(rng)},
    )


def _screen_passing(rng: np.random.Generator) -> dict:
    """Programs cross wires plainly, a few with hops; their dots are small and round, or square."""
    habits = {"dots": True, "dot_share": 1.0, "square_dots": bool(rng.random() < 0.3)}
    habits["dot_radius"] = float(rng.uniform(1.3, 3.2))
    return habits if rng.random() < 0.12 else {**habits, "passing": {"crossing": 1.0}}
