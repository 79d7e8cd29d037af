"""Scores of sheets small enough to count their pixels by hand.

The sheet has 60 x 100 pixels and, unless a test says otherwise, strokes of 2 px: wires count within 2 px, junctions
within 4 px. A wire from x = 10 to x = 60 has 51 centreline pixels.
"""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.scoring import wire_metrics
from wire_detection.scoring.counts import Counts, Share
from wire_detection.scoring.matching import match_junctions
from wire_detection.scoring.wire_metrics import score_masks, score_sheet

SHAPE = (60, 100)
WIRE, OTHER, LEAD, BUS = [10, 20, 60, 20], [10, 50, 60, 50], [60, 20, 80, 20], [50, 10, 50, 50]
BUNDLE = [[x, 5, x, 45] for x in range(28, 41)]


def sheet(*wires, stroke_px: float | None = 2.0, metadata: dict | None = None, **parts) -> Annotation:
    return Annotation.build(
        image_path="", image_shape=SHAPE, wires=wires, **parts, metadata={"stroke_width": stroke_px, **(metadata or {})}
    )


def mask_of(*boxes) -> np.ndarray:
    """(60, 100) bool, set on boxes x0 y0 x1 y1, their last row and column included."""
    mask = np.zeros(SHAPE, bool)
    for x0, y0, x1, y1 in boxes:
        mask[y0 : y1 + 1, x0 : x1 + 1] = True
    return mask


def test_precision_recall_and_f1_of_counts():
    """3 of 4 and 6 of 12: the harmonic mean of 0.75 and 0.5 is 0.6."""
    assert Counts(3, 4, 6, 12).values() == {"precision": 0.75, "recall": 0.5, "f1": pytest.approx(0.6)}
    assert Share(3, 4).values() == {"share": 0.75}
    assert Counts(0, 0, 0, 0).score == Share(0, 0).score == 1
    assert Counts(0, 5, 0, 0).values() == Counts(0, 0, 0, 5).values() == {"precision": 0, "recall": 0, "f1": 0}


@pytest.mark.parametrize(
    ("predicted", "counts"),
    [
        ([WIRE], (51, 51, 51, 51)),
        ([[10, 22, 60, 22]], (51, 51, 51, 51)),  # 2 px below: within
        ([[10, 23, 60, 23]], (0, 51, 0, 51)),  # 3 px below: outside
        ([[12, 22, 62, 22]], (49, 51, 49, 51)),  # 2 px down and right: x = 61 and 62 are over 2 px off
        ([[15, 20, 65, 20]], (48, 51, 48, 51)),  # 5 px along: 63, 64, 65 are false, 10, 11, 12 missed
        ([[10, 20, 34, 20]], (25, 25, 27, 51)),  # half of it: 35 and 36 are still within 2 px of its end
        ([WIRE, [10, 50, 34, 50]], (51, 76, 51, 51)),  # a false stroke of 25 px
        ([[10, 20, 35, 20], [30, 20, 60, 20]], (51, 51, 51, 51)),  # pixels count once, however often drawn
        ([WIRE, [-0.5, 59.5, 4, 59.5]], (51, 56, 51, 51)),  # ends on the rim of the edge pixels are drawn
    ],
)
def test_wire_pixels_count_within_the_tolerance(predicted, counts):
    assert score_sheet(sheet(WIRE), sheet(*predicted))["wire"] == Counts(*counts)


@pytest.mark.parametrize(("known_px", "given_px", "hits"), [(2, None, 0), (3, None, 51), (None, None, 0), (2, 3, 51)])
def test_the_tolerance_is_the_stroke_of_the_truth_or_the_one_given(known_px, given_px, hits):
    """A wire 3 px off, on sheets with strokes of 2 px, of 3 px, of unknown width (2 px), and of 3 px by the caller."""
    scores = score_sheet(sheet(WIRE, stroke_px=known_px), sheet([10, 23, 60, 23]), stroke_px=given_px)
    assert scores["wire"] == Counts(hits, 51, hits, 51)


