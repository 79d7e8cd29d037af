"""Matching and scores of any figure, against trying out everything and counting pixel by pixel."""

from __future__ import annotations

from itertools import combinations, permutations
from math import dist, hypot

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.helpers.figures import SIDE_PX, chained, distance, points, steadily, upright_segments
from wire_detection.annotations.annotation import Annotation
from wire_detection.scoring.matching import SEGMENT_OVERLAP, match_junctions, match_segments
from wire_detection.scoring.net_score import FULL_COVER, MAIN_COVER, SMALLEST_NET_PX
from wire_detection.scoring.tolerances import Tolerances
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.raster import draw_segments

SHAPE = (SIDE_PX + 1, SIDE_PX + 1)
TOLERANCE_PX = 3.2345678
"""No distance between whole numbers comes near it by chance."""

few_points = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=5)
few_wires = st.lists(st.tuples(*[st.integers(0, SIDE_PX)] * 4).filter(lambda s: s[:2] != s[2:]), max_size=4)


def sheet(wires, junctions=()) -> Annotation:
    return Annotation.build(
        image_path="", image_shape=SHAPE, wires=wires, junctions=junctions, metadata={"stroke_width": 2.0}
    )


def best_pairs(true, predicted) -> tuple[int, float]:
    """The most pairs within the tolerance, and the least sum of distances of so many: all ways are tried."""
    few, many = sorted((true, predicted), key=len)
    best = (0, 0.0)
    for chosen in permutations(range(len(many)), len(few)):
        lengths = [dist(point, many[k]) for point, k in zip(few, chosen, strict=True)]
        near = [length for length in lengths if length <= TOLERANCE_PX]
        best = min(best, (-len(near), sum(near)))
    return -best[0], best[1]


@steadily
@given(few_points, few_points)
def test_junctions_match_as_many_and_as_near_as_any_way_of_matching(true, predicted):
    pairs = match_junctions(np.reshape(true, (-1, 2)), np.reshape(predicted, (-1, 2)), TOLERANCE_PX).tolist()
    assert all(len(set(side)) == len(pairs) for side in zip(*pairs, strict=True))
    lengths = [dist(true[t], predicted[p]) for t, p in pairs]
    count, total = best_pairs(true, predicted)
    assert len(pairs) == count and max(lengths, default=0) <= TOLERANCE_PX and sum(lengths) == pytest.approx(total)


def is_same(true, predicted, tolerances: Tolerances) -> bool | None:
    """Whether a predicted segment is a true one, in plain words of wire_metrics.py; None where rounding decides."""
    length = dist(true[:2], true[2:])
    ux, uy = (true[2] - true[0]) / length, (true[3] - true[1]) / length
    steps = [(predicted[k] - true[0], predicted[k + 1] - true[1]) for k in (0, 2)]
    across = max(abs(x * uy - y * ux) for x, y in steps)
    low, high = sorted(x * ux + y * uy for x, y in steps)
    parallel = high - low - 0.5 * dist(predicted[:2], predicted[2:])
    overlap = (min(high, length) - max(low, 0)) / (max(high, length) - min(low, 0)) - SEGMENT_OVERLAP
    ends = tolerances.junction_px - max(abs(low), abs(high - length))
    beside = tolerances.wire_px - across
    if min(map(abs, (parallel, overlap, ends, beside))) < 1e-9:
        return None
    return beside > 0 and parallel > 0 and (overlap > 0 or ends > 0)


@steadily
@given(few_wires, few_wires)
def test_segments_match_as_many_as_any_way_of_matching(true, predicted):
    tolerances = Tolerances.of_stroke(2)
    same = {(t, p): is_same(a, b, tolerances) for t, a in enumerate(true) for p, b in enumerate(predicted)}
    assume(None not in same.values())
    allowed = [pair for pair, yes in same.items() if yes]
    most = max(
        count
        for count in range(min(len(true), len(predicted)) + 1)
        for chosen in combinations(allowed, count)
        if all(len(set(side)) == count for side in zip(*chosen, strict=True))
    )
    matched = match_segments(
        np.reshape(true, (-1, 4)).astype(float), np.reshape(predicted, (-1, 4)).astype(float), tolerances
    )
    assert len(matched) == most and set(map(tuple, matched.tolist())) <= set(allowed)


