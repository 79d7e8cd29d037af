"""What a model file says of its layers: code is found at any depth, and so is what would fill the memory."""

from __future__ import annotations

import json

import h5py
import numpy as np
import pytest

from wire_detection.networks.model_description import LAYERS, PARTS, fault_of, read_description


def inside_a_layer(part: object) -> dict:
    """A description whose layers hold `part` in their own descriptions, two networks deep."""
    layer = {"class_name": "Activation", "config": {"name": "a", "activation": {"hidden": [[part]]}}}
    inner = {"class_name": "Functional", "config": {"layers": [layer]}}
    return {"class_name": "Functional", "config": {"name": "unet", "layers": [inner]}}


@pytest.mark.parametrize("name", [*LAYERS, *PARTS, "wires>PositionEncoding", "PositionEncoding", "wires>MapFromTokens"])
def test_layers_of_this_package_and_usual_ones_pass(name):
    assert fault_of(inside_a_layer({"class_name": name, "config": {}, "module": "keras.layers"})) == ""


@pytest.mark.parametrize(
    "name",
    [
        "Lambda",
        "TFSMLayer",
        "TorchModuleWrapper",
        "StringLookup",
        "__lambda__",
        "function",
        "__typespec__",
        "wires>Evil",
    ],
)
def test_others_are_told_at_any_depth(name):
    told = fault_of(inside_a_layer({"class_name": name, "config": {}}))
    assert told.startswith(f"holds '{name}', which is no layer of this package")


@pytest.mark.parametrize("name", [None, 3, ["Dense"], {"class_name": "Dense"}, "x" * 900 + "\n"])
def test_a_name_that_is_none_is_told_in_one_short_line(name):
    told = fault_of(inside_a_layer({"class_name": name}))
    assert told.startswith("holds ") and len(told) < 200 and "\n" not in told


@pytest.mark.parametrize("module", ["os", "kerasx", "keras_hub.layers", 7])
def test_a_usual_name_from_another_library_is_told(module):
    assert "which is not Keras" in fault_of(inside_a_layer({"class_name": "Dense", "module": module}))


def test_the_module_of_an_own_layer_does_not_matter():
    """Keras finds it by its registered name, and files name it that lay elsewhere when the model was saved."""
    own = {"class_name": "MapFromTokens", "registered_name": "wires>MapFromTokens", "module": "old_place"}
    assert fault_of(inside_a_layer(own)) == ""


def test_a_large_layer_is_told_at_any_depth():
    assert fault_of(inside_a_layer({"class_name": "Conv2D", "config": {"filters": 2**16, "kernel_size": [2, 2]}})) == ""
    too_large = {"class_name": "Conv2D", "config": {"filters": 2**16 + 1, "kernel_size": [2, 2]}}
    assert "a layer of size 262148 is larger" in fault_of(inside_a_layer(too_large))


def test_a_description_is_read_in_the_encoding_that_keras_takes(tmp_path):
    """JSON alone would find out about UTF-16, and judge another text than Keras builds from."""
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["model_config"] = json.dumps({"name": "ä"}, ensure_ascii=False).encode("utf-8")
    assert read_description(tmp_path / "a.h5") == {"name": "ä"}
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file.attrs["model_config"] = np.bytes_(json.dumps({}).encode("utf-16"))
    with pytest.raises(UnicodeDecodeError):
        read_description(tmp_path / "a.h5")