@pytest.mark.parametrize(
    ("true", "predicted", "hits"),
    [
        ([WIRE], [[60, 20, 10, 20]], 1),  # the other way round
        ([WIRE], [[10, 20, 50, 20]], 1),  # 40 of 50: 0.8
        ([WIRE], [[10, 20, 49, 20]], 0),  # 39 of 50
        ([[10, 20, 20, 20]], [[14, 20, 17, 20]], 1),  # 3 of 10, but both ends within 4 px
        ([[10, 20, 20, 20]], [[15, 20, 20, 20]], 0),  # 5 of 10, an end 5 px off
        ([WIRE], [[10, 22, 60, 22]], 1),  # 2 px beside
        ([WIRE], [[10, 23, 60, 23]], 0),  # 3 px beside
        ([WIRE], [[10, 20, 60, 23]], 0),  # one end 3 px beside
        ([[10, 20, 14, 20]], [[12, 18, 12, 22]], 0),  # all within the tolerances, but across
        ([WIRE, [10, 22, 60, 22]], [[10, 21, 60, 21]], 1),  # one prediction for two wires matches one
        ([WIRE], [[10, 19, 60, 19], [10, 21, 60, 21]], 1),  # two predictions for one wire: one is false
        ([WIRE, [10, 22, 60, 22]], [[10, 21, 60, 21], [10, 18, 60, 18]], 2),  # 21 suits both, 18 only the first
        ([[10, 20, 35.6, 20]], [[8, 20, 40, 20]], 1),  # 25.6 of 32, although float32 makes 35.6 a bit less
    ],
)
def test_segments_match_one_to_one(true, predicted, hits):
    assert score_sheet(sheet(*true), sheet(*predicted))["segment"] == Counts(hits, len(predicted), hits, len(true))


@pytest.mark.parametrize(("gap_px", "counts"), [(0, (1, 1, 1, 1)), (2, (1, 1, 1, 1)), (3, (0, 2, 0, 1))])
def test_pieces_that_touch_are_one_segment(gap_px, counts):
    """A predicted gap of up to 2 px, a stroke, is none, a true one of 1.5 px; 20 px and 27 px match nothing of 50."""
    assert score_sheet(sheet(WIRE), sheet([10, 20, 30, 20], [30 + gap_px, 20, 60, 20]))["segment"] == Counts(*counts)
    truth = sheet([10, 20, 30, 20], [30 + gap_px / 2, 20, 60, 20])
    assert score_sheet(truth, sheet(WIRE))["segment"] == Counts(1, 1, 1, 1)


@pytest.mark.parametrize(
    ("true", "predicted", "hits"),
    [
        ([[50, 30]], [[54, 30]], 1),  # 4 px off
        ([[50, 30]], [[53, 33]], 0),  # 4.2 px off
        ([[50, 30]], [[52, 30], [50, 33]], 1),  # two near one: one hit, one false
        ([[50, 30], [53, 30]], [[51, 30]], 1),  # one near two
        ([[50, 30], [54, 30]], [[51, 30], [47, 30]], 2),  # 51 is nearest to 50, which 47 needs
    ],
)
def test_junctions_match_one_to_one(true, predicted, hits):
    scores = score_sheet(sheet(junctions=true), sheet(junctions=predicted))
    assert scores["junction"] == Counts(hits, len(predicted), hits, len(true))


def test_junctions_match_the_nearest():
    assert match_junctions(np.array([[0, 0], [3, 0]]), np.array([[3, 1], [0, 1]]), 4).tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("predicted", "recovered", "covered"),
    [
        ([WIRE, OTHER], 2, 2),
        ([WIRE], 1, 1),
        ([WIRE, OTHER, [10, 20, 10, 50]], 0, 2),  # merged
        ([WIRE, [10, 50, 53, 50]], 2, 2),  # x = 10 to 55 covered: 46 of 51, 0.902
        ([WIRE, [10, 50, 52, 50]], 1, 1),  # 45 of 51, 0.882
        ([WIRE, [10, 50, 33, 50], [37, 50, 60, 50]], 2, 2),  # a gap of 4 px connects, and is covered
        ([WIRE, [10, 50, 32, 50], [37, 50, 60, 50]], 1, 1),  # one of 5 px breaks the net
        ([WIRE, [10, 20, 10, 50], [10, 50, 32, 50]], 1, 1),  # merged with 25 of 51 pixels: not the main cover
        ([WIRE, [10, 20, 10, 50], [10, 50, 33, 50]], 0, 1),  # with 26 of 51
    ],
)
def test_nets_are_recovered_merged_or_broken(predicted, recovered, covered):
    scores = score_sheet(sheet(WIRE, OTHER), sheet(*predicted))
    assert (scores["net"], scores["net_covered"]) == (Share(recovered, 2), Share(covered, 2))


