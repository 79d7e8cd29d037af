"""Every object compared with every other, a block of them at a time: noise has ten thousands of bars and spots."""

from __future__ import annotations

from collections.abc import Iterator

PAIRS_AT_ONCE = 4_000_000
"""A block makes at most so many pairs: its work arrays hold some ten bytes of each, and numpy has enough to do."""


def blocks(count: int, others: int) -> Iterator[slice]:
    """Split `count` objects, each of which is compared with all of the `others`, into blocks that follow each other."""
    size = max(1, PAIRS_AT_ONCE // max(1, others))
    for start in range(0, count, size):
        yield slice(start, start + size)
