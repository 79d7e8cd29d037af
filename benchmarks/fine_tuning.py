"""Does training on ten sheets of one kind make the pretrained network better on others of that kind?

    python -m benchmarks.fine_tuning BENCHMARK xschem_ [FOLDER]

The folder needs images/ and annotations/; of the sheets whose names begin with the prefix the first ten are trained on
and the others are scored, with the pretrained weights and with the tuned ones.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from wire_detection.paths import CHECKOUT

TRAINED_ON = 10
TRAINING = ["--epochs", "12", "--learning_rate", "3e-4", "--image_size", "512", "512"]


def copy_sheets(source: Path, names: list[str], target: Path) -> None:
    for kind, suffix in (("images", ".png"), ("annotations", ".json")):
        (target / kind).mkdir(parents=True)
        for name in names:
            shutil.copy(source / kind / f"{name}{suffix}", target / kind)


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, "train_wire_detection.py", *map(str, arguments)], cwd=CHECKOUT, check=True)


def score(model: Path, sheets: Path, folder: Path) -> dict:
    run(
        "--evaluate",
        model,
        "--data_dir",
        sheets / "images",
        "--annotation_dir",
        sheets / "annotations",
        "--experiment_dir",
        folder,
    )
    content = json.loads((folder / "evaluation.json").read_text())
    return {"together": content["scores"], "map alone": next(v for k, v in content["compared"].items() if "alone" in k)}


def main() -> None:
    source, prefix = Path(sys.argv[1]).resolve(), sys.argv[2]
    work = Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp()).resolve()
    names = sorted(path.stem for path in (source / "images").glob(f"{prefix}*.png"))
    copy_sheets(source, names[:TRAINED_ON], work / "mine")
    copy_sheets(source, names[TRAINED_ON:], work / "others")
    run(
        "--data_dir",
        work / "mine" / "images",
        "--annotation_dir",
        work / "mine" / "annotations",
        "--experiment_dir",
        work / "run",
        *TRAINING,
    )
    pretrained = score(CHECKOUT / "pretrained" / "unet_small.h5", work / "others", work / "before")
    tuned = score(work / "run" / "models" / "unet_best.h5", work / "others", work / "after")
    print(f"{len(names) - TRAINED_ON} sheets not trained on: wire F1, junction F1")
    for name, scores in (("pretrained", pretrained), ("tuned", tuned)):
        for method, values in scores.items():
            print(f"{name:12} {method:10} {values['wire']['mean']['f1']:.3f} {values['junction']['mean']['f1']:.3f}")


if __name__ == "__main__":
    main()
