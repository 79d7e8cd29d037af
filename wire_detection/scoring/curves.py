"""Precision against recall over the confidence, and scores against the tolerance, pooled over sheets; as a picture."""

from __future__ import annotations

from pathlib import Path

from wire_detection.scoring.counts import SheetScores
from wire_detection.scoring.summary import pooled
from wire_detection.scoring.wire_metrics import score_against_confidence, score_against_tolerance
from wire_detection.sheets.safe_files import replacing

CONFIDENCES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.999)
TOLERANCES_PX = tuple(range(1, 9))
SHOWN = ("wire", "segment", "junction")


class Curves:
    """Counts of all sheets added so far, for each least confidence and for each tolerance."""

    def __init__(self):
        self._by_confidence: dict[float, list[SheetScores]] = {}
        self._by_tolerance: dict[float, list[SheetScores]] = {}

    def add(self, truth, predicted, with_doubtful) -> None:
        """Take in a sheet: its true annotation, the predicted one, and that with wires down to CONFIDENCES[0]."""
        for kept, scores in (
            (self._by_confidence, score_against_confidence(truth, with_doubtful, CONFIDENCES)),
            (self._by_tolerance, score_against_tolerance(truth, predicted, TOLERANCES_PX)),
        ):
            for place, row in scores.items():
                kept.setdefault(place, []).append(row)

    def values(self) -> dict:
        """Pooled precision, recall and F1: {"confidence" or "tolerance_px": {place: {score: values}}}."""
        return {
            name: {
                str(place): {key: pooled(row[key] for row in rows).values() for key in SHOWN}
                for place, rows in kept.items()
            }
            for name, kept in (("confidence", self._by_confidence), ("tolerance_px", self._by_tolerance))
        }


def draw_curves(curves: Curves, path: str | Path) -> None:
    """Write the picture of `curves`: precision against recall at the left, F1 against tolerance at the right."""
    from matplotlib.figure import Figure

    values = curves.values()
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    left, right = figure.subplots(1, 2)
    for key in SHOWN:
        points = [row[key] for row in values["confidence"].values()]
        left.plot([p["recall"] for p in points], [p["precision"] for p in points], marker=".", label=key)
        right.plot(TOLERANCES_PX, [row[key]["f1"] for row in values["tolerance_px"].values()], marker=".", label=key)
    left.set(xlabel="recall", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.02), title="as the least confidence rises")
    right.set(xlabel="tolerance in pixels", ylabel="F1", ylim=(0, 1.02), title="as the tolerance grows")
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend(loc="lower left")
    with replacing(path) as temporary:
        figure.savefig(temporary, dpi=100)
