"""Random numbers of a drawn sheet, a stream to each concern, and the draws from one that drawing is made of.

What draws from a stream of its own leaves the others as they are: a new kind of note moves no wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

Choice = TypeVar("Choice")


@dataclass(frozen=True)
class Streams:
    """The streams of one sheet. A new one goes to the end, for the others follow from their places in this list."""

    style: np.random.Generator
    page: np.random.Generator
    border: np.random.Generator
    words: np.random.Generator
    circuits: np.random.Generator
    placing: np.random.Generator
    routing: np.random.Generator
    notes: np.random.Generator
    degradation: np.random.Generator
    meetings: np.random.Generator
    hand: np.random.Generator
    paper: np.random.Generator

    @classmethod
    def of(cls, seed: int) -> Streams:
        return cls(*np.random.default_rng(seed).spawn(len(fields(cls))))


def pick(rng: np.random.Generator, choices: Sequence[Choice]) -> Choice:
    """One of the choices; what stands there twice is picked twice as often."""
    return choices[int(rng.integers(len(choices)))]


class Draws:
    """Something that draws from the stream `rng`."""

    rng: np.random.Generator

    def chance(self, share: float) -> bool:
        """True in so many of all cases, 0 to 1."""
        return bool(self.rng.random() < share)

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return int(self.rng.integers(low, high + 1))

    def pick(self, choices: Sequence[Choice]) -> Choice:
        return pick(self.rng, choices)
