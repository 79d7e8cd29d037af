"""Fit the two perceptrons of piece_classifier.py, which decide what is a wire; write pretrained/piece_classifier.npz.

    python -m benchmarks.classifier_fit pretrained/unet_small.h5 1500

The second argument is how many seeds are drawn from; screens are left out. Rerun it for new weights or features.
Reading 100 sheets takes two minutes of one core; all cores share them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.annotator_fit import near_mask, share_on
from benchmarks.reading_pool import map_drawn_sheet, read_sheets
from wire_detection.classic.detect import Candidates, classic_features, find_candidates
from wire_detection.classic.features import stack_columns
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style_families import draw_style
from wire_detection.reading.piece_classifier import PLACE, Perceptron, PieceClassifier, save_classifier
from wire_detection.reading.piece_features import context_features, piece_features
from wire_detection.reading.pieces import Pieces, cut_bars
from wire_detection.scoring.scored_sheet import tolerances_of
from wire_detection.sheets.geometry import compose_affine, transform_segments
from wire_detection.windows.targets import connected_leads

FIRST_SEED = 80_000
HELD_OUT = 5
"""Every fifth sheet is not learned from, and tells what the classifier that is written is worth."""

HIDDEN, EPOCHS, BATCH, LEARNING_RATE = 128, 20, 512, 3e-3
NOISE, WEIGHT_DECAY = 0.5, 1e-4
"""Standard deviation of what is added to the standardised features, and L2 penalty: real sheets differ from drawn."""


LEFT_OUT = "screen"
"""The family of styles that is not learned from: its bold wires are rare and its bold buses and frames many, so that
on real screens bold wires were lost."""


@dataclass(frozen=True)
class Sheet:
    """The pieces of a drawn sheet's strokes, whether each is a wire (N,), and its weight (N,), 0 where nobody cares."""

    candidates: Candidates
    pieces: Pieces
    stroke_features: dict[str, np.ndarray]
    features: dict[str, np.ndarray]
    labels: np.ndarray
    weights: np.ndarray


def read_drawn_sheet(model, seed: int) -> Sheet:
    maps, truth = map_drawn_sheet(model, *draw_sheet(seed), seed)
    candidates = find_candidates(maps.sheet.grey, stroke_px=maps.sheet.stroke_px)
    pieces = cut_bars(
        candidates.bars, maps.probabilities["wire"], compose_affine(candidates.back, maps.matrix), candidates.stroke_px
    )
    stroke_features = classic_features(candidates)
    tolerance = tolerances_of(truth).wire_px
    on_wire = near_mask(truth.image_shape, np.concatenate([truth.wires, connected_leads(truth)]), tolerance)
    on_ignored = near_mask(truth.image_shape, np.concatenate([truth.pins, truth.buses]), tolerance + 2) & ~on_wire
    segments = transform_segments(pieces.bars.segments(), candidates.back)
    wire, ignored = share_on(segments, on_wire), share_on(segments, on_ignored)
    weights = np.sqrt(np.maximum(pieces.bars.length, 0) / candidates.stroke_px * (1 - ignored)) * (ignored < 0.8)
    return Sheet(
        candidates,
        pieces,
        stroke_features,
        piece_features(candidates, pieces, stroke_features),
        wire > 0.5 * (1 - ignored),
        weights,
    )


def fit_perceptron(
    columns: Sequence[np.ndarray],
    sheets: Sequence,
    *,
    hidden: int = HIDDEN,
    epochs: int = EPOCHS,
    noise: float = NOISE,
) -> Perceptron:
    """The perceptron that best tells the `labels` of `sheets` by their `columns`, a row counting by its weight."""
    import keras

    weights = np.concatenate([sheet.weights for sheet in sheets])
    counts = weights > 0
    labels = np.concatenate([sheet.labels for sheet in sheets])[counts].astype(np.float32)
    stacked, weights = np.concatenate(columns)[counts], weights[counts]
    keras.utils.set_random_seed(0)
    penalty = keras.regularizers.L2(WEIGHT_DECAY)
    layers = [
        keras.layers.Dense(hidden, "relu", kernel_regularizer=penalty),
        keras.layers.Dense(1, kernel_regularizer=penalty),
    ]
    model = keras.Sequential([keras.Input((stacked.shape[1],)), keras.layers.GaussianNoise(noise), *layers])
    steps = epochs * -(-len(stacked) // BATCH)
    model.compile(
        keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)),
        keras.losses.BinaryCrossentropy(from_logits=True),
    )
    blank = Perceptron(stacked.mean(0), stacked.std(0) + 1e-6, *[np.zeros(0)] * 4)
    model.fit(
        blank.standardised(stacked),
        labels,
        sample_weight=weights / weights.mean(),
        batch_size=BATCH,
        epochs=epochs,
        verbose=0,
    )
    first, output = ([np.asarray(w) for w in layer.get_weights()] for layer in layers)
    return Perceptron(blank.mean, blank.spread, *first, output[0][:, 0], output[1][0])


def fit_classifier(sheets: Sequence[Sheet]) -> PieceClassifier:
    """Both perceptrons; the second learns from what first ones say of sheets that they did not learn from."""
    columns = [stack_columns(sheet.features) for sheet in sheets]
    halves = [fit_perceptron(columns[start::2], sheets[start::2]) for start in (0, 1)]
    all_features = []
    for number, (sheet, own) in enumerate(zip(sheets, columns, strict=True)):
        logits = halves[1 - number % 2].logits(own)
        context = context_features(sheet.candidates, sheet.pieces, sheet.stroke_features, logits)
        all_features.append({**sheet.features, **context})
    second = fit_perceptron([stack_columns(features) for features in all_features], sheets)
    return PieceClassifier(tuple(all_features[0]), fit_perceptron(columns, sheets), second)


def share_right(logits: Sequence[np.ndarray], sheets: Sequence[Sheet]) -> float:
    """Share, by weight, of the pieces of `sheets` that are wires just where their `logits` are above 0."""
    right = np.concatenate([(own >= 0) == sheet.labels for own, sheet in zip(logits, sheets, strict=True)])
    return float(np.average(right, weights=np.concatenate([sheet.weights for sheet in sheets])))


def main() -> None:
    path, count = sys.argv[1], int(sys.argv[2])
    drawn = range(FIRST_SEED, FIRST_SEED + count)
    seeds = [seed for seed in drawn if draw_style(Streams.of(seed).style, None).name != LEFT_OUT]
    sheets = read_sheets(read_drawn_sheet, seeds, [0] * len(seeds), [path])
    others = sheets[HELD_OUT - 1 :: HELD_OUT]
    classifier = fit_classifier([sheet for number, sheet in enumerate(sheets, 1) if number % HELD_OUT])
    answers = {
        "the classifier": [
            classifier.logits(sheet.candidates, sheet.pieces, sheet.stroke_features) for sheet in others
        ],
        "its first perceptron": [classifier.first.logits(stack_columns(sheet.features)) for sheet in others],
        **{
            f"the {name} alone": [sheet.features[feature] for sheet in others]
            for name, feature in (("map", "map along piece"), ("strokes", "classic logit"))
        },
    }
    print(
        f"of the pieces of {len(others)} sheets left out are classified right, by length: "
        + ", ".join(f"{share_right(logits, others):.4f} by {name}" for name, logits in answers.items())
    )
    save_classifier(classifier)
    print(f"wrote {PLACE}")


if __name__ == "__main__":
    main()
