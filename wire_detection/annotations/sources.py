"""Who made an annotation, as its metadata says under "source"; whatever is not listed here was drawn or looked at."""

from __future__ import annotations

CLASSIC_SOURCE = "hough"
"""Classic detection: the name that users know it by, whatever finds the strokes."""

MODEL_SOURCE = "model"
"""A network."""

PROPOSERS = {CLASSIC_SOURCE: "the classic annotator", MODEL_SOURCE: "a network"}
"""Sources that propose and may be wrong -> what people call them."""
