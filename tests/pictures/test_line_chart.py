"""Charts of a report: each value at its place, round ticks, and words for who cannot see them."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from wire_detection.pictures.line_chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Chart, Line, draw_chart
from wire_detection.pictures.report_charts import curve_charts, history_charts


def points_of(chart: Chart) -> list[np.ndarray]:
    """The points (N, 2) of each line, as shares of the plot from its left and bottom."""
    lines = ElementTree.fromstring(draw_chart(chart)).findall("polyline")
    places = [np.array([pair.split(",") for pair in line.get("points").split()], float) for line in lines]
    left_bottom, right_top = np.array([LEFT, HEIGHT - BOTTOM]), np.array([WIDTH - RIGHT, TOP])
    return [(place - left_bottom) / (right_top - left_bottom) for place in places]


def ticks_of(chart: Chart) -> list[str]:
    return [text.text for text in ElementTree.fromstring(draw_chart(chart)).iter("text")][1:]


def test_values_lie_between_the_lowest_and_the_highest():
    (one,) = points_of(Chart("Loss", "epoch", (Line("loss", [1, 2, 5], [8.0, 4.0, 2.0]),)))
    np.testing.assert_allclose(one, [[0, 1], [0.25, 1 / 3], [1, 0]], atol=1e-3)


def test_a_stated_range_holds_what_lies_outside_it():
    (one,) = points_of(Chart("F1", "px", (Line("wire", [0, 1], [0.25, 1.5]),), (0, 1)))
    np.testing.assert_allclose(one, [[0, 0.25], [1, 1]], atol=1e-3)


def test_powers_of_ten_are_evenly_apart_on_a_logarithmic_axis():
    chart = Chart("Learning rate", "epoch", (Line("lr", [1, 2, 3], [1e-3, 1e-4, 1e-5]),), is_log=True)
    np.testing.assert_allclose(points_of(chart)[0][:, 1], [1, 0.5, 0], atol=1e-3)
    assert ticks_of(chart)[:3] == ["1e-05", "0.0001", "0.001"]


@pytest.mark.parametrize(
    ("high", "ticks"),
    [(1, ["0", "0.2", "0.4", "0.6", "0.8", "1"]), (7, ["0", "2", "4", "6"]), (40, "0 10 20 30 40".split())],
)
def test_ticks_are_round_numbers(high, ticks):
    chart = Chart("", "", (Line("a", [0, 1], [0, high]),))
    assert ticks_of(chart)[: len(ticks)] == ticks


@pytest.mark.parametrize(("x", "ticks"), [([1, 2, 3, 4], ["1", "2", "3", "4"]), ([1, 1.5, 2], ["1", "1.2", "1.4"])])
def test_epochs_have_no_halves(x, ticks):
    assert ticks_of(Chart("", "", (Line("a", x, x),), (0, 1)))[6 : 6 + len(ticks)] == ticks


def test_a_twin_is_dashed_in_the_colour_of_its_line():
    lines = (Line("loss", [1], [1]), Line("val_loss", [1], [2], is_twin=True), Line("wire_loss", [1], [3]))
    drawn = ElementTree.fromstring(draw_chart(Chart("Loss", "epoch", lines)))
    assert [line.get("class") for line in drawn.findall("polyline")] == ["line c0", "line c0 twin", "line c1"]


def test_a_chart_says_in_words_where_its_lines_begin_and_end():
    chart = Chart('Loss < "1"', "epoch", (Line("loss", [1, 2], [0.5, 0.25]),))
    label = ElementTree.fromstring(draw_chart(chart)).get("aria-label")
    assert label == 'Loss < "1", over epoch: loss from 0.5 to 0.25'


@pytest.mark.parametrize("lines", [(), (Line("loss", [], []),), (Line("loss", [1], [0.5]),)])
def test_no_value_and_a_single_one(lines):
    assert ElementTree.fromstring(draw_chart(Chart("Loss", "epoch", lines, is_log=True))) is not None


def test_a_history_has_the_charts_of_what_it_holds():
    history = {"loss": [3.0, 2.0], "val_loss": [4.0, 3.5], "wire_iou": [0.5, 0.75], "lr": [1e-3, 1e-4], "other": [1, 1]}
    loss, wire, rate = history_charts(history)
    assert [(line.label, list(line.x), list(line.y), line.is_twin) for line in loss.lines] == [
        ("loss", [1, 2], [3.0, 2.0], False),
        ("val_loss", [1, 2], [4.0, 3.5], True),
    ]
    assert (wire.title, wire.y_range, wire.is_log) == ("Wire", (0, 1), False)
    assert (rate.title, rate.y_range, rate.is_log) == ("Learning rate", None, True)
    assert history_charts({}) == []


def test_curves_of_an_evaluation():
    def row(precision, recall, f1):
        return {"precision": precision, "recall": recall, "f1": f1}

    left, right = curve_charts(
        {"0.1": {"wire": row(0.5, 1, 0.6)}, "0.9": {"wire": row(1, 0.25, 0.4)}},
        {"1": {"wire": row(0, 0, 0.2)}, "4": {"wire": row(0, 0, 0.8)}},
    )
    assert (left.lines[0].label, left.lines[0].x, left.lines[0].y) == ("wire", [1, 0.25], [0.5, 1])
    assert (right.lines[0].x, right.lines[0].y) == ([1, 4], [0.2, 0.8])
