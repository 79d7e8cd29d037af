"""Each format of another program is a row of this table, whose name, with _ for -, is that of its file in this folder.

The file holds `Writer`, as contract.py describes it, and where the format is read back `find_sources`, a function that
gives the `Source` of each annotation in a folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType


@dataclass(frozen=True)
class Format:
    """What users are told of a format.

    files: pattern of its files in a folder, those that are written last of a sheet
    cannot_hold: what is lost in it, in words
    is_read: whether it is read back
    gathers: whether what is written of a sheet depends on those before it, as in one file for all of them
    """

    files: str
    cannot_hold: str
    is_read: bool = True
    gathers: bool = False


FORMATS = {
    "labelme": Format("*.json", "empty nets, what texts say, or of components more than box, type and confidence"),
    "coco": Format(
        "*.json", "empty nets, what texts say, or of components more than box, type and confidence", gathers=True
    ),
    "yolo": Format(
        "labels/*.txt",
        "nets, crossings, junction types, confidences, what texts say or lies outside the image, or of the metadata "
        "more than the stroke width",
        gathers=True,
    ),
    "masks": Format(
        "*_wires.png",
        "nets, crossings, junction types, confidences, components, texts, pins, buses, where collinear "
        "wires touch, wires under three stroke widths, or junctions under four apart",
    ),
    "cvat": Format("*.xml", "empty nets, what texts say, what lies outside the image, or the metadata", gathers=True),
    "svg": Format("*.svg", "anything but wires, nets and places of junctions, and is never read back", is_read=False),
    "kicad": Format(
        "*.kicad_sch",
        "components, words but one for a net, confidences, hops and gaps other than as crossings, or junctions on no "
        "wire, and is never read back",
        is_read=False,
    ),
    "ltspice": Format(
        "*.asc",
        "the picture, components, words but one for a net, buses, confidences, or hops and gaps other than as "
        "crossings, and is never read back",
        is_read=False,
    ),
    "dxf": Format(
        "*.dxf", "the picture, components, texts, pins, types or confidences, and is never read back", is_read=False
    ),
    "graphml": Format(
        "*.graphml", "the picture, components, texts, pins or buses, and is never read back", is_read=False
    ),
    "json-graph": Format(
        "*.graph.json", "the picture, components, texts, pins or buses, and is never read back", False
    ),
    "csv": Format(
        "*_wires.csv", "crossings, components, texts, pins, buses or metadata, and is never read back", is_read=False
    ),
    "netlist": Format(
        "*.netlist.json",
        "places of wires, types, confidences, crossings, components, pins or buses, and is never read back",
        is_read=False,
    ),
}

EXPORT_FORMATS = tuple(FORMATS)
IMPORT_FORMATS = tuple(name for name, row in FORMATS.items() if row.is_read)


def load_format(name: str) -> ModuleType:
    """Import the file of a format, only now, for `--help` shall not wait for what formats need."""
    return import_module(f"wire_detection.formats.{name.replace('-', '_')}")