@pytest.mark.parametrize(
    ("true_dot", "predicted_dot", "recovered", "covered"),
    [
        ([], [], (2, 2), 2),
        ([], [[30, 20]], (0, 2), 2),
        ([[30, 20]], [[30, 20]], (1, 1), 1),
        ([[30, 20]], [], (0, 1), 0),
    ],
)
def test_a_dot_on_a_crossing_makes_one_net_of_two(true_dot, predicted_dot, recovered, covered):
    cross = (WIRE, [30, 5, 30, 45])
    scores = score_sheet(sheet(*cross, junctions=true_dot), sheet(*cross, junctions=predicted_dot))
    assert (scores["net"], scores["net_covered"]) == (Share(*recovered), Share(covered, recovered[1]))


@pytest.mark.parametrize(
    ("predicted", "recovered"),
    [
        ({"wires": [[10, 20, 60, 20], [30, 5, 30, 45]]}, 2),  # read as two wires straight through
        ({"wires": [[10, 20, 25, 20], [35, 20, 60, 20], [30, 5, 30, 45]]}, 1),  # the hop is not seen: 26 of 42 px
        ({"wires": [[10, 20, 25, 20], [35, 20, 60, 20], [30, 5, 30, 45]], "hop": True}, 2),
    ],
)
def test_a_net_goes_on_across_a_hop(predicted, recovered):
    """A wire that hops at x = 30 is two segments and one net, and the wire below it another one."""

    def with_hop(wires, hop: bool = True) -> Annotation:
        marks = {"crossings": [[30, 20]], "crossing_types": ["hop"]} if hop else {}
        return sheet(*wires, **marks)

    truth = with_hop([[10, 20, 25, 20], [35, 20, 60, 20], [30, 5, 30, 45]])
    assert score_sheet(truth, with_hop(**{"hop": False, **predicted}))["net"] == Share(recovered, 2)


@pytest.mark.parametrize(
    ("true", "predicted", "recovered"),
    [
        ([WIRE, [30, 20, 30, 45]], [WIRE, [30, 22, 30, 45]], 1),  # an end 2 px from a wire rests on it
        ([WIRE, [30, 20, 30, 45]], [WIRE, [30, 23, 30, 45]], 0),  # one 3 px off does not: 53 of 76 px
        ([WIRE], [WIRE, *BUNDLE], 1),  # of what the bundle leaves bare, 42 of 51 px are near
        ([WIRE], [*BUNDLE, WIRE], 1),
        ([WIRE, [10, 50, 12, 50]], [WIRE], 1),  # three pixels are no net
    ],
)
def test_one_net_is_recovered(true, predicted, recovered):
    assert score_sheet(sheet(*true), sheet(*predicted))["net"] == Share(recovered, 1)


@pytest.mark.parametrize(
    ("pins", "predicted", "wire", "segment"),
    [
        (
            [LEAD],
            [[10, 20, 80, 20]],
            (53, 53, 51, 51),
            (1, 1, 1, 1),
        ),  # from x = 63 on, over 2 px from the wire, dropped
        ([], [[10, 20, 80, 20]], (53, 71, 51, 51), (0, 1, 0, 1)),  # else 18 px are false, and 50 of 70 no match
        ([LEAD], [WIRE], (51, 51, 51, 51), (1, 1, 1, 1)),  # nor does it count as missed
        ([LEAD], [WIRE, [66, 24, 76, 24]], (51, 51, 51, 51), (1, 1, 1, 1)),  # 4 px beside, 2 px more than the tolerance
        ([LEAD], [WIRE, [66, 25, 76, 25]], (51, 62, 51, 51), (1, 2, 1, 1)),  # 5 px beside
    ],
)
def test_a_prediction_on_a_lead_counts_neither_way(pins, predicted, wire, segment):
    scores = score_sheet(sheet(WIRE, pins=pins), sheet(*predicted))
    assert (scores["wire"], scores["segment"], scores["net"]) == (Counts(*wire), Counts(*segment), Share(1, 1))


