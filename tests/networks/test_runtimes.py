"""Which file is read, and by what."""

from __future__ import annotations

import pytest

from tests.helpers.onnx_files import write_mean
from wire_detection import paths
from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.networks.runtimes import load_model, model_file


@pytest.mark.parametrize(
    ("name", "runtime", "chosen"),
    [
        ("pretrained", "auto", "unet_small.onnx"),
        ("pretrained", "onnx", "unet_small.onnx"),
        ("pretrained", "keras", "unet_small.h5"),
        ("mine.h5", "auto", "mine.h5"),
        ("mine.onnx", "auto", "mine.onnx"),
        ("mine.h5", "onnx", "mine.onnx"),
        ("mine.onnx", "keras", "mine.h5"),
        ("mine.keras", "keras", "mine.keras"),
    ],
)
def test_a_model_is_a_file_for_each_runtime(name, runtime, chosen, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "SHIPPED_WEIGHTS", tmp_path)
    for path in ("unet_small.onnx", "unet_small.h5", "mine.onnx"):
        (tmp_path / path).touch()
    name = name if name == "pretrained" else tmp_path / name
    assert model_file(name, "unet", "small", runtime) == tmp_path / chosen


def test_shipped_weights_that_were_not_exported_are_for_keras(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "SHIPPED_WEIGHTS", tmp_path)
    assert model_file("pretrained", "unet", "small") == tmp_path / "unet_small.h5"


def test_the_suffix_says_what_runs_a_file(tmp_path):
    write_mean(tmp_path / "mean.ONNX")
    assert isinstance(load_model(tmp_path / "mean.ONNX"), OnnxModel)
    with pytest.raises(ValueError, match="no such model file; train one first"):
        load_model(tmp_path / "none.h5")
