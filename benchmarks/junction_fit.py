"""Fit the perceptron of junction_classifier.py, which decides where strokes connect; write
pretrained/junction_classifier.npz.

    python -m benchmarks.junction_fit pretrained/unet_small.h5 1200

The second argument is how many sheets are drawn to learn from, of every family as many: junctions with large dots and
small ones, round and square, on all Ts, on some and on none. Rerun it for new weights, drawings or features, and after
benchmarks.classifier_fit. Reading 100 sheets takes two minutes on one core.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree
from tqdm import tqdm

from benchmarks.classifier_fit import fit_perceptron
from wire_detection.classic.detect import find_candidates
from wire_detection.classic.features import stack_columns
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.drawing.styles import FAMILIES
from wire_detection.networks.model_files import load_model
from wire_detection.reading.junction_classifier import PLACE, JunctionClassifier, save_classifier
from wire_detection.reading.maps import map_sheet
from wire_detection.reading.place_features import Surroundings, place_features
from wire_detection.reading.places import find_places
from wire_detection.reading.trace import classify_pieces
from wire_detection.scoring.matching import match_junctions
from wire_detection.scoring.scored_sheet import tolerances_of
from wire_detection.sheets.geometry import transform_points
from wire_detection.sheets.ink import darkness

FIRST_SEED = 90_000
HELD_OUT = 0.2
HIDDEN, EPOCHS = 64, 30


@dataclass(frozen=True)
class Sheet:
    """The places of a drawn sheet, whether each is a junction (N,), and its weight (N,), 0 where nobody can tell.

    true: how many junctions the sheet has, listed among the places or not
    """

    features: dict[str, np.ndarray]
    labels: np.ndarray
    weights: np.ndarray
    true: int


def read_drawn_sheet(model, number: int) -> Sheet:
    """The places of the sheet `number`, as the reader finds them."""
    names = list(FAMILIES)
    grey, truth = draw_sheet(FIRST_SEED + number, style=names[number % len(names)])
    maps = map_sheet(model, grey)
    wire, junction = maps.probabilities["wire"], maps.probabilities["junction"]
    candidates, confidences = classify_pieces(find_candidates(grey), wire, maps.matrix, False)
    places = find_places(candidates, junction, maps.matrix)
    around = Surroundings(candidates, confidences, darkness(grey), wire, junction, maps.matrix)
    points, tolerance_px = transform_points(places.centre, candidates.back), tolerances_of(truth).junction_px
    labels = np.zeros(len(places), bool)
    labels[match_junctions(truth.junctions, points, tolerance_px)[:, 1]] = True
    weights = np.ones(len(places), np.float32)
    if len(truth.junctions):  # a second place at a junction is neither one more nor a mistake
        weights[~labels & (cKDTree(truth.junctions).query(points)[0] <= 1.5 * tolerance_px)] = 0
    return Sheet(place_features(places, around), labels, weights, len(truth.junctions))


def fit_classifier(sheets: Sequence[Sheet]) -> JunctionClassifier:
    columns = [stack_columns(sheet.features) for sheet in sheets]
    perceptron = fit_perceptron(columns, sheets, hidden=HIDDEN, epochs=EPOCHS)
    return JunctionClassifier(tuple(sheets[0].features), perceptron)


def main() -> None:
    model, count = load_model(sys.argv[1]), int(sys.argv[2])
    sheets = [read_drawn_sheet(model, number) for number in tqdm(range(count), unit="sheet")]
    kept = round((1 - HELD_OUT) * count)
    classifier, others = fit_classifier(sheets[:kept]), sheets[kept:]
    said = [classifier.logits(sheet.features) >= 0 for sheet in others]
    right = sum((own & sheet.labels).sum() for own, sheet in zip(said, others, strict=True))
    chosen = sum((own & (sheet.weights > 0)).sum() for own, sheet in zip(said, others, strict=True))
    true = sum(sheet.true for sheet in others)
    print(f"on {len(others)} sheets left out: precision {right / chosen:.3f}, recall {right / true:.3f} of {true}")
    save_classifier(fit_classifier(sheets))
    print(f"wrote {PLACE}")


if __name__ == "__main__":
    main()
