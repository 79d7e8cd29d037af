"""From the command line to a scored model: what a run leaves, and what a fresh process makes of it."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.helpers.shallow import FROM_SCRATCH
from tests.helpers.sheets import write_tiny_sheets
from train_wire_detection import evaluate_model, main
from wire_detection.networks.model_files import load_keras_model
from wire_detection.networks.tasks import TASKS
from wire_detection.paths import CHECKOUT


def train(folder: Path, *options: str, epochs: int = 2) -> Path:
    """Train on tiny sheets in `folder`; returns the experiment folder."""
    if not (folder / "images").exists():
        write_tiny_sheets(folder, 5)
    code = main(
        [
            "--data_dir",
            str(folder / "images"),
            "--annotation_dir",
            str(folder / "annotations"),
            "--experiment_dir",
            str(folder / "run"),
            "--image_size",
            "64",
            "64",
            "--epochs",
            str(epochs),
            "--learning_rate",
            "1e-3",
            *options,
        ]
    )
    assert code == 0
    return folder / "run"


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    """The folder of a run whose paths were typed as seen from the folder above it."""
    folder = tmp_path_factory.mktemp("training")
    with contextlib.chdir(folder):
        return folder / train(Path(), "--batch_size", "auto")


@pytest.fixture
def moved_run(run, tmp_path, monkeypatch) -> Path:
    """A copy of the run with its scores marked old, as seen from a working directory that has nothing else in it."""
    shutil.copytree(run, tmp_path / "moved", ignore=shutil.ignore_patterns("tensorboard"))
    (tmp_path / "moved" / "evaluation.json").write_text("old")
    monkeypatch.chdir(tmp_path)
    return Path("moved")


def test_a_run_leaves_exactly_what_is_promised(run):
    files = {p.relative_to(run).as_posix() for p in run.rglob("*") if p.is_file() and "tensorboard" not in p.parts}
    assert files == {
        "models/unet_best.h5",
        "models/unet_final.h5",
        "models/unet_start.h5",
        "recommendation.json",
        "unet_architecture.json",
        "unet_history.json",
        "unet_history.csv",
        "unet_training_history.png",
        "run.json",
        "evaluation.json",
        "evaluation.csv",
        "evaluation_curves.png",
        "evaluation_best.png",
        "evaluation_worst.png",
        "overlays/sheet_2.json",
        "overlays/sheet_2.png",
        "training_state.npz",
    }


def test_the_history_has_its_keys_once_an_epoch(run):
    history = json.loads((run / "unet_history.json").read_text())
    of_tasks = {f"{task}_{score}" for task in TASKS for score in ("loss", "accuracy", "iou", "precision", "recall")}
    wanted = {f"{prefix}{key}" for prefix in ("", "val_") for key in {"loss"} | of_tasks}
    assert wanted | {"lr"} == set(history)
    assert {len(values) for values in history.values()} == {2} and history["lr"][0] == pytest.approx(1e-3)


def test_the_architecture_is_an_object_that_keras_rebuilds(run):
    import keras

    architecture = json.loads((run / "unet_architecture.json").read_text())
    model = keras.models.model_from_json(json.dumps(architecture))
    model.load_weights(run / "models" / "unet_final.h5")
    window = np.random.default_rng(0).random((1, 64, 64, 3)).astype(np.float32)
    rebuilt, saved = (
        model.predict_on_batch(window),
        load_keras_model(run / "models" / "unet_final.h5").predict_on_batch(window),
    )
    assert rebuilt.keys() == saved.keys() == TASKS.keys()
    for task, values in saved.items():
        np.testing.assert_allclose(rebuilt[task], values, atol=1e-6)


def test_the_record_names_arguments_and_split(run):
    record = json.loads((run / "run.json").read_text())
    split = record["split"]
    assert sorted(split["train"] + split["validation"]) == [f"sheet_{i}.png" for i in range(5)]
    assert len(split["validation"]) == 1 and record["exit_reason"] == "finished"
    assert record["arguments"]["batch_size"] == 4  # auto: no more than that for a processor, or than the five sheets
    assert record["arguments"]["image_size"] == [64, 64] and record["versions"]["keras"].startswith("3.")
    paths = {name: record["arguments"][f"{name}_dir"] for name in ("data", "annotation", "experiment")}
    assert paths == {
        "data": str(run.parent / "images"),
        "annotation": str(run.parent / "annotations"),
        "experiment": str(run),
    }


def test_tensorboard_has_scalars_histograms_graph_and_pictures(run):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
    from tensorboard.util import tensor_util

    tags = {}
    for folder in ("train", "validation", "windows"):
        events = EventAccumulator(str(run / "tensorboard" / folder), size_guidance={"tensors": 0})
        events.Reload()
        tags[folder] = {tag: events.SummaryMetadata(tag).plugin_data.plugin_name for tag in events.Tags()["tensors"]}
        if folder == "windows":
            (tag,) = tags[folder]
            pictures = tensor_util.make_ndarray(events.Tensors(tag)[-1].tensor_proto)
            assert tuple(pictures[:2]) == (b"192", b"64") and len(events.Tensors(tag)) == 2
    assert tags["train"]["epoch_loss"] == "scalars" and tags["validation"]["epoch_wire_iou"] == "scalars"
    assert "histograms" in tags["train"].values() and "graph_keras_model" in tags["train"].values()
    assert set(tags["windows"].values()) == {"images"}


def test_a_fresh_process_scores_the_same_held_out_sheet(run, tmp_path):
    result = subprocess.run(
        [
            sys.executable,
            str(CHECKOUT / "train_wire_detection.py"),
            "--evaluate",
            str(run / "models" / "unet_best.h5"),
            "--experiment_dir",
            str(tmp_path),
        ],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    first, second = (json.loads((folder / "evaluation.json").read_text()) for folder in (run, tmp_path))
    assert (
        list(first["per_sheet"])
        == list(second["per_sheet"])
        == json.loads((run / "run.json").read_text())["split"]["validation"]
    )
    assert second["losses"] == pytest.approx(first["losses"], rel=1e-3)
    for word in ("wire", "junction", "wire IoU", "loss"):
        assert word in result.stdout


def test_another_folder_is_scored_whole(run, tmp_path):
    images, annotations = write_tiny_sheets(tmp_path, 3)
    assert (
        main(
            [
                "--evaluate",
                str(run / "models" / "unet_best.h5"),
                "--data_dir",
                str(images),
                "--annotation_dir",
                str(annotations),
                "--experiment_dir",
                str(tmp_path / "out"),
            ]
        )
        == 0
    )
    assert len(json.loads((tmp_path / "out" / "evaluation.json").read_text())["per_sheet"]) == 3


def scored_sheets(folder: Path) -> list[str]:
    return list(json.loads((folder / "evaluation.json").read_text())["per_sheet"])


def test_a_run_is_scored_from_any_working_directory(moved_run):
    evaluate_model(moved_run / "models" / "unet_best.h5")
    assert scored_sheets(moved_run) == json.loads((moved_run / "run.json").read_text())["split"]["validation"]


def test_scores_of_another_folder_lie_apart_from_the_runs_own(moved_run, tmp_path):
    images, annotations = write_tiny_sheets(tmp_path / "more", 2)
    evaluate_model(moved_run / "models" / "unet_best.h5", data_dir=images, annotation_dir=annotations)
    assert scored_sheets(moved_run / "evaluation_images") == ["sheet_0.png", "sheet_1.png"]
    assert (moved_run / "evaluation.json").read_text() == "old"


def test_a_model_without_a_record_is_scored_on_the_whole_folder(moved_run, tmp_path):
    images, annotations = write_tiny_sheets(tmp_path / "more", 2)
    (moved_run / "run.json").unlink()
    evaluate_model(moved_run / "models" / "unet_best.h5", data_dir=images, annotation_dir=annotations)
    assert scored_sheets(Path("experiments") / "evaluation_images") == ["sheet_0.png", "sheet_1.png"]
    assert (moved_run / "evaluation.json").read_text() == "old"


@pytest.mark.parametrize("model_type", ["resnet", "attention"])
def test_the_other_networks_train_on_hough_annotations_and_odd_images(tmp_path, model_type, shallow_networks):
    images, _ = write_tiny_sheets(tmp_path, 2)
    Image.fromarray(np.full((30, 40), 255, np.uint8)).save(images / "small and ü.PNG")
    whole = Image.open(images / "sheet_0.png")
    whole.save(images / "whole.jpg")
    (images / "half.jpg").write_bytes((images / "whole.jpg").read_bytes()[:500])
    assert (
        main(
            [
                "--data_dir",
                str(images),
                "--annotation_dir",
                str(tmp_path / "hough"),
                "--experiment_dir",
                str(tmp_path / "run"),
                "--image_size",
                "64",
                "64",
                "--epochs",
                "1",
                "--model_type",
                model_type,
                *FROM_SCRATCH,
            ]
        )
        == 0
    )
    assert {p.stem for p in (tmp_path / "hough").glob("*.json")} == {"sheet_0", "sheet_1", "small and ü", "whole"}
    assert (tmp_path / "run" / "models" / f"{model_type}_final.h5").is_file()


def test_the_same_seed_gives_the_same_first_epoch(run, tmp_path):
    """The split, the windows and their order all show in it."""
    first, again = (
        json.loads((folder / "unet_history.json").read_text())
        for folder in (run, train(tmp_path / "again", "--seed", "0", epochs=1))
    )
    for key in ("loss", "val_loss", "wire_iou"):
        assert again[key] == pytest.approx(first[key][:1], rel=1e-3)


def test_folds_hold_out_every_sheet_once_and_tell_mean_and_interval(tmp_path, shallow_networks, capsys):
    run = train(tmp_path, "--folds", "2", *FROM_SCRATCH, epochs=1)
    records = [json.loads((run / f"fold_{number}" / "run.json").read_text()) for number in (1, 2)]
    assert sorted(sum((record["split"]["validation"] for record in records), [])) == [
        f"sheet_{i}.png" for i in range(5)
    ]
    assert [record["arguments"]["fold"] for record in records] == [[1, 2], [2, 2]]
    evaluations = [json.loads((run / f"fold_{number}" / "evaluation.json").read_text()) for number in (1, 2)]
    assert [list(e["per_sheet"]) for e in evaluations] == [record["split"]["validation"] for record in records]
    wire = json.loads((run / "folds.json").read_text())["wire"]
    assert wire["folds"] == [e["scores"]["wire"]["mean"]["f1"] for e in evaluations]
    assert "95 % interval" in capsys.readouterr().out and not (run / "models").exists()


def test_the_statistics_of_trained_weights_are_held_and_those_of_new_ones_are_learned(run, shallow_networks):
    def means(name: str) -> list:
        model = load_keras_model(run / "models" / f"unet_{name}.h5")
        return [layer.moving_mean.numpy().tolist() for layer in model.layers if hasattr(layer, "moving_mean")]

    assert means("final") == means("start") and len(means("start")) > 5
    from enhanced_models import create_initial_model

    layers = create_initial_model("scratch", "unet", "small").layers
    assert {layer.trainable for layer in layers if hasattr(layer, "moving_mean")} == {True}


def refused(folder: Path, *options: str) -> None:
    """Training into `folder` on its sheets ends with an error."""
    sheets = write_tiny_sheets(folder.parent / "refused", 2)
    paths = ("--data_dir", sheets[0], "--annotation_dir", sheets[1], "--experiment_dir", folder)
    assert main([*map(str, paths), "--image_size", "64", "64", "--epochs", "1", *options]) == 1


def files_of(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def test_a_refusal_before_the_first_step_leaves_a_new_folder_free(tmp_path, capsys):
    refused(tmp_path / "run", "--init", str(tmp_path / "none.h5"))
    assert "none.h5: no such model file" in capsys.readouterr().err
    assert files_of(tmp_path / "run") == {}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--init", "none.h5"], "none.h5: no such model file"),
        (["--init", "moved/models/unet_best.h5", "--model_size", "medium"], "change --model_type and --model_size"),
    ],
)
def test_a_refusal_before_the_first_step_costs_no_earlier_run(moved_run, options, reason, capsys):
    before = files_of(moved_run)
    refused(moved_run, "--overwrite", *options)
    assert reason in capsys.readouterr().err and files_of(moved_run) == before