@pytest.mark.parametrize(("kind", "recovered"), [("buses", 2), ("pins", 0)])
def test_nets_are_cut_on_buses_and_not_on_leads(kind, recovered):
    """Two wires of 41 px that end on a bus, which is predicted as well: within 2 px of each wire 4 px of it remain."""
    wires = [10, 20, 50, 20], [50, 40, 90, 40]
    scores = score_sheet(sheet(*wires, **{kind: [BUS]}), sheet(*wires, BUS))
    assert scores["wire"] == Counts(90, 90, 82, 82)
    assert (scores["net"], scores["net_covered"]) == (Share(recovered, 2), Share(2, 2))


@pytest.mark.parametrize(
    ("predicted", "iou", "cldice"),
    [
        ([WIRE], (51, 51), (51, 51, 51, 51)),
        ([[10, 21, 60, 21]], (0, 102), (0, 51, 0, 51)),  # strict: one pixel beside is beside
        ([[10, 20, 34, 20], [10, 40, 34, 40]], (25, 76), (25, 50, 25, 51)),
    ],
)
def test_pixels_are_compared_strictly(predicted, iou, cldice):
    """Strokes of 1 px, so that lines, their drawings and their masks are the same pixels."""
    truth = sheet(WIRE, stroke_px=1.0)
    for mask in (None, mask_of(*predicted)):
        scores = score_sheet(truth, sheet(*predicted), wire_mask=mask)
        assert (scores["iou"], scores["cldice"]) == (Share(*iou), Counts(*cldice))


def test_masks_on_a_lead_are_not_compared():
    """The rows of a mask run from x = 10 to 80: as far as 62 it counts, within 2 px of the wire, which ends at 60."""
    scores = score_sheet(sheet(WIRE, stroke_px=1.0, pins=[LEAD]), sheet(WIRE), wire_mask=mask_of([10, 20, 80, 20]))
    assert scores["iou"] == Share(51, 53) and scores["cldice"] == Counts(51, 53, 51, 51)


@pytest.mark.parametrize(("known", "radius_px"), [({"junction_radius": 3.0}, 3), ({}, 8)])
def test_junction_pixels_are_discs_of_the_known_radius_or_of_two_strokes(known, radius_px):
    """A disc fills more than the square in it, 2 r^2, and no more than the one around it, (2 r + 1)^2."""
    truth = sheet(junctions=[[50, 30]], stroke_px=4.0, metadata=known)
    score = score_sheet(truth, sheet(), junction_mask=mask_of([50, 30, 50, 30]))["junction_iou"]
    assert score.part == 1 and 2 * radius_px**2 < score.whole <= (2 * radius_px + 1) ** 2


def test_empty_against_empty_is_1_and_against_something_0():
    empty, full = sheet(), sheet(WIRE, junctions=[[50, 30]])
    neither, missed, false = (
        {kind: score.score for kind, score in score_sheet(*pair).items()}
        for pair in ((empty, empty), (full, empty), (empty, full))
    )
    kinds = "wire", "segment", "junction", "net", "net_covered", "iou", "cldice"
    assert neither == dict.fromkeys(kinds, 1) and missed == dict.fromkeys(kinds, 0)
    assert false == dict.fromkeys(kinds, 0) | {"net": 1, "net_covered": 1}  # there is no net to recover
    nothing = np.zeros(SHAPE, bool)
    masks = score_masks(nothing, nothing, stroke_px=2, true_junctions=nothing, predicted_junctions=nothing)
    assert [score.score for score in masks.values()] == [1] * 5


def test_masks_of_two_lines_and_a_junction():
    """One line found 1 px off, one missed, one false; a junction of 3x3 px found 1 px off, 6 px common; one false."""
    scores = score_masks(
        mask_of(WIRE, [10, 40, 60, 40]),
        mask_of([10, 21, 60, 21], OTHER),
        stroke_px=2,
        true_junctions=mask_of([80, 30, 82, 32]),
        predicted_junctions=mask_of([81, 30, 83, 32], [80, 50, 82, 52]),
    )
    assert scores == {
        "wire": Counts(51, 102, 51, 102),
        "iou": Share(0, 204),
        "cldice": Counts(0, 102, 0, 102),
        "junction": Counts(1, 2, 1, 1),
        "junction_iou": Share(6, 12 + 9),
    }


