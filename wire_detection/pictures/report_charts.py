"""The charts of a report: the panels of a training's history, and the curves of an evaluation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wire_detection.pictures.curves import Rows
from wire_detection.pictures.history_plot import PANELS
from wire_detection.pictures.line_chart import Chart, Line

SHARE = (0.0, 1.0)
"""What the axis of a share shows."""


def history_charts(history: Mapping[str, Sequence[float]]) -> list[Chart]:
    """Make a chart of each panel of which the history, with each key's values, one per epoch, holds something."""
    charts = []
    for title, keys in PANELS:
        names = [(name, is_twin) for key in keys for name, is_twin in ((key, False), (f"val_{key}", True))]
        lines = tuple(
            Line(name, range(1, len(history[name]) + 1), history[name], is_twin)
            for name, is_twin in names
            if name in history
        )
        y_range = None if title in ("Loss", "Learning rate") else SHARE
        if lines:
            charts.append(Chart(title, "epoch", lines, y_range, is_log=title == "Learning rate"))
    return charts


def curve_charts(confidence: Rows, tolerance_px: Rows) -> list[Chart]:
    """Make charts of precision over recall as the least confidence rises, and of F1 over the tolerance."""
    by_confidence, by_tolerance = [], []
    for score in next(iter(confidence.values())):
        rows = [row[score] for row in confidence.values()]
        by_confidence.append(Line(score, [row["recall"] for row in rows], [row["precision"] for row in rows]))
        f1 = [row[score]["f1"] for row in tolerance_px.values()]
        by_tolerance.append(Line(score, [float(place) for place in tolerance_px], f1))
    return [
        Chart("Precision, as the least confidence rises", "recall", tuple(by_confidence), SHARE),
        Chart("F1, as the tolerance grows", "tolerance in pixels", tuple(by_tolerance), SHARE),
    ]
