"""Lines printed on the paper are levelled out, and the drawing's own stay."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.circuit import circuit, line
from wire_detection.sheets.paper import regular_spacing, without_printed_lines


def printed(grey: np.ndarray, spacing: int, tone: int, *, across: bool = True, first: int = 7) -> np.ndarray:
    """`grey` on paper with lines 2 px wide, level ones and, where `across`, upright ones."""
    paper = np.full_like(grey, 255)
    for y in range(first, grey.shape[0], spacing):
        paper[y : y + 2] = tone
    for x in range(first, grey.shape[1] if across else 0, spacing):
        paper[:, x : x + 2] = tone
    return np.minimum(grey, paper)


@pytest.mark.parametrize("tone", [140, 200, 245])
def test_squared_paper_becomes_bare(tone):
    cleaned, spacing_px = without_printed_lines(printed(circuit(), 28, tone))
    assert spacing_px == 28
    np.testing.assert_array_equal(cleaned, circuit())


def test_ruled_paper_becomes_bare_and_wires_on_its_lines_stay():
    """A wire right along a printed line, over half of the sheet, is the drawing's."""
    grey = circuit()
    line(grey, 250, 607, 700, 607)  # 607 = 7 + 15 * 40
    cleaned, spacing_px = without_printed_lines(printed(grey, 40, 160, across=False))
    assert spacing_px == 40
    np.testing.assert_array_equal(cleaned, grey)


def test_rows_of_leads_do_not_hide_the_lines_of_the_paper():
    """In three of the eight strips, x from 225 to 561, most lines are the drawing's own."""
    grey = circuit()
    for y in range(34, 680, 13):
        line(grey, 225, y, 560, y)
    cleaned, spacing_px = without_printed_lines(printed(grey, 40, 160, across=False))
    assert spacing_px == 40
    np.testing.assert_array_equal(cleaned, grey)


def test_lines_fade_with_the_light():
    light = np.linspace(0.5, 1, circuit().shape[1])[None]
    cleaned, spacing_px = without_printed_lines((printed(circuit(), 28, 180) * light).astype(np.uint8))
    assert spacing_px == 28
    ink = circuit() == 0
    assert (cleaned[ink] == 0).all() and (cleaned[~ink] / (255 * np.broadcast_to(light, ink.shape))[~ink]).min() > 0.93


@pytest.mark.parametrize("first", [0, 9])
def test_a_line_at_the_very_edge_goes_too(first):
    cleaned, _ = without_printed_lines(printed(circuit(), 46, 160, across=False, first=first))
    np.testing.assert_array_equal(cleaned, circuit())


@pytest.mark.parametrize("transposed", [False, True])
def test_a_sheet_without_printed_lines_is_passed_on_as_it_is(transposed):
    grey = circuit().T if transposed else circuit()
    cleaned, spacing_px = without_printed_lines(grey)
    assert cleaned is grey and spacing_px == 0


def test_a_bus_of_wires_right_across_the_sheet_is_no_paper():
    """Eight wires at even distances are as dark as the other ink."""
    grey = circuit()
    for y in range(20, 680, 90):
        line(grey, 0, y, 898, y)
    assert without_printed_lines(grey)[0] is grey


def test_pale_wires_in_a_part_of_the_sheet_are_no_paper():
    grey = circuit()
    for y in range(20, 690, 30):
        line(grey, 720, y, 880, y, 150)
    assert without_printed_lines(grey)[0] is grey


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (50, 60)])
def test_the_smallest_sheets_are_passed_on(shape):
    for grey in (np.full(shape, 255, np.uint8), np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)):
        assert without_printed_lines(grey)[0] is grey


@pytest.mark.parametrize(
    ("positions", "spacing"),
    [
        ([10, 30, 50, 70, 90, 110], 20),
        ([10, 30, 50, 70, 90], 0),  # too few
        ([10, 30, 50, 57, 70, 90, 110, 130], 20),  # a wire between
        ([10, 19, 50, 53, 90, 117], 0),
        ([10, 14, 18, 22, 26, 30, 34], 0),  # grain
    ],
)
def test_the_spacing_of_a_family(positions, spacing):
    assert regular_spacing(np.array(positions, float)) == spacing
