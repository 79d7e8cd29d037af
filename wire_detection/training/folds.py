"""How well a training does on a small set of sheets: K trainings, each with another Kth of the sheets held out."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from wire_detection.runs.run_folder import refuse_results
from wire_detection.scoring.summary import ROWS
from wire_detection.sheets.safe_files import write_json

log = logging.getLogger(__name__)

FOLDS_FILE = "folds.json"


def train_folds(
    train: Callable[..., tuple[Path, object, dict]], settings: Mapping[str, object], folds: int, *, overwrite: bool
) -> None:
    """Train and score so many splits, each into `fold_1`, `fold_2`, ... of the run's folder; report mean and interval.

    Prints the table, and writes folds.json with the scores of each fold.

    Args:
        train: trains with settings, scores the held-out sheets, and gives (model file, why it, what evaluation.json
            holds).
        settings: of the training, as `TrainingSettings` has them.
        overwrite: whether folders that hold a run are replaced.

    Raises:
        RunFolderError: when a fold's folder holds a run and must not be replaced.
    """
    folder = Path(settings["experiment_dir"])
    places = [folder / f"fold_{number}" for number in range(1, folds + 1)]
    for place in places:
        if not overwrite:
            refuse_results(place)
    scores = []
    for number, place in enumerate(places, start=1):
        log.info("fold %d of %d, into %s", number, folds, place)
        _, _, evaluation = train(**{**settings, "experiment_dir": place, "fold": (number, folds)})
        scores.append(evaluation["scores"])
    result = summarise_folds(scores)
    write_json(folder / FOLDS_FILE, result)
    print(format_folds(result))
    print(f"of {folds} folds, whose models and scores lie in {folder}; train on all sheets without --folds")


def summarise_folds(scores: Sequence[Mapping[str, Mapping]]) -> dict:
    """Give each score's mean over the folds, its 95 % interval, and its value in each fold, under its key.

    scores: of each fold, what evaluation.json holds under "scores"; what a fold has nothing to count for is left out.
    """
    result = {}
    for key, _ in ROWS:
        values = [_score(fold[key]["mean"]) for fold in scores if key in fold]
        if values:
            low, high = fold_interval(values)
            result[key] = {"mean": float(np.mean(values)), "interval": [low, high], "folds": values}
    return result


def _score(mean: Mapping[str, float]) -> float:
    return mean.get("f1", mean.get("share"))


def fold_interval(values: Sequence[float]) -> tuple[float, float]:
    """Estimate the 95 % interval of the mean over the folds of a cross-validation, cut to 0..1.

    Folds share most of what they train on, so the variance of their mean is not that of as many independent ones, but
    (1/K + n/m) of the folds' variance for n sheets held out and m trained on (Nadeau and Bengio, Inference for the
    Generalization Error, Machine Learning 52, 2003); of K folds n/m is 1/(K - 1). The interval of one fold is all.
    """
    from scipy.stats import t

    count = len(values)
    if count < 2:
        return 0.0, 1.0
    spread = np.std(values, ddof=1) * np.sqrt(1 / count + 1 / (count - 1))
    reach = float(t.ppf(0.975, count - 1) * spread)
    mean = float(np.mean(values))
    return max(0.0, mean - reach), min(1.0, mean + reach)


def format_folds(result: Mapping[str, Mapping]) -> str:
    """Write a plain-text table: for each score its mean, interval and value in each fold."""
    lines = [f"{'':9} {'mean':>6}  {'95 % interval':15} folds"]
    for key, name in ROWS:
        if key in result:
            row = result[key]
            low, high = row["interval"]
            of_folds = " ".join(f"{value:.3f}" for value in row["folds"])
            lines.append(f"{name:9} {row['mean']:6.3f}  {f'{low:.3f} to {high:.3f}':15} {of_folds}")
    return "\n".join(lines)
