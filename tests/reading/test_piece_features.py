"""What is known of a piece of a stroke: the features of hand-made sheets."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.sheets import draw_tiny_sheet
from wire_detection.classic.detect import classic_features, find_candidates
from wire_detection.reading.piece_features import (
    context_features,
    ink_beside,
    piece_features,
)
from wire_detection.reading.pieces import cut_bars
from wire_detection.sheets.raster import draw_segments

SAME = np.eye(2, 3)


def columns_of(seed: int):
    grey, truth = draw_tiny_sheet(seed)
    wire = np.where(draw_segments(grey.shape, truth.wires, 3), 0.9, 0.1).astype(np.float32)
    candidates = find_candidates(grey)
    pieces = cut_bars(candidates.bars, wire, SAME, candidates.stroke_px)
    return candidates, pieces, piece_features(candidates, pieces, classic_features(candidates)), truth


def test_features_say_what_the_map_says_along_a_stroke_and_around_it():
    _, pieces, column, truth = columns_of(0)
    assert all(values.shape == (len(pieces.bars),) and np.isfinite(values).all() for values in column.values())
    on_wire = np.isin(np.round(pieces.bars.offset), np.round([truth.wires[0, 1], truth.wires[1, 0]]))
    logits = np.log(9.0)
    np.testing.assert_allclose(column["map along piece"][on_wire], logits, atol=0.2)
    np.testing.assert_allclose(column["map along piece"][~on_wire], -logits, atol=0.6)
    assert (column["share of bar"] == 1).all() and column["first"].all() and column["last"].all()
    vertical = pieces.bars.vertical & on_wire  # it ends on the other wire in a dot
    assert column["dotted neighbours"][vertical].tolist() == [1]
    assert column["map of dotted neighbours"][vertical] == pytest.approx(logits, abs=0.2)


def test_context_says_what_was_said_of_the_strokes_around():
    candidates, pieces, _, truth = columns_of(0)
    on_wire = np.isin(np.round(pieces.bars.offset), np.round([truth.wires[0, 1], truth.wires[1, 0]]))
    logits = np.where(on_wire, np.where(pieces.bars.vertical, 3.0, 1.0), -9.0)
    column = context_features(candidates, pieces, classic_features(candidates), logits)
    horizontal, vertical = on_wire & ~pieces.bars.vertical, on_wire & pieces.bars.vertical
    assert column["logit"][vertical].tolist() == [3] and column["logit"][~on_wire].max() == -6  # never surer than that
    assert column["logit of dotted neighbours"][vertical].tolist() == [1]
    assert column["bars of component"][horizontal] == pytest.approx(np.log(3))  # both wires: log(1 + 2)
    lengths = pieces.bars.length[horizontal][0], pieces.bars.length[vertical][0]
    mean = (1 * lengths[0] + 3 * lengths[1]) / sum(lengths)
    assert column["logit along component"][horizontal] == pytest.approx(mean, abs=1e-4)
    assert (column["logit before"] == 0).all() and (column["logit after"] == 0).all()  # no bar is cut


def test_pieces_of_one_bar_know_one_another():
    grey = np.full((80, 200), 255, np.uint8)
    grey[39:41, 20:180] = 0
    wire = np.zeros(grey.shape, np.float32)
    wire[:, :100] = 0.95
    candidates = find_candidates(grey)
    pieces = cut_bars(candidates.bars, wire, SAME, candidates.stroke_px)
    column = context_features(candidates, pieces, classic_features(candidates), np.array([2.0, -1.0]))
    assert column["logit before"].tolist() == [0, 2]
    assert column["logit after"].tolist() == [-1, 0]


def test_a_sheet_without_strokes_has_no_rows():
    candidates = find_candidates(np.full((60, 60), 255, np.uint8))
    pieces = cut_bars(candidates.bars, np.zeros((60, 60), np.float32), SAME, 2.0)
    stroke_features = classic_features(candidates)
    for column in (
        piece_features(candidates, pieces, stroke_features),
        context_features(candidates, pieces, stroke_features, np.zeros(0)),
    ):
        assert column and all(values.shape == (0,) and values.dtype == np.float32 for values in column.values())


def test_words_are_seen_above_and_below_a_stroke():
    grey = np.full((120, 240), 255, np.uint8)
    grey[59:61, 20:180] = 0
    candidates = find_candidates(grey)
    ink = candidates.ink.copy()
    ink[64, 20:100] = 1  # 4.5 px below: close, under the first half
    ink[48, 140:180] = 1  # 11.5 px above: farther, over the last quarter
    beside = ink_beside(candidates.bars, ink, 2.0)
    expected = {"ink close above": 0, "ink above": 0.25, "ink close below": 0.5, "ink below": 0}
    assert {name: share.tolist() for name, share in beside.items()} == {
        name: [pytest.approx(share, abs=0.04)] for name, share in expected.items()
    }
