"""Letters: stroke glyphs and TrueType masks have the height, width and baseline that texts rely on."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.drawing.lettering import (
    FONT_FILES,
    GLYPHS,
    STROKE_FONTS,
    glyph,
    stroke_text,
    text_width,
    truetype_mask,
)


@pytest.mark.parametrize("font", STROKE_FONTS)
def test_every_glyph_lies_in_its_cell(font):
    for character in GLYPHS:
        lines, width = glyph(character, font)
        points = np.concatenate(lines)
        assert 0 <= points[:, 0].min() <= points[:, 0].max() == width <= 4, character
        assert -2 <= points[:, 1].min() <= points[:, 1].max() <= 6, character


def test_stroke_text_stands_on_its_baseline():
    lines, width = stroke_text("L", "round")
    (letter,) = lines
    assert letter.tolist() == [[0, -1], [0, 0], [pytest.approx(4 / 6), 0]]
    assert width == pytest.approx(4 / 6)


def test_rounding_keeps_right_angles_and_bevels_blunt_ones():
    assert len(glyph("L", "round")[0][0]) == 3
    assert len(glyph("C", "round")[0][0]) > len(glyph("C", "angular")[0][0])


def test_width_grows_with_letters():
    for font in (*STROKE_FONTS, "sans"):
        assert text_width("AAAA", font) > 1.9 * text_width("AA", font)


@pytest.mark.parametrize("font", list(FONT_FILES))
def test_truetype_capitals_have_the_height_that_was_asked_for(font):
    mask, baseline = truetype_mask("H", font, 50)
    rows = np.flatnonzero((mask > 127).any(1))
    assert baseline - rows[0] == pytest.approx(50, abs=6)
    assert rows[-1] + 1 == pytest.approx(baseline, abs=2)


def test_blank_text_has_no_ink():
    assert not truetype_mask(" ", "sans", 20)[0].any()


@pytest.mark.parametrize(
    ("text", "font", "drawn"),
    [
        ("USB_DP", "roman", "times"),
        ("47Ω", "roman", "times"),
        ("RESET", "roman", "roman"),
        ("USB_DP", "typewriter", "typewriter"),
        ("4.7µ", "typewriter", "mono"),
        ("47Ω", "sans", "sans"),
    ],
)
def test_a_font_that_lacks_a_character_leaves_the_text_to_another(text, font, drawn):
    mask, _ = truetype_mask(text, font, 20)
    assert np.array_equal(mask, truetype_mask(text, drawn, 20)[0])
    assert text_width(text, font) == text_width(text, drawn)
