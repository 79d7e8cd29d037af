"""Whether our scores are those of an independent scorer, on every sheet of a benchmark and for readers of all kinds.

    python -m benchmarks.scorer_agreement BENCHMARK

BENCHMARK holds truth/STEM.json and score.py, whose `score_one` and `prf` count hits by code of their own. Prints every
score that differs by more than AGREEMENT, and how many agree.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

import cv2
import numpy as np
from tqdm import tqdm

from wire_detection.annotations.annotation import Annotation
from wire_detection.scoring.wire_metrics import score_sheet

AGREEMENT = 0.002
"""One tie, decided the other way by a rounding, changes the score of a small sheet by this much."""


def load_scorer(benchmark: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("independent_scorer", benchmark / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def lines_of(wires) -> np.ndarray:
    return np.array(wires, float).reshape(-1, 4)


def exactly(truth, rng):
    return lines_of(truth["wires"]), np.array(truth["junctions"], float).reshape(-1, 2)


def nothing(truth, rng):
    return np.zeros((0, 4)), np.zeros((0, 2))


def shifted(truth, rng):
    wires, junctions = exactly(truth, rng)
    return wires + 1, junctions + 1


def shifted_far(truth, rng):
    """Past the tolerances of many sheets, and on the edge of none, where a rounding would decide."""
    wires, junctions = exactly(truth, rng)
    return wires + [2.3, -1.4, 2.3, -1.4], junctions + 3.3


def at_random(truth, rng):
    size = [truth["width"], truth["height"]]
    starts = rng.uniform(0, 1, (len(truth["wires"]), 2)) * size
    steps = rng.uniform(20, 300, (len(starts), 1)) * np.eye(2)[rng.integers(0, 2, len(starts))]
    return np.concatenate([starts, starts + steps], 1), rng.uniform(0, 1, (len(truth["junctions"]), 2)) * size


def with_all_leads(truth, rng):
    wires, junctions = exactly(truth, rng)
    return np.concatenate([wires, lines_of(truth["pins"]), lines_of(truth["buses"])]), junctions


def damaged(truth, rng):
    """As a detector might see it: cut into pieces, jittered, some missing, leads and strokes of symbols among them."""
    wires, junctions = exactly(truth, rng)
    cut = rng.uniform(0.2, 0.8, (len(wires), 1))
    middles = wires[:, :2] + cut * (wires[:, 2:] - wires[:, :2])
    pieces = np.concatenate([np.c_[wires[:, :2], middles], np.c_[middles, wires[:, 2:]], lines_of(truth["pins"])])
    pieces = pieces[rng.random(len(pieces)) < 0.9] + rng.normal(0, 0.7, (1, 4))
    pieces += rng.normal(0, 0.8, pieces.shape)
    strokes, _ = at_random(truth, rng)
    kept = rng.random(len(junctions)) < 0.9
    return (
        np.concatenate([pieces, strokes[: len(strokes) // 3]]),
        np.concatenate([junctions[kept] + rng.normal(0, 1.5, (kept.sum(), 2)), strokes[:9, :2]]),
    )


def their_scores(
    scorer: ModuleType, truth: dict, wires: np.ndarray, junctions: np.ndarray, mask: np.ndarray
) -> dict[str, float]:
    """What the independent scorer says, by our names."""
    rows = scorer.score_one(
        truth, {"wires": wires, "junctions": junctions}, mask.astype(np.uint8) * 255, mask.astype(np.uint8) * 255
    )
    named = {"px": "wire", "seg": "segment", "j": "junction"}
    scores = {
        f"{ours}_{kind}": value
        for name, ours in named.items()
        for kind, value in zip(("precision", "recall", "f1"), scorer.prf(*rows[name]), strict=True)
    }
    shares = {"net": "net", "net90": "net_covered", "iou": "iou", "jiou": "junction_iou"}
    return scores | {ours: rows[name][0] / rows[name][1] if rows[name][1] else 1.0 for name, ours in shares.items()}


def our_scores(truth: dict, wires: np.ndarray, junctions: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    shape = truth["height"], truth["width"]
    known = Annotation.build(
        image_path="",
        image_shape=shape,
        wires=truth["wires"],
        junctions=truth["junctions"],
        pins=truth["pins"],
        buses=truth["buses"] + truth["bus_entries"],
        metadata={"stroke_width": truth["wire_width_px"]},
    )
    found = Annotation.build(image_path="", image_shape=shape, wires=wires, junctions=junctions)
    scores = score_sheet(known, found, wire_mask=mask, junction_mask=mask)
    return {
        name if kind == "share" else f"{name}_{kind}": value
        for name, score in scores.items()
        for kind, value in score.values().items()
    }


READERS = (exactly, nothing, shifted, shifted_far, at_random, with_all_leads, damaged)


def main() -> None:
    benchmark = Path(sys.argv[1])
    scorer, agreeing = load_scorer(benchmark), 0
    for number, path in enumerate(tqdm(sorted((benchmark / "truth").glob("*.json")), unit="sheet")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        for reader in READERS:
            wires, junctions = reader(truth, np.random.default_rng(number))
            mask = np.zeros((truth["height"], truth["width"]), np.uint8)
            for x0, y0, x1, y1 in np.rint(wires).astype(int).tolist():
                cv2.line(mask, (x0, y0), (x1, y1), 1, 2)
            found = our_scores(truth, wires, junctions, mask > 0)
            for name, value in their_scores(scorer, truth, wires, junctions, mask > 0).items():
                if abs(found[name] - value) <= AGREEMENT:
                    agreeing += 1
                else:
                    print(f"{path.stem} {reader.__name__} {name}: {found[name]:.4f}, independently {value:.4f}")
    print(f"{agreeing} scores agree")


if __name__ == "__main__":
    main()
