"""What runs a network: onnxruntime, which starts in a tenth of a second, or Keras, which trains and uses GPUs."""

from __future__ import annotations

from pathlib import Path

from wire_detection import defaults
from wire_detection.paths import model_path

SUFFIXES = {defaults.ONNX: ".onnx", defaults.KERAS: ".h5"}
"""Runtime -> suffix of the files that are for it."""


def is_onnx(path: str | Path) -> bool:
    """Whether a model file is for onnxruntime, by its name; all others are for Keras."""
    return Path(path).suffix.lower() == SUFFIXES[defaults.ONNX]


def model_file(name: str | Path, model_type: str, model_size: str, runtime: str = defaults.AUTO) -> Path:
    """The file of the model that `name` stands for, a path or "pretrained", for this runtime.

    A model for the two runtimes is two files of one stem. "auto" takes a path as it is, and of the shipped weights the
    file for onnxruntime where it lies there.
    """
    path = model_path(name, model_type, model_size)
    if runtime == defaults.AUTO:
        exported = path.with_suffix(SUFFIXES[defaults.ONNX])
        return exported if name == defaults.PRETRAINED and exported.is_file() else path
    return path if is_onnx(path) == (runtime == defaults.ONNX) else path.with_suffix(SUFFIXES[runtime])


def load_model(path: str | Path):
    """Load a model file: `.onnx` for onnxruntime, `.h5` or `.keras` for Keras; all give maps by `predict_on_batch`.

    Raises:
        ModelFileError: when the file is missing, damaged, no model of this package, or was trained on sheets that were
            prepared otherwise than they are now.
    """
    if is_onnx(path):
        from wire_detection.networks.onnx_model import OnnxModel

        return OnnxModel(path)
    from wire_detection.networks.model_files import load_keras_model

    return load_keras_model(path)
