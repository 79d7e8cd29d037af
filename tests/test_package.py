"""What the package gives to other people's code: its names, loaded when they are used, and all that they need."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile

import cv2
import numpy as np
import pytest

import wire_detection
from tests.helpers.sheets import assert_same
from wire_detection.annotations.annotation import Annotation
from wire_detection.paths import CHECKOUT
from wire_detection.sheets.image_files import SheetError

SHEET = CHECKOUT / "docs" / "real" / "xschem_oscillator.png"


def run_python(*arguments: str, **settings) -> str:
    """What a fresh Python prints; an error of it fails the test with what it told."""
    result = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, **settings)
    assert result.returncode == 0, result.stderr[-2000:]
    return result.stdout


def test_the_public_names_are_these():
    assert wire_detection.__all__ == [
        "Annotation",
        "find_pages",
        "load_model",
        "read_annotation",
        "read_sheet",
        "score_sheet",
        "write_annotation",
    ]
    assert wire_detection.Annotation is Annotation and callable(wire_detection.score_sheet)
    with pytest.raises(AttributeError, match="no attribute 'wires'"):
        wire_detection.wires  # noqa: B018  the access itself is what is tested


def test_importing_the_package_loads_no_library():
    code = "import sys, wire_detection; print(sorted({'numpy', 'cv2', 'keras', 'scipy'} & set(sys.modules)))"
    assert run_python("-c", code, cwd=CHECKOUT).strip() == "[]"


def test_a_file_and_its_pixels_are_read_alike_by_a_network_that_stays_loaded(monkeypatch):
    from wire_detection.reading import read_sheet

    of_file = wire_detection.read_sheet(SHEET)
    monkeypatch.setattr(read_sheet, "load_model", None)  # would fail if it were called again
    pixels = cv2.imread(str(SHEET), cv2.IMREAD_COLOR_RGB)
    of_pixels = wire_detection.read_sheet(pixels)
    assert of_file.image_path == SHEET.name and of_pixels.image_path == ""
    assert_same(of_pixels, of_file, "wires", "wire_confidences", "junctions", "nets")
    assert len(of_file.wires) > 20 and len(of_file.nets) >= 5


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((4, 5, 2), np.uint8), np.zeros((4, 5), np.float32), np.zeros((0, 5), np.uint8), np.zeros(7, "u1")],
)
def test_an_array_that_is_no_image_is_refused(pixels):
    with pytest.raises(SheetError, match=re.escape(f"shape {pixels.shape} is no image; give uint8")):
        wire_detection.read_sheet(pixels)


def test_the_readme_shows_an_example_that_runs():
    (example,) = re.findall(r"```python\n(.*?)```", (CHECKOUT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for line in example.splitlines() if line.strip()]
    assert len(lines) <= 8
    assert "net" in run_python("-c", example, cwd=CHECKOUT)


def test_the_requirements_are_those_of_the_project():
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (CHECKOUT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    assert listed == project["dependencies"] + project["optional-dependencies"]["test"]


def test_an_installed_package_brings_the_doors_the_weights_and_the_command(tmp_path):
    run_python(
        *("-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"),
        *("--wheel-dir", str(tmp_path), str(CHECKOUT)),
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    (entry_points,) = (tmp_path / "installed").glob("*.dist-info/entry_points.txt")
    assert "train-wire-detection = train_wire_detection:main" in entry_points.read_text()
    code = (
        "import train_wire_detection, wire_detection; from wire_detection.paths import SHIPPED_WEIGHTS;"
        "print(train_wire_detection.__file__, sorted(p.name for p in SHIPPED_WEIGHTS.glob('*.h5')), SHIPPED_WEIGHTS)"
    )
    told = run_python("-c", code, cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "installed"), "PATH": ""})
    assert "['attention_small.h5', 'resnet_small.h5', 'unet_small.h5']" in told
    assert told.count(str(tmp_path / "installed")) == 2
    pictures = tmp_path / "installed" / "wire_detection" / "pictures"
    assert {path.name for path in pictures.glob("report.*")} == {"report.py", "report.css", "report.js"}
