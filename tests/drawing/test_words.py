"""Words of drawn sheets: designators that count, values that suit their part, and negated names on half the sheets."""

from __future__ import annotations

import re

import numpy as np
import pytest

from wire_detection.drawing.block import PASSIVES
from wire_detection.drawing.schemdraw_symbols import two_pin_names
from wire_detection.drawing.words import DESIGNATORS, Words, own_kind


def words(seed: int = 0) -> Words:
    return Words(np.random.default_rng(seed))


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("resistor", "resistor"),
        ("Resistor", "resistor"),
        ("ResistorIEC", "resistor"),
        ("Capacitor2", "capacitor"),
        ("Diode", "diode"),
        ("LED", "led"),
        ("NFet", "mosfet"),
        ("Inductor2", "inductor"),
        ("Ic", "ic"),
        ("IcDIP", "ic"),
        ("source", "source"),
        ("SourceV", "source"),
        ("Unheard", "Unheard"),
    ],
)
def test_library_symbols_go_by_the_longest_name_that_they_begin_with(kind, own):
    assert own_kind(kind) == own


@pytest.mark.parametrize("seed", range(5))
def test_designators_of_a_letter_count_upwards_whatever_stands_between(seed):
    made = words(seed)
    names = [made.designator(kind) for kind in ("resistor", "opamp", "Resistor", "led", "resistor", "diode", "gate")]
    letters, numbers = zip(*(re.fullmatch(r"([A-Z]+)(\d+)", name).groups() for name in names), strict=True)
    assert letters == ("R", "U", "R", "D", "R", "D", "U")
    for letter in "RUD":
        row = [int(n) for other, n in zip(letters, numbers, strict=True) if other == letter]
        assert all(1 <= b - a <= 2 for a, b in zip(row, row[1:], strict=False))
        assert row[0] in (1, 2, 10, 11, 100, 101)


def test_what_has_no_letter_of_its_own_is_an_x():
    assert words().designator("spaceship").startswith("X")


@pytest.mark.parametrize(
    ("kind", "pattern"),
    [
        ("resistor", r"[\d.]+(k|K|R|M|Ω|kΩ|k 1%)?"),
        ("Resistor", r"[\d.]+(k|K|R|M|Ω|kΩ|k 1%)?"),
        ("capacitor", r"[\d.]+[pnu]F?"),
        ("inductor", r"[\d.]+(uH|u|nH|mH|µH)"),
        ("crystal", r"[\d.]+(M|k)?(Hz)?"),
        ("capacitor_polarised", r"[\d.]+(uF|u|µF|uF/25V|uF 16V)"),
    ],
)
def test_values_have_the_unit_of_their_part(kind, pattern):
    made = words(1)
    values = {made.value(kind) for _ in range(200)}
    assert all(re.fullmatch(pattern, value) for value in values) and len(values) >= 5


def test_every_part_has_a_letter_and_a_value():
    made = words(2)
    for kind in {*DESIGNATORS, *PASSIVES}:
        assert all(isinstance(made.value(kind), str) for _ in range(20))
        assert not made.designator(kind).startswith("X"), kind
    assert all(isinstance(made.value(kind), str) for kind in two_pin_names())


def test_names_are_negated_on_half_of_all_sheets_and_there_by_a_part():
    shares = np.array([np.mean([made.net().startswith("~") for _ in range(300)]) for made in map(words, range(60))])
    assert 15 < (shares > 0).sum() < 45
    assert (shares[shares > 0] < 0.5).all() and shares.max() > 0.25
    made = words(int(shares.argmax()))
    names = [name for _ in range(500) for name in (made.pin_name(), made.net())]
    assert all("~" not in name[1:] for name in names)


def test_notes_have_their_number_of_words_and_dates_are_dates():
    made = words(3)
    assert made.note(0) == "" and len(made.note(7).split(" ")) == 7
    for _ in range(200):
        year, month, day = map(int, re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", made.date()).groups())
        assert 1968 <= year <= 2025 and 1 <= month <= 12 and 1 <= day <= 28


def test_a_seed_gives_its_words_again():
    def some(seed: int) -> list[str]:
        made = words(seed)
        return [
            made.designator("led"),
            made.value("ic"),
            made.net(),
            made.pin_name(),
            made.note(5),
            made.person(),
            made.firm(),
            made.date(),
        ]

    assert some(4) == some(4) != some(5)
