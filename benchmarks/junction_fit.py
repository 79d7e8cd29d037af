"""Fit the perceptron of junction_classifier.py, which decides where strokes connect; write
pretrained/junction_classifier.npz.

    python -m benchmarks.junction_fit 1200 pretrained/unet_small.h5 pretrained/resnet_small.h5

Sheets are read by the networks in turn, so that the classifier serves them all; one that is named twice reads twice as
many. The first argument is how many sheets are drawn to learn from: a third as they are drawn for networks, a third of
figures, screens and hands, a third of sheets of any habit. Rerun it for new weights, drawings or features, and after
benchmarks.classifier_fit. Reading 100 sheets takes two minutes of one core; all cores share them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.classifier_fit import fit_perceptron
from benchmarks.reading_pool import map_drawn_sheet, read_sheets
from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.features import stack_columns
from wire_detection.drawing.degradation import degrade_sheet
from wire_detection.drawing.draw_sheet import DEGRADATION, DEGRADED_SHARE, compose_sheet, draw_sheet, render
from wire_detection.drawing.drawing import Drawing
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style import Style, pen
from wire_detection.drawing.style_families import FAMILIES, draw_style
from wire_detection.reading.junction_classifier import PLACE, JunctionClassifier, save_classifier
from wire_detection.reading.place_features import Surroundings, place_features
from wire_detection.reading.places import find_places
from wire_detection.reading.trace import find_strokes
from wire_detection.scoring.matching import match_junctions
from wire_detection.scoring.scored_sheet import tolerances_of
from wire_detection.sheets.geometry import transform_points

FIRST_SEED = 90_000
HELD_OUT = 0.2
HIDDEN, EPOCHS, NOISE = 64, 30, 0.3

SORTS = 3
"""Of sheets: as they are drawn for networks; figures, screens and hands; any habit."""

PAGES = ("figure", "screen", "hand")

SIDE_UNITS, LONGEST_SIDE_PX = (65, 100), 1200
"""Sides of the sheets of any habit in grid units, enough for a few circuits, and the most, for bold ones."""

DECOYS = 0.04
"""How many of the corners and ends of a symbol's strokes get a dot, on the sheets that have such dots at all."""


@dataclass(frozen=True)
class Sheet:
    """The places of a drawn sheet, whether each is a junction (N,), and its weight (N,), 0 where nobody can tell.

    true: how many junctions the sheet has, listed among the places or not
    """

    features: dict[str, np.ndarray]
    labels: np.ndarray
    weights: np.ndarray
    true: int


