"""Streams of random numbers: repeatable, apart from one another, and kept when another is added."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from wire_detection.drawing.streams import Draws, Streams, pick
from wire_detection.drawing.words import Words


def test_a_seed_gives_its_streams_again_and_no_two_are_alike():
    first, second = ([getattr(Streams.of(7), f.name).random() for f in fields(Streams)] for _ in range(2))
    assert first == second and len(set(first)) == len(first)


def test_a_stream_follows_from_its_place_so_that_one_may_be_added_at_the_end():
    more = np.random.default_rng(7).spawn(len(fields(Streams)) + 1)
    streams = Streams.of(7)
    assert [getattr(streams, f.name).random() for f in fields(Streams)] == [rng.random() for rng in more[:-1]]


def test_draws():
    draws = Draws()
    draws.rng = np.random.default_rng(0)
    assert {draws.between(2, 4) for _ in range(50)} == {2, 3, 4}
    assert not any(draws.chance(0) for _ in range(50)) and all(draws.chance(1) for _ in range(50))
    assert {draws.pick("ab") for _ in range(50)} == {pick(draws.rng, "ab") for _ in range(50)} == {"a", "b"}


def test_words_apart_count_on_but_draw_for_themselves():
    words = Words(np.random.default_rng(3))
    first = int(words.designator("resistor")[1:])
    state = words.rng.bit_generator.state
    assert int(words.apart().designator("resistor")[1:]) > first
    assert words.rng.bit_generator.state == state
