"""Text on a sheet is recognised by RapidOCR: boxes, what was read in them, and with which confidence."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.sheets.safe_files import write_json
from wire_detection.sheets.tiles import tile_starts

logger = logging.getLogger(__name__)

TILE_PX = 960
"""RapidOCR shrinks larger images before it looks for text; small labels would vanish."""

OVERLAP_PX = 160
"""Neighbouring tiles share this much: a word up to this length lies whole in one of them."""


LEAST_CONFIDENCE = 0.6
"""Boxes whose text was read with less are left out: a false box would erase a wire."""


@dataclass(frozen=True)
class SheetText:
    """The texts of a sheet: `boxes` (K, 5) float32 x1 y1 x2 y2 confidence, in its pixels, and the K `words` in them."""

    boxes: np.ndarray
    words: tuple[str, ...]


NO_TEXT = SheetText(np.zeros((0, 5), np.float32), ())


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


def find_text(grey: np.ndarray, *, engine=None) -> SheetText:
    """Read the text on `grey` (H, W) uint8, ink dark on light, by RapidOCR or a callable `engine` like it."""
    engine = engine or _engine()
    boxes, words = [], []
    for top in tile_starts(grey.shape[0], TILE_PX, OVERLAP_PX):
        for left in tile_starts(grey.shape[1], TILE_PX, OVERLAP_PX):
            tile = grey[top : top + TILE_PX, left : left + TILE_PX]
            if tile.min() > 200:
                continue
            answer = engine(np.repeat(tile[:, :, None], 3, 2))
            if answer.boxes is None:
                continue
            for corners, score, word in zip(np.asarray(answer.boxes), answer.scores, answer.txts, strict=True):
                if score >= LEAST_CONFIDENCE:
                    low, high = corners.min(0), corners.max(0)
                    boxes.append((left + low[0], top + low[1], left + high[0], top + high[1], score))
                    words.append(word)
    return SheetText(np.array(boxes, np.float32).reshape(-1, 5), tuple(words))


def cached_text(grey: np.ndarray, cache: Path) -> SheetText:
    """Take what `find_text` finds from the file `cache`, if it holds that of this sheet, or else find it."""
    digest = hashlib.sha256(str(grey.shape).encode() + grey.tobytes()).hexdigest()
    try:
        content = json.loads(cache.read_text(encoding="utf-8"))
        if content["sheet"] == digest:
            boxes = np.array(content["boxes"], np.float32).reshape(-1, 5)
            return SheetText(boxes, tuple(str(word) for _, word in zip(boxes, content["words"], strict=True)))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    text = find_text(grey)
    boxes = np.round(text.boxes, 3).astype(float).tolist()
    write_json(cache, {"sheet": digest, "boxes": boxes, "words": list(text.words)})
    return text


def with_text(annotation: Annotation, grey: np.ndarray) -> Annotation:
    """Note in the annotation of the picture `grey` (H, W) uint8 which texts stand on it, and where."""
    text = find_text(grey)
    return replace(annotation, texts=text.boxes[:, :4], words=text.words)
