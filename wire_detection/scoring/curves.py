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
        """Pool precision, recall and F1: {"confidence" or "tolerance_px": {place: {score: values}}}."""
        return {
            name: {
                str(place): {key: pooled(row[key] for row in rows).values() for key in SHOWN}
                for place, rows in kept.items()
            }
            for name, kept in (("confidence", self._by_confidence), ("tolerance_px", self._by_tolerance))
        }
