"""Files that appear whole or not at all: each is written beside its place and moved in when it is finished."""

from __future__ import annotations

import contextlib
import json
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; move it to `path` when the block ends well, remove it when it does not.

    The temporary name keeps the suffix, because image and model writers choose their format by it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid.uuid4().hex[:12]}{path.suffix}")
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def remove_unfinished(folder: str | Path) -> None:
    """Remove, anywhere inside `folder`, the temporary files that a killed process left beside their places."""
    for path in Path(folder).rglob(".*"):
        if re.fullmatch(r"\.[0-9a-f]{12}\.\w+", path.name) and path.is_file():
            path.unlink(missing_ok=True)


def write_text(path: str | Path, text: str) -> None:
    """Write `text` as UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: str | Path, value: object) -> None:
    """Write `value` as indented JSON; a number that is not finite raises ValueError, for JSON cannot hold it."""
    write_text(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def write_png(path: str | Path, image: np.ndarray) -> None:
    """Write `image`: (H, W) grey or (H, W, 3) RGB, uint8."""
    import cv2  # not above: whoever reads the command line writes text files alone

    channels = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    ok, encoded = cv2.imencode(".png", channels)
    if not ok:
        raise OSError(f"{path}: the image of shape {image.shape} could not be encoded as PNG")
    with replacing(path) as temporary:
        temporary.write_bytes(encoded.tobytes())
