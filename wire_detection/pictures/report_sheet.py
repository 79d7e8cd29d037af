"""A sheet in a report: its picture with wires, junctions, crossings and nets as SVG over it.

Each net is a group of the SVG, so that all of it lights up at once. Paths are written as short as they can be: they are
most of a report's size beside the pictures.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.pictures.overlays import LOW_CONFIDENCE, net_rgb
from wire_detection.sheets.geometry import as_segments, nearest_on_segments, points_near_segments

PICTURE_LONGEST_PX = 2400
"""A larger sheet is reduced to this for its picture: strokes of a page scanned at 300 dpi can still be told."""

PICTURE_QUALITY = 60
"""Of WebP, from 1 to 100: letters stay sharp, and a page of a megapixel takes some 40 kB."""

JUNCTION_STROKES = 3.0
"""A junction belongs to the net of the nearest wire no further away than this, in stroke widths."""


@dataclass(frozen=True)
class SheetPicture:
    """What a report shows of a sheet.

    grey: (H, W) uint8      found: what was read on it
    missed, false: (K, 4) segments, where the truth is known: wires that were not found, and what is none
    """

    grey: np.ndarray
    found: Annotation
    missed: np.ndarray = field(default_factory=lambda: as_segments(()))
    false: np.ndarray = field(default_factory=lambda: as_segments(()))


def draw_sheet_svg(picture: SheetPicture, name: str) -> str:
    """Write the picture of the sheet called `name` as an SVG element, in the sheet's own coordinates."""
    found = picture.found
    height, width = found.image_shape
    return "".join(
        [
            f'<svg class="drawing" viewBox="-0.5 -0.5 {width} {height}" role="img" '
            f'aria-label="{escape(f"{name}: {len(found.wires)} wires in {len(found.nets)} nets")}">',
            f'<image x="-0.5" y="-0.5" width="{width}" height="{height}" preserveAspectRatio="none" '
            f'href="{_data_uri(picture.grey)}"/>',
            _layer("false", [_path("", picture.false)]),
            _layer("missed", [_path("", picture.missed)]),
            _layer("nets", _net_groups(found)),
            _layer("crossings", _rings(found.crossings)),
            "</svg>",
        ]
    )


def _data_uri(grey: np.ndarray) -> str:
    """The sheet as a picture inside the page."""
    scale = PICTURE_LONGEST_PX / max(grey.shape)
    small = grey if scale >= 1 else cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".webp", small, [cv2.IMWRITE_WEBP_QUALITY, PICTURE_QUALITY])
    return f"data:image/webp;base64,{base64.b64encode(encoded.tobytes()).decode('ascii')}"


def _layer(name: str, parts: Iterable[str]) -> str:
    return f'<g class="{name}">{"".join(parts)}</g>'


def _net_groups(found: Annotation) -> list[str]:
    """Write a group for each net, and one for wires and for junctions in none."""
    alone = sorted(set(range(len(found.wires))) - {wire for net in found.nets for wire in net})
    nets = [*found.nets, alone]
    owners = _nets_of_junctions(found, nets)
    groups = []
    for number, wires in enumerate(nets):
        junctions = np.flatnonzero(owners == number).tolist()
        is_net = number < len(found.nets)
        if is_net or len(wires) or junctions:
            groups.append(_net_group(found, list(wires), junctions, str(number) if is_net else ""))
    return groups


def _net_group(found: Annotation, wires: list[int], junctions: list[int], name: str) -> str:
    """Write the wires and junctions of these numbers as the group of the net of that name, "" for those in none.

    A net is as sure as what is least sure in it.
    """
    doubtful = found.wire_confidences[wires] < LOW_CONFIDENCE
    unsure = found.junction_confidences[junctions] < LOW_CONFIDENCE
    least = min([*found.wire_confidences[wires], *found.junction_confidences[junctions]], default=1.0)
    segments, points = found.wires[wires], found.junctions[junctions]
    colour = "#{:02x}{:02x}{:02x}".format(*net_rgb(int(name or len(found.nets))))
    return (
        f'<g class="net" data-net="{name}" data-confidence="{least:.2f}" stroke="{colour}">'
        + _path("", segments[~doubtful])
        + _path("doubtful", segments[doubtful])
        + _dots("halo", points[unsure])
        + _dots("dot", points)
        + "</g>"
    )


def _nets_of_junctions(found: Annotation, nets: Sequence[Sequence[int]]) -> np.ndarray:
    """Number the net on whose wires each junction lies, (M,) int; the last of `nets` where it lies on none."""
    net_of_wire = np.zeros(len(found.wires), int)
    for number, wires in enumerate(nets):
        net_of_wire[list(wires)] = number
    owners = np.full(len(found.junctions), len(nets) - 1)
    point, wire = points_near_segments(found.junctions, found.wires, JUNCTION_STROKES * found.stroke_px).T
    places = found.junctions[point].astype(np.float64)
    distance = np.hypot(*(places - nearest_on_segments(places, found.wires[wire].astype(np.float64))).T)
    farthest_first = np.argsort(-distance, kind="stable")
    owners[point[farthest_first]] = net_of_wire[wire[farthest_first]]
    return owners


def _path(name: str, segments: np.ndarray) -> str:
    """Write segments (N, 4) as one path of the class `name`, nothing without any."""
    steps = []
    for x0, y0, x1, y1 in np.round(np.asarray(segments, np.float64), 1).tolist():
        to = f"V{y1:g}" if x0 == x1 else f"H{x1:g}" if y0 == y1 else f"L{x1:g} {y1:g}"
        steps.append(f"M{x0:g} {y0:g}{to}")
    look = f'class="{name}" ' if name else ""
    return f'<path {look}d="{"".join(steps)}"/>' if steps else ""


def _dots(name: str, points: np.ndarray) -> str:
    """Write points (N, 2) as strokes of no length, which round ends make dots."""
    steps = "".join(f"M{x:g} {y:g}h0" for x, y in np.round(np.asarray(points, np.float64), 1).tolist())
    return f'<path class="{name}" d="{steps}"/>' if steps else ""


def _rings(points: np.ndarray) -> list[str]:
    """Write points (N, 2) as rings: dots of the paper's colour on larger ones."""
    return [_dots("ring", points), _dots("hole", points)]
