"""What a user types wrong is told in one line, with a non-zero exit."""

from __future__ import annotations

import platform
import re
import resource
import subprocess
import sys
import tomllib
from importlib import metadata

import pytest

from tests.helpers.shell import error_line
from train_wire_detection import VERBS, main
from wire_detection.command.flags import build_parser, parse_arguments
from wire_detection.paths import CHECKOUT

DEFAULTS = {
    "model_type": "unet",
    "data_dir": "data/schematics_dataset",
    "annotation_dir": "annotations",
    "experiment_dir": "experiments",
    "batch_size": 4,
    "epochs": 100,
    "image_size": (512, 512),
    "learning_rate": 1e-4,
    "validation_split": 0.2,
    "evaluate": None,
}


def test_the_defaults_are_those_promised():
    arguments = vars(parse_arguments([], VERBS))
    assert {name: arguments[name] for name in DEFAULTS} == DEFAULTS


def ask(flag: str, *interpreter_options: str) -> subprocess.CompletedProcess:
    """What a fresh process prints for --help or --version."""
    script = str(CHECKOUT / "train_wire_detection.py")
    return subprocess.run(
        [sys.executable, *interpreter_options, script, flag], capture_output=True, text=True, check=True
    )


def cpu_seconds() -> float:
    """CPU time, of user and system together, of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_every_flag_has_a_line_in_the_help_and_a_meaning():
    printed = ask("--help").stdout
    actions = build_parser(VERBS)._actions
    assert {action.dest for action in actions} >= DEFAULTS.keys() and all(action.help for action in actions)
    for flag in (flag for action in actions for flag in action.option_strings):
        assert re.search(rf"^  (-h, )?{flag}\b", printed, re.MULTILINE), flag


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_import_no_library(flag):
    """Python's -X importtime names on stderr whatever is imported until the program ends."""
    imports = ask(flag, "-X", "importtime").stderr.splitlines()
    packages = {line.split("|")[-1].strip().split(".")[0] for line in imports}
    assert {"argparse", "wire_detection"} <= packages
    assert not packages & {"numpy", "cv2", "scipy", "PIL", "matplotlib", "albumentations", "sklearn"}
    assert not packages & {"tensorflow", "keras", "h5py"}


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_answer_at_once(flag):
    """Python's start and argparse take 0.08 CPU-seconds, NumPy and OpenCV as much again, TensorFlow seconds."""
    taken = []
    for _ in range(3):  # the best of three: another process may crowd the caches
        before = cpu_seconds()
        ask(flag)
        taken.append(cpu_seconds() - before)
    assert min(taken) <= 0.25


def test_the_versions_are_those_of_the_program_its_libraries_and_its_weights():
    lines = dict(line.split(maxsplit=1) for line in ask("--version").stdout.splitlines())
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert lines["wire-detection"] == project["version"] and lines["python"] == platform.python_version()
    for library in ("tensorflow", "keras", "onnxruntime", "numpy", "opencv-python-headless"):
        assert lines[library] == metadata.version(library)
    assert re.fullmatch("[0-9a-f]{64}", lines["unet_small.h5"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--image_size", "250", "256"], ["250", "224", "256"]),
        (["--image_size", "0", "256"], ["image_size"]),
        (["--batch_size", "0"], ["batch_size", "0"]),
        (["--batch_size", "most"], ["batch_size", "'most' is not a whole number"]),
        (["--validation_split", "1"], ["validation_split"]),
        (["--learning_rate", "0"], ["learning_rate"]),
        (["--learning_rate", "nan"], ["learning_rate"]),
        (["--image_size", "50", "50"], ["50", "near: 64 "]),
        (["--image_size", "4100", "4100"], ["4100", "near: 4096 "]),
        (["--image_size", "20", "20"], ["20", "near: 64 "]),
        (["--image_size", "5000", "5000"], ["5000", "near: 4096 "]),
        (["--epochs", "many"], ["epochs", "'many' is not a whole number"]),
        (["--model_type", "gan"], ["unet", "resnet", "attention"]),
        (["--evaluate", "a.h5", "--synthesize", "3"], ["not allowed"]),
        (["--max_minutes", "0"], ["max_minutes"]),
        (["--drawn_share", "1"], ["drawn_share"]),
        (["--drawn_share", "0.5", "--drawn_sheets", "3"], ["--drawn_share: --drawn_sheets trains on nothing but"]),
        (["--folds", "1"], ["folds"]),
        (["--folds", "3", "--resume"], ["--folds: not allowed with argument --resume"]),
        (["--devices", "0"], ["--devices", "in 1..1024"]),
        (["--coordinator", "host"], ["--coordinator", "no address HOST:PORT"]),
        (["--processes", "2"], ["--coordinator and --processes", "needs both"]),
        (["--coordinator", "a:1", "--processes", "2", "--process", "2"], ["--process: 2 is not below --processes 2"]),
        (["--coordinator", "a:1", "--processes", "2", "--max_minutes", "1"], ["--max_minutes: not allowed"]),
        (["--coordinator", "a:1", "--processes", "2", "--batch_size", "auto"], ["--batch_size", "the same number"]),
        (["--annotator", "oracle"], ["annotator", "auto", "classic"]),
    ],
)
def test_a_value_out_of_range_is_told_in_one_line(options, words, capsys):
    with pytest.raises(SystemExit) as stop:
        main(options)
    lines = capsys.readouterr().err.strip().splitlines()
    assert stop.value.code == 2 and len(lines) == 1 and all(word in lines[0] for word in words)


