"""Maps and ink together: exact vectors."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.reading.trace import trace_maps

HORIZONTAL, VERTICAL = [10, 60.5, 149, 60.5], [80.5, 10, 80.5, 110]


def sheet(*wires) -> np.ndarray:
    """(120, 160) uint8: black strokes 2 px wide along the axes, on segments whose middle lies between pixels."""
    grey = np.full((120, 160), 255, np.uint8)
    for x0, y0, x1, y1 in np.floor(wires).astype(int).reshape(-1, 4):
        grey[y0 : y1 + (2 if y0 == y1 else 1), x0 : x1 + (2 if x0 == x1 else 1)] = 0
    return grey


def traced(grey: np.ndarray, *, wire: np.ndarray | None = None, junctions=(), matrix=None, **settings) -> Annotation:
    """What the maps alone make of a sheet: `wire` in 0..1, by default its ink, and a spot at each of `junctions`."""
    wire = (grey == 0).astype(np.float32) if wire is None else wire
    junction = np.zeros(wire.shape, np.float32)
    for x, y in junctions:
        junction[y : y + 2, x : x + 2] = 0.875
    maps = {"wire": wire, "junction": junction, "crossing": np.zeros_like(junction)}
    return trace_maps(grey, maps, matrix, map_alone=True, **settings)


def rows(values: np.ndarray) -> list:
    """Segments or points in rising order, to a tenth of a pixel."""
    return sorted(np.round(values.astype(float), 1).tolist())


def test_two_wires_that_cross_are_two_nets():
    found = traced(sheet(HORIZONTAL, VERTICAL))
    assert rows(found.wires) == [HORIZONTAL, VERTICAL] and found.wires.dtype == np.float32
    assert sorted(found.nets) == [(0,), (1,)]
    assert found.junctions.shape == (0, 2) and found.junction_types == () and found.junction_confidences.shape == (0,)


def test_a_peak_where_they_cross_makes_them_one_net():
    found = traced(sheet(HORIZONTAL, VERTICAL), junctions=[(80, 60)])
    assert rows(found.wires) == [HORIZONTAL, VERTICAL] and found.nets == ((0, 1),)
    assert rows(found.junctions) == [[80.5, 60.5]] and found.junction_types == ("cross",)
    assert found.junction_confidences.tolist() == pytest.approx([0.875])


def test_how_surely_a_stroke_is_a_wire_is_what_the_map_says_along_it():
    """A map of 0.75 gives a logit of ln 3 all along, and these a confidence of 1 / (1 + 1/3) = 0.75 again."""
    found = traced(sheet(HORIZONTAL), wire=np.full((120, 160), 0.75, np.float32))
    assert found.wire_confidences.tolist() == pytest.approx([0.75], abs=1e-6)


def test_a_wire_ends_where_its_map_ends_and_the_rest_comes_only_when_asked_for():
    """The map knows the stroke up to x = 80: steps of 2 px along it, and a pixel more that the maximum adds."""
    grey = sheet(HORIZONTAL)
    wire = np.full(grey.shape, 0.02, np.float32)
    wire[60:62, :81] = 0.98
    (known,) = traced(grey, wire=wire).wires
    np.testing.assert_allclose(known, [10, 60.5, 82, 60.5], atol=1.5)
    more = traced(grey, wire=wire, least_confidence=0.0)
    assert more.wires.tolist() == [known.tolist(), [known[2], 60.5, 149, 60.5]]
    assert more.wire_confidences.tolist() == pytest.approx([0.98, 0.02], abs=0.01)


def test_maps_of_half_the_size_are_put_back_onto_the_sheet():
    """Pixel (40, 30) of the map covers the sheet's (80..81, 60..61), around (80.5, 60.5)."""
    grey = sheet(HORIZONTAL, VERTICAL)
    half = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]])
    wire, junction, crossing = np.zeros((3, 60, 80), np.float32)
    wire[30, 5:75] = wire[5:56, 40] = 1
    junction[30, 40] = 0.875
    maps = {"wire": wire, "junction": junction, "crossing": crossing}
    found = trace_maps(grey, maps, half, map_alone=True)
    assert rows(found.wires) == [HORIZONTAL, VERTICAL]
    assert rows(found.junctions) == [[80.5, 60.5]] and found.nets == ((0, 1),)


def test_a_sheet_without_ink_gives_nothing_whatever_its_maps_say():
    found = traced(np.full((120, 160), 255, np.uint8), wire=np.ones((120, 160), np.float32), junctions=[(80, 60)])
    assert found.wires.shape == (0, 4) and found.wire_confidences.shape == (0,)
    assert found.junctions.shape == (0, 2) and found.nets == ()
