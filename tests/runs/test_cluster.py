"""A Dask cluster gives what one process gives, whatever happens to its workers, and says what it lacks."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import TextIO

import psutil
import pytest

pytest.importorskip("distributed")

from tests.helpers.sheet_tasks import die_of, slow_stem
from tests.helpers.sheets import draw_tiny_sheet, image_page
from train_wire_detection import main
from wire_detection.paths import CHECKOUT
from wire_detection.runs import cluster
from wire_detection.runs.cluster import DECIDING, ClusterError, _fault, _report
from wire_detection.runs.sheet_loop import over_sheets
from wire_detection.sheets.safe_files import write_png

# Dask's own, of processes that were killed: what they held open is told when it is cleared away
pytestmark = pytest.mark.filterwarnings("ignore")


def dask(*options: str, **further) -> subprocess.Popen:
    """A process of Dask; its messages can be read from stderr."""
    return subprocess.Popen([sys.executable, "-m", "dask", *options], stderr=subprocess.PIPE, text=True, **further)


def read_to_the_end(stream: TextIO) -> None:
    """Let a process say what it has to say, and close its stream: an open one is told in whatever test runs then."""
    with stream:
        stream.read()


@pytest.fixture(scope="module")
def scheduler():
    """The address of a scheduler in a process of its own."""
    process = dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    address = next(found[0] for line in process.stderr if (found := re.search(r"tcp://127\.0\.0\.1:\d+", line)))
    threading.Thread(target=read_to_the_end, args=(process.stderr,), daemon=True).start()
    yield address
    process.kill()
    process.wait()


@pytest.fixture
def workers(scheduler, tmp_path):
    """Two separate workers, each with a nanny that starts it again."""
    options = ("--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path / "dask"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (CHECKOUT, os.environ.get("PYTHONPATH", ""))))}
    processes = [dask("worker", scheduler, *options, env=environment, cwd=tmp_path) for _ in range(2)]
    for process in processes:
        threading.Thread(target=read_to_the_end, args=(process.stderr,), daemon=True).start()
    yield processes
    for process in processes:
        process.terminate()
        process.wait()


def kill_a_worker(nanny: subprocess.Popen) -> None:
    """Kill the process that a nanny keeps alive."""
    children = [
        one for one in psutil.Process(nanny.pid).children(recursive=True) if "spawn_main" in " ".join(one.cmdline())
    ]
    os.kill(children[-1].pid, signal.SIGKILL)


@pytest.mark.reliability
def test_killed_workers_lose_no_sheet_and_change_no_order(scheduler, workers):
    pages, skipped, stems = [image_page(CHECKOUT / f"{number}.png") for number in range(200)], [], []
    task = partial(slow_stem, seconds=0.05)
    for number, (_, stem) in enumerate(over_sheets(task, missing_place(pages), skipped, doing="", workers=scheduler)):
        stems.append(stem)
        if number in (30, 110):
            kill_a_worker(workers[number % 4 // 2])
    assert stems == [str(number) for number in range(200)] and skipped == []


def missing_place(pages):
    """The pages, the first of which is there, as workers are asked whether they see it."""
    first = CHECKOUT / "pyproject.toml"
    return [type(pages[0])(first, pages[0].stem, pages[0].name), *pages[1:]]


@pytest.mark.reliability
def test_files_are_those_of_one_process(scheduler, workers, tmp_path):
    for number in range(6):
        write_png(tmp_path / "in" / f"{number}.png", draw_tiny_sheet(number)[0])
    written = []
    for name, options in (("one", []), ("cluster", ["--cluster", scheduler.removeprefix("tcp://")])):
        places = ["--data_dir", str(tmp_path / "in"), "--annotation_dir", str(tmp_path / name)]
        assert main(["--annotate_only", *places, *options]) == 0
        out = tmp_path / name
        written.append({path.relative_to(out): path.read_bytes() for path in out.rglob("*.*")})
    assert written[0] == written[1] and len(written[0]) == 6 + 6 + 1


@pytest.mark.reliability
def test_a_sheet_that_kills_its_workers_is_named_and_the_others_are_done(monkeypatch):
    """By a cluster that is started for it."""
    pages, skipped = missing_place([image_page(f"{number}.png") for number in range(8)]), []
    results = [r for _, r in over_sheets(partial(die_of, stems=("4",)), pages, skipped, doing="", workers="local:2")]
    assert results == [str(number) for number in range(8) if number != 4]
    assert skipped == [("4.png", "its process was killed twice, maybe for lack of memory")]


def test_where_no_scheduler_is_one_line_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(cluster, "WAIT_S", 0.5)
    write_png(tmp_path / "a.png", draw_tiny_sheet(0)[0])
    places = ["--data_dir", str(tmp_path), "--annotation_dir", str(tmp_path / "out")]
    begin = time.monotonic()
    assert main(["--annotate_only", *places, "--cluster", "127.0.0.1:9"]) == 1
    assert "127.0.0.1:9: no scheduler of Dask answers" in capsys.readouterr().err.splitlines()[-1]
    assert time.monotonic() - begin < 60


def test_workers_that_are_of_no_use_are_told(tmp_path):
    mine = _report(None, tmp_path)
    assert mine.keys() >= {"python", "wire-detection", *DECIDING} and _fault(mine, mine, tmp_path) is None
    assert "cannot import wire_detection; install this package" in _fault(
        mine, ModuleNotFoundError("No module named 'wire_detection'", name="wire_detection"), None
    )
    assert _fault(mine, ValueError("m.onnx: no\nsuch file"), None) == "cannot begin (m.onnx: no such file)"
    gone = Path(tmp_path / "gone")
    assert f"does not see {gone}; put the sheets on a disk" in _fault(mine, _report(None, gone), gone)
    assert "has numpy 1.0, this process" in _fault(mine, {**mine, "numpy": "1.0"}, tmp_path)


@pytest.mark.parametrize("address", ["local:0", "local:x", "localhost"])
def test_what_is_no_address_is_refused(capsys, address):
    with pytest.raises(SystemExit):
        main(["--annotate_only", "--cluster", address])
    assert f"{address!r} is neither a scheduler's address, HOST:PORT, nor local:N" in capsys.readouterr().err


def test_without_dask_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(
        ClusterError, match=r"--cluster needs Dask; install it: pip install 'wire-detection\[cluster\]'"
    ):
        cluster._connect("local:1")
