"""Curves pool precision and recall over the confidence, and scores over the tolerance, of all sheets."""

from __future__ import annotations

from wire_detection.scoring.counts import SheetScores
from wire_detection.scoring.summary import pooled
from wire_detection.scoring.wire_metrics import score_against_confidence, score_against_tolerance

CONFIDENCES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 0.999)
"""Least confidences, denser towards both ends, where a reader is sure."""
TOLERANCES_PX = tuple(range(1, 9))
"""Up to four times the usual stroke width: what is found beyond is something else."""
SHOWN = ("wire", "segment", "junction")
"""The scores of which there are curves; the others follow from whole sheets."""


SheetCurves = dict[str, dict[float, SheetScores]]
"""What one sheet scores by "confidence" and by "tolerance_px", for each place on these curves."""


def curves_of_sheet(truth, predicted, with_doubtful) -> SheetCurves:
    """Score a sheet by its true annotation, the predicted one, and that with wires down to CONFIDENCES[0]."""
    return {
        "confidence": score_against_confidence(truth, with_doubtful, CONFIDENCES),
        "tolerance_px": score_against_tolerance(truth, predicted, TOLERANCES_PX),
    }


class Curves:
    """The pooled counts of all sheets added so far, for each least confidence and for each tolerance."""

    def __init__(self):
        self._pooled: SheetCurves = {}

    def add(self, curves: SheetCurves) -> None:
        """Take in a sheet."""
        for name, places in curves.items():
            kept = self._pooled.setdefault(name, {})
            for place, row in places.items():
                before = kept.get(place)
                kept[place] = {key: pooled([before[key], row[key]]) if before else row[key] for key in SHOWN}

    def values(self) -> dict:
        """Give precision, recall and F1: {"confidence" or "tolerance_px": {place: {score: values}}}."""
        return {
            name: {str(place): {key: row[key].values() for key in SHOWN} for place, row in kept.items()}
            for name, kept in self._pooled.items()
        }
