"""Wires, junctions and nets of circuit schematics, read out of images.

    from wire_detection import read_sheet

    annotation = read_sheet("scan.png")
    print(len(annotation.wires), "wires in", len(annotation.nets), "nets")

The names below are loaded when they are first used: importing the package costs nothing.
"""

from importlib import import_module

_HOMES = {
    "Annotation": "annotations.annotation",
    "find_pages": "sheets.listing",
    "load_model": "networks.runtimes",
    "read_annotation": "annotations.annotation_file",
    "read_sheet": "reading.read_sheet",
    "score_sheet": "scoring.wire_metrics",
    "write_annotation": "annotations.annotation_file",
}
"""Public name -> the file that it stands in."""

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
