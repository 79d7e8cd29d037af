"""Means, pooled counts, intervals and tables of scores, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.scoring import summary as summary_file
from wire_detection.scoring.counts import Counts, Share
from wire_detection.scoring.summary import bootstrap_interval, compare_runs, format_scores, summarise


def row(hits: int, predicted: int, true: int, nets: tuple[int, int] = (1, 2)) -> dict:
    return {"wire": Counts(hits, predicted, hits, true), "net": Share(*nets)}


SCORES = {"a": row(5, 10, 10), "b": row(10, 10, 10, (2, 2)), "c": row(0, 0, 0, (0, 0))}


def test_mean_pooled_and_worst_by_hand():
    """F1 of a is 0.5, of b 1, of the empty c 1 by rule; pooled 15 of 20. Nets: c has none and is left out."""
    summary = summarise(SCORES)
    assert summary["wire"].mean["f1"] == pytest.approx(2.5 / 3)
    assert summary["wire"].micro["f1"] == pytest.approx(0.75)
    assert (summary["wire"].worst, summary["wire"].worst_score, summary["wire"].sheets) == ("a", 0.5, 3)
    assert summary["net"].mean == {"share": 0.75} and summary["net"].sheets == 2
    assert summary["net"].micro == {"share": 0.75}


def test_the_interval_holds_the_mean_and_shrinks_to_it_without_spread():
    assert bootstrap_interval(np.full(5, 0.3), np.random.default_rng(0)) == pytest.approx((0.3, 0.3))
    low, high = bootstrap_interval(np.array([0.0, 1.0] * 50), np.random.default_rng(0))
    assert low == pytest.approx(0.40, abs=0.02) and high == pytest.approx(0.60, abs=0.02)


@pytest.mark.parametrize("at_a_time", [1, 70, 10**6])
def test_the_interval_is_the_same_however_few_scores_are_drawn_at_a_time(monkeypatch, at_a_time):
    """As the definition has it: all means at once. Of seven scores one mean is drawn at a time, or ten, or all."""
    values = np.random.default_rng(1).random(7)
    means = np.random.default_rng(0).choice(values, (summary_file.RESAMPLES, 7)).mean(1)
    monkeypatch.setattr(summary_file, "DRAWN_AT_A_TIME", at_a_time)
    assert bootstrap_interval(values, np.random.default_rng(0)) == tuple(np.quantile(means, [0.025, 0.975]))


def test_two_runs_are_compared_sheet_by_sheet():
    better = {"a": row(6, 10, 10), "b": row(10, 10, 10), "d": row(0, 10, 10)}
    gain, (low, high) = compare_runs(SCORES, better, "wire")
    assert gain == pytest.approx(0.05) and low == pytest.approx(0) and high == pytest.approx(0.1)
    with pytest.raises(ValueError, match="in common"):
        compare_runs(SCORES, {"z": row(1, 1, 1)}, "wire")


def test_the_table_names_method_score_and_worst_sheet():
    lines = format_scores({"unet": summarise(SCORES)}).splitlines()
    assert lines[1].split()[:5] == ["unet", "wire", "0.833", "0.833", "0.833"] and lines[1].endswith("0.500 a")
    assert lines[2].split()[:2] == ["net", "0.750"]
