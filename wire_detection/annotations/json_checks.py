"""Values of JSON files that come from anywhere are checked here, and what is wrong is told in one line."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

MAX_FILE_BYTES = 64 * 2**20
"""A larger file is no annotation: MAX_OBJECTS wires take some 12 MB."""

MAX_OBJECTS = 100_000
"""More wires, or more of anything else, than any one sheet holds."""


class AnnotationError(ValueError):
    """An annotation that cannot be used; the message is one line that names the file, the place and the remedy."""


def read_json(path: Path, max_bytes: int = MAX_FILE_BYTES) -> object:
    """Read the JSON value of a file of at most `max_bytes`; AnnotationError, in one line, when it holds none."""
    return _parsed(path, read_text(path, max_bytes))


def read_text(path: Path, max_bytes: int = MAX_FILE_BYTES) -> str:
    """Read a UTF-8 file of at most `max_bytes`, without its byte-order mark.

    Raises:
        AnnotationError: in one line, when it cannot be read.
    """
    try:
        if path.stat().st_size > max_bytes:
            raise AnnotationError(f"{path}: larger than {max_bytes >> 20} MiB, more than an annotation needs")
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise AnnotationError(f"{path}: no such annotation file") from None
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{path}: not UTF-8 text ({str(error)[:80]})") from None


def _parsed(path: Path, text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{path}: not JSON ({str(error)[:80]})") from None


def json_objects(content: dict, name: str, most: int = MAX_OBJECTS) -> list[dict]:
    """List the objects, `most` at most, that `content` holds under `name`; AnnotationError for anything else."""
    items = content.get(name, [])
    if not isinstance(items, list):
        raise AnnotationError(f"{name} must be a list, got {type(items).__name__}")
    if len(items) > most:
        raise AnnotationError(f"{name} holds {len(items)} objects, more than the {most} allowed")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise AnnotationError(f"{name} {index} must be an object, got {type(item).__name__}")
    return items


def as_list(value: object) -> list:
    return value if isinstance(value, list) else [value]


def finite_rows(rows: object, columns: int, name: str) -> np.ndarray:
    """Convert a list of lists of finite numbers to (N, columns) float32; AnnotationError for anything else."""
    if not isinstance(rows, list):
        raise AnnotationError(f"{name} must be a list, got {type(rows).__name__}")
    values = np.zeros((len(rows), columns), np.float64)
    for index, row in enumerate(rows):
        row = row if isinstance(row, list) else [row]
        if len(row) != columns or not all(type(v) in (int, float) and abs(v) <= 1e9 for v in row):
            raise AnnotationError(f"{name} {index} needs {columns} finite numbers, got {str(row)[:80]}")
        values[index] = row
    return values.astype(np.float32)
