"""Names with subscripts: how they are parted, measured and drawn."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.drawing.figure_words import FigureWords
from wire_detection.drawing.lettering import stroke_text, text_width, truetype_mask
from wire_detection.drawing.markup import LOWERED, RAISED, SCRIPT_SIZE, Run, is_markup, runs


def test_runs():
    assert runs("$V_{DD}$") == (Run("V", italic=True), Run("DD", SCRIPT_SIZE, LOWERED))
    assert runs(r"$\rm M_1$") == (Run("M"), Run("1", SCRIPT_SIZE, LOWERED))
    assert runs("$i_d(t)$")[1:] == (
        Run("d", SCRIPT_SIZE, LOWERED, True),
        Run("("),
        Run("t", italic=True),
        Run(")"),
    )
    assert runs("$x^2$")[1] == Run("2", SCRIPT_SIZE, RAISED)


@pytest.mark.parametrize("text", ["V_DD", "$", "$$", "US$", "$ENV"])
def test_what_is_no_markup(text):
    assert not is_markup(text)


@pytest.mark.parametrize("font", ["times", "roman", "roman-sans", "sans-bold", "typewriter"])
def test_a_subscript_is_small_and_low(font):
    plain, baseline = truetype_mask("V", font, 40)
    marked, line = truetype_mask("$V_{D}$", font, 40)
    below = np.flatnonzero(marked[line + 3 :].any(1))
    assert len(below) > 5 and not plain[baseline + 3 :].any()
    assert marked.shape[1] == pytest.approx(text_width("$V_{D}$", font) * 40, rel=0.2)
    assert text_width("V", font) < text_width("$V_{D}$", font) < text_width("VD", font) + 0.3


def test_pen_fonts_lower_too():
    lines, width = stroke_text("$R_{1}$", "round")
    ys = np.concatenate(lines)[:, 1]
    assert ys.max() == pytest.approx(LOWERED) and width == pytest.approx(text_width("$R_{1}$", "round"))


def test_names_of_figures():
    words = FigureWords(np.random.default_rng(0))
    words.subscripts, words.upright = True, False
    assert words.name("V", "DD") == "$V_{DD}$" and words.name("X", "") == "X"
    words.upright = True
    assert words.name("V", "DD") == r"$\rm V_{DD}$"
    words.subscripts = False
    assert words.name("V", "DD") == "VDD"
    assert words.designator("mosfet")[0] == "M" and words.value("mosfet") == ""
    assert all(words.caption().startswith(("Fig", "FIG")) for _ in range(5))
