"""What is logged is seen or not by its level, errors fit in a line, and what to type next can be typed."""

from __future__ import annotations

import logging
import os
import sys

import pytest

from wire_detection.command.messages import (
    PROGRAM,
    complain,
    how_to_go_on,
    in_words,
    print_next_steps,
    script_command,
    setup_logging,
)
from wire_detection.paths import CHECKOUT
from wire_detection.training.gpu import quiet_native_code

OWN, FOREIGN = logging.getLogger("wire_detection.room.file"), logging.getLogger("somebody.else")


@pytest.fixture
def logging_put_back():
    """The handlers and levels of all loggers that setup_logging changes are as before when the test ends."""
    root = logging.getLogger()
    changed = [root, *(logging.getLogger(name) for name in ("absl", "wire_detection"))]
    handlers, levels = root.handlers[:], [logger.level for logger in changed]
    root.handlers = []
    yield
    root.handlers = handlers
    for logger, level in zip(changed, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.parametrize(
    ("debug", "seen"), [(False, ["own info", "foreign warning"]), (True, ["own debug", "own info", "foreign warning"])]
)
def test_our_messages_come_bare_on_stderr_and_of_other_libraries_only_warnings(logging_put_back, capsys, debug, seen):
    setup_logging(debug)
    OWN.debug("own %s", "debug")
    OWN.info("own %s", "info")
    FOREIGN.info("foreign info")
    FOREIGN.warning("foreign warning")
    logging.getLogger("absl").warning("a legacy format")
    assert capsys.readouterr() == ("", "".join(f"{line}\n" for line in seen))


def test_a_second_setup_repeats_no_message(logging_put_back, capsys):
    setup_logging(True)
    setup_logging(False)
    OWN.info("once")
    assert capsys.readouterr().err == "once\n"


def test_native_code_is_hushed_inside_the_block_alone(capfd):
    def say(text: bytes) -> None:
        os.write(2, text)

    say(b"before ")
    with pytest.raises(ZeroDivisionError), quiet_native_code():
        say(b"within ")
        raise ZeroDivisionError
    say(b"after")
    assert capfd.readouterr().err == "before after"


def test_a_complaint_names_the_program(capsys):
    complain("error: no ink")
    assert capsys.readouterr() == ("", f"{PROGRAM}: error: no ink\n")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            FileExistsError(17, "File exists", "a/b"),
            "a/b: file exists; check this path, its permissions and its disk",
        ),
        (OSError("the disk is full"), "the disk is full"),
        (ValueError("wire 7 lies\n   outside"), "wire 7 lies outside"),
        (RuntimeError("stopped"), "stopped"),
        (KeyError("name"), "KeyError: 'name'"),  # nobody meant it for a user: its kind helps whoever is asked
        (ZeroDivisionError("division by zero"), "ZeroDivisionError: division by zero"),
    ],
)
def test_an_error_is_told_in_one_line(error, words):
    assert in_words(error) == words


def test_paths_are_typed_from_the_working_directory_and_quoted(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "my env" / "python"))
    monkeypatch.chdir(CHECKOUT)
    assert script_command() == f"'{tmp_path}/my env/python' {PROGRAM}"
    monkeypatch.chdir(tmp_path)
    assert script_command() == f"'my env/python' {CHECKOUT / PROGRAM}"


def test_the_results_are_listed_and_the_next_commands_name_the_model(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "executable", "/usr/bin/python")
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "my run"
    for name in ("run.json", "models/best.h5", "tensorboard/train/events"):
        (run / name).parent.mkdir(parents=True, exist_ok=True)
        (run / name).touch()
    print_next_steps(run, run / "models" / "best.h5", "is the best epoch: 0.9")
    script, best = f"/usr/bin/python {CHECKOUT / PROGRAM}", f"'{run}/models/best.h5'"
    assert capsys.readouterr().out.splitlines() == [
        "",
        "Results",
        f"  {run}/models/best.h5",
        f"  {run}/run.json",
        f"  {run}/tensorboard/",
        "",
        "Recommended",
        f"  {run}/models/best.h5 is the best epoch: 0.9",
        "",
        "Next",
        f"  {script} --evaluate {best}",
        f"  {script} --predict IMAGE_OR_FOLDER --model {best} --experiment_dir '{run}'",
        f"  /usr/bin/tensorboard --logdir '{run}/tensorboard'",
    ]


def test_only_a_run_that_has_begun_can_be_gone_on_with(tmp_path):
    assert how_to_go_on(tmp_path) == ""
    (tmp_path / "my run").mkdir()
    (tmp_path / "my run" / "run.json").touch()
    assert how_to_go_on(tmp_path / "my run").endswith(f" --resume --experiment_dir '{tmp_path}/my run'")
