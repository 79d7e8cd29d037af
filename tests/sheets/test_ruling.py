"""Lines printed as dark as the drawing are followed across the page and go, and the drawing's own stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.circuit import HEIGHT, WIDTH, circuit, dot, line
from wire_detection.sheets.prepare import clean_sheet
from wire_detection.sheets.ruling import follow_lines, without_ruling

DARK = 0


def ruled(grey: np.ndarray, rows: list[np.ndarray], tone: int = DARK) -> np.ndarray:
    """`grey` (H, W) on paper with lines 2 px wide whose rows are given for each column."""
    paper = np.full_like(grey, 255)
    columns = np.arange(grey.shape[1])
    for row in rows:
        for step in (0, 1):
            paper[np.clip(np.round(row).astype(int) + step, 0, grey.shape[0] - 1), columns] = tone
    return np.minimum(grey, paper)


def level_rows(spacing: int = 40, first: int = 27) -> list[np.ndarray]:
    return [np.full(WIDTH, y) for y in range(first, HEIGHT - 2, spacing)]


def bent_rows() -> list[np.ndarray]:
    """Lines that sink by 20 px and rise again, further apart on the right than on the left."""
    x = np.linspace(0, 1, WIDTH)
    return [y * (1 + 0.08 * x) + 20 * np.sin(np.pi * x) for y in range(20, HEIGHT - 90, 43)]


def shares(cleaned: np.ndarray, page: np.ndarray, grey: np.ndarray) -> tuple[float, float]:
    """How much of the drawing's ink is left, and how much of the paper's."""
    drawn, printed = grey < 128, (page < 200) & (grey > 128)
    return (cleaned[drawn] < 128).mean(), (cleaned[printed] < 200).mean()


@pytest.mark.parametrize("tone", [0, 90, 160])
def test_ruled_paper_as_dark_as_the_drawing_becomes_bare(tone):
    page = ruled(circuit(), level_rows(), tone)
    cleaned, spacing_px = clean_sheet(page).grey, clean_sheet(page).found["printed_lines_px"]
    kept, left = shares(cleaned, page, circuit())
    assert spacing_px == 40 and kept > 0.99 and left < 0.02


def test_lines_of_a_bent_page_are_followed():
    page = ruled(circuit(), bent_rows())
    cleaned, spacing_px = without_ruling(page)
    kept, left = shares(cleaned, page, circuit())
    assert 43 < spacing_px < 47 and kept > 0.97 and left < 0.03
    for found, row in zip(follow_lines((page < 128).astype(np.uint8)).rows, bent_rows(), strict=True):
        assert np.abs(found - row - 0.5)[30:-30].max() < 2


def test_squared_paper_as_dark_as_the_drawing_becomes_bare():
    page = ruled(circuit(), level_rows(spacing=30, first=10))
    page = ruled(page.T, [np.full(HEIGHT, x) for x in range(15, WIDTH, 30)]).T
    cleaned, _ = without_ruling(page)
    kept, left = shares(cleaned, page, circuit())
    assert kept > 0.98 and left < 0.02


def test_the_margin_across_the_lines_goes_too_and_a_wire_that_ends_stays():
    grey = circuit()
    line(grey, 820, 60, 820, 600)
    page = ruled(grey, level_rows())
    page[:, 60:62] = DARK
    cleaned, _ = without_ruling(page)
    assert (cleaned[:, 60:62] < 200).mean() < 0.02 and (cleaned[60:600, 820:822] < 128).all()


def test_a_thicker_stroke_along_a_line_stays():
    grey = circuit()
    cv2.rectangle(grey, (250, 585), (700, 590), 0, -1)
    cleaned, _ = without_ruling(ruled(grey, level_rows()))  # 587 = 27 + 14 * 40
    assert (cleaned[585:591, 252:699] == 0).all()


def test_lines_fade_with_the_light_and_the_focus():
    light = np.linspace(0.5, 1, WIDTH)[None]
    page = cv2.GaussianBlur(ruled(circuit(), bent_rows(), 60), (0, 0), 1) * light
    page = page.astype(np.uint8)
    cleaned, spacing_px = without_ruling(page)
    bare = cv2.GaussianBlur(circuit(), (0, 0), 1) * light
    printed = (page < 0.8 * bare) & (bare > 0.95 * 255 * light)
    assert spacing_px > 0 and (cleaned[printed] < 0.8 * bare[printed]).mean() < 0.05


def bus(grey: np.ndarray) -> None:
    """Sixteen wires right across the picture, in less than half of its height, some with dots."""
    for y in range(60, 380, 20):
        line(grey, 0, y, WIDTH - 2, y)
        dot(grey, 4 * y % 800, y)


def ladder(grey: np.ndarray) -> None:
    """Rungs from rail to rail, of which each has two contacts and a coil, cut out along the rails."""
    for y in range(30, 690, 60):
        for x0, x1 in ((0, 180), (196, 500), (516, 760), (800, WIDTH - 2)):
            line(grey, x0, y, x1, y)
        for x in (182, 196, 502, 516):
            line(grey, x, y - 15, x, y + 15)
        cv2.circle(grey, (780, y), 20, 0, 2)


def table(grey: np.ndarray) -> None:
    """A table over most of the sheet, inside its frame."""
    for y in range(40, 680, 40):
        line(grey, 40, y, WIDTH - 42, y)
    for x in (40, 300, 600, WIDTH - 42):
        line(grey, x, 40, x, 640)


def few(grey: np.ndarray) -> None:
    """Five supply lines from edge to edge."""
    for y in range(20, 690, 160):
        line(grey, 0, y, WIDTH - 2, y)


@pytest.mark.parametrize("draw", [bus, ladder, table, few])
@pytest.mark.parametrize("transposed", [False, True])
def test_what_a_drawing_has_of_long_lines_is_no_paper(draw, transposed):
    grey = circuit()
    draw(grey)
    grey = np.ascontiguousarray(grey.T) if transposed else grey
    cleaned, spacing_px = without_ruling(grey)
    assert cleaned is grey and spacing_px == 0


@pytest.mark.parametrize("shape", [(1, 1), (1, 400), (400, 1), (80, 80), (200, 300)])
def test_bare_paper_and_noise_are_passed_on(shape):
    for grey in (np.full(shape, 255, np.uint8), np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)):
        assert without_ruling(grey)[0] is grey
    assert len(follow_lines(np.zeros((100, 100), np.uint8)).rows) == 0
