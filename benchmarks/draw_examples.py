#!/usr/bin/env python3
"""Draw the README's pictures: a bundled sheet with its exact annotation, and drawn sheets of every style.

python -m benchmarks.draw_examples docs docs/real/*.png
python -m benchmarks.draw_examples FOLDER REAL.png [REAL.png ...]    # other real sheets beside the drawn ones
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from wire_detection.annotations.annotation_file import read_annotation
from wire_detection.classic.annotate_sheet import annotate_sheet
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.drawing.style_families import FAMILIES
from wire_detection.paths import CHECKOUT
from wire_detection.pictures.overlays import draw_annotation_overlay
from wire_detection.sheets.image_files import read_image
from wire_detection.sheets.safe_files import write_png
from wire_detection.windows.windows import prepare_sample, random_corner

EXAMPLE, SEED = "sheet_0018", 40
CUT_HEIGHT, CUT_WIDTH = 420, 560
COLUMNS = 3
LEAST_STRENGTH = 0.35


def draw_example() -> np.ndarray:
    """A bundled sheet and its overlay side by side, at most 700 pixels high."""
    grey = read_image(CHECKOUT / "data" / "schematics_dataset" / f"{EXAMPLE}.png")
    overlay = draw_annotation_overlay(grey, read_annotation(CHECKOUT / "data" / "annotations" / f"{EXAMPLE}.json"))
    return np.concatenate([np.repeat(grey[..., None], 3, -1), overlay], axis=1)[:700]


def cut(grey: np.ndarray, annotation, caption: str) -> np.ndarray:
    """A piece of a sheet with many wires, at the normalised scale, in a thin frame, with its caption."""
    sample = prepare_sample(caption, grey, annotation)
    middles = sample.annotation.wires.reshape(-1, 2, 2).mean(1)
    corners = [random_corner(sample, (CUT_HEIGHT, CUT_WIDTH), np.random.default_rng(i)) for i in range(60)]
    x, y = max(
        corners,
        key=lambda corner: ((middles > corner) & (middles < np.add(corner, (CUT_WIDTH, CUT_HEIGHT)))).all(1).sum(),
    )
    piece = sample.grey[max(0, y) : y + CUT_HEIGHT, max(0, x) : x + CUT_WIDTH]
    framed = np.full((CUT_HEIGHT + 30, CUT_WIDTH + 10), 255, np.uint8)
    framed[25 : 25 + piece.shape[0], 5 : 5 + piece.shape[1]] = piece
    cv2.rectangle(framed, (4, 24), (CUT_WIDTH + 5, CUT_HEIGHT + 25), 160)
    return cv2.putText(framed, caption, (5, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.5, 0, 1, cv2.LINE_AA)


def draw_page(real: list[Path]) -> np.ndarray:
    """Pieces of the `real` sheets and of drawn sheets, one of each style and three that were degraded."""
    greys = {path: read_image(path) for path in real}
    cuts = [cut(grey, annotate_sheet(grey, path), f"real: {path.stem}") for path, grey in greys.items()]
    cuts += [
        cut(*draw_sheet(SEED + number, style=style, degradation=0), f"drawn: {style}")
        for number, style in enumerate(FAMILIES)  # one seed for all would draw the same circuits in every style
    ]
    spoilt = (seed for seed in range(100) if draw_sheet(seed)[1].metadata.get("strength", 0) > LEAST_STRENGTH)
    cuts += [cut(*draw_sheet(next(spoilt)), "drawn, then degraded") for _ in range(3)]
    cuts += [np.full_like(cuts[0], 255)] * (-len(cuts) % COLUMNS)
    return np.vstack([np.hstack(cuts[i : i + COLUMNS]) for i in range(0, len(cuts), COLUMNS)])


def main() -> None:
    """Write example.png and examples.png into the folder given."""
    folder, real = Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]
    write_png(folder / "example.png", draw_example())
    write_png(folder / "examples.png", draw_page(real))


if __name__ == "__main__":
    main()
