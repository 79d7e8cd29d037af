"""What a training on some sheets of one kind buys on others of that kind: without labels, with exact ones.

    python -m benchmarks.domains FOLDER [--prefix xschem_] [--seeds 0 1 2] [--minutes 3] [--keep OUT]

The folder needs images/STEM.png and truth/STEM.json. For each seed a random half of its sheets is trained on, from the
shipped weights, and the others are read: by the shipped reader, and by the model that each training recommends. "no
labels" is what `--data_dir SHEETS` does by default; "classic labels" takes `--annotator classic`, "exact labels" the
truth. Prints the mean of each score, and what each training gains on the shipped reader with the 95 % interval.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.annotator_ablation import read_truth
from wire_detection import defaults
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.networks.runtimes import load_model, model_file
from wire_detection.paths import CHECKOUT
from wire_detection.reading.read_sheet import predict_sheet
from wire_detection.scoring.summary import compare_runs, summarise
from wire_detection.scoring.wire_metrics import SheetScores, score_sheet
from wire_detection.sheets.image_files import read_picture

SCORES = ("wire", "segment", "junction", "net")

SHIPPED, EXACT = "shipped reader", "exact labels"
TRAININGS = {"classic labels": ["--annotator", "classic"], "no labels": [], EXACT: []}
"""What is trained -> flags that say who annotates; of EXACT the annotations are there before."""


def train(images: list[Path], labels: str, folder: Path, minutes: float, seed: int) -> Path:
    """Train on these images as a user does, in `folder`; the recommended model."""
    sheets, annotations, run = (folder / name for name in ("sheets", "annotations", "run"))
    sheets.mkdir(parents=True)
    for image in images:
        shutil.copy(image, sheets)
        if labels == EXACT:
            write_annotation(read_truth(image, read_picture(image).grey.shape), annotations / f"{image.stem}.json")
    command = [
        *(sys.executable, "train_wire_detection.py", "--data_dir", sheets, "--annotation_dir", annotations),
        *("--experiment_dir", run, "--max_minutes", minutes, "--seed", seed, *TRAININGS[labels]),
    ]
    subprocess.run([str(part) for part in command], cwd=CHECKOUT, check=True)
    return run / "models" / f"{defaults.MODEL_TYPE}_best.h5"


def read_all(path: Path, images: list[Path]) -> dict[str, SheetScores]:
    """The scores of the model in a file on each of these sheets."""
    model, scores = load_model(path), {}
    for image in tqdm(images, desc=path.parent.parent.parent.name, unit="sheet"):
        picture = read_picture(image)
        scores[image.stem] = score_sheet(read_truth(image, picture.grey.shape), predict_sheet(model, picture))
    return scores


def print_table(scores: dict[str, dict[str, SheetScores]]) -> None:
    """A row for each reader: the mean of each score, and the gain on the shipped reader with its interval."""
    for reader, rows in scores.items():
        summary, cells = summarise(rows), []
        for score in SCORES:
            mean = next(summary[score].mean[key] for key in ("f1", "share") if key in summary[score].mean)
            gain, (low, high) = compare_runs(scores[SHIPPED], rows, score)
            gained = "" if reader == SHIPPED else f" {gain:+.4f} ({low:+.4f} to {high:+.4f})"
            cells.append(f"{score} {mean:.4f}{gained}")
        print(f"{reader:15} " + "; ".join(cells), flush=True)


def main() -> None:
    """Train, read, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--prefix", default="", help="of the names of the sheets that are taken")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--minutes", type=float, default=3.0, help="of each training, without its scoring")
    parser.add_argument("--only", nargs="+", choices=TRAININGS, default=list(TRAININGS))
    parser.add_argument("--keep", type=Path, help="folder in which the runs stay")
    arguments = parser.parse_args()
    images = sorted((arguments.folder.resolve() / "images").glob(f"{arguments.prefix}*.png"))
    shipped = model_file(defaults.PRETRAINED, defaults.MODEL_TYPE, defaults.MODEL_SIZE, defaults.KERAS)
    scores = defaultdict(dict)
    with tempfile.TemporaryDirectory() as place:
        for seed in arguments.seeds:
            order = np.random.default_rng(seed).permutation(len(images))
            mine, others = ([images[i] for i in part] for part in np.array_split(order, 2))
            models = {SHIPPED: shipped}
            for labels in arguments.only:
                folder = (arguments.keep or Path(place)) / str(seed) / labels.replace(" ", "_")
                models[labels] = train(mine, labels, folder.resolve(), arguments.minutes, seed)
            for reader, model in models.items():
                scores[reader].update({f"{seed} {name}": one for name, one in read_all(model, others).items()})
            print(f"\nafter seed {seed}, {len(mine)} sheets trained on, {len(others)} read")
            print_table(scores)


if __name__ == "__main__":
    main()
