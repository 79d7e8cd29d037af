"""Where the things lie that come with the package."""

from __future__ import annotations

from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
"""The folder of the checkout; of an installed package, the folder that packages are installed into."""

WEIGHTS = CHECKOUT / "pretrained"
"""The shipped weights."""