def pixels_of(wires) -> list[tuple[int, int]]:
    return [tuple(pixel) for pixel in np.argwhere(draw_segments(SHAPE, np.reshape(wires, (-1, 4)))).tolist()]


def near(pixel, pixels, reach_px: float) -> bool:
    return any(hypot(pixel[0] - row, pixel[1] - column) <= reach_px for row, column in pixels)


@settings(steadily, max_examples=40)
@given(few_wires, few_wires)
def test_wire_pixels_are_counted_one_by_one(true, predicted):
    counts = score_sheet(sheet(true), sheet(predicted))["wire"]
    mine, theirs = pixels_of(true), pixels_of(predicted)
    assert (counts.true, counts.predicted) == (len(mine), len(theirs))
    assert counts.true_hits == sum(near(pixel, theirs, 2) for pixel in mine)
    assert counts.predicted_hits == sum(near(pixel, mine, 2) for pixel in theirs)


def nets_of(wires, junctions, end_px: float, junction_px: float, body_px: float) -> list[int]:
    def connected(i: int, j: int) -> bool:
        one, other = wires[i], wires[j]
        return (
            any(dist(one[p : p + 2], other[q : q + 2]) <= end_px for p in (0, 2) for q in (0, 2))
            or any(distance(a[p : p + 2], b) <= body_px for a, b in ((one, other), (other, one)) for p in (0, 2))
            or any(max(distance(dot, one), distance(dot, other)) <= junction_px for dot in junctions)
        )

    return chained(len(wires), connected)


@settings(steadily, max_examples=40)
@given(few_wires, points, few_wires, points)
def test_nets_are_recovered_as_counting_pixels_has_it(true, dots, predicted, found_dots):
    """A pixel of two true nets is the later one's, in the order of the nets' first wires."""
    of_true = nets_of(true, dots, 0.75, 1, 0.75)
    of_predicted = nets_of(predicted, found_dots, 4, 4, 2)
    owner = {}
    for net in sorted(set(of_true)):
        owner |= dict.fromkeys(pixels_of([w for w, own in zip(true, of_true, strict=True) if own == net]), net)
    drawn = {
        net: set(pixels_of([w for w, own in zip(predicted, of_predicted, strict=True) if own == net]))
        for net in set(of_predicted)
    }
    assume(not any(a & b & c for a, b, c in combinations(drawn.values(), 3)))
    judged = [net for net in set(of_true) if sum(own == net for own in owner.values()) >= SMALLEST_NET_PX]
    share = {}
    for net in judged:
        pixels = [pixel for pixel, own in owner.items() if own == net]
        for other, theirs in drawn.items():
            share[net, other] = sum(near(pixel, theirs, 2) for pixel in pixels) / len(pixels)
    mains = [other for (_, other), part in share.items() if part >= MAIN_COVER]
    covered = {net for (net, _), part in share.items() if part >= FULL_COVER}
    alone = {net for (net, other), part in share.items() if part >= FULL_COVER and mains.count(other) == 1}
    scores = score_sheet(sheet(true, dots), sheet(predicted, found_dots))
    assert (scores["net"].part, scores["net_covered"].part) == (len(alone), len(covered))
    assert scores["net"].whole == scores["net_covered"].whole == len(judged)


@settings(steadily, max_examples=40)
@given(upright_segments, points)
def test_whoever_reads_the_truth_scores_one(wires, junctions):
    """Of wires no nearer to one another than strokes can be told apart."""
    wires = [[4 * (value // 4) for value in wire] for wire in wires]
    scores = score_sheet(sheet(wires, junctions), sheet(wires, junctions))
    assert scores["wire"].score == scores["segment"].score == scores["junction"].score == 1
    assert scores["net_covered"].score == scores["iou"].score == 1
