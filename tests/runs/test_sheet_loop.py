"""Several processes give what one gives, in the order of the sheets, whatever happens to them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import closing
from functools import partial

import psutil
import pytest

from tests.helpers.sheet_tasks import die_of, disk_full, refuse_odd, slow_first, stem_and_process
from tests.helpers.sheets import image_page
from wire_detection.paths import CHECKOUT
from wire_detection.runs.sheet_loop import AHEAD, LONGEST_REASON, over_sheets

PAGES = [image_page(f"{number}.png") for number in range(40)]
STEMS = [page.stem for page in PAGES]


@pytest.fixture(autouse=True)
def processes_end():
    """Fails the test that leaves a working process behind."""
    yield
    assert [child for child in working_children() if child.is_running()] == []


def working_children() -> list[psutil.Process]:
    """The processes that work for this one; joblib's tracker of its resources stays."""
    return [child for child in psutil.Process().children() if "popen_loky" in " ".join(child.cmdline())]


def run(task, workers: int, pages=PAGES) -> tuple[list, list]:
    """What the task gives for the pages that are not skipped, and those that are."""
    skipped = []
    return [result for _, result in over_sheets(task, pages, skipped, doing="testing", workers=workers)], skipped


def test_results_come_in_order_from_other_processes():
    results, skipped = run(stem_and_process, 2)
    assert [stem for stem, _ in results] == STEMS and skipped == []
    assert 1 <= len({process for _, process in results} - {os.getpid()}) <= 2


def test_one_worker_is_this_process():
    assert {process for _, process in run(stem_and_process, 1)[0]} == {os.getpid()}


def test_a_slow_sheet_changes_no_order():
    assert run(slow_first, 2)[0] == STEMS


def test_only_a_few_sheets_are_taken_before_their_turn():
    taken = []
    pages = (taken.append(page.stem) or page for page in PAGES)
    with closing(over_sheets(stem_and_process, pages, [], doing="testing", total=40, workers=2)) as results:
        next(results)
        assert len(taken) == 2 * AHEAD


@pytest.mark.parametrize("workers", [1, 2])
def test_sheets_with_an_error_are_skipped_with_the_reason_in_a_line(workers):
    results, skipped = run(refuse_odd, workers)
    assert results == STEMS[::2] and [name for name, _ in skipped] == [f"{stem}.png" for stem in STEMS[1::2]]
    assert {reason[:16] for _, reason in skipped} == {"no such stroke!!"}
    assert {len(reason) for _, reason in skipped} == {LONGEST_REASON}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_ends_the_loop(workers):
    with pytest.raises(OSError, match="No space left"):
        run(disk_full, workers)


def test_a_killed_process_costs_its_sheets_a_second_try(tmp_path, caplog):
    results, skipped = run(partial(die_of, stems=("3", "30"), once=tmp_path), 2)
    assert results == STEMS and skipped == []
    assert caplog.text.count("a process was killed, maybe for lack of memory: its sheets get a second try") == 2


def test_sheets_that_kill_their_process_twice_are_skipped_and_named():
    results, skipped = run(partial(die_of, stems=("0", "17", "18")), 2)
    assert results == [stem for stem in STEMS if stem not in ("0", "17", "18")]
    assert skipped == [
        (f"{stem}.png", "its process was killed twice, maybe for lack of memory") for stem in ("0", "17", "18")
    ]


def test_no_sheet_is_no_work():
    assert run(stem_and_process, 2, []) == ([], [])


def test_whoever_stops_early_leaves_no_process_behind():
    with pytest.raises(KeyboardInterrupt):
        for _ in over_sheets(stem_and_process, PAGES, [], doing="testing", workers=2):
            raise KeyboardInterrupt


@pytest.mark.reliability
def test_processes_end_with_the_one_that_started_them_when_it_is_killed():
    code = (
        "from tests.runs.test_sheet_loop import PAGES, over_sheets, stem_and_process\n"
        "for _, (_, process) in over_sheets(stem_and_process, PAGES, [], doing='', workers=2):\n"
        "    print(process, flush=True)\n"
        "    input()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        worker = psutil.Process(int(starter.stdout.readline()))
        assert worker.ppid() == starter.pid
        starter.kill()
    deadline = time.monotonic() + 10
    while worker.is_running() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not worker.is_running()
