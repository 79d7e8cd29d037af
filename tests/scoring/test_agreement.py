"""The scores of two hand-made sheets against the counts of an independent scorer.

Another program with other code (distance transforms instead of discs, loops instead of arrays) counted what stands in
TABLE; `python -m benchmarks.scorer_agreement BENCHMARK` compares with such a program on whole sheets.
"""

from __future__ import annotations

from dataclasses import astuple

import cv2
import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.scoring.wire_metrics import score_sheet

TRUTHS = {
    "thin": Annotation.build(
        image_path="",
        image_shape=(160, 240),
        wires=[
            [20, 20, 120, 20],
            [120, 20, 120, 90],
            [70, 20, 70, 60],
            [70, 60, 150, 60],
            [150, 60, 150, 140],
            [20, 110.5, 220, 110.5],
            [180, 30, 230, 60],
        ],
        junctions=[[70, 20], [150, 110.5]],
        pins=[[120, 90, 120, 102], [20, 20, 8, 20]],
        buses=[[200, 70, 200, 150], [190, 110.5, 200, 120.5]],
        metadata={"stroke_width": 1.35},
    ),
    "thick": Annotation.build(
        image_path="",
        image_shape=(200, 300),
        wires=[
            [30, 40, 270, 40],
            [150, 40, 150, 160],
            [30, 160, 270, 160],
            [80, 100, 220, 100],
            [270, 40, 270, 160],
        ],
        junctions=[[150, 40], [150, 160], [270, 160]],
        pins=[[30, 40, 14, 40], [30, 160, 14, 160], [220, 100, 240, 100]],
        metadata={"stroke_width": 4.6},
    ),
}
"""Corners, a T, a crossing with a dot and one without, a slant, leads, a bus: with strokes of 1.35 px and of 4.6 px."""


def predictions(truth: Annotation) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Name -> wires (N, 4) and junctions (M, 2) that a reader might give for this sheet."""
    wires, junctions, pins = (values.astype(float) for values in (truth.wires, truth.junctions, truth.pins))
    middles = (wires[:, :2] + wires[:, 2:]) / 2
    symbol = [[8, 12, 8, 32], [110, 102, 130, 102], [110, 102, 110, 118]]
    return {
        "nothing": (wires[:0], junctions[:0]),
        "exact": (wires, junctions),
        "shifted": (wires + [1.5, -1, 1.5, -1], junctions + 2.5),
        "shifted far": (wires + [3.3, -2.4, 3.3, -2.4], junctions + 5.3),
        "in halves": (
            np.concatenate([np.c_[wires[:, :2], middles], np.c_[middles + [0.4, 0.8], wires[:, 2:]]]),
            junctions[::-1],
        ),
        "with leads and a symbol": (
            np.concatenate([wires, pins, symbol]),
            np.concatenate([junctions, [[40, 60], [71, 21]]]),
        ),
        "every other": (wires[::2], junctions[:1]),
    }


TABLE = """
sheet | prediction              | wire            | segment  | junction | net | net_covered | iou       | junction_iou
thin  | nothing                 | 0 0 0 621       | 0 0 0 7  | 0 0 0 2  | 0 2 | 0 2         | 0 621     | 0 58
thin  | exact                   | 621 621 621 621 | 7 7 7 7  | 2 2 2 2  | 2 2 | 2 2         | 621 1894  | 46 1906
thin  | shifted                 | 607 621 605 621 | 7 7 7 7  | 0 2 0 2  | 0 2 | 0 2         | 391 2122  | 42 1910
thin  | shifted far             | 194 606 190 621 | 0 9 0 7  | 0 2 0 2  | 0 2 | 0 2         | 15 2474   | 30 1922
thin  | in halves               | 623 623 621 621 | 6 8 6 7  | 2 2 2 2  | 2 2 | 2 2         | 621 1878  | 45 1891
thin  | with leads and a symbol | 629 664 621 621 | 7 12 7 7 | 2 4 2 2  | 2 2 | 2 2         | 621 2018  | 46 2132
thin  | every other             | 273 273 283 621 | 4 4 4 7  | 1 1 1 2  | 1 2 | 1 2         | 278 1208  | 38 885
thick | nothing                 | 0 0 0 860       | 0 0 0 5  | 0 0 0 3  | 0 2 | 0 2         | 0 5970    | 0 759
thick | exact                   | 860 860 860 860 | 5 5 5 5  | 3 3 3 3  | 2 2 | 2 2         | 2570 5970 | 202 3127
thick | shifted                 | 860 860 860 860 | 5 5 5 5  | 3 3 3 3  | 2 2 | 2 2         | 2568 5972 | 202 3127
thick | shifted far             | 860 860 860 860 | 5 5 5 5  | 3 3 3 3  | 2 2 | 2 2         | 2332 6208 | 197 3132
thick | in halves               | 861 861 860 860 | 5 5 5 5  | 3 3 3 3  | 0 2 | 2 2         | 2571 5970 | 203 3127
thick | with leads and a symbol | 895 930 860 860 | 5 7 5 5  | 3 5 3 3  | 2 2 | 2 2         | 2633 6096 | 202 3439
thick | every other             | 601 601 609 860 | 3 3 3 5  | 1 1 1 3  | 0 2 | 0 2         | 1803 5970 | 158 2404
"""
"""What the independent scorer counts: predicted hits, predicted, true hits and true of wires, segments and junctions,
and part and whole of the shares."""

NAMES, *ROWS = ([cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: "-".join(row[:2]))
def test_every_count_agrees(row):
    sheet, prediction, *cells = row
    truth = TRUTHS[sheet]
    wires, junctions = predictions(truth)[prediction]
    mask = np.zeros(truth.image_shape, np.uint8)
    for x0, y0, x1, y1 in np.rint(wires).astype(int).tolist():
        cv2.line(mask, (x0, y0), (x1, y1), 1, 2)
    found = Annotation.build(image_path="", image_shape=truth.image_shape, wires=wires, junctions=junctions)
    scores = score_sheet(truth, found, wire_mask=mask > 0, junction_mask=mask > 0)
    counted = {name: astuple(scores[name]) for name in NAMES[2:]}
    assert counted == {name: tuple(map(int, cell.split())) for name, cell in zip(NAMES[2:], cells, strict=True)}
