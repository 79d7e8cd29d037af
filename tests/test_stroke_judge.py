"""The judge of strokes: its sums by hand, its features of a hand-made sheet, its file."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import draw_tiny_sheet

from bar_pieces import cut_bars
from hough_detection import classic_features, find_candidates
from stroke_judge import PIECE_FEATURES, StrokeJudge, load_judge, piece_columns
from wire_geometry import draw_segments

SAME = np.eye(2, 3)


def test_odds_by_hand():
    judge = StrokeJudge(np.array([1.0, 0.0]), np.array([2.0, 1.0]), np.array([[1.0, -1.0], [0.5, 0.0]]),
                        np.array([0.0, 0.25]), np.array([2.0, 3.0]), np.array(-1.0))
    # (3 - 1) / 2 = 1 and 4: hidden 1 + 2 = 3 and -1 + 0.25 -> 0; 2 * 3 - 1 = 5
    # 100 is cut to 5 spreads and 0: hidden 5 and -4.75 -> 0; 2 * 5 - 1 = 9
    np.testing.assert_allclose(judge.odds(np.array([[3.0, 4.0], [100.0, 0.0]])), [5, 9])


def columns_of(seed: int):
    grey, truth = draw_tiny_sheet(seed)
    wire = np.where(draw_segments(grey.shape, truth.wires, 3), 0.9, 0.1).astype(np.float32)
    found = find_candidates(grey)
    pieces = cut_bars(found.bars, wire, SAME, found.stroke_px)
    return found, pieces, piece_columns(found, pieces, classic_features(found)), truth


def test_features_say_what_the_map_says_along_a_stroke_and_around_it():
    _, pieces, columns, truth = columns_of(0)
    column = {name: columns[:, PIECE_FEATURES.index(name)] for name in PIECE_FEATURES}
    assert columns.shape == (len(pieces.bars), len(PIECE_FEATURES)) and np.isfinite(columns).all()
    on_wire = np.isin(np.round(pieces.bars.offset), np.round([truth.wires[0, 1], truth.wires[1, 0]]))
    odds = np.log(9.0)
    np.testing.assert_allclose(column["map along piece"][on_wire], odds, atol=0.2)
    np.testing.assert_allclose(column["map along piece"][~on_wire], -odds, atol=0.6)
    assert (column["share of bar"] == 1).all() and column["first"].all() and column["last"].all()
    upright = pieces.bars.upright & on_wire  # it ends on the other wire in a dot
    assert column["dotted neighbours"][upright].tolist() == [1]
    assert column["map of dotted neighbours"][upright] == pytest.approx(odds, abs=0.2)


def test_a_sheet_without_strokes_has_no_rows():
    found = find_candidates(np.full((60, 60), 255, np.uint8))
    pieces = cut_bars(found.bars, np.zeros((60, 60), np.float32), SAME, 2.0)
    assert piece_columns(found, pieces, classic_features(found)).shape == (0, len(PIECE_FEATURES))


def test_the_shipped_judge_knows_a_wire_from_a_box():
    _, pieces, columns, truth = columns_of(1)
    on_wire = np.isin(np.round(pieces.bars.offset), np.round([truth.wires[0, 1], truth.wires[1, 0]]))
    assert ((load_judge().odds(columns) > 0) == on_wire).all()


def test_a_judge_of_other_features_or_a_damaged_one_is_refused(tmp_path):
    fields = {name: np.zeros(1) for name in StrokeJudge._fields}
    np.savez(tmp_path / "other.npz", features=np.array(["length"]), **fields)
    with pytest.raises(ValueError, match="other features"):
        load_judge(tmp_path / "other.npz")
    (tmp_path / "text.npz").write_text("no archive")
    with pytest.raises(ValueError, match="text.npz"):
        load_judge(tmp_path / "text.npz")
    with pytest.raises(ValueError, match="none.npz"):
        load_judge(tmp_path / "none.npz")
