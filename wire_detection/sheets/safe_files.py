"""Files that appear whole or not at all: each is written beside its place and moved in when it is finished."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import uuid
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


TEMPORARY = re.compile(r"\.(?P<machine>[0-9a-f]{8})-(?P<process>\d+)-[0-9a-f]{8}\.\w+")
"""Name of a file that is being written: by which process of which machine, for folders are shared."""


@contextlib.contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; move it to `path` when the block ends well, remove it when it does not.

    The temporary name keeps the suffix, because image and model writers choose their format by it.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{_this_machine()}-{os.getpid()}-{uuid.uuid4().hex[:8]}{path.suffix}")
    try:
        with naming(path):
            yield temporary
            os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system that names no file, as that of a full disk within a write, name this one."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = str(path)
        raise


def _this_machine() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def is_temporary(path: Path) -> bool:
    """Tell whether a file is called like one that is being written beside its place."""
    return TEMPORARY.fullmatch(path.name) is not None


def remove_unfinished(folder: str | Path) -> None:
    """Remove, anywhere inside `folder`, the temporary files that killed processes of this machine left there.

    What a process that lives is writing stays: several may write into one folder.
    """
    for path in Path(folder).rglob(".*"):
        name = TEMPORARY.fullmatch(path.name)
        if name and name["machine"] == _this_machine():
            with contextlib.suppress(FileNotFoundError):  # moved to its place meanwhile
                if not _is_written_by(int(name["process"]), path):
                    path.unlink()


def _is_written_by(process: int, path: Path) -> bool:
    """Tell whether the process lives that began the file, and not a later one of its number."""
    import psutil  # not above: whoever reads the command line writes text files alone

    try:
        return psutil.Process(process).create_time() <= path.stat().st_mtime
    except psutil.NoSuchProcess:
        return False


def write_text(path: str | Path, text: str) -> None:
    """Write `text` as UTF-8."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: str | Path, value: object) -> None:
    """Write `value` as indented JSON; a number that is not finite raises ValueError, for JSON cannot hold it.

    Piece by piece: the text of many rows is never in memory as a whole. A dataclass is written as its fields.
    """
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        json.dump(value, file, indent=1, ensure_ascii=False, allow_nan=False, default=asdict)
        file.write("\n")


def write_png(path: str | Path, image: np.ndarray) -> None:
    """Write `image`: (H, W) grey or (H, W, 3) RGB, uint8."""
    import cv2  # not above: whoever reads the command line writes text files alone

    channels = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    ok, encoded = cv2.imencode(".png", channels)
    if not ok:
        raise OSError(f"{path}: the image of shape {image.shape} could not be encoded as PNG")
    with replacing(path) as temporary:
        temporary.write_bytes(encoded.tobytes())