def draw_numbered_sheet(number: int) -> tuple[np.ndarray, Annotation]:
    """Sheet `number` of those that are learned from: each third of them is of another sort."""
    seed, sort = FIRST_SEED + number, number % SORTS
    if sort == 0:
        return draw_sheet(seed)
    if sort == 1:
        return draw_sheet(seed, style=PAGES[number // SORTS % len(PAGES)])
    return draw_habits_sheet(seed)


def draw_habits_sheet(seed: int) -> tuple[np.ndarray, Annotation]:
    """A sheet of any program or book alike, with wires of 1 to 4 px and dots of any size, round or square, on all of
    its Ts, on some or on none; beside them squares at pins, and dots within symbols, which connect nothing."""
    streams, rng = Streams.of(seed), np.random.default_rng([seed, 1])  # the second for what is not drawn elsewhere
    families = [name for name in FAMILIES if name not in PAGES]
    style = any_habit(draw_style(streams.style, families[rng.integers(len(families))]), rng)
    size = tuple(int(min(side * style.grid_px, LONGEST_SIDE_PX)) for side in rng.uniform(*SIDE_UNITS, 2))
    style, drawing, origin, size = compose_sheet(style, streams, size)
    if rng.random() < 0.3:
        draw_decoys(drawing, style, rng)
    image, truth = render(style, drawing, origin, size, streams, {"seed": seed})
    if rng.random() < DEGRADED_SHARE:
        image, truth = degrade_sheet(image, truth, rng, strength=float(rng.uniform(0, DEGRADATION)))
    return image, truth


def any_habit(style: Style, rng: np.random.Generator) -> Style:
    """The style with another stroke width, other dots and perhaps with squares at its pins."""
    width = float(np.exp(rng.uniform(0, np.log(4))))
    if rng.random() < 0.25:  # without soft edges, as screens draw
        fine, stroke_px = 1, float(max(1, 2 * round((width - 1) / 2) + 1))
    else:
        fine, stroke_px = pen(width)
    share = 1.0 if rng.random() < (0.8 if style.dots else 0.0) else float(rng.random())
    square = bool(rng.random() < 0.3)
    own = not square and rng.random() < 0.3
    return replace(
        style,
        stroke_px=stroke_px,
        supersample=fine,
        grid_px=style.grid_px / style.stroke_px * stroke_px,
        dots=style.dots or bool(rng.random() < 0.5),
        dot_share=share,
        square_dots=square,
        dot_radius=style.dot_radius if own else float(np.exp(rng.uniform(*np.log((1.0, 4.5))))),
        pin_squares=style.pin_squares or (float(rng.uniform(2, 6)) if rng.random() < 0.15 else 0.0),
    )


def draw_decoys(drawing: Drawing, style: Style, rng: np.random.Generator) -> None:
    """Dots like those of the sheet's junctions at a few corners and ends of the symbols' strokes."""
    corners = [stroke.points for stroke in drawing.strokes if stroke.kind == "symbol" and not stroke.fill]
    points = np.concatenate([*corners, np.zeros((0, 2))])
    turn = np.radians(np.arange(45, 405, 90 if style.square_dots else 15))
    radius = style.dot_radius * style.stroke_px / style.grid_px * (np.sqrt(2) if style.square_dots else 1)
    for point in points[rng.random(len(points)) < DECOYS]:
        drawing.stroke(point + radius * np.stack([np.cos(turn), np.sin(turn)], 1), "dot", closed=True, fill="ink")


def read_drawn_sheet(model, number: int) -> Sheet:
    """The places of the sheet `number`, as the reader finds them."""
    maps, truth = map_drawn_sheet(model, *draw_numbered_sheet(number), number)
    strokes = find_strokes(maps.sheet.grey, maps.probabilities, maps.matrix, stroke_px=maps.sheet.stroke_px)
    candidates = strokes.candidates
    places = find_places(candidates, strokes.ridges, maps.probabilities["junction"], maps.matrix)
    around = Surroundings(candidates, strokes.confidences, strokes.dark, maps.probabilities, maps.matrix)
    points, tolerance_px = transform_points(places.centre, candidates.back), tolerances_of(truth).junction_px
    labels = np.zeros(len(places), bool)
    labels[match_junctions(truth.junctions, points, tolerance_px)[:, 1]] = True
    weights = np.ones(len(places), np.float32)
    if len(truth.junctions):  # a second place at a junction is neither one more nor a mistake
        weights[~labels & (cKDTree(truth.junctions).query(points)[0] <= 1.5 * tolerance_px)] = 0
    return Sheet(place_features(places, around), labels, weights, len(truth.junctions))


def fit_classifier(sheets: Sequence[Sheet]) -> JunctionClassifier:
    columns = [stack_columns(sheet.features) for sheet in sheets]
    perceptron = fit_perceptron(columns, sheets, hidden=HIDDEN, epochs=EPOCHS, noise=NOISE)
    return JunctionClassifier(tuple(sheets[0].features), perceptron)


def main() -> None:
    count, paths = int(sys.argv[1]), sys.argv[2:]
    of_model = [number // SORTS % len(paths) for number in range(count)]
    sheets = read_sheets(read_drawn_sheet, range(count), of_model, paths)
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
