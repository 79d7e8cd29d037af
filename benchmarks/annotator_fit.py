"""Fit the logistic tables of wire_confidence.py and print them.

    python -m benchmarks.annotator_fit 300

The argument is how many sheets are drawn to learn from. A bar's weight is the square root of its length; bars that lie
on leads and buses, for which scores do not care, are left out.
"""

from __future__ import annotations

import sys

import cv2
import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from wire_detection.annotations.annotation import Annotation
from wire_detection.classic import confidence as table
from wire_detection.classic.detect import classic_features, find_candidates
from wire_detection.classic.features import stack_columns
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.scoring.scored_sheet import tolerances_of
from wire_detection.sheets.geometry import transform_segments
from wire_detection.sheets.raster import draw_segments, pixels_at, within

FIRST_SEED = 50_000
DEGRADATION = 0.3
FOLDS = 8
SMOOTHING = 0.3
"""Inverse strength of the ridge penalty on standardised features."""


def labelled_bars(seed: int) -> dict:
    """`label_bars` of a drawn sheet."""
    cv2.setNumThreads(1)
    return label_bars(f"{seed}", *draw_sheet(seed, degradation=DEGRADATION))


def label_bars(name: str, grey: np.ndarray, truth: Annotation) -> dict:
    """The features of a sheet's bars, the share of each that lies on true wires and on leads and buses."""
    candidates = find_candidates(grey)
    tolerance = tolerances_of(truth).wire_px
    on_wire = near_mask(grey.shape, truth.wires, tolerance)
    on_ignored = near_mask(grey.shape, np.concatenate([truth.pins, truth.buses]), tolerance + 2) & ~on_wire
    segments = transform_segments(candidates.bars.segments(), candidates.back)
    return {
        "name": name,
        "candidates": candidates,
        "features": classic_features(candidates),
        "wire": share_on(segments, on_wire),
        "ignored": share_on(segments, on_ignored),
    }


def near_mask(shape: tuple[int, int], segments: np.ndarray, reach_px: float) -> np.ndarray:
    return within(draw_segments(shape, segments), reach_px)


def share_on(segments: np.ndarray, mask: np.ndarray) -> np.ndarray:
    steps = np.linspace(0, 1, 60)[None, :, None]
    points = segments[:, None, :2] * (1 - steps) + segments[:, None, 2:] * steps
    return pixels_at(mask, points[..., 0], points[..., 1]).mean(1)


def fit_logistic(columns: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
    """Bias and weights, on the scale of the columns, of a ridge-penalised logistic regression."""
    from sklearn.linear_model import LogisticRegression

    mean, spread = columns.mean(0), columns.std(0) + 1e-9
    model = LogisticRegression(C=SMOOTHING, max_iter=3000).fit((columns - mean) / spread, labels, sample_weight=weights)
    slopes = model.coef_[0] / spread
    return float(model.intercept_[0] - slopes @ mean), slopes


def fit_tables(sheets: list[dict]) -> tuple[float, np.ndarray, float, np.ndarray]:
    """Both logistic tables from labelled sheets; the second one on first results of folds that left the sheet out."""
    columns, labels, weights, use, source = stack(sheets)
    first = fit_logistic(columns[use], labels[use], weights[use])
    logits = first[0] + columns @ first[1]
    for held in np.array_split(np.unique(source), min(FOLDS, len(np.unique(source)))):
        train = use & ~np.isin(source, held)
        bias, slopes = fit_logistic(columns[train], labels[train], weights[train])
        logits = np.where(np.isin(source, held), bias + columns @ slopes, logits)
    second = neighbours(sheets, np.clip(logits, -table.LARGEST_LOGIT, table.LARGEST_LOGIT))
    return (*first, *fit_logistic(second[use], labels[use], weights[use]))


def stack(sheets: list[dict]) -> tuple[np.ndarray, ...]:
    """Columns, labels, weights, which bars count, and the sheet of each bar, of all sheets together."""
    columns = np.concatenate([stack_columns(s["features"]) for s in sheets])
    wire, ignored = (np.concatenate([s[k] for s in sheets]) for k in ("wire", "ignored"))
    length = np.concatenate([s["candidates"].bars.length / s["candidates"].wire_px for s in sheets])
    source = np.concatenate([np.full(len(s["wire"]), s["name"]) for s in sheets])
    return (columns, wire > 0.5 * (1 - ignored), np.sqrt(length * (1 - ignored)), ignored < 0.8, source)


def neighbours(sheets: list[dict], logits: np.ndarray) -> np.ndarray:
    ends = np.cumsum([len(s["wire"]) for s in sheets])
    return np.concatenate(
        [
            table.neighbour_features(z, s["candidates"].bars, s["candidates"].contacts, s["candidates"].stroke_px)
            for s, z in zip(sheets, np.split(logits, ends[:-1]), strict=True)
        ]
    )


def main() -> None:
    seeds = FIRST_SEED + np.arange(int(sys.argv[1]))
    sheets = Parallel(n_jobs=-1)(delayed(labelled_bars)(int(seed)) for seed in tqdm(seeds, unit="sheet"))
    bias, slopes, neighbour_bias, neighbour_slopes = fit_tables(sheets)
    print(f"BIAS = {bias:.2f}\nWEIGHTS = {{")
    for name, slope in zip(sheets[0]["features"], slopes, strict=True):
        print(f'    "{name}": {slope:.2f},')
    print(f"}}\nNEIGHBOUR_BIAS = {neighbour_bias:.2f}")
    print(f"NEIGHBOUR_WEIGHTS = ({', '.join(f'{v:.2f}' for v in neighbour_slopes)})")


if __name__ == "__main__":
    main()
