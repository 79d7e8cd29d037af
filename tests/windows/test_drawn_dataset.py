"""Sheets drawn on demand: by a process of their own what this one would draw, kept for a while, and ended in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.drawing_here import draw_in_this_process
from tests.helpers.sheets import draw_tiny_sheet
from wire_detection.paths import CHECKOUT
from wire_detection.windows import drawn_dataset
from wire_detection.windows.drawn_dataset import RESCANNED_SHARE, DrawnDataset, draw_sample


@pytest.fixture
def here(monkeypatch):
    """Small sheets, drawn in this process."""
    draw_in_this_process(monkeypatch)


def test_a_process_of_the_pool_draws_what_this_one_draws():
    """Its sheet is the one of the seed (7, 2), whole as draw_sheet draws it."""
    dataset = DrawnDataset(7, processes=1, kept=2)
    try:
        drawn = dataset[2]
    finally:
        dataset.close()
    seed = int(np.random.SeedSequence((7, 2)).generate_state(1, np.uint64)[0])
    expected = draw_sample(seed)
    assert drawn.name == f"drawn_{seed}"
    np.testing.assert_array_equal(drawn.grey, expected.grey)
    np.testing.assert_array_equal(drawn.annotation.wires, expected.annotation.wires)
    with pytest.raises(RuntimeError, match="shutdown"):
        dataset[3]


def test_some_sheets_are_rescanned(monkeypatch):
    grey, annotation = draw_tiny_sheet(0)
    monkeypatch.setattr(drawn_dataset, "draw_sheet", lambda seed: (grey, annotation))
    monkeypatch.setattr(drawn_dataset, "rescan_sheet", lambda image, truth, rng: (np.vstack([image, image]), truth))
    heights = [draw_sample(seed).grey.shape[0] for seed in range(200)]
    assert set(heights) == {len(grey), 2 * len(grey)}
    assert heights.count(2 * len(grey)) / 200 == pytest.approx(RESCANNED_SHARE, abs=0.1)


def test_a_sheet_is_drawn_once_while_it_is_kept_and_the_longest_unused_goes_first(here):
    dataset = DrawnDataset(0, processes=1, kept=2)
    asked = dataset._pool.asked
    first, second = dataset[0], dataset[1]
    assert dataset[0] is first and len(asked) == 2
    dataset.prepare([2])
    assert len(asked) == 3 and dataset[0] is first and len(asked) == 3
    assert dataset[1] is not second and asked[3] == asked[1]
    np.testing.assert_array_equal(dataset[1].grey, second.grey)
    assert len(set(asked)) == 3  # each sheet has a seed of its own


def test_another_seed_draws_other_sheets(here):
    assert not np.array_equal(
        DrawnDataset(0, processes=1, kept=2)[0].grey, DrawnDataset(1, processes=1, kept=2)[0].grey
    )


def test_when_it_is_closed_sheets_that_nobody_waits_for_are_not_drawn(here):
    dataset = DrawnDataset(0, processes=1, kept=2)
    dataset.close()
    assert dataset._pool.ended == {"cancel_futures": True}


def is_running(process: int) -> bool:
    """Whether the process is there and no mere entry that its parent has not asked for yet."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_drawing_process_outlives_ctrl_c_but_not_its_parent():
    """A parent of its own starts a pool, tells the process number and, after a Ctrl-C there, draws on; it is killed."""
    code = (
        "import os, signal; from wire_detection.windows.drawn_dataset import DrawnDataset\n"
        "if __name__ == '__main__':\n"
        "    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell began it behind others\n"
        "    pool = DrawnDataset(0, processes=1, kept=1)._pool\n"
        "    process = pool.submit(os.getpid).result()\n"
        "    os.kill(process, signal.SIGINT)\n"
        "    print(process, pool.submit(os.getpid).result() == process, flush=True)\n"
        "    signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as parent:
        try:
            number, same = parent.stdout.readline().split()
            assert same == "True" and is_running(int(number))
        finally:
            os.kill(parent.pid, signal.SIGKILL)
    limit = time.monotonic() + 30
    while is_running(int(number)) and time.monotonic() < limit:
        time.sleep(0.05)
    assert not is_running(int(number))
