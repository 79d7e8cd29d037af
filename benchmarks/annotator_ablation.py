"""What each step of the annotator is worth: its scores with all steps, and with each of them left out.

    python -m benchmarks.annotator_ablation BENCHMARK [--only STEP ...]

The folder needs images/STEM.png and truth/STEM.json. Scores are means over the sheets; time is CPU seconds per
megapixel on one core. The logistic tables stay as fitted with all steps.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from joblib import Parallel, delayed

from wire_detection.annotations.annotation import Annotation
from wire_detection.classic import confidence
from wire_detection.classic import detect as detection
from wire_detection.classic.dots import Blobs, dots_and_squares
from wire_detection.scoring.summary import summarise
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.image_files import read_image

NO_BLOBS = Blobs(np.zeros((0, 2), np.float32), *(np.zeros(0, np.float32) for _ in range(4)))


def without_features(*names: str) -> Callable[[], None]:
    """A step that takes these features for absent on every bar."""

    def patch() -> None:
        whole = detection.features

        def features(*args):
            values = whole(*args)
            return values | {name: np.zeros_like(values[name]) for name in names}

        detection.features = features

    return patch


def replaced(name: str, function: Callable) -> Callable[[], None]:
    """A step that puts `function` in the place of what detect.py calls `name`."""
    return lambda: setattr(detection, name, function)


def global_darkness(grey: np.ndarray) -> np.ndarray:
    return 1 - grey.astype(np.float32) / max(int(grey.max()), 1)


def own_logit_only() -> None:
    confidence.neighbour_features = lambda logits, bars, contacts, stroke: logits[:, None] * (1, 1, 0, 0)


STEPS: dict[str, Callable[[], None]] = {
    "all steps": lambda: None,
    "no local threshold": replaced("sheet_darkness", global_darkness),
    "no deskew": replaced("skew_angle_deg", lambda ink, stroke: 0.0),
    "no stroke width (2 px)": replaced("stroke_width_of", lambda dark: 2.0),
    "no letter filter": replaced("without_letters", lambda ink, stroke: ink),
    "no thick or thin lines": without_features("wide", "thin", "group thick"),
    "no boxes": without_features("box", "group box", "inside box", "open box"),
    "no frames": without_features("frame", "across"),
    "no undotted stems": without_features("stems", "group stems"),
    "no loose lines": without_features("loose", "isolated"),
    "no plates and letters": without_features("twins", "clutter", "short"),
    "no pin marks": replaced("dots_and_squares", lambda *args: (dots_and_squares(*args)[0], NO_BLOBS)),
    "no neighbours": own_logit_only,
    "no cut at plates": replaced("cut_at_plates", lambda wires, bars, chosen, stroke: (wires, np.arange(len(wires)))),
    "no slanted wires": replaced("slanted_wires", lambda *args: (np.zeros((0, 4), np.float32), np.zeros((0, 2), int))),
    "bars alone": replaced("bar_confidences", lambda columns, bars, *args: np.ones(len(bars), np.float32)),
}


def scored(image: Path, step: str) -> tuple[str, dict, float]:
    """Scores of one sheet with a step left out, and the CPU seconds per megapixel that it took."""
    cv2.setNumThreads(1)
    original = dict(vars(detection)), dict(vars(confidence))
    try:
        STEPS[step]()
        grey = read_image(image)
        begun = time.process_time()
        found = detection.detect_wires(grey)
        seconds = time.process_time() - begun
    finally:
        vars(detection).update(original[0])
        vars(confidence).update(original[1])
    return image.stem, score_sheet(read_truth(image, grey.shape), found), seconds / grey.size * 1e6


def read_truth(image: Path, shape: tuple[int, int]) -> Annotation:
    """What truth/STEM.json beside the folder of `image` says of that sheet of `shape` (height, width)."""
    truth = json.loads((image.parents[1] / "truth" / f"{image.stem}.json").read_text(encoding="utf-8"))
    return Annotation.build(
        image_path=image.name,
        image_shape=shape,
        wires=truth["wires"],
        junctions=truth["junctions"],
        pins=truth["pins"],
        buses=truth["buses"] + truth["bus_entries"],
        metadata={"stroke_width": truth["wire_width_px"]},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="holds images/ and truth/")
    parser.add_argument("--only", nargs="+", choices=STEPS, default=list(STEPS), metavar="STEP")
    arguments = parser.parse_args()
    images = sorted((arguments.folder / "images").glob("*.png"))
    print(f"{'':24} wire P     R    F1  worst  segment  junction   net  s/Mpx")
    for step in arguments.only:
        rows = Parallel(n_jobs=2)(delayed(scored)(image, step) for image in images)
        summary = summarise({stem: scores for stem, scores, _ in rows})
        wire = summary["wire"].mean
        print(
            f"{step:24} {wire['precision']:6.3f} {wire['recall']:5.3f} {wire['f1']:5.3f}  "
            f"{summary['wire'].worst_score:5.3f}    {summary['segment'].mean['f1']:5.3f}     "
            f"{summary['junction'].mean['f1']:5.3f} {summary['net'].mean['share']:5.3f}  "
            f"{np.mean([seconds for *_, seconds in rows]):5.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
