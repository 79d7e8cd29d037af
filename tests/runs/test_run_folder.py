"""The results of a run are neither overwritten silently nor removed together with what is not of the run."""

from __future__ import annotations

import pytest

from train_wire_detection import VERBS, main
from wire_detection.command.flags import arguments_of_run, parse_arguments
from wire_detection.runs.run_folder import RunFolderError, refuse_results, remove_results
from wire_detection.runs.run_record import RunError, RunRecord


def test_an_empty_or_foreign_folder_may_be_used(tmp_path):
    refuse_results(tmp_path)
    (tmp_path / "notes.txt").write_text("mine")
    (tmp_path / "models").mkdir()
    refuse_results(tmp_path)


@pytest.mark.parametrize(
    "name",
    ["run.json", "models/unet_best.h5", "unet_history.json", "evaluation.json", "evaluation.csv", "overlays/a.png"],
)
def test_a_folder_with_results_is_refused_in_one_line(tmp_path, tiny_sheets, capsys, name):
    (tmp_path / "run" / name).parent.mkdir(parents=True)
    (tmp_path / "run" / name).write_text("old")
    with pytest.raises(RunFolderError, match="--resume.*--overwrite"):
        refuse_results(tmp_path / "run")
    assert main(["--data_dir", str(tiny_sheets[0]), "--experiment_dir", str(tmp_path / "run")]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert name in line and (tmp_path / "run" / name).read_text() == "old"


def test_overwriting_removes_the_files_of_a_run_and_no_others(tmp_path):
    kept = {"notes.txt", "models/readme.md", "overlays/notes.txt", "predictions/overlays/a.png"}
    for name in ("run.json", "models/unet_best.h5", "tensorboard/train/events", "overlays/a.png", *kept):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    remove_results(tmp_path)
    left = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert left == kept


def test_sheets_that_cannot_be_trained_on_cost_no_earlier_run(tmp_path, tiny_sheets, capsys):
    images, annotations = tiny_sheets
    for path in sorted(annotations.iterdir())[1:]:
        path.write_text("broken")
    (tmp_path / "run" / "models").mkdir(parents=True)
    (tmp_path / "run" / "models" / "unet_best.h5").write_text("old")
    assert (
        main(
            [
                "--overwrite",
                "--data_dir",
                str(images),
                "--annotation_dir",
                str(annotations),
                "--experiment_dir",
                str(tmp_path / "run"),
            ]
        )
        == 1
    )
    assert "1 of its 5 images can be used" in capsys.readouterr().err.splitlines()[-1]
    assert [p.name for p in (tmp_path / "run").rglob("*") if p.is_file()] == ["unet_best.h5"]


@pytest.fixture
def run(tmp_path):
    """A folder whose run began with a medium network and 64x64 windows."""
    record = RunRecord(
        tmp_path,
        arguments={
            "model_size": "medium",
            "image_size": (64, 64),
            "epochs": 7,
            "seed": 3,
            "experiment_dir": "elsewhere",
        },
        seed=3,
    )
    record.begin()
    return tmp_path


def resumed(folder, *options):
    return arguments_of_run(parse_arguments(["--resume", "--experiment_dir", str(folder), *options], VERBS))


def test_a_resumed_run_keeps_its_arguments_and_may_get_more_epochs(run):
    arguments = resumed(run)
    assert (arguments.model_size, arguments.image_size, arguments.epochs, arguments.seed) == ("medium", (64, 64), 7, 3)
    assert arguments.experiment_dir == str(run)
    assert resumed(run, "--epochs", "9", "--image_size", "64", "64").epochs == 9


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--image_size", "64", "96"], ["--image_size 64 96", "64 64"]),
        (["--seed", "0"], ["--seed 0", "3"]),
        (["--model_size", "small"], ["--model_size small", "medium"]),
    ],
)
def test_an_argument_that_contradicts_the_run_is_refused(run, options, words):
    with pytest.raises(RunError) as error:
        resumed(run, *options)
    assert all(word in str(error.value) for word in words)


def test_nothing_to_resume(tmp_path):
    with pytest.raises(RunError, match="nothing to resume"):
        resumed(tmp_path)
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(RunError, match="not a record of a run"):
        resumed(tmp_path)
