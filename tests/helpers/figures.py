"""Figures that Hypothesis draws, and slow and plain geometry to compare with: loops, and fractions without rounding."""

from __future__ import annotations

from fractions import Fraction
from math import hypot

from hypothesis import settings
from hypothesis import strategies as st

steadily = settings(derandomize=True, database=None, deadline=None, max_examples=80)
"""The same figures in every run, however slow the machine is at the moment."""

SIDE_PX = 24
"""Figures lie on so few pixels that lines meet, cross and overlap."""

places = st.tuples(st.integers(0, SIDE_PX), st.integers(0, SIDE_PX))
points = st.lists(places, max_size=6)
segments = st.lists(st.tuples(places, places).map(lambda ends: ends[0] + ends[1]), max_size=7)
"""Some have no length, some lie on one another."""

upright_segments = st.lists(
    st.tuples(places, st.integers(-SIDE_PX, SIDE_PX), st.booleans()).map(
        lambda made: (*made[0], made[0][0] + made[1] * made[2], made[0][1] + made[1] * (not made[2]))
    ),
    max_size=10,
)
"""Horizontal and vertical ones."""


def distance(point, segment) -> float:
    """Measure how far a point lies from the nearest point of a segment, all of whole numbers; 0 only where it is."""
    x, y, x0, y0, x1, y1 = map(Fraction, (*point, *segment))
    square = (x1 - x0) ** 2 + (y1 - y0) ** 2
    share = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / square if square else Fraction(0)
    share = min(max(share, Fraction(0)), Fraction(1))
    return hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0))


def chained(count: int, linked) -> list[int]:
    """Number the groups of `count` things of which i and j are `linked(i, j)`, each by its first member."""
    group = list(range(count))
    for i in range(count):
        for j in range(i):
            if linked(i, j) and group[i] != group[j]:
                old, new = max(group[i], group[j]), min(group[i], group[j])
                group = [new if number == old else number for number in group]
    return group
