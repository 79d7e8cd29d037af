"""A sheet is annotated by the shipped network, which tells wires from other strokes far better than rules do."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cache
from pathlib import Path

from wire_detection import defaults
from wire_detection.annotations.annotation import Annotation
from wire_detection.networks.contract import ModelFileError
from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.networks.runtimes import model_file
from wire_detection.reading.read_sheet import predict_sheet
from wire_detection.sheets.picture import Picture
from wire_detection.sheets.prepare import NOTHING_KNOWN, Known

log = logging.getLogger(__name__)


def find_network() -> Path | None:
    """The file of the shipped network that annotates; None, and the reason in a line, where there is none that fits.

    It is the default one, whatever is trained: the others read worse.
    """
    path = model_file(defaults.PRETRAINED, defaults.MODEL_TYPE, defaults.MODEL_SIZE, defaults.ONNX)
    try:
        _load(path)
    except ModelFileError as error:
        log.warning("%s: annotating by rules alone", error)
        return None
    return path


@cache
def _load(path: Path) -> OnnxModel:
    """The network of a process, which computes on one core: the sheets of a folder fill the others."""
    return OnnxModel(path, threads=1)


def annotate_by_network(
    picture: Picture, path: str | Path, *, network: Path, known: Known = NOTHING_KNOWN
) -> Annotation:
    """Annotate the picture of one sheet by the `network` in a file for onnxruntime."""
    found = predict_sheet(_load(network), picture, image_path=path, known=known)
    return replace(found, metadata={**found.metadata, "model": network.name})
