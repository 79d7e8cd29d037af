"""Seconds to score one sheet of 3000x2100 pixels with 500 wires, from annotations and with all scores.

python -m benchmarks.scoring_speed
"""

from __future__ import annotations

import time

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.scoring.wire_metrics import score_sheet

WIDTH, HEIGHT, WIRES, JUNCTIONS, STROKE_PX, REPEATS = 3000, 2100, 500, 200, 3.0, 5


def random_sheet(rng: np.random.Generator) -> Annotation:
    """Horizontal and vertical wires of 40 to 600 px on a grid of 20 px; junctions in the middle of some."""
    starts = rng.integers(1, (WIDTH // 20, HEIGHT // 20), (WIRES, 2)) * 20.0
    steps = rng.integers(2, 30, (WIRES, 1)) * 20.0 * np.eye(2)[rng.integers(0, 2, WIRES)]
    ends = np.minimum(starts + steps, (WIDTH - 20, HEIGHT - 20))
    return Annotation.build(
        image_path="sheet.png",
        image_shape=(HEIGHT, WIDTH),
        wires=np.c_[starts, ends],
        junctions=(starts + ends)[:JUNCTIONS] / 2,
        metadata={"stroke_width": STROKE_PX},
    )


def as_detected(truth: Annotation, rng: np.random.Generator) -> Annotation:
    """Each tenth wire missing, the others cut in two and jittered, with fifty strokes that are no wires."""
    wires = truth.wires[rng.random(len(truth.wires)) < 0.9]
    middles = (wires[:, :2] + wires[:, 2:]) / 2
    pieces = np.concatenate([np.c_[wires[:, :2], middles], np.c_[middles, wires[:, 2:]], random_sheet(rng).wires[:50]])
    return Annotation.build(
        image_path="sheet.png",
        image_shape=truth.image_shape,
        wires=pieces + rng.normal(0, 0.7, pieces.shape),
        junctions=truth.junctions + rng.normal(0, 1, truth.junctions.shape),
    )


def main() -> None:
    """Print the median and the longest of some repetitions."""
    rng = np.random.default_rng(0)
    truth = random_sheet(rng)
    found = as_detected(truth, rng)
    seconds = []
    for _ in range(REPEATS):
        begin = time.perf_counter()
        score_sheet(truth, found)
        seconds.append(time.perf_counter() - begin)
    print(
        f"{WIDTH}x{HEIGHT}, {WIRES} true wires, {len(found.wires)} found: "
        f"{np.median(seconds):.2f} s (longest {max(seconds):.2f} s)"
    )


if __name__ == "__main__":
    main()
