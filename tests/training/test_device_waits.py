"""The measure of how long a device waits for windows."""

from __future__ import annotations

import time

import pytest

from benchmarks.device_waits import KEPT, KeptBatches, share_of_waiting
from tests.helpers.tiny_training import TinyWindows, tiny_model


class LateWindows(TinyWindows):
    """Batches that take 0.2 s each; the first KEPT, which are asked for before the epoch, are there at once."""

    asked = 0

    def __getitem__(self, index: int):
        self.asked += 1
        time.sleep(0.2 if self.asked > KEPT else 0)
        return super().__getitem__(index)


def test_a_step_of_next_to_nothing_waits_for_windows_that_take_long():
    assert share_of_waiting(tiny_model(), LateWindows(12)) > 0.5


def test_kept_batches_are_the_first_ones_again_and_again():
    windows = TinyWindows(2 * KEPT + 1)
    kept = KeptBatches(windows)
    assert len(kept) == len(windows) and kept[KEPT + 1] is kept[1] is not kept[2]


def test_where_nothing_is_prepared_no_share_is_below_zero(monkeypatch):
    monkeypatch.setattr(
        "benchmarks.device_waits.seconds_of_epoch", lambda model, windows: 1 + hasattr(windows, "_count")
    )
    assert share_of_waiting(tiny_model(), TinyWindows()) == pytest.approx(0)
