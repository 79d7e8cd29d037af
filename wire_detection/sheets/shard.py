"""A shard is a fixed part of the sheets: machines that know nothing of each other share a folder by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")

NOT_DONE = "no shard has done it yet"
"""Why a sheet is missing when what the shards left is put together."""


@dataclass(frozen=True)
class Shard:
    """Part `number`, counted from 0, of `count` parts."""

    number: int
    count: int

    def of(self, items: Sequence[Item]) -> tuple[Item, ...]:
        """Give every `count`-th item: large sheets, which often lie side by side, come into different parts."""
        return tuple(items[self.number :: self.count])

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


WHOLE = Shard(0, 1)
