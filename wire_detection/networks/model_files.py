"""Keras' model files: saved whole or not at all, loaded without running anything that they bring along."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import h5py
import keras

from wire_detection.networks import custom_layers, losses, pixel_scores  # noqa: F401  registers what saved models name
from wire_detection.networks.contract import STATEMENT, ModelFileError, check_contract
from wire_detection.networks.hdf5_contents import ARCHIVE, examine
from wire_detection.networks.model_description import fault_of, read_description
from wire_detection.paths import is_shipped
from wire_detection.sheets.normalise import PREPARATION
from wire_detection.sheets.safe_files import replacing, write_json


def save_model(model: keras.Model, path: str | Path) -> None:
    """Save the whole model as `.h5` or `.keras`, by the suffix of `path`, and how sheets are prepared for it.

    Of a `.keras` the statement is the archive's comment: one more member would make Keras unpack assets to the disk.
    """
    with replacing(path) as temporary:
        model.save(temporary)
        if temporary.suffix == ARCHIVE:
            with zipfile.ZipFile(temporary, "a") as archive:
                archive.comment = PREPARATION.encode()
        else:
            with h5py.File(temporary, "r+") as file:
                file.attrs[STATEMENT] = PREPARATION


def save_architecture(model: keras.Model, path: str | Path) -> None:
    """Write the layers of the model, without weights, as JSON that `keras.models.model_from_json` rebuilds."""
    write_json(path, json.loads(model.to_json()))


def load_keras_model(path: str | Path) -> keras.Model:
    """Load a saved model, not compiled, to compute in this machine's precision.

    Raises:
        ModelFileError: when the file is missing, damaged, holds code (a Lambda layer) or anything else that models do
            not hold, is no model of this package, or was trained on sheets that were prepared otherwise than they are
            now.
    """
    path = Path(path)
    if not path.is_file():
        raise ModelFileError(f"{path}: no such model file; train one first, or check the path")
    if path.suffix == ".onnx":
        raise ModelFileError(
            f"{path}: an exported model, which --predict and --evaluate take; give the .h5 it was made of"
        )
    try:
        if fault := _find_fault(path):
            raise ModelFileError(f"{path}: {fault}")
        model = _in_own_precision(keras.saving.load_model(path, compile=False, safe_mode=True))
        preparation = _stated_preparation(path)
    except ModelFileError:
        raise
    except Exception as error:  # a damaged file can make HDF5, JSON and Keras raise nearly anything
        raise ModelFileError(f"{path}: {_reason(error)}") from None
    check_contract(path, getattr(model, "output_names", ()), preparation)
    return model


def _in_own_precision(model: keras.Model) -> keras.Model:
    """`model` with the policy of this process wherever it has another one than float32.

    Layers keep the policy they were trained with: half precision, from a GPU that has it. A CPU is slow at that and a
    bit off. Rebuilt, because a layer that has inner ones does not pass a new policy on to them.
    """
    policy = keras.config.dtype_policy().name

    def rebuilt(layer: keras.Layer) -> keras.Layer:
        own = {} if layer.dtype_policy.name == "float32" else {"dtype": policy}
        return type(layer).from_config(layer.get_config() | own)

    if all(layer.dtype_policy.name in ("float32", policy) for layer in model.layers):
        return model
    own = keras.models.clone_model(model, clone_function=rebuilt)
    own.set_weights(model.get_weights())
    return own


def _stated_preparation(path: Path) -> str:
    """How sheets were prepared for the model, as its file states it."""
    if path.suffix == ARCHIVE:
        with zipfile.ZipFile(path) as archive:
            return archive.comment.decode(errors="replace") or "unknown"
    with h5py.File(path) as file:
        return str(file.attrs.get(STATEMENT, "unknown"))


def copy_weights(path: str | Path, model: keras.Model) -> None:
    """Give `model` the weights of the model file at `path`; layers that the file lacks stay as they are.

    Those are heads of newer tasks and blocks that change nothing before they have learned.

    Raises:
        ModelFileError: when the file cannot be used, or its network is another one than `model`.
    """
    source = load_keras_model(path)
    given, wanted = _weight_shapes(source), _weight_shapes(model)
    if source.name != model.name or any(wanted.get(name) != given[name] for name in given):
        raise ModelFileError(
            f"{path}: holds a {source.name} of {source.count_params()} weights, and training asks for "
            f"a {model.name} of {model.count_params()}; change --model_type and --model_size"
        )
    for name in given:
        model.get_layer(name).set_weights(source.get_layer(name).get_weights())


def _weight_shapes(model: keras.Model) -> dict[str, list[tuple[int, ...]]]:
    """The shapes of the weights of every layer that has some, by the layer's name."""
    return {layer.name: [tuple(w.shape) for w in layer.weights] for layer in model.layers if layer.weights}


def _find_fault(path: Path) -> str:
    """Say in one line why the file may not be loaded, or nothing: "". Only the shipped weights are trusted."""
    contents = "" if is_shipped(path) else examine(path)
    return contents or fault_of(read_description(path))


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    return f"not a readable Keras model ({text[:120] or type(error).__name__})"
