"""A texture of specks goes, and what a drawing has of dots stays."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.circuit import circuit, dot
from wire_detection.sheets.prepare import clean_sheet
from wire_detection.sheets.specks import find_specks, without_specks


def dotted(grey: np.ndarray, spacing: int, side: int, tone: int = 60) -> np.ndarray:
    """`grey` on paper with dots of `side` px, `spacing` px apart."""
    y, x = np.mgrid[: grey.shape[0], : grey.shape[1]]
    return np.where((y % spacing < side) & (x % spacing < side), np.minimum(grey, tone), grey).astype(np.uint8)


def peppered(grey: np.ndarray, share: float) -> np.ndarray:
    return np.where(np.random.default_rng(1).random(grey.shape) < share, 0, grey).astype(np.uint8)


@pytest.mark.parametrize("page", [dotted(circuit(), 20, 2), dotted(circuit(), 7, 3), peppered(circuit(), 0.02)])
def test_paper_is_bare_but_beside_the_strokes(page):
    cleaned, ink = clean_sheet(page).grey, circuit() == 0
    far = np.ones_like(ink)
    for y, x in zip(*np.nonzero(ink), strict=True):
        far[max(0, y - 6) : y + 7, max(0, x - 6) : x + 7] = False
    assert (cleaned[ink] < 100).all() and (cleaned[far] > 240).mean() > 0.998


def test_a_few_dots_are_the_drawings():
    grey = circuit()
    for x in range(150, 850, 9):  # a dotted line
        grey[600:602, x : x + 3] = 0
    assert without_specks(grey) is grey


def test_dots_of_junctions_stay_on_dotted_paper():
    grey = dotted(circuit(), 20, 2)
    dot(grey, 300, 600)
    assert (without_specks(grey)[597:605, 297:305] == 0).all()


def test_specks_are_small_on_both_sides():
    ink = np.zeros((20, 20), bool)
    ink[2:6, 2:6] = ink[10, 2:7] = ink[12, 12] = True
    specks, count = find_specks(ink)
    assert count == 2 and specks.sum() == 17 and specks[12, 12] and not specks[10].any()


@pytest.mark.parametrize("shape", [(1, 1), (127, 900), (128, 128), (300, 400)])
def test_bare_paper_is_passed_on(shape):
    grey = np.full(shape, 255, np.uint8)
    assert without_specks(grey) is grey