@pytest.mark.parametrize(("shift", "iou", "cldice"), [(1, (102, 204), 1.0), (2, (51, 255), 0.0)])
def test_cldice_asks_whether_the_middle_lies_inside(shift, iou, cldice):
    """A bar of three rows, its middle row 20, moved down by a row or two; a skeleton's ends may stray."""
    scores = score_masks(mask_of([10, 19, 60, 21]), mask_of([10, 19 + shift, 60, 21 + shift]), stroke_px=2)
    assert scores["iou"] == Share(*iou) and scores["wire"].score == 1 and scores["wire"].true in (49, 50, 51)
    assert scores["cldice"].score == pytest.approx(cldice, abs=0.03)


@pytest.mark.parametrize("wrong", [np.zeros((60, 99), bool), np.zeros(SHAPE, np.uint8)])
def test_masks_of_another_shape_or_type_are_refused(wrong):
    right = np.zeros(SHAPE, bool)
    for score in (
        lambda: score_masks(right, wrong, stroke_px=2),
        lambda: score_masks(right, right, stroke_px=2, true_junctions=right, predicted_junctions=wrong),
        lambda: score_sheet(sheet(), sheet(), wire_mask=wrong),
        lambda: score_sheet(sheet(), sheet(), junction_mask=wrong),
    ):
        with pytest.raises(ValueError, match=r"expected bool of shape \(60, 100\)"):
            score()


def test_a_wider_tolerance_finds_more():
    """One wire 1 px off and one 3 px off, a junction 2 px off."""
    truth = sheet(WIRE, OTHER, junctions=[[50, 30]])
    predicted = sheet([10, 21, 60, 21], [10, 53, 60, 53], junctions=[[52, 30]])
    curve = wire_metrics.score_against_tolerance(truth, predicted, range(1, 9))
    assert list(curve) == [1, 2, 3, 4, 5, 6, 7, 8]
    for kind in ("wire", "segment"):
        assert [curve[t][kind].score for t in curve] == [0.5] * 2 + [1] * 6
    assert [curve[t]["junction"].score for t in curve] == [0] + [1] * 7


def test_a_higher_confidence_keeps_less():
    """A true wire of confidence 0.75 and a false one of 0.25, both of 51 px; a true junction of 0.5."""
    predicted = sheet(WIRE, OTHER, wire_confidences=[0.75, 0.25], junctions=[[50, 30]], junction_confidences=[0.5])
    truth = sheet(WIRE, junctions=[[50, 30]])
    curve = wire_metrics.score_against_confidence(truth, predicted, (0, 0.25, 0.5, 0.75, 1))
    assert [(s["wire"].precision, s["wire"].recall) for s in curve.values()] == [(0.5, 1)] * 2 + [(1, 1)] * 2 + [(0, 0)]
    assert [s["segment"].predicted for s in curve.values()] == [2, 2, 1, 1, 0]
    assert [s["junction"].score for s in curve.values()] == [1, 1, 1, 0, 0]


def test_arcs_and_gaps_count_neither_way():
    """A wire breaks off 6 px on either side of another one at x = 50: an arc there, or the wire read straight
    through, does no harm, and does where the truth knows of no gap."""
    over, halves = [50, 5, 50, 45], ([10, 20, 44, 20], [56, 20, 90, 20])
    truth = sheet(*halves, over, crossings=[[50, 20]], crossing_types=["gap"])
    whole, arc = sheet([10, 20, 90, 20], over), sheet(*halves, over, [44, 20, 46, 15], [54, 15, 56, 20])
    for found in (whole, arc):
        scores = score_sheet(truth, found)
        assert scores["wire"].values()["precision"] == scores["segment"].values()["precision"] == 1
    without = score_sheet(sheet(*halves, over), whole)
    assert without["wire"].values()["precision"] < 1 and without["segment"].values()["precision"] < 1
