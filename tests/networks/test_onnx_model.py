"""Networks in ONNX files compute what they say; damaged and foreign files are refused in one line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.helpers.onnx_files import STATED, write_mean
from wire_detection.networks import contract
from wire_detection.networks.contract import ModelFileError
from wire_detection.networks.onnx_model import OnnxModel


def test_the_maps_of_a_window_of_any_size_come_by_name(tmp_path):
    write_mean(tmp_path / "mean.onnx", outputs=("wire", "junction", "lead"))
    model = OnnxModel(tmp_path / "mean.onnx")
    assert (model.name, model.output_names) == ("mean", ["wire", "junction", "lead"])
    for shape in ((1, 32, 64, 3), (2, 96, 32, 3)):
        images = np.random.default_rng(0).random(shape).astype(np.float32)
        maps = model.predict_on_batch(images)
        assert list(maps) == model.output_names
        for values in maps.values():
            np.testing.assert_allclose(values, images.mean(-1, keepdims=True), atol=1e-6)


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as error:
        OnnxModel(path)
    assert str(error.value).startswith(f"{path}: ") and "\n" not in str(error.value)
    return str(error.value)


def test_a_file_that_is_missing_or_no_model(tmp_path, capsys):
    write_mean(tmp_path / "whole.onnx")
    (tmp_path / "half.onnx").write_bytes((tmp_path / "whole.onnx").read_bytes()[:-100])
    (tmp_path / "text.onnx").write_text("no model")
    (tmp_path / "letters.onnx").write_bytes((tmp_path / "whole.onnx").read_bytes().replace(b"grey, ", b"gr\xffy, "))
    (tmp_path / "empty.onnx").touch()
    assert "no such model file" in refusal(tmp_path / "none.onnx")
    for name in ("half.onnx", "text.onnx", "letters.onnx", "empty.onnx"):
        assert "not a readable ONNX model" in refusal(tmp_path / name)
    assert capsys.readouterr() == ("", "")


def test_a_file_that_is_too_large_is_not_read(tmp_path, monkeypatch):
    write_mean(tmp_path / "mean.onnx")
    monkeypatch.setattr("wire_detection.networks.onnx_model.MAX_FILE_BYTES", 100)
    assert "larger than" in refusal(tmp_path / "mean.onnx")


def test_a_model_of_another_kind(tmp_path):
    write_mean(tmp_path / "other.onnx", outputs=("wire", "text"))
    assert "not a model of this package, whose outputs are junction and wire" in refusal(tmp_path / "other.onnx")
    write_mean(tmp_path / "grey.onnx", channels=1)
    assert "does not take windows (B, H, W, 3)" in refusal(tmp_path / "grey.onnx")


def test_a_model_for_sheets_prepared_otherwise(tmp_path, monkeypatch):
    write_mean(tmp_path / "silent.onnx", statements={})
    assert "'unknown'" in refusal(tmp_path / "silent.onnx")
    write_mean(tmp_path / "lines.onnx", statements={contract.STATEMENT: "grey\x0b\n" * 999})
    assert len((said := refusal(tmp_path / "lines.onnx")).splitlines()) == 1 and len(said) < 1000
    write_mean(tmp_path / "mean.onnx", statements=STATED)
    monkeypatch.setattr(contract, "PREPARATION", "strokes of 7 px")
    assert "strokes are not 1.3 to 2.8 px" in (said := refusal(tmp_path / "mean.onnx")) and "strokes of 7 px" in said


@pytest.mark.parametrize("place", ["weights.bin", "../weights.bin", "/etc/hostname"])
def test_weights_in_other_files_are_never_read(tmp_path, place, monkeypatch):
    folder = tmp_path / "model"
    folder.mkdir()
    for there in (tmp_path, folder):
        (there / "weights.bin").write_bytes(np.ones(3, np.float32).tobytes())
    monkeypatch.chdir(folder)
    write_mean(folder / "mean.onnx", outside=place)
    assert "keeps weights in other files, which are never read" in refusal(folder / "mean.onnx")


def test_a_graph_that_cannot_compute_a_window_is_told(tmp_path):
    write_mean(tmp_path / "mean.onnx")
    with pytest.raises(ModelFileError, match=r"mean.onnx: cannot compute \(1, 32, 32, 5\) windows \(.+\)"):
        OnnxModel(tmp_path / "mean.onnx").predict_on_batch(np.zeros((1, 32, 32, 5), np.float32))
