"""Tiles cover a sheet, overlap as asked and are as few as can be."""

from __future__ import annotations

import pytest

from wire_detection.sheets.tiles import tile_starts


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [
        ((1000, 512, 64), [0, 244, 488]),
        ((960, 512, 64), [0, 448]),  # two tiles cover just that
        ((961, 512, 64), [0, 224, 449]),
        ((512, 512, 64), [0]),
        ((100, 512, 64), [0]),
        ((1024, 512, 0), [0, 512]),
    ],
)
def test_tiles_are_spread_evenly(arguments, starts):
    assert tile_starts(*arguments) == starts
