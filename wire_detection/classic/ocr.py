"""Text on a sheet is recognised by RapidOCR: boxes with the confidence of what was read in them."""

from __future__ import annotations

import hashlib
import json
import logging
from functools import lru_cache
from pathlib import Path

import numpy as np

from wire_detection.sheets.safe_files import write_json
from wire_detection.sheets.tiles import tile_starts

logger = logging.getLogger(__name__)

TILE_PX = 960
"""RapidOCR shrinks larger images before it looks for text; small labels would vanish."""

OVERLAP_PX = 160
"""Neighbouring tiles share this much: a word up to this length lies whole in one of them."""


@lru_cache(maxsize=1)
def _engine():
    from rapidocr import RapidOCR

    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def find_text(grey: np.ndarray, *, min_confidence: float = 0.6, engine=None) -> np.ndarray:
    """Find the boxes of recognised text on `grey` (H, W) uint8.

    Args:
        grey: the sheet, ink dark on light.
        min_confidence: boxes whose text was read with less are left out: a false box would erase a wire.
        engine: a callable like RapidOCR's; the installed one by default.

    Returns:
        (K, 5) float32 x1 y1 x2 y2 confidence, in pixels of `grey`.
    """
    engine = engine or _engine()
    found = []
    for top in tile_starts(grey.shape[0], TILE_PX, OVERLAP_PX):
        for left in tile_starts(grey.shape[1], TILE_PX, OVERLAP_PX):
            tile = grey[top : top + TILE_PX, left : left + TILE_PX]
            if tile.min() > 200:
                continue
            answer = engine(np.repeat(tile[:, :, None], 3, 2))
            if answer.boxes is None:
                continue
            for corners, score in zip(np.asarray(answer.boxes), answer.scores, strict=True):
                low, high = corners.min(0), corners.max(0)
                found.append((left + low[0], top + low[1], left + high[0], top + high[1], score))
    boxes = np.array(found, np.float32).reshape(-1, 5)
    return boxes[boxes[:, 4] >= min_confidence]


def cached_text(grey: np.ndarray, cache: Path) -> np.ndarray:
    """Read the boxes of `find_text` from the file `cache`, if it holds those of this sheet, or else find them."""
    digest = hashlib.sha256(str(grey.shape).encode() + grey.tobytes()).hexdigest()
    try:
        content = json.loads(cache.read_text(encoding="utf-8"))
        if content["sheet"] == digest:
            return np.array(content["boxes"], np.float32).reshape(-1, 5)
    except (OSError, ValueError, KeyError, TypeError):
        pass
    boxes = find_text(grey)
    write_json(cache, {"sheet": digest, "boxes": np.round(boxes, 3).astype(float).tolist()})
    return boxes
