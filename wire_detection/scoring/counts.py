"""Scores are counts of hits and shares of wholes, which add up over sheets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """Hits of both sides, which differ where matching is not one-to-one: pixels within a tolerance."""

    predicted_hits: int
    predicted: int
    true_hits: int
    true: int

    @property
    def precision(self) -> float:
        return self.predicted_hits / self.predicted if self.predicted else float(self.is_empty)

    @property
    def recall(self) -> float:
        return self.true_hits / self.true if self.true else float(self.is_empty)

    @property
    def score(self) -> float:
        """F1, the harmonic mean of precision and recall."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    @property
    def is_empty(self) -> bool:
        return self.predicted == 0 and self.true == 0

    def values(self) -> dict[str, float]:
        return {"precision": self.precision, "recall": self.recall, "f1": self.score}


@dataclass(frozen=True)
class Share:
    """A part of a whole: recovered nets of all, common pixels of the union."""

    part: int
    whole: int

    @property
    def score(self) -> float:
        return self.part / self.whole if self.whole else 1.0

    @property
    def is_empty(self) -> bool:
        return self.whole == 0

    def values(self) -> dict[str, float]:
        return {"share": self.score}


SheetScores = dict[str, Counts | Share]
"""What one sheet scores, by the names that wire_metrics.py explains."""

COUNTED_WHEN_EMPTY = ("wire", "segment")
"""The scores whose mean takes in sheets where neither side has anything, with 1."""
