"""ONNX files made by hand: one convolution, and whatever is wrong with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from wire_detection.networks.contract import STATEMENT
from wire_detection.sheets.normalise import PREPARATION

STATED = {STATEMENT: PREPARATION, "network": "mean"}
"""What the file of a model that serves says of itself."""


def write_mean(
    path: Path,
    *,
    outputs=("wire", "junction"),
    channels: int = 3,
    statements=STATED,
    outside: str | None = None,
) -> None:
    """Write a model each of whose maps is the mean of the channels of its window.

    channels: that a window has        outside: the name of a file that is said to hold the weights
    """
    weights = numpy_helper.from_array(np.full((channels, 1), 1 / channels, np.float32), "weights")
    if outside:
        onnx.external_data_helper.set_external_data(weights, outside)
        weights.ClearField("raw_data")
    size = ["batch", "height", "width"]
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["image", "weights"], [name]) for name in outputs],
        "mean",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [*size, channels])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, [*size, 1]) for name in outputs],
        [weights],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    helper.set_model_props(model, dict(statements))
    path.write_bytes(model.SerializeToString())
