"""A line chart is drawn as SVG, whose colours the page that holds it chooses for light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

WIDTH, HEIGHT = 480, 300
"""Of a chart, in units of its own; a page shows it as large as there is room."""

LEFT, TOP, RIGHT, BOTTOM = 56, 30, 12, 44
"""Room around the plot for tick labels, title and axis labels."""

MOST_TICKS = 6
"""More labels on an axis would touch one another."""

COLOURS = 4
"""Lines are drawn in colours 0 to 3 of the page, over and over."""

LEGEND_ROW = 16
"""Height of a row of the legend below the plot, two entries wide."""


@dataclass(frozen=True)
class Line:
    """A line through the points (x, y); dashed in the colour of the line before it where it is that one's twin."""

    label: str
    x: Sequence[float]
    y: Sequence[float]
    is_twin: bool = False


@dataclass(frozen=True)
class Chart:
    """Lines over one pair of axes.

    y_range: lowest and highest y shown, those of the lines when None      is_log: whether y has a logarithmic scale
    """

    title: str
    x_label: str
    lines: tuple[Line, ...]
    y_range: tuple[float, float] | None = None
    is_log: bool = False


def draw_chart(chart: Chart) -> str:
    """Write a chart as the text of an SVG element; what it shows is said in words to who cannot see it."""
    is_counted = all(float(x).is_integer() for line in chart.lines for x in line.x)
    x_axis = _Axis(*_extent([line.x for line in chart.lines]), LEFT, WIDTH - RIGHT, is_counted=is_counted)
    low, high = chart.y_range or _extent([line.y for line in chart.lines], is_log=chart.is_log)
    y_axis = _Axis(low, high, HEIGHT - BOTTOM, TOP, chart.is_log)
    rows = -(-len(chart.lines) // 2)
    parts = [
        f'<svg class="chart" viewBox="0 0 {WIDTH} {HEIGHT + LEGEND_ROW * rows}" role="img" '
        f'aria-label="{escape(_in_words(chart))}">',
        f'<text class="title" x="{LEFT}" y="18">{escape(chart.title)}</text>',
        *_grid(x_axis, y_axis),
        f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 8}" text-anchor="end">{escape(chart.x_label)}</text>',
    ]
    colour = -1
    for number, line in enumerate(chart.lines):
        colour += not line.is_twin
        look = f'class="line c{max(colour, 0) % COLOURS}{" twin" if line.is_twin else ""}"'
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(x_axis.at(line.x), y_axis.at(line.y), strict=True))
        left, y = LEFT + number % 2 * (WIDTH - LEFT) // 2, HEIGHT + LEGEND_ROW * (number // 2) + 4
        parts += [
            f'<polyline {look} points="{points}"/>',
            f'<path {look} d="M{left} {y}h24"/><text x="{left + 30}" y="{y + 4}">{escape(line.label)}</text>',
        ]
    return "".join([*parts, "</svg>"])


@dataclass(frozen=True)
class _Axis:
    """Maps values from `low` to `high`, whole ones alone where `is_counted`, to places from `first` to `last`."""

    low: float
    high: float
    first: float
    last: float
    is_log: bool = False
    is_counted: bool = False

    def at(self, values: Sequence[float]) -> np.ndarray:
        values = np.asarray(values, np.float64)
        low, high = self.low, self.high
        if self.is_log:
            values, low, high = (np.log10(np.maximum(v, self.low)) for v in (values, low, high))
        share = (values - low) / ((high - low) or 1)
        return self.first + np.clip(share, 0, 1) * (self.last - self.first)

    def ticks(self) -> list[float]:
        """Round numbers from low to high: powers of ten on a logarithmic axis, else 1, 2 or 5 times one apart."""
        if self.is_log:
            powers = np.arange(np.ceil(np.log10(self.low) - 1e-9), np.floor(np.log10(self.high) + 1e-9) + 1)
            return (10.0**powers).tolist()
        step = 10.0 ** np.floor(np.log10(max(self.high - self.low, 1e-12) / MOST_TICKS))
        step *= next(factor for factor in (1, 2, 5, 10) if (self.high - self.low) / (factor * step) <= MOST_TICKS)
        step = max(step, float(self.is_counted))
        first = np.ceil(self.low / step - 1e-9) + 0.0  # not -0
        return [float(f"{number * step:.12g}") for number in np.arange(first, self.high / step + 1e-9)]


def _extent(values: Sequence[Sequence[float]], *, is_log: bool = False) -> tuple[float, float]:
    """Find the lowest and highest of all values; whole powers of ten around them on a logarithmic axis."""
    every = np.concatenate([np.asarray(v, np.float64) for v in values]) if values else np.zeros(0)
    every = every[np.isfinite(every) & ((every > 0) | (not is_log))]
    low, high = (float(every.min()), float(every.max())) if len(every) else (0.1, 1.0)
    if is_log:
        powers = np.floor(np.log10(low) + 1e-9), np.ceil(np.log10(high) - 1e-9)
        return 10.0 ** powers[0], 10.0 ** max(powers[1], powers[0] + 1)
    return low, high if high > low else low + 1


def _grid(x_axis: _Axis, y_axis: _Axis) -> list[str]:
    """Write grid lines with their labels at the ticks of both axes."""
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    parts = []
    for value, y in zip(y_axis.ticks(), y_axis.at(y_axis.ticks()), strict=True):
        parts.append(
            f'<path class="grid" d="M{LEFT} {y:.1f}H{right}"/>'
            f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
        )
    for value, x in zip(x_axis.ticks(), x_axis.at(x_axis.ticks()), strict=True):
        parts.append(
            f'<path class="grid" d="M{x:.1f} {TOP}V{bottom}"/>'
            f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{value:g}</text>'
        )
    return parts


def _in_words(chart: Chart) -> str:
    """Say where each line begins and ends."""
    told = [f"{line.label} from {line.y[0]:.3g} to {line.y[-1]:.3g}" for line in chart.lines if len(line.y)]
    return f"{chart.title}, over {chart.x_label}: " + ("; ".join(told) or "no values yet")