@pytest.mark.parametrize("noise", ["Traceback (most recent call last):", "train_wire_detection.py: error: once more"])
def test_the_check_of_the_one_line_is_strict(tmp_path, capsys, noise):
    print(noise, file=sys.stderr)
    with pytest.raises(AssertionError):
        error_line(capsys, ["--data_dir", str(tmp_path / "none")])


def test_folders_without_sheets(tmp_path, capsys):
    assert "no such folder" in error_line(capsys, ["--data_dir", str(tmp_path / "none")])
    (tmp_path / "empty").mkdir()
    assert "holds no image" in error_line(capsys, ["--data_dir", str(tmp_path / "empty")])


def test_a_folder_without_a_readable_image(tmp_path, capsys):
    (tmp_path / "notes.png").write_text("no picture")
    line = error_line(
        capsys,
        ["--data_dir", str(tmp_path), "--annotation_dir", str(tmp_path / "a"), "--experiment_dir", str(tmp_path / "e")],
    )
    assert "holds no image that can be read; notes.png: not a readable image (a text file)" in line


@pytest.mark.parametrize("verb", ["--annotate_only", "--check_data"])
def test_the_other_verbs_fail_too_when_nothing_can_be_used(tmp_path, capsys, verb):
    (tmp_path / "notes.png").write_text("no picture")
    (tmp_path / "a").mkdir()
    assert "notes.png" in error_line(
        capsys,
        [
            verb,
            "--data_dir",
            str(tmp_path),
            "--annotation_dir",
            str(tmp_path / "a"),
            "--experiment_dir",
            str(tmp_path / "e"),
        ],
    )


@pytest.mark.parametrize("flag", ["--experiment_dir", "--annotation_dir"])
def test_a_folder_that_cannot_be_written(tmp_path, capsys, tiny_sheets, flag):
    (tmp_path / "file").touch()
    line = error_line(
        capsys,
        ["--data_dir", str(tiny_sheets[0]), "--experiment_dir", str(tmp_path / "run"), flag, str(tmp_path / "file")],
    )
    assert f"{tmp_path / 'file'}: file exists; check this path" in line


def test_a_model_that_is_missing_or_damaged(tmp_path, capsys):
    (tmp_path / "half.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    for name in ("none.h5", "half.h5"):
        assert name in error_line(capsys, ["--evaluate", str(tmp_path / name)])


def test_what_is_known_of_sheets_stands_beside_what_reads_sheets(capsys):
    flags = ["--stroke_width", "3.5", "--polarity", "light", "--crop", "1", "2", "30", "40", "--deskew", "none"]
    arguments = parse_arguments(["--predict", "a.png", *flags], VERBS)
    assert (arguments.stroke_width, arguments.polarity, arguments.crop, arguments.deskew) == (
        *(3.5, "light"),
        *([1, 2, 30, 40], 0.0),
    )
    assert parse_arguments(["--annotate_only", "--deskew", "-7.5"], VERBS).deskew == -7.5
    for wrong in (
        ["--deskew", "3"],
        ["--check_data", "--polarity", "dark"],
        ["--evaluate", "a.h5", "--crop", "1", "2", "30", "40"],
        ["--predict", "a.png", "--deskew", "50"],
        ["--predict", "a.png", "--crop", "5", "5", "5", "9"],
    ):
        with pytest.raises(SystemExit):
            parse_arguments(wrong, VERBS)
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_switches_that_are_stated_are_remembered_as_values_are():
    assert parse_arguments([], VERBS).recursive is False and parse_arguments([], VERBS).given == set()
    arguments = parse_arguments(["--recursive", "--pdf_dpi", "100"], VERBS)
    assert arguments.recursive is True and arguments.given == {"recursive", "pdf_dpi"}


@pytest.mark.parametrize(
    "verb",
    [
        [],
        ["--predict", "a.png"],
        ["--predict", "a.png", "--export_annotations", "svg", "out"],
        ["--evaluate", "a.h5"],
        ["--resume"],
    ],
)
def test_a_report_is_of_a_reading_a_score_or_a_training(verb):
    assert parse_arguments([*verb, "--report"], VERBS).report is True


@pytest.mark.parametrize("verb", [["--annotate_only"], ["--check_data"], ["--export_annotations", "svg", "out"]])
def test_nothing_else_has_a_report(verb, capsys):
    with pytest.raises(SystemExit):
        parse_arguments([*verb, "--report"], VERBS)
    assert f"argument --report: not allowed with argument {verb[0]}" in capsys.readouterr().err
