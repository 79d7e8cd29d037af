"""Where the things lie that come with the package."""

from __future__ import annotations

from pathlib import Path

from wire_detection.defaults import PRETRAINED

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder of the checkout; of an installed package, the folder that packages are installed into."""

_INSTALLED_WEIGHTS = Path(__file__).resolve().parent / "pretrained"
SHIPPED_WEIGHTS = _INSTALLED_WEIGHTS if _INSTALLED_WEIGHTS.is_dir() else CHECKOUT / "pretrained"
"""The shipped weights: inside an installed package, beside it in a checkout."""


def model_path(name: str | Path, model_type: str, model_size: str) -> Path:
    """The model file that `name` stands for: itself, or the shipped one of this type and size for "pretrained"."""
    return SHIPPED_WEIGHTS / f"{model_type}_{model_size}.h5" if name == PRETRAINED else Path(name)
