"""An ONNX network is quantised: weights, and maps between its layers, become integers of eight bits; its heads do not.

Static quantisation with a scale for each channel of the weights (Jacob et al., CVPR 2018), as QuantizeLinear and
DequantizeLinear nodes (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html). Which values the
maps have is measured on windows of sheets. Heads stay in float: what they give is the answer itself.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

CONVOLUTIONS = ("Conv", "ConvTranspose")


def quantise(path: Path, windows: Iterable[np.ndarray]) -> None:
    """Quantise the network in the ONNX file `path`, in its place; what the file says of itself stays in it.

    Args:
        windows: (B, H, W, 3) float32 each, as the network sees sheets.
    """
    given = onnx.load(path)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it recommends to prepare a model that is prepared
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:
            prepared, quantised = Path(folder) / "prepared.onnx", Path(folder) / "quantised.onnx"
            quant_pre_process(path, prepared, skip_symbolic_shape=True)
            quantize_static(
                prepared,
                quantised,
                _Windows(given.graph.input[0].name, windows),
                quant_format=QuantFormat.QDQ,
                per_channel=True,
                reduce_range=True,  # or sums of products overflow on processors without VNNI
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                nodes_to_exclude=sorted(_heads(onnx.load(prepared).graph)),
            )
            written = onnx.load(quantised)
    finally:
        root.setLevel(level)
    onnx.helper.set_model_props(written, {entry.key: entry.value for entry in given.metadata_props})
    onnx.save(written, path)


class _Windows(CalibrationDataReader):
    """Hands on windows one by one, as the calibration asks for them."""

    def __init__(self, name: str, windows: Iterable[np.ndarray]):
        self._name, self._windows = name, iter(windows)

    def get_next(self) -> dict[str, np.ndarray] | None:
        window = next(self._windows, None)
        return None if window is None else {self._name: window}


def _heads(graph: onnx.GraphProto) -> set[str]:
    """Name the nodes from the last convolution before each output on, that one included."""
    makers = {output: node for node in graph.node for output in node.output}
    found, values = set(), [output.name for output in graph.output]
    while values:
        node = makers.get(values.pop())
        if node is None or node.name in found or node.op_type == "Shape":  # of a size alone, not of what is in it
            continue
        found.add(node.name)
        if node.op_type not in CONVOLUTIONS:
            values += node.input
    return found
