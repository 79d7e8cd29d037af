"""The picture of an evaluation shows precision against recall over the confidence, and scores over the tolerance."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from wire_detection.sheets.safe_files import replacing

Rows = Mapping[str, Mapping[str, Mapping[str, float]]]
"""Place on a curve (a confidence or a tolerance, in digits) -> score -> "precision", "recall" and "f1"."""


def draw_curves(confidence: Rows, tolerance_px: Rows, path: str | Path) -> None:
    """Write the picture `path`: precision against recall at the left, F1 against tolerance at the right.

    Args:
        confidence: the scores of what has at least each confidence.
        tolerance_px: the scores with each tolerance in pixels.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    for score in next(iter(confidence.values())):
        rows = [row[score] for row in confidence.values()]
        left.plot([row["recall"] for row in rows], [row["precision"] for row in rows], marker=".", label=score)
    for score in next(iter(tolerance_px.values())):
        f1 = [row[score]["f1"] for row in tolerance_px.values()]
        right.plot([float(place) for place in tolerance_px], f1, marker=".", label=score)
    left.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02), title="as the least confidence rises")
    right.set(xlabel="tolerance in pixels", ylabel="F1", ylim=(0, 1.02), title="as the tolerance grows")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend(loc="lower left")
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=100)
