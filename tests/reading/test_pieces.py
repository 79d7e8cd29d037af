"""Bars are cut where a map changes for good, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.classic.strokes import EMPTY_BARS, Bars
from wire_detection.reading.pieces import COST_OF_CHANGE, Pieces, clipped_logits, cut_bars, divide, join_alike

SAME = np.eye(2, 3)


def one_bar(low: float, high: float, offset: float, vertical: bool = False) -> Bars:
    return Bars(np.array([vertical]), *(np.array([v], np.float32) for v in (low, high, offset, 2, 1, 0)))


def cheapest(logits: list[float], cost: float) -> list[bool]:
    """The best of all divisions, tried one by one."""

    def total(states: list[bool]) -> float:
        paid = sum(max(0, -e) if s else max(0, e) for e, s in zip(logits, states, strict=True))
        return paid + cost * sum(a != b for a, b in zip(states, states[1:], strict=False))

    count = len(logits)
    return min(([bool(n >> i & 1) for i in range(count)] for n in range(2**count)), key=total)


@pytest.mark.parametrize("seed", range(20))
def test_the_division_is_the_cheapest_of_all(seed):
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 3, (3, 9)).astype(np.float32)
    counts = np.array([9, 6, 1])
    logits[np.arange(9)[None] >= counts[:, None]] = 0
    states = divide(logits, counts, 2.5)
    for row, count in enumerate(counts):
        assert states[row, :count].tolist() == cheapest(logits[row, :count].tolist(), 2.5)


@pytest.mark.parametrize("vertical", [False, True])
def test_a_bar_is_cut_where_the_wire_ends(vertical):
    wire = np.full((60, 60), 0.01, np.float32)
    wire[20, 5:31] = 0.99
    pieces = cut_bars(one_bar(5, 55, 20, vertical), wire.T.copy() if vertical else wire, SAME, 1.0)
    assert pieces.source.tolist() == [0, 0]
    assert pieces.bars.low.tolist() == pytest.approx([5, 31], abs=1.5)
    assert pieces.bars.high.tolist() == pytest.approx([31, 55], abs=1.5)
    assert pieces.logits[0] > 3 and pieces.logits[1] < -3


def test_a_short_doubt_cuts_nothing():
    wire = np.full((60, 60), 0.99, np.float32)
    wire[:, 20:26] = 0.01  # of which 4 samples of -4 are left beside the 3x3 maximum: 16, and two changes cost 24
    assert 4 * 4 < 2 * COST_OF_CHANGE
    pieces = cut_bars(one_bar(5, 55, 20), wire, SAME, 1.0)
    assert (pieces.bars.low.tolist(), pieces.bars.high.tolist()) == ([5], [55])


def test_a_map_of_half_the_size_is_read_at_its_own_scale():
    wire = np.full((30, 30), 0.01, np.float32)
    wire[10, :15] = 0.99
    pieces = cut_bars(one_bar(2, 58, 20), wire, np.array([[0.5, 0, 0], [0, 0.5, 0]]), 1.0)
    assert pieces.bars.high[0] == pytest.approx(30, abs=3)


def test_no_bars_no_pieces():
    assert len(cut_bars(EMPTY_BARS, np.zeros((9, 9), np.float32), SAME, 2.0).bars) == 0


def test_what_the_map_says_of_a_piece_all_along_where_it_is_weakest_and_at_its_ends():
    """Of 20 samples, one a pixel, the map doubts 10, 11 and 19, more than a pixel away from what it is sure of: of the
    weakest fifth, 4 samples, one is sure."""
    wire = np.full((3, 30), 0.9, np.float32)
    wire[:, 9:13] = wire[:, 18:] = 0.5
    sure = np.log(9)
    pieces = cut_bars(one_bar(-0.5, 19.5, 1), wire, SAME, 1.0)
    assert len(pieces.bars) == 1
    assert pieces.logits[0] == pytest.approx(17 / 20 * sure, rel=1e-4)
    assert pieces.weakest[0] == pytest.approx(1 / 4 * sure, rel=1e-4)
    assert pieces.at_ends[0] == pytest.approx([sure, 2 / 3 * sure], rel=1e-4)


def pieces_of(bars: Bars, source: list[int]) -> Pieces:
    """Pieces of which the map says nothing."""
    nothing = np.zeros(len(bars), np.float32)
    return Pieces(bars, np.array(source), nothing, nothing, np.zeros((len(bars), 2), np.float32))


def test_pieces_of_one_sign_become_one_again():
    bars = Bars(
        np.zeros(3, bool), *(np.array(v, np.float32) for v in ([0, 10, 40], [10, 40, 50], *[[5, 5, 5]] * 3, [0, 0, 0]))
    )
    joined, logits = join_alike(pieces_of(bars, [0, 0, 0]), np.array([1.0, 2.0, -3.0]))
    assert (joined.low.tolist(), joined.high.tolist()) == ([0, 40], [40, 50])
    assert logits.tolist() == pytest.approx([(1 * 10 + 2 * 30) / 40, -3])


def test_pieces_of_two_bars_stay_apart():
    bars = Bars(np.zeros(2, bool), *(np.array(v, np.float32) for v in ([0, 10], [10, 40], *[[5, 5]] * 3, [0, 0])))
    joined, _ = join_alike(pieces_of(bars, [0, 1]), np.array([1.0, 2.0]))
    assert len(joined) == 2


def test_log_odds_are_bounded_and_odd():
    assert clipped_logits(np.array([0.0, 0.5, 1.0])).tolist() == [-4, 0, 4]
