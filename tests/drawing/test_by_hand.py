"""By hand: what was joined stays joined, what was straight becomes a chain along the ink, nets stay."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from wire_detection.drawing.by_hand import CHAIN_PX, Hand, draw_by_hand
from wire_detection.drawing.connectivity import find_connections, nets_of
from wire_detection.drawing.drawing import Drawing
from wire_detection.drawing.figures import compose_figure
from wire_detection.drawing.meetings import show_wiring
from wire_detection.drawing.streams import Streams
from wire_detection.drawing.style_families import draw_style
from wire_detection.sheets.geometry import points_near_segments

WHOLE, SPLIT = {"crossing": 1.0}, {"hop": 0.5, "gap": 0.5}


def pages(count: int, passing: dict):
    for seed in range(count):
        streams = Streams.of(seed)
        style, drawing, _, _ = compose_figure(draw_style(streams.style, "hand"), streams, None)
        style = replace(style, passing=passing)
        wiring = show_wiring(find_connections(drawing), style, streams.meetings)
        yield style, drawing, wiring, draw_by_hand(drawing, wiring, style, streams.hand)


def net_count(wiring, grid_px: float) -> int:
    places = [array * grid_px for array in (wiring.wires, wiring.junctions, wiring.crossings)]
    return len(nets_of(*places, wiring.crossing_types))


def test_a_hand_joins_what_was_joined():
    for passing in (WHOLE, SPLIT):
        for style, _, straight, (_, _, bent) in pages(12, passing):
            assert len(bent.wires) >= len(straight.wires)
            assert net_count(bent, style.grid_px) == net_count(straight, style.grid_px)


def test_junctions_lie_on_the_ends_of_three_strokes():
    for _, drawing, straight, (truth, _, bent) in pages(8, WHOLE):
        assert len(bent.junctions) == len(straight.junctions) and len(truth.pins) == len(drawing.pins)
        tips = np.array([pin.tip for pin in truth.pins]).reshape(-1, 2)
        ends = np.concatenate([bent.wires.reshape(-1, 2), tips])
        for point in bent.junctions:
            assert (np.abs(ends - point).max(1) < 0.05).sum() >= 3


def test_a_chain_follows_the_bent_stroke():
    rng = np.random.default_rng(0)
    style = replace(draw_style(rng, "hand"), hand=1.0, overshoot=0.0, grid_px=10.0)
    drawing = Drawing()
    drawing.wire((0, 0), (60, 0))
    wiring = show_wiring(find_connections(drawing), style, rng)
    _, _, bent = draw_by_hand(drawing, wiring, style, np.random.default_rng(5))
    stroke = Hand(np.random.default_rng(5), 1.0).bend(np.array([(0.0, 0.0), (60.0, 0.0)]))
    assert np.ptp(stroke[:, 1]) > 0.2 and len(bent.wires) > 3
    near = points_near_segments(stroke, bent.wires, CHAIN_PX / style.grid_px + 1e-6)
    assert len(np.unique(near[:, 0])) == len(stroke)


def test_texts_are_written_as_strokes_and_stay_in_the_truth():
    for _, drawing, _, (truth, inked, _) in pages(3, WHOLE):
        assert len(truth.texts) == len(drawing.texts) > 0 and not inked.texts
        assert sum(stroke.kind == "text" for stroke in inked.strokes) > len(drawing.texts)
