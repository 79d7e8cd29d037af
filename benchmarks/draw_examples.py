#!/usr/bin/env python3
"""Draw the README's picture: a bundled sheet, and its exact annotation on it.

    python benchmarks/draw_examples.py docs/example.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from custom_annotation_format import read_annotation  # noqa: E402
from safe_files import write_png  # noqa: E402
from sheet_image import read_sheet  # noqa: E402
from wire_plots import draw_annotation_overlay  # noqa: E402


def main(path: str, stem: str = "sheet_0011") -> None:
    """Write sheet and overlay side by side, at most 700 pixels high, to `path`."""
    grey = read_sheet(ROOT / "data" / "schematics_dataset" / f"{stem}.png")
    overlay = draw_annotation_overlay(grey, read_annotation(ROOT / "data" / "annotations" / f"{stem}.json"))
    both = np.concatenate([np.repeat(grey[..., None], 3, -1), overlay], axis=1)
    write_png(path, both[:700])


if __name__ == "__main__":
    main(sys.argv[1])
