"""A summary makes the scores of many sheets one: pooled, averaged, with an interval and the worst sheet; as a table.

summary = summarise({name: score_sheet(truth[name], predicted[name]) for name in truth})
print(format_scores({"unet": summary}))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np

from wire_detection.scoring.counts import COUNTED_WHEN_EMPTY, Counts, Share, SheetScores

RESAMPLES = 2000
"""Bootstrap samples behind an interval: its ends then move by less than a tenth of its width from seed to seed."""

DRAWN_AT_A_TIME = 1_000_000
"""So many scores of the bootstrap are in memory at once, 16 MB with their numbers, however many sheets there are."""

SEED = 0
"""Of the bootstrap's draws: the same scores have the same interval."""

ROWS = (
    ("wire", "wire"),
    ("segment", "segment"),
    ("junction", "junction"),
    ("net", "net"),
    ("iou", "wire IoU"),
    ("cldice", "clDice"),
)
"""Keys of the scores that the table shows, and their names."""


@dataclass(frozen=True)
class ScoreSummary:
    """One score over a set of sheets.

    mean: average over sheets of the score's values (precision, recall, f1, or share)
    micro: the same values of the pooled counts
    interval: ends of the 95 % bootstrap interval of the mean score, sheets drawn with replacement (Efron 1979)
    worst, worst_score: the sheet of the lowest score     sheets: how many sheets the mean is over
    """

    mean: dict[str, float]
    micro: dict[str, float]
    interval: tuple[float, float]
    worst: str
    worst_score: float
    sheets: int


Summary = dict[str, ScoreSummary]


def summarise(scores: Mapping[str, SheetScores]) -> Summary:
    """Summarise each score over the sheets `scores` (name -> scores of a sheet).

    A score for which no sheet has anything to count is left out.
    """
    summary = {}
    for key in dict.fromkeys(key for row in scores.values() for key in row):
        rows = {
            name: row[key]
            for name, row in scores.items()
            if key in row and (key in COUNTED_WHEN_EMPTY or not row[key].is_empty)
        }
        if rows:
            summary[key] = _summarise_one(rows, np.random.default_rng(SEED))
    return summary


def _summarise_one(rows: Mapping[str, Counts | Share], rng: np.random.Generator) -> ScoreSummary:
    values = [row.values() for row in rows.values()]
    totals = np.array([row.score for row in rows.values()])
    worst = min(rows, key=lambda name: rows[name].score)
    return ScoreSummary(
        mean={name: float(np.mean([v[name] for v in values])) for name in values[0]},
        micro=pooled(rows.values()).values(),
        interval=bootstrap_interval(totals, rng),
        worst=worst,
        worst_score=rows[worst].score,
        sheets=len(rows),
    )


def pooled(rows) -> Counts | Share:
    """Add up the counts of several sheets."""
    rows = list(rows)
    fields = [asdict(row) for row in rows]
    return type(rows[0])(**{name: sum(f[name] for f in fields) for name in fields[0]})


def bootstrap_interval(values: np.ndarray, rng: np.random.Generator) -> tuple[float, float]:
    """Estimate the 95 % percentile bootstrap interval of the mean of `values` (N,)."""
    at_a_time = max(1, DRAWN_AT_A_TIME // len(values))
    means = [
        rng.choice(values, (min(at_a_time, RESAMPLES - drawn), len(values))).mean(1)
        for drawn in range(0, RESAMPLES, at_a_time)
    ]
    low, high = np.quantile(np.concatenate(means), [0.025, 0.975])
    return float(low), float(high)


def compare_runs(
    first: Mapping[str, SheetScores], second: Mapping[str, SheetScores], key: str
) -> tuple[float, tuple[float, float]]:
    """Measure by how much the second run's mean score `key` is higher on the sheets of both, with its 95 % paired
    bootstrap interval: sheets are drawn for both runs at once, so that what makes a sheet hard for both cancels out.

    Raises:
        ValueError: when the runs have no sheet in common.
    """
    common = [name for name in first if name in second and key in first[name] and key in second[name]]
    if not common:
        raise ValueError(f"the two runs have no sheet in common that has the score {key!r}")
    gains = np.array([second[name][key].score - first[name][key].score for name in common])
    return float(gains.mean()), bootstrap_interval(gains, np.random.default_rng(SEED))


def format_scores(summaries: Mapping[str, Summary]) -> str:
    """Write a plain-text table: for each method and score the means, the interval, the pooled score, the worst
    sheet."""
    lines = [f"{'':15} {'':9} {'P':>6} {'R':>6} {'F1':>6}  {'95 % interval':15} {'pooled':>6}  worst sheet"]
    for method, summary in summaries.items():
        for key, name in ROWS:
            if key in summary:
                lines.append(f"{method:15} {name:9} {_cells(summary[key])}")
                method = ""
    return "\n".join(lines)


def _cells(score: ScoreSummary) -> str:
    """Write means, interval, pooled score and worst sheet of a row; a share has one number where counts have three."""
    means = " ".join(f"{score.mean[name]:6.3f}" if name in score.mean else " " * 6 for name in ("precision", "recall"))
    total = next(name for name in ("f1", "share") if name in score.mean)
    low, high = score.interval
    return (
        f"{means} {score.mean[total]:6.3f}  {low:.3f} to {high:.3f}  {score.micro[total]:6.3f}  "
        f"{score.worst_score:.3f} {score.worst}"
    )
