"""Colours of strokes by hand: what the map says of all of one colour is said of each of them."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.reading.colours import HUES, hues, judge_by_colour

GREEN, RED, BLACK = (0, 150, 0), (180, 0, 0), (0, 0, 0)


def strokes(*rows, width: int = 2):
    """A picture of horizontal strokes, one for each (colour, what the map says of it), and the map."""
    colours, wire = np.full((20 * len(rows) + 20, 200, 3), 255, np.uint8), np.zeros((20 * len(rows) + 20, 200))
    for number, (colour, likelihood) in enumerate(rows):
        place = np.s_[20 + 20 * number : 20 + 20 * number + width, 20:180]
        colours[place], wire[place] = colour, likelihood
    return wire.astype(np.float32), colours


def judged(*rows, width: int = 2) -> list[float]:
    """What is said of each of the strokes."""
    found = judge_by_colour(*strokes(*rows, width=width))
    return [round(float(found[20 + 20 * number, 100]), 2) for number in range(len(rows))]


WIRE, LEAD = (GREEN, 0.95), (RED, 0.9)
SYMBOLS = [(RED, 0.02)] * 9


def test_leads_of_the_colour_of_symbols_are_none_and_weak_wires_of_that_of_wires_are_some():
    """Red is wire in 0.108 of its ink and green in 0.80: log-odds of -2.1 and 1.4, three times, beside 2.2 and -0.4."""
    found = judged(WIRE, WIRE, WIRE, (GREEN, 0.4), LEAD, *SYMBOLS)
    assert found[4] < 0.05 and min(found[:4]) > 0.95


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("all in one colour", [(BLACK, 0.95), (BLACK, 0.9), *[(BLACK, 0.02)] * 9]),
        ("two colours of wires", [WIRE, WIRE, LEAD, LEAD, (RED, 0.1)]),
        ("no colour of wires", [LEAD, *SYMBOLS]),
    ],
)
def test_where_colours_tell_nothing_the_map_stays(name, rows):
    wire, colours = strokes(*rows)
    kept = wire[20 + 20 * (len(rows) - 1)]
    assert judge_by_colour(wire, colours)[20 + 20 * (len(rows) - 1)] == pytest.approx(kept, abs=0.02), name


def test_bold_strokes_are_judged_by_the_map_alone():
    assert judged(WIRE, WIRE, LEAD, *SYMBOLS, width=9)[2] == 0.9


def test_a_sheet_without_ink_has_no_colours():
    wire, colours = strokes()
    np.testing.assert_array_equal(judge_by_colour(wire, colours), wire)


def test_pale_rims_of_a_stroke_have_its_hue():
    shares = np.array([1.0, 0.6, 0.3])[:, None]
    for number, colour in enumerate(((255, 0, 0), (0, 255, 0), (0, 0, 255))):
        faded = (255 - shares * (255 - np.array(colour))).astype(np.uint8)
        assert hues(faded[None]).tolist() == [[number * HUES // 3] * 3]
    assert hues(np.full((1, 1, 3), 90, np.uint8)).item() == HUES
