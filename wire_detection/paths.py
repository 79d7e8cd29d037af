"""Where the things lie that come with the package."""

from __future__ import annotations

from pathlib import Path

from wire_detection.defaults import PRETRAINED

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder of the checkout; of an installed package, the folder that packages are installed into."""

WEIGHTS = CHECKOUT / "pretrained"
"""The shipped weights."""


def model_path(name: str | Path, model_type: str, model_size: str) -> Path:
    """The model file that `name` stands for: itself, or the shipped one of this type and size for "pretrained"."""
    return WEIGHTS / f"{model_type}_{model_size}.h5" if name == PRETRAINED else Path(name)
