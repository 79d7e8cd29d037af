"""The scores against those of an independent scorer, on every sheet of a benchmark where that lies beside the checkout.

The scorer and its sheets are no part of this package; without them these tests are skipped.
"""

from __future__ import annotations

import functools
import importlib.util
import json

import cv2
import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.paths import CHECKOUT
from wire_detection.scoring.wire_metrics import score_sheet

BENCHMARK = CHECKOUT.parent / "shared" / "benchmark"
SHEETS = sorted((BENCHMARK / "truth").glob("*.json"))
AGREEMENT = 0.002

pytestmark = pytest.mark.skipif(not SHEETS, reason="the benchmark's folder is not here")


@functools.cache
def scorer():
    spec = importlib.util.spec_from_file_location("independent_scorer", BENCHMARK / "score.py")
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


def by_hough(truth, rng):
    grey = cv2.imread(str(BENCHMARK / "images" / truth["image"]), cv2.IMREAD_GRAYSCALE)
    cv2.setRNGSeed(1)
    found = cv2.HoughLinesP((grey < 160).astype(np.uint8), 1, np.pi / 180, 60, minLineLength=30, maxLineGap=3)
    lines = np.zeros((0, 4)) if found is None else found.reshape(-1, 4).astype(float)
    return lines, lines[:200, :2]


def theirs(truth: dict, wires: np.ndarray, junctions: np.ndarray, mask: np.ndarray) -> dict[str, float]:
    module = scorer()
    rows = module.score_one(
        truth, {"wires": wires, "junctions": junctions}, mask.astype(np.uint8) * 255, mask.astype(np.uint8) * 255
    )
    named = {"px": "wire", "seg": "segment", "j": "junction"}
    scores = {
        f"{ours}_{kind}": value
        for name, ours in named.items()
        for kind, value in zip(("precision", "recall", "f1"), module.prf(*rows[name]), strict=True)
    }
    shares = {"net": "net", "net90": "net_covered", "iou": "iou", "jiou": "junction_iou"}
    return scores | {ours: rows[name][0] / rows[name][1] if rows[name][1] else 1.0 for name, ours in shares.items()}


def ours(truth: dict, wires: np.ndarray, junctions: np.ndarray, mask: np.ndarray) -> dict[str, float]:
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


@pytest.mark.parametrize(
    "predict", [exactly, nothing, shifted, shifted_far, at_random, with_all_leads, damaged, by_hough]
)
def test_every_score_of_every_sheet_agrees(predict):
    apart = []
    for number, path in enumerate(SHEETS):
        truth = json.loads(path.read_text())
        wires, junctions = predict(truth, np.random.default_rng(number))
        mask = np.zeros((truth["height"], truth["width"]), np.uint8)
        for x0, y0, x1, y1 in np.rint(wires).astype(int).tolist():
            cv2.line(mask, (x0, y0), (x1, y1), 1, 2)
        expected, found = theirs(truth, wires, junctions, mask > 0), ours(truth, wires, junctions, mask > 0)
        apart += [
            f"{path.stem} {name}: {found[name]:.4f}, expected {value:.4f}"
            for name, value in expected.items()
            if not abs(found[name] - value) <= AGREEMENT
        ]
    assert apart == []
