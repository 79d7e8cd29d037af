"""The formats in which other runtimes read networks, each with what the file says of itself inside it.

The file's statements are pairs of texts: ONNX holds them as metadata, a LiteRT file as an archive behind the model (any
unzip opens it, as it does with the associated files of TensorFlow Lite), a SavedModel in `assets.extra`.
"""

from __future__ import annotations

import json
import logging
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from wire_detection.networks.onnx_model import OnnxModel

STATEMENTS = "sheet_preparation.json"
"""Name of the file of statements inside formats that hold files."""

OPSET = 18
"""Of ONNX: the newest that tf2onnx writes, read by onnxruntime since 1.14."""


@dataclass(frozen=True)
class ModelFormat:
    """A format for other runtimes.

    any_size: whether its models take windows of any size divisible by 32, or of one alone
    is_quantised: whether they compute with integers of eight bits, and their maps are near those of Keras on average
    write: writes a model, which takes windows of the shape (batch, height, width), with its statements
    load: gives a function from windows (B, H, W, 3) float32 to maps (B, H, W, 1) float32 by task
    """

    any_size: bool
    write: Callable[[keras.Model, Path, tuple, dict[str, str]], None]
    load: Callable[[Path], Callable[[np.ndarray], dict[str, np.ndarray]]]
    is_quantised: bool = False


def _write_onnx(model: keras.Model, path: Path, window: tuple, statements: dict[str, str]) -> None:
    import onnx

    with _quiet_conversion():
        model.export(path, format="onnx", input_signature=_signature(window), opset_version=OPSET, verbose=False)
    exported = onnx.load(path)
    for value in (*exported.graph.input, *exported.graph.output):
        for size, name in zip(value.type.tensor_type.shape.dim, ("batch", "height", "width"), strict=False):
            size.dim_param = name
    onnx.helper.set_model_props(exported, statements)
    onnx.save(exported, path)


def _load_onnx(path: Path) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    return OnnxModel(path).predict_on_batch


def _write_litert(model: keras.Model, path: Path, window: tuple, statements: dict[str, str]) -> None:
    with _quiet_conversion():
        model.export(path, format="litert", input_signature=_signature(window), verbose=False)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(STATEMENTS, _as_json(statements))


def _load_litert(path: Path) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    with _quiet_conversion():
        runner = tf.lite.Interpreter(model_path=str(path)).get_signature_runner()
    return lambda images: runner(image=images)


def _write_saved_model(model: keras.Model, path: Path, window: tuple, statements: dict[str, str]) -> None:
    with _quiet_conversion():
        model.export(path, format="tf_saved_model", input_signature=_signature(window), verbose=False)
    (path / "assets.extra").mkdir()
    (path / "assets.extra" / STATEMENTS).write_text(_as_json(statements), encoding="utf-8")


def _load_saved_model(path: Path) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
    loaded = tf.saved_model.load(str(path))
    return lambda images: {task: values.numpy() for task, values in loaded.serve(tf.constant(images)).items()}


def _signature(window: tuple) -> list[keras.InputSpec]:
    return [keras.InputSpec(shape=(*window, 3), dtype="float32", name="image")]


def _as_json(statements: dict[str, str]) -> str:
    return json.dumps(statements, indent=1, ensure_ascii=False) + "\n"


@contextmanager
def _quiet_conversion() -> Iterator[None]:
    """Hide what converters tell while they work: names that NumPy will have one day, deprecations of their own."""
    loggers = [logging.getLogger(name) for name in ("tensorflow", "tf2onnx")]
    levels = [logger.level for logger in loggers]
    try:
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


MODEL_FORMATS = {
    "onnx": ModelFormat(True, _write_onnx, _load_onnx),
    "onnx-int8": ModelFormat(True, _write_onnx, _load_onnx, is_quantised=True),
    "litert": ModelFormat(False, _write_litert, _load_litert),
    "saved_model": ModelFormat(True, _write_saved_model, _load_saved_model),
}
"""Format, as users choose it from defaults.MODEL_FORMATS -> how it is written and read. LiteRT has convolutions of its
own for windows of a known size alone. What is quantised is written as it is; `quantise.quantise` follows."""
