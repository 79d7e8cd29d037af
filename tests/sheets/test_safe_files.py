"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
import tracemalloc
from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from wire_detection.paths import CHECKOUT
from wire_detection.sheets.safe_files import is_temporary, remove_unfinished, replacing, write_json, write_png


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]


def test_an_error_within_a_write_names_the_file(tmp_path):
    with pytest.raises(OSError) as caught, replacing(tmp_path / "a.json"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert caught.value.filename == str(tmp_path / "a.json")


def test_the_old_file_is_there_until_the_new_one_is_finished(tmp_path):
    path = tmp_path / "a.h5"
    path.write_text("old")
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert temporary.suffix == ".h5" and temporary.parent == tmp_path
        assert path.read_text() == "old"
    assert path.read_text() == "new"


WRITER = """
import os, signal, sys
from wire_detection.paths import CHECKOUT
from wire_detection.sheets.safe_files import replacing
with replacing(sys.argv[1]) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_kill_left_half_written_is_removed_and_nothing_else(tmp_path):
    path = tmp_path / "below" / "a.json"
    assert subprocess.run([sys.executable, "-c", WRITER, path], cwd=CHECKOUT).returncode == -signal.SIGKILL
    (left,) = path.parent.iterdir()
    assert is_temporary(left) and left.read_text() == "half"
    machine, _, number = left.name.split("-")
    of_later_process = left.with_name(f"{machine}-{os.getpid()}-{number}")
    elsewhere = left.with_name(f".00000000-{left.name.partition('-')[2]}")
    for other in (of_later_process, elsewhere, tmp_path / ".hidden", tmp_path / "kept.json"):
        other.touch()
    os.utime(of_later_process, (time.time(), 1))  # before this process, which got the number of one that is gone
    with replacing(path) as temporary:
        temporary.touch()
        remove_unfinished(tmp_path)
        assert {file for file in tmp_path.rglob("*") if file.is_file()} == {
            temporary,
            elsewhere,
            tmp_path / ".hidden",
            tmp_path / "kept.json",
        }


def test_json_refuses_numbers_that_json_cannot_hold(tmp_path):
    with pytest.raises(ValueError):
        write_json(tmp_path / "a.json", {"x": float("nan")})
    write_json(tmp_path / "a.json", {"x": "ß"})
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == {"x": "ß"}


def test_a_dataclass_is_written_as_its_fields(tmp_path):
    @dataclass(frozen=True)
    class Row:
        name: str
        problems: tuple[str, ...]

    write_json(tmp_path / "a.json", {"rows": [Row("a", ()), Row("b", ("faint", "empty"))]})
    rows = [{"name": "a", "problems": []}, {"name": "b", "problems": ["faint", "empty"]}]
    assert (tmp_path / "a.json").read_text() == json.dumps({"rows": rows}, indent=1) + "\n"


def test_a_long_table_is_never_a_text_as_a_whole(tmp_path):
    """The text of these rows has 10 MB, and less than a tenth of it is in memory at a time."""
    rows = [{"name": "a" * 1000}] * 10_000
    tracemalloc.start()
    write_json(tmp_path / "a.json", rows)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 1_000_000 < (tmp_path / "a.json").stat().st_size


def test_png_keeps_every_value_and_the_order_of_channels(tmp_path):
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    write_png(tmp_path / "ü b.png", image)
    data = np.frombuffer((tmp_path / "ü b.png").read_bytes(), np.uint8)
    np.testing.assert_array_equal(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1], image)
