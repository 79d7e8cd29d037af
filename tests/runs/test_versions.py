"""The sums of the shipped weights are right, one command writes them anew, and what differs from them is told."""

from __future__ import annotations

import hashlib
import shutil
import subprocess

import pytest

from wire_detection import paths
from wire_detection.paths import CHECKOUT, SHIPPED_WEIGHTS, SUMS, file_sum, is_shipped, shipped_sums
from wire_detection.runs import versions


def test_every_shipped_file_has_its_sum_written_down():
    """When it fails: `make weights-sums`."""
    shipped = {path.name for path in SHIPPED_WEIGHTS.iterdir()} - {"README.md", SUMS}
    assert shipped_sums() == {name: file_sum(SHIPPED_WEIGHTS / name) for name in shipped}


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """A folder of two shipped files whose sums one command has written."""
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    folder = tmp_path / "pretrained"
    folder.mkdir()
    for name in ("b.npz", "a.h5", "README.md", SUMS):
        (folder / name).write_text(name)
    subprocess.run(["make", "weights-sums"], cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.setattr(paths, "SHIPPED_WEIGHTS", folder)
    monkeypatch.setattr(versions, "SHIPPED_WEIGHTS", folder)
    return folder


def test_one_command_writes_the_sums_in_the_format_of_sha256sum(weights):
    expected = {name: hashlib.sha256(name.encode()).hexdigest() for name in ("a.h5", "b.npz")}
    assert (weights / SUMS).read_text() == "".join(f"{number}  {name}\n" for name, number in expected.items())
    assert shipped_sums() == expected
    assert {path.name for path in weights.iterdir()} == {"a.h5", "b.npz", "README.md", SUMS}


def test_a_shipped_file_is_known_by_its_place_and_its_sum(weights, tmp_path):
    shutil.copy(weights / "a.h5", tmp_path)
    assert is_shipped(weights / "a.h5") and not is_shipped(tmp_path / "a.h5") and not is_shipped(weights / "README.md")
    (weights / "a.h5").write_text("other")
    assert not is_shipped(weights / "a.h5")
    (weights / SUMS).unlink()
    assert not is_shipped(weights / "b.npz")


def test_weights_that_differ_or_are_missing_are_told(weights):
    shipped = shipped_sums()
    (weights / "a.h5").write_text("other")
    (weights / "b.npz").unlink()
    assert versions.format_versions().splitlines()[-2:] == [
        f"a.h5 {hashlib.sha256(b'other').hexdigest()} (shipped was {shipped['a.h5']})",
        f"b.npz missing (shipped was {shipped['b.npz']})",
    ]
