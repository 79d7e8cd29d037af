"""Families of styles: each can be asked for, is drawn as often as its share says, and knows every kind of stroke."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.drawing import style_families
from wire_detection.drawing.lettering import FONT_FILES, STROKE_FONTS
from wire_detection.drawing.style import KINDS
from wire_detection.drawing.style_families import FAMILIES, draw_style
from wire_detection.drawing.symbols import marks


@pytest.mark.parametrize("family", FAMILIES)
def test_a_style_of_a_family_knows_every_kind_of_stroke_and_its_marks(family):
    for seed in range(20):
        style = draw_style(np.random.default_rng(seed), family)
        assert style.name == family
        assert set(style.widths) == set(style.tones) == set(KINDS)
        assert all(0 <= tone < 220 for tone in style.tones.values())  # ink is darker than paper
        assert style.font in (*STROKE_FONTS, *FONT_FILES)
        assert marks.ground(style.ground).pins[0].tip == marks.supply(style.supply).pins[0].tip == (0, 0)
        assert style.grid_px > 3 * style.stroke_px  # wires a grid unit apart do not touch


def test_families_are_drawn_as_often_as_their_shares_say(monkeypatch):
    def named(name):
        return lambda rng: name

    monkeypatch.setattr(style_families, "FAMILIES", {"often": (3, named("often")), "seldom": (1, named("seldom"))})
    rng = np.random.default_rng(0)
    drawn = [draw_style(rng, None) for _ in range(400)]
    assert drawn.count("often") == pytest.approx(300, abs=30)


def test_an_unknown_family_is_refused_with_the_choices():
    with pytest.raises(ValueError, match="no style 'crayon'; there are kicad, xschem"):
        draw_style(np.random.default_rng(0), "crayon")
