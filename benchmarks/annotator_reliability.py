"""How often wires and junctions of a stated confidence are right: a table, and a plot where a path is given.

    python -m benchmarks.annotator_reliability BENCHMARK [PLOT.png]
    python -m benchmarks.annotator_reliability 300

The folder needs images/STEM.png and truth/STEM.json; a number is of sheets to draw, other ones than the tables were
fitted on. Judged are all straight strokes that may be wires, by the tables
that the annotator uses (it writes those of at least 0.5), and the junctions that it writes. A wire is right when more
than half of it, leads and buses left out, lies on true wires; a junction when a true one lies within its tolerance.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from joblib import Parallel, delayed
from tqdm import tqdm

from benchmarks.annotator_ablation import read_truth
from benchmarks.annotator_fit import DEGRADATION, label_bars
from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.confidence import bar_confidences
from wire_detection.classic.detect import read_candidates
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.sheets.image_files import read_image

FIRST_SEED = 70_000
EDGES = np.array([0.0, 0.1, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99, 1.0])
"""Of the bins of stated confidence."""


def judged_image(image: Path) -> tuple[np.ndarray, ...]:
    """`judged_sheet` of an image of a benchmark's folder."""
    grey = read_image(image)
    return judged_sheet(image.stem, grey, read_truth(image, grey.shape))


def judged_drawing(seed: int) -> tuple[np.ndarray, ...]:
    """`judged_sheet` of a drawn sheet."""
    return judged_sheet(f"{seed}", *draw_sheet(seed, degradation=DEGRADATION))


def judged_sheet(name: str, grey: np.ndarray, truth: Annotation) -> tuple[np.ndarray, ...]:
    """Confidence and truth of all bars, then of all junctions, of a sheet."""
    cv2.setNumThreads(1)
    sheet = label_bars(name, grey, truth)
    candidates = sheet["candidates"]
    confidences = bar_confidences(sheet["features"], candidates.bars, candidates.contacts, candidates.stroke_px)
    counts = sheet["ignored"] < 0.8
    right = sheet["wire"] > 0.5 * (1 - sheet["ignored"])
    written = read_candidates(candidates, confidences, grey.shape)
    reach = max(3.0, 2 * truth.stroke_width)
    near = np.linalg.norm(written.junctions[:, None] - truth.junctions[None], axis=-1) <= reach
    return confidences[counts], right[counts], written.junction_confidences, near.any(1)


def judged_sheets(place: str) -> tuple[np.ndarray, ...]:
    """`judged_sheet` of all sheets of a folder, or of as many drawn ones as a number says, one after the other."""
    if place.isdecimal():
        judged, sheets = judged_drawing, range(FIRST_SEED, FIRST_SEED + int(place))
    else:
        judged, sheets = judged_image, sorted((Path(place) / "images").glob("*.png"))
    rows = Parallel(n_jobs=-1)(delayed(judged)(sheet) for sheet in tqdm(sheets, unit="sheet"))
    return tuple(np.concatenate(column) for column in zip(*rows, strict=True))


def reliability(confidences: np.ndarray, right: np.ndarray) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, count) of each bin of EDGES that holds anything."""
    bins = np.clip(np.digitize(confidences, EDGES) - 1, 0, len(EDGES) - 2)
    return [
        (float(confidences[bins == b].mean()), float(right[bins == b].mean()), int((bins == b).sum()))
        for b in range(len(EDGES) - 1)
        if (bins == b).any()
    ]


def plot(path: Path, tables: dict[str, list[tuple[float, float, int]]]) -> None:
    """Share right over stated confidence, a line for each table."""
    from matplotlib.figure import Figure

    axes = (figure := Figure((4.5, 4.5), layout="constrained")).subplots()
    axes.plot((0, 1), (0, 1), color="grey", linestyle=":")
    for name, rows in tables.items():
        axes.plot([r[0] for r in rows], [r[1] for r in rows], marker="o", label=name)
    axes.set(xlabel="stated confidence", ylabel="share that is right", title="Wires and junctions of the annotator")
    axes.legend()
    figure.savefig(path, dpi=120)


def main() -> None:
    wires, wires_right, junctions, junctions_right = judged_sheets(sys.argv[1])
    tables = {"wires": reliability(wires, wires_right), "junctions": reliability(junctions, junctions_right)}
    for name, rows in tables.items():
        print(f"{name:12} stated  right  count")
        for stated, right, count in rows:
            print(f"{'':12} {stated:6.3f} {right:6.3f} {count:6d}")
    if len(sys.argv) > 2:
        plot(Path(sys.argv[2]), tables)


if __name__ == "__main__":
    main()
