"""Fit the perceptron of stroke_judge.py, which decides what is a wire; write pretrained/stroke_judge.npz.

    python benchmarks/judge_fit.py pretrained/unet_small.h5 400 [PART]

The second argument is how many sheets are drawn to learn from. Rerun it for new weights or features.
Reading 400 sheets takes some ten minutes on one core; PART is a file that keeps what was read for the next run.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from annotator_fit import near_mask, share_on  # noqa: E402

from bar_pieces import cut_bars  # noqa: E402
from hough_detection import classic_features, find_candidates  # noqa: E402
from model_files import load_model  # noqa: E402
from safe_files import replacing  # noqa: E402
from schematic_synthesis import draw_sheet  # noqa: E402
from stroke_judge import PIECE_FEATURES, PLACE, StrokeJudge, piece_columns  # noqa: E402
from wire_geometry import one_after_other, transform_segments  # noqa: E402
from wire_prediction import map_sheet  # noqa: E402

FIRST_SEED = 80_000
HELD_OUT = 0.2
HIDDEN, EPOCHS, BATCH, LEARNING_RATE = 32, 30, 256, 3e-3
NOISE, WEIGHT_DECAY = 0.3, 1e-4
"""Standard deviation of what is added to the standardised features, and L2 penalty: real sheets differ from drawn."""


def labelled_pieces(model, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of the pieces of a drawn sheet's strokes: features (N, F), whether it is wire (N,), weight (N,)."""
    grey, truth = draw_sheet(seed)
    maps, found = map_sheet(model, grey), find_candidates(grey)
    pieces = cut_bars(found.bars, maps.wire, one_after_other(found.back, maps.matrix), found.stroke_px)
    columns = piece_columns(found, pieces, classic_features(found))
    tolerance = max(2.0, truth.stroke_width)
    on_wire = near_mask(grey.shape, truth.wires, tolerance)
    on_ignored = near_mask(grey.shape, np.concatenate([truth.pins, truth.buses]), tolerance + 2) & ~on_wire
    segments = transform_segments(pieces.bars.segments(), found.back)
    wire, ignored = share_on(segments, on_wire), share_on(segments, on_ignored)
    counts = ignored < 0.8
    weight = np.sqrt(np.maximum(pieces.bars.length, 0) / found.stroke_px * (1 - ignored))
    return columns[counts], (wire > 0.5 * (1 - ignored))[counts], weight[counts]


def read_sheets(model, count: int, part: Path | None) -> list[tuple[np.ndarray, ...]]:
    """`labelled_pieces` of `count` sheets, those from `part` that it holds already."""
    sheets = []
    if part is not None and part.exists():
        with np.load(part) as content:
            sheets = [tuple(content[f"{i}_{name}"] for name in "xyw") for i in range(int(content["count"]))]
    for number in tqdm(range(len(sheets), count), unit="sheet"):
        sheets.append(labelled_pieces(model, FIRST_SEED + number))
        if part is not None and (number % 20 == 19 or number == count - 1):
            with replacing(part) as temporary:
                np.savez(temporary, count=len(sheets), **{f"{i}_{name}": value for i, sheet in enumerate(sheets)
                                                          for name, value in zip("xyw", sheet, strict=True)})
    return sheets[:count]


def fit(columns: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> StrokeJudge:
    """The judge that best tells wires from the rest, a piece counting by its weight."""
    import keras

    keras.utils.set_random_seed(0)
    penalty = keras.regularizers.L2(WEIGHT_DECAY)
    layers = [keras.layers.Dense(HIDDEN, "relu", kernel_regularizer=penalty),
              keras.layers.Dense(1, kernel_regularizer=penalty)]
    model = keras.Sequential([keras.Input((columns.shape[1],)), keras.layers.GaussianNoise(NOISE), *layers])
    steps = EPOCHS * -(-len(columns) // BATCH)
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)),
                  keras.losses.BinaryCrossentropy(from_logits=True))
    blank = StrokeJudge(columns.mean(0), columns.std(0) + 1e-6, *[np.zeros(0)] * 4)
    model.fit(blank.standardised(columns), labels.astype(np.float32), sample_weight=weights / weights.mean(),
              batch_size=BATCH, epochs=EPOCHS, verbose=0)
    hidden, output = ([np.asarray(w) for w in layer.get_weights()] for layer in layers)
    return StrokeJudge(blank.mean, blank.spread, *hidden, output[0][:, 0], output[1][0])


def main() -> None:
    model, count = load_model(sys.argv[1]), int(sys.argv[2])
    sheets = read_sheets(model, count, Path(sys.argv[3]) if len(sys.argv) > 3 else None)
    kept = round((1 - HELD_OUT) * len(sheets))
    columns, labels, weights = (np.concatenate(c) for c in zip(*sheets[kept:], strict=True))
    said = fit(*(np.concatenate(c) for c in zip(*sheets[:kept], strict=True))).odds(columns) >= 0
    map_says = columns[:, PIECE_FEATURES.index("map along piece")] >= 0
    look_says = columns[:, PIECE_FEATURES.index("look")] >= 0
    print(f"of {len(labels)} pieces of {len(sheets) - kept} sheets left out are judged right, by length: "
          + ", ".join(f"{np.average(answer == labels, weights=weights):.4f} by {name}" for name, answer in (
              ("the judge", said), ("the map alone", map_says), ("the look alone", look_says))))
    judge = fit(*(np.concatenate(c) for c in zip(*sheets, strict=True)))
    with replacing(PLACE) as temporary:
        np.savez(temporary, features=np.array(PIECE_FEATURES), **judge._asdict())
    print(f"wrote {PLACE}")


if __name__ == "__main__":
    main()
