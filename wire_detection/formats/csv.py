"""CSV tables hold a sheet in three files, for spreadsheets and data frames; a header names the columns.

    STEM_wires.csv       wire, x0, y0, x1, y1, type, length, confidence, net
    STEM_junctions.csv   junction, x, y, type, confidence, nets
    STEM_nets.csv        net, wires, junctions

Coordinates and lengths are pixels. What is more than one number in a field stands in it with spaces between.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation, wire_types
from wire_detection.formats.contract import plain, rounded
from wire_detection.formats.net_graph import members_by_net, net_graph
from wire_detection.sheets.geometry import segment_lengths
from wire_detection.sheets.safe_files import write_text


class Writer:
    """Writes three tables of each sheet into a folder."""

    def __init__(self, folder: Path):
        self.folder = folder

    def add(self, annotation: Annotation, image: Path) -> None:
        for name, table in reversed(tables(annotation).items()):
            write_text(self.folder / f"{image.stem}_{name}.csv", table)

    def finish(self) -> None:
        """Every file is written already."""


def tables(annotation: Annotation) -> dict[str, str]:
    """Write the texts of the tables "wires", "junctions" and "nets"."""
    nets = members_by_net(annotation, net_graph(annotation))
    net_of_wire = {wire: net for net, members in nets.items() for wire in members.wires}
    nets_of_junction: dict[int, list[int]] = {}
    for net, members in nets.items():
        for junction in members.junctions:
            nets_of_junction.setdefault(junction, []).append(net)
    wires = zip(
        rounded(annotation.wires),
        wire_types(annotation.wires),
        np.round(segment_lengths(annotation.wires).astype(np.float64), 2).tolist(),
        _shares(annotation.wire_confidences),
        strict=True,
    )
    junctions = zip(
        rounded(annotation.junctions),
        annotation.junction_types,
        _shares(annotation.junction_confidences),
        strict=True,
    )
    return {
        "wires": _table(
            "wire x0 y0 x1 y1 type length confidence net",
            ((number, *ends, *further, net_of_wire[number]) for number, (ends, *further) in enumerate(wires)),
        ),
        "junctions": _table(
            "junction x y type confidence nets",
            (
                (number, *place, plain(kind), confidence, _list(nets_of_junction.get(number, [])))
                for number, (place, kind, confidence) in enumerate(junctions)
            ),
        ),
        "nets": _table(
            "net wires junctions",
            ((net, _list(members.wires), _list(members.junctions)) for net, members in nets.items()),
        ),
    }


def _shares(values: np.ndarray) -> list[float]:
    return np.round(values.astype(np.float64), 3).tolist()


def _list(numbers: Iterable[int]) -> str:
    return " ".join(map(str, numbers))


def _table(header: str, rows: Iterable[tuple]) -> str:
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header.split())
    table.writerows(rows)
    return text.getvalue()
