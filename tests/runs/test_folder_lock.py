"""Two runs never write into one folder; neither the end nor the kill of one keeps the next one out."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys

import pytest

from tests.helpers.shell import error_line
from wire_detection.paths import CHECKOUT
from wire_detection.runs.folder_lock import LOCK_FILE, locked
from wire_detection.runs.run_folder import RunFolderError

HOLDING = """
import sys
from wire_detection.runs.folder_lock import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other(tmp_path):
    """Another process that holds the lock of tmp_path / "run"."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path / "run")],
        cwd=CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_run_in_the_folder_is_refused_in_one_line_and_changes_nothing(tmp_path, other, tiny_sheets, capsys):
    (tmp_path / "run" / "unet_history.json").write_text("of the first run")
    (tmp_path / "run" / ".0123456789ab.h5").write_text("being written by it")
    for options in ([], ["--overwrite"]):
        line = error_line(
            capsys, ["--data_dir", str(tiny_sheets[0]), "--experiment_dir", str(tmp_path / "run"), *options]
        )
        assert "another run is writing into it; wait for it, stop it, or give another --experiment_dir" in line
    found = {path.name for path in (tmp_path / "run").iterdir()}
    assert found == {LOCK_FILE, "unet_history.json", ".0123456789ab.h5"}


def test_a_training_that_is_called_is_refused_before_it_removes_anything(tmp_path, other):
    with pytest.raises(RunFolderError, match="another run is writing into it"), locked(tmp_path / "run"):
        pytest.fail("was let in")


def test_a_kill_and_an_end_let_the_next_one_in(tmp_path, other):
    other.kill()
    other.wait()
    assert (tmp_path / "run" / LOCK_FILE).exists()
    for _ in range(2):
        with locked(tmp_path / "run"):
            assert (tmp_path / "run" / LOCK_FILE).exists()
        assert list((tmp_path / "run").iterdir()) == []


def test_blocks_of_one_process_pass_and_the_outer_one_keeps_the_lock(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with locked(tmp_path / "run"):
        with locked("run"):
            pass
        with open(tmp_path / "run" / LOCK_FILE, "a") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_a_lock_on_a_file_that_its_last_holder_removed_is_taken_anew(tmp_path, monkeypatch):
    """The first time, the file vanishes between its opening and its locking."""
    flock, path = fcntl.flock, tmp_path / LOCK_FILE

    def remove_and_lock(handle, operation):
        monkeypatch.setattr(fcntl, "flock", flock)
        path.unlink()
        flock(handle, operation)

    monkeypatch.setattr(fcntl, "flock", remove_and_lock)
    with locked(tmp_path):
        assert fcntl.flock is flock and path.exists()


def test_where_there_are_no_locks_it_is_said_and_gone_on(tmp_path, monkeypatch, caplog):
    def refuse(handle, operation):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with locked(tmp_path):
        (message,) = caplog.messages
    assert "cannot be locked" in message and "No locks available" in message and "\n" not in message
