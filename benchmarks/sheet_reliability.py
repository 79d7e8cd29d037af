"""How good the readings of sheets are that state some confidence.

    python train_wire_detection.py --predict BENCHMARK/images --experiment_dir OUT
    python -m benchmarks.sheet_reliability BENCHMARK OUT/predictions/annotations [FOLDER ANNOTATIONS ...]

Each folder needs images/STEM.png and truth/STEM.json; what stands after it are the annotations of its images that
--predict wrote. Sheets that were not read are left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.annotator_ablation import read_truth
from wire_detection.annotations.annotation_file import read_annotation
from wire_detection.scoring.wire_metrics import score_sheet

EDGES = np.array([0.0, 0.5, 0.8, 0.9, 0.95, 1.0])
"""Of the bins of stated confidence."""

GOOD_F1 = 0.9
"""The wire F1 from which on a reading counts as good."""


def scored_readings(folder: Path, annotations: Path) -> list[tuple[float, float]]:
    """(stated confidence, wire F1) of each sheet of a folder that was read."""
    rows = []
    for truth in sorted((folder / "truth").glob("*.json")):
        written = annotations / truth.name
        if written.exists():
            found = read_annotation(written)
            image = folder / "images" / f"{truth.stem}.png"
            score = score_sheet(read_truth(image, found.image_shape), found)["wire"].score
            rows.append((found.metadata["confidence"], score))
    return rows


def format_table(confidences: np.ndarray, scores: np.ndarray) -> str:
    """A row a bin of confidence: how many sheets, their mean wire F1, and the share that is good."""
    lines = [f"{'stated':>12} {'sheets':>7} {'mean F1':>8} {'good':>6}"]
    bins = np.clip(np.digitize(confidences, EDGES) - 1, 0, len(EDGES) - 2)
    for number in np.unique(bins):
        low, high, inside = EDGES[number], EDGES[number + 1], scores[bins == number]
        good = (inside >= GOOD_F1).mean()
        lines.append(f"{low:5.2f} - {high:4.2f} {len(inside):7} {inside.mean():8.3f} {good:6.2f}")
    sure = scores[confidences >= GOOD_F1]
    good = int((sure >= GOOD_F1).sum())
    lines.append(f"{good} of the {len(sure)} sheets of {GOOD_F1} and more have a wire F1 of {GOOD_F1} and more")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    places = [Path(argument) for argument in sys.argv[1:]]
    rows = [row for pair in zip(places[::2], places[1::2], strict=True) for row in scored_readings(*pair)]
    print(format_table(*np.array(rows).T))


if __name__ == "__main__":
    main()
