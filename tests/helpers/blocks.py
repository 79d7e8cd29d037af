"""Blocks to draw on, and where what was drawn on them lies."""

from __future__ import annotations

import numpy as np

from wire_detection.drawing.block import Block
from wire_detection.drawing.style_families import draw_style
from wire_detection.drawing.words import Words


def empty_block(seed: int, style: str = "kicad") -> Block:
    """An empty block whose style, one of this family, and words follow from the seed."""
    rng = np.random.default_rng(seed)
    return Block(draw_style(rng, style), Words(rng), rng)


def stroke_boxes(block: Block) -> np.ndarray:
    """(N, 4) box x0, y0, x1, y1 of each stroke, in grid units."""
    return np.array([(*s.points.min(0), *s.points.max(0)) for s in block.strokes]).reshape(-1, 4)


def inside(boxes: np.ndarray, area, rim: float = 1e-9) -> bool:
    """Whether all (N, 4) boxes lie within the area x0, y0, x1, y1."""
    x0, y0, x1, y1 = area
    return bool((boxes[:, :2] >= (x0 - rim, y0 - rim)).all() and (boxes[:, 2:] <= (x1 + rim, y1 + rim)).all())
