"""Where the things lie that come with the package, and how the shipped weights are known from others."""

from __future__ import annotations

import hashlib
from pathlib import Path

from wire_detection.defaults import PRETRAINED, SCRATCH

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder of the checkout; of an installed package, the folder that packages are installed into."""

_INSTALLED_WEIGHTS = Path(__file__).resolve().parent / "pretrained"
SHIPPED_WEIGHTS = _INSTALLED_WEIGHTS if _INSTALLED_WEIGHTS.is_dir() else CHECKOUT / "pretrained"
"""The shipped weights: inside an installed package, beside it in a checkout."""

SUMS = "SHA256SUMS"
"""Name of the file among them that holds their SHA-256 sums, as `sha256sum` writes it."""


def model_path(name: str | Path, model_type: str, model_size: str) -> Path:
    """The model file that `name` stands for: itself, or the shipped one of this type and size for "pretrained"."""
    return SHIPPED_WEIGHTS / f"{model_type}_{model_size}.h5" if name == PRETRAINED else Path(name)


def initial_weights(init: str | Path, model_type: str, model_size: str) -> Path | None:
    """The file whose weights a training begins with; None from scratch, and where none of this size are shipped."""
    path = model_path(init, model_type, model_size)
    return None if init == SCRATCH or (init == PRETRAINED and not path.is_file()) else path


def shipped_sums() -> dict[str, str]:
    """The SHA-256 sums that the shipped weights should have, by the names of their files."""
    path = SHIPPED_WEIGHTS / SUMS
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {name: stated for stated, name in (line.split(maxsplit=1) for line in lines)}


def file_sum(path: str | Path) -> str:
    """The SHA-256 sum of a file, in hexadecimal digits."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_shipped(path: str | Path) -> bool:
    """Whether a file is one of the shipped weights, and as it was shipped."""
    path = Path(path).resolve()
    return path.parent == SHIPPED_WEIGHTS and shipped_sums().get(path.name) == file_sum(path)
