"""run.json of a run's folder: what it says while the run goes on and after, and who may go on with it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from wire_detection.runs import run_record
from wire_detection.runs.run_record import RunError, RunRecord, as_recorded

SPLIT = {"train": ["a.png"], "validation": ["b.png"]}


def written(folder: Path) -> dict:
    return json.loads((folder / "run.json").read_text())


@pytest.fixture
def run(tmp_path) -> Path:
    """The folder of a run of seed 3 that has begun, with its sheets split."""
    record = RunRecord(tmp_path, arguments={"epochs": 7, "data_dir": tmp_path / "images"}, seed=3)
    record.begin()
    record.set_split(SPLIT)
    return tmp_path


def test_a_run_that_goes_on_says_what_it_does_where_and_with_what(run):
    content = written(run)
    assert content["exit_reason"] == "running" and "ended" not in content and "resumed" not in content
    assert (content["arguments"], content["seed"]) == ({"epochs": 7, "data_dir": str(run / "images")}, 3)
    assert content["split"] == SPLIT and content["machine"]["processors"] == os.cpu_count()
    assert content["versions"].keys() == {"python", *run_record.PACKAGES} and content["versions"]["numpy"][0].isdigit()


def test_a_package_that_is_not_there_is_no_reason_to_fail(tmp_path, monkeypatch):
    monkeypatch.setattr(run_record, "PACKAGES", ("no-such-package",))
    RunRecord(tmp_path, arguments={}).begin()
    assert written(tmp_path)["versions"]["no-such-package"] == "not installed"


@pytest.mark.parametrize(
    ("name", "value", "recorded"),
    [
        ("data_dir", "sheets", "/from/here/sheets"),
        ("experiment_dir", Path("/elsewhere"), "/elsewhere"),
        ("annotation_dir", None, None),
        ("init", Path("a.h5"), "a.h5"),
        ("image_size", (64, 96), (64, 96)),
    ],
)
def test_the_folders_of_a_run_are_recorded_for_any_working_directory(monkeypatch, name, value, recorded):
    monkeypatch.setattr(os, "getcwd", lambda: "/from/here")
    assert as_recorded(name, value) == recorded


# --- how a run ends ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["finished", "early stop"])
def test_the_record_of_a_run_that_ended_well(tmp_path, reason):
    record = RunRecord(tmp_path, arguments={})
    with record.ending():
        assert written(tmp_path)["exit_reason"] == "running"
        record.exit_reason = reason
    assert written(tmp_path)["exit_reason"] == reason and written(tmp_path)["ended"] >= written(tmp_path)["started"]


@pytest.mark.parametrize(
    ("error", "reason"), [(KeyboardInterrupt(), "interrupted"), (ValueError("no\nink"), "error: no ink")]
)
def test_the_record_says_why_a_run_ended(run, error, reason):
    record = RunRecord.to_resume(run)
    with pytest.raises(type(error)), record.ending():
        assert written(run)["exit_reason"] == "running"
        raise error
    content = written(run)
    assert content["exit_reason"] == reason and content["ended"] >= content["started"] and content["commit"]


def test_an_error_is_told_even_where_the_record_cannot_be_written(tmp_path):
    record = RunRecord(tmp_path / "run", arguments={})
    with pytest.raises(ZeroDivisionError), record.ending():
        (tmp_path / "run" / "run.json").unlink()
        (tmp_path / "run").rmdir()
        (tmp_path / "run").touch()  # now no folder
        raise ZeroDivisionError


# --- going on with a run -------------------------------------------------------------------------------------------


def test_a_resumed_run_keeps_its_beginning_seed_and_split_and_counts_its_resumptions(run):
    started = written(run)["started"]
    for times in (1, 2):
        record = RunRecord.of_run(run, arguments={"epochs": 9}, seed=0, resume=True)
        assert (record.seed, record.split, record.arguments) == (3, SPLIT, {"epochs": 9})
        record.begin()
        assert written(run)["started"] == started and len(written(run)["resumed"]) == times
        assert written(run)["arguments"] == {"epochs": 9}


def test_a_run_begun_anew_knows_nothing_of_the_one_before(run):
    record = RunRecord.of_run(run, arguments={"epochs": 9}, seed=5, resume=False)
    record.begin()
    assert written(run)["split"] is None and written(run)["seed"] == 5 and "resumed" not in written(run)


def test_sheets_that_changed_since_the_run_began_are_refused(run):
    again = RunRecord.to_resume(run)
    again.set_split(dict(SPLIT))
    with pytest.raises(RunError, match=r"have changed since this run began \(c\.png\)"):
        again.set_split({"train": ["a.png", "c.png"], "validation": ["b.png"]})
    assert written(run)["split"] == SPLIT


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"arguments": 5, "seed": 1, "split": {}, "started": ""}'])
def test_a_record_that_is_none_cannot_be_resumed(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(RunError, match=r"run\.json: not a record of a run .*--overwrite"):
        RunRecord.to_resume(tmp_path)


# --- the record beside a model -------------------------------------------------------------------------------------


def test_a_model_is_scored_on_what_its_run_held_out(run, tmp_path, monkeypatch):
    record = RunRecord.beside_model(run / "models" / "unet_best.h5")
    assert (record.folder, record.seed, record.split) == (run, 3, SPLIT)
    monkeypatch.chdir(tmp_path)
    assert record.trained_on(None) and record.trained_on("images") and record.trained_on(run / "x" / ".." / "images")
    assert not record.trained_on("others")


@pytest.mark.parametrize("text", [None, "{", "[]", '{"arguments": {}, "seed": "x", "split": {}}', '{"arguments": {}}'])
def test_a_model_without_a_record_was_trained_on_nothing_known(tmp_path, text):
    if text is not None:
        (tmp_path / "run.json").write_text(text)
    record = RunRecord.beside_model(tmp_path / "models" / "unet_best.h5")
    assert record.folder is None and record.split is None and record.arguments == {}
    assert not record.trained_on(None) and not record.trained_on(tmp_path)


def test_the_history_is_that_of_the_network_of_the_run(tmp_path):
    (tmp_path / "unet_history.json").write_text('{"loss": [2, 1.5]}')
    (tmp_path / "resnet_history.json").write_text('{"loss": [9]}')
    assert RunRecord(tmp_path, arguments={"model_type": "unet"}).history() == {"loss": [2.0, 1.5]}


@pytest.mark.parametrize("content", [None, "", "[1]", '{"loss": 1}', '{"loss": ["a"]}'])
def test_without_a_usable_history_there_is_none(tmp_path, content):
    if content is not None:
        (tmp_path / "unet_history.json").write_text(content)
    assert RunRecord(tmp_path, arguments={"model_type": "unet"}).history() == {}
    assert RunRecord(None, arguments={}).history() == {}
