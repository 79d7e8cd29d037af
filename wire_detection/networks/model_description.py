"""What a model file says of its layers, from which Keras builds them: checked before any of them is built."""

from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path

import h5py
import keras
import numpy as np

from wire_detection.networks import custom_layers  # noqa: F401  registers the layers of this package
from wire_detection.networks.hdf5_contents import ARCHIVE

OWN = "wires>"
"""What the registered names of this package's layers begin with."""

LAYERS = (
    *("Functional", "Sequential", "Model", "InputLayer", "__keras_tensor__"),
    *("Conv2D", "Conv2DTranspose", "DepthwiseConv2D", "SeparableConv2D", "Dense", "EinsumDense"),
    *("MultiHeadAttention", "GroupedQueryAttention", "Attention"),
    *("BatchNormalization", "GroupNormalization", "LayerNormalization", "RMSNormalization", "UnitNormalization"),
    *("Activation", "ELU", "LeakyReLU", "PReLU", "ReLU", "Softmax", "Identity"),
    *("AveragePooling2D", "MaxPooling2D", "GlobalAveragePooling2D", "GlobalMaxPooling2D", "UpSampling2D", "Resizing"),
    *("Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract"),
    *("Cropping2D", "ZeroPadding2D", "Flatten", "Permute", "Reshape", "Rescaling"),
    *("Dropout", "SpatialDropout2D", "GaussianNoise"),
)
"""Of Keras, those that networks for images have. Absent is what runs code (Lambda, TFSMLayer, wrappers of other
libraries) or opens files (lookups of words)."""

PARTS = (
    *("DTypePolicy", "Constant", "Ones", "Zeros", "Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal"),
    *("GlorotNormal", "GlorotUniform", "HeNormal", "HeUniform", "LecunNormal", "LecunUniform", "VarianceScaling"),
    *("L1", "L2", "L1L2", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"),
)
"""What those layers are described with: precision, first weights, penalties and bounds."""

SIZE_KEYS = (
    "filters",
    "units",
    "kernel_size",
    "pool_size",
    "size",
    "padding",
    "key_dim",
    "value_dim",
    "num_heads",
    "groups",
    "depth_multiplier",
    "target_shape",
    "input_dim",
    "output_dim",
)
MAX_LAYER_SIZE = 2**18
"""The largest layer here has 4 heads with keys and values of 96: 36,864."""


def read_description(path: Path) -> object:
    """The description in a model file, without that of its training, which is not loaded."""
    if path.suffix == ARCHIVE:
        with zipfile.ZipFile(path) as archive:
            description = json.loads(archive.read("config.json").decode())
        description.pop("compile_config", None)
        return description
    with h5py.File(path) as file:
        text = file.attrs["model_config"]
    return json.loads(text if isinstance(text, str) else text.decode())  # as Keras does: JSON itself would try UTF-16


def fault_of(description: object) -> str:
    """Say why nothing may be built from a description, or nothing: "".

    Refused are, at any depth, objects that are neither layers of this package nor usual ones of Keras, and layers so
    large that only building them would fill the memory.
    """
    own = _own_layers()
    for part in _dictionaries(description):
        if (size := _size(part)) > MAX_LAYER_SIZE:
            return f"a layer of size {size} is larger than any of this package's; the file is damaged"
        if "class_name" not in part:
            continue
        name, module = part["class_name"], part.get("module")
        is_of_keras = module is None or str(module) == "keras" or str(module).startswith("keras.")
        if name not in (*LAYERS, *PARTS, *own):
            return f"holds {str(name)[:60]!a}, which is no layer of this package or usual one of Keras, and may be code"
        if not is_of_keras and part.get("registered_name") not in own:
            return f"takes {name} from {str(module)[:60]!a}, which is not Keras, and may be code"
    return ""


def _own_layers() -> set[str]:
    """The names of this package's layers, as `.h5` and as `.keras` files have them."""
    registered = {
        name
        for name, thing in keras.saving.get_custom_objects().items()
        if name.startswith(OWN) and isinstance(thing, type) and issubclass(thing, keras.Layer)
    }
    return registered | {name.removeprefix(OWN) for name in registered}


def _size(part: dict) -> int:
    """The product of the numbers in a dictionary that make a layer large."""
    numbers = [n for key in SIZE_KEYS for n in np.ravel(part.get(key, 1)).tolist() if isinstance(n, int)]
    return abs(math.prod(numbers))


def _dictionaries(part: object) -> Iterator[dict]:
    """Every dictionary anywhere in `part`, from JSON."""
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _dictionaries(inner)
