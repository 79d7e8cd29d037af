"""By how much the shipped reader beats the rules alone, sheet by sheet.

    python -m benchmarks.gain_over_rules BENCHMARK

The folder needs images/STEM.png and truth/STEM.json. Prints the mean of the differences of each score and its 95 %
interval; above 0, the network and the classifiers earn their keep.
"""

from __future__ import annotations

import sys
from pathlib import Path

from joblib import Parallel, delayed
from tqdm import tqdm

from benchmarks.annotator_ablation import read_truth
from wire_detection.classic.annotate_sheet import annotate_sheet
from wire_detection.reading.read_sheet import read_sheet
from wire_detection.scoring.summary import compare_runs
from wire_detection.scoring.wire_metrics import SheetScores, score_sheet
from wire_detection.sheets.image_files import read_image

SCORES = ("wire", "segment", "junction", "net")


def scored(image: Path) -> tuple[SheetScores, SheetScores]:
    """The scores of the rules, and of the shipped reader, on one sheet."""
    grey = read_image(image)
    truth = read_truth(image, grey.shape)
    return score_sheet(truth, annotate_sheet(grey, image.name)), score_sheet(truth, read_sheet(image))


def main() -> None:
    """Print the table."""
    images = sorted((Path(sys.argv[1]) / "images").glob("*.png"))
    rows = Parallel(n_jobs=-1, return_as="generator")(delayed(scored)(image) for image in images)
    rules, reader = ({}, {})
    for image, (one, other) in zip(images, tqdm(rows, total=len(images), unit="sheet"), strict=True):
        rules[image.stem], reader[image.stem] = one, other
    for score in SCORES:
        gain, (low, high) = compare_runs(rules, reader, score)
        print(f"{score:9} {gain:+.3f}  {low:+.3f} to {high:+.3f}")


if __name__ == "__main__":
    main()
