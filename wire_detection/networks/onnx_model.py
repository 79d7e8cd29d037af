"""A network run by onnxruntime: Keras and TensorFlow are not needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from wire_detection.networks.contract import STATEMENT, ModelFileError, check_contract
from wire_detection.runs.processes import count_cores

MAX_FILE_BYTES = 2**30
"""Of an ONNX file; the largest networks here have some 100 MB."""

FATAL = 4
"""onnxruntime's severity of what is logged: whatever is less is raised as an error, and told once."""


class OnnxModel:
    """A network in an ONNX file, with what readers use of a Keras model.

    path: the file         name: of the network         output_names: of its maps
    statements: what the file says of itself, by name
    threads: how many may ask for maps at once; each window is computed by the thread that asks, which takes less time
        than if all cores shared every window

    Args:
        path: the file; weights that it keeps in other files are not read.
        threads: as many as there are cores when None.

    Raises:
        ModelFileError: when the file is missing, damaged, no model of this package, or was trained on sheets that were
            prepared otherwise than they are now.
    """

    def __init__(self, path: str | Path, threads: int | None = None):
        self.path = Path(path)
        self.threads = threads or count_cores()
        _refuse_missing(self.path)
        try:
            self._session = _open_session(self.path)
            inputs = [(one.name, one.type, list(one.shape)) for one in self._session.get_inputs()]
            self.output_names = [value.name for value in self._session.get_outputs()]
            self.statements = dict(self._session.get_modelmeta().custom_metadata_map)
        except Exception as error:  # onnxruntime's own without a common base, and texts that are no UTF-8
            raise ModelFileError(f"{path}: {_reason(error)}") from None
        check_contract(self.path, self.output_names, self.statements.get(STATEMENT, "unknown"))
        if [(kind, len(shape), shape[-1:]) for _, kind, shape in inputs] != [("tensor(float)", 4, [3])]:
            raise ModelFileError(f"{path}: does not take windows (B, H, W, 3) float32, as networks here do")
        self._input = inputs[0][0]
        self.name = self.statements.get("network", self.path.stem)

    def __reduce__(self):
        """Send only the path to another process, which shares the cores with others already."""
        return OnnxModel, (self.path.resolve(), 1)

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """Maps (B, H, W, 1) float32 by task for windows (B, H, W, 3) float32, H and W divisible by 32.

        Raises:
            ModelFileError: when the graph cannot compute them.
        """
        try:
            maps = self._session.run(None, {self._input: images})
        except Exception as error:
            raise ModelFileError(f"{self.path}: cannot compute {images.shape} windows ({_told(error)})") from None
        return dict(zip(self.output_names, maps, strict=True))


def _refuse_missing(path: Path) -> None:
    if not path.is_file():
        raise ModelFileError(f"{path}: no such model file; make it with --export_model onnx, or check the path")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ModelFileError(f"{path}: larger than {MAX_FILE_BYTES >> 20} MiB")


def _open_session(path: Path) -> onnxruntime.InferenceSession:
    """What runs the graph of an ONNX file."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = FATAL
    options.add_session_config_entry("session.load_model_format", "ONNX")
    # a model names files for its weights as it likes: they are sought inside a file, where there are none
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(path.resolve()))
    providers = ["CPUExecutionProvider"]
    # a second attempt by the same provider would fail alike, and prints a banner
    return onnxruntime.InferenceSession(path.read_bytes(), options, providers=providers, enable_fallback=0)


def _reason(error: Exception) -> str:
    if any(words in str(error).lower() for words in ("external data", "filesystem error")):
        return "keeps weights in other files, which are never read; save the model in one file"
    return f"not a readable ONNX model ({_told(error)})"


def _told(error: Exception) -> str:
    """The beginning of what onnxruntime tells after its codes and columns."""
    return " ".join(str(error).rpartition(" : ")[2].split())[:120] or type(error).__name__
