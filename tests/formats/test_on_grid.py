"""Net graphs on the grid of an editor: straight, snapped, and no net the less or the more."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.helpers.meetings import STEP, meetings_annotation, nets_of_ends, nets_of_touching
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.formats.net_graph import net_graph
from wire_detection.formats.on_grid import draw_on_grid


def draw(wires, nets, parts=(10,), **further):
    annotation = Annotation.build(image_path="a.png", image_shape=(300, 300), wires=wires, nets=nets, **further)
    return draw_on_grid(net_graph(annotation), annotation.stroke_px, parts)


def segments(drawing) -> np.ndarray:
    return drawing.places[drawing.graph.edges].reshape(-1, 4)


def assert_nets(drawing) -> None:
    """What a program sees, whether it connects ends or whatever touches, are the nets of the graph."""
    graph = drawing.graph
    names = [(*drawing.places[point], str(graph.point_nets[point])) for point in np.unique(graph.links)]
    for nets in (nets_of_ends(segments(drawing), names), nets_of_touching(segments(drawing), names)):
        assert len(set(zip(nets.tolist(), graph.edge_nets.tolist(), strict=True))) == len(set(nets.tolist()))
        assert len(set(nets.tolist())) == len(set(graph.edge_nets.tolist()))


def test_wires_that_meet_in_every_way_lie_on_the_grid():
    annotation = meetings_annotation()
    drawing = draw_on_grid(net_graph(annotation), annotation.stroke_px, [1])
    assert drawing.grid.measured and drawing.grid.step_px == pytest.approx(STEP, rel=0.01)
    places = drawing.places - drawing.places.min(0) + [2, 1]  # wire 0 begins at (40, 60), wire 4 ends at (200, 20)
    rows = {tuple(sorted(map(tuple, places[edge].tolist()))) for edge in drawing.graph.edges}
    assert ((10, 1), (10, 6)) in rows, "the hop is a plain line"
    assert ((6, 3), (18, 3)) in rows and ((6, 3), (6, 12)) in rows, "the bar of the T is cut, the crossing is not"
    assert_nets(drawing)


def test_a_line_that_is_not_quite_level_is_straightened():
    drawing = draw([[0, 50, 100, 51], [100, 50.6, 200, 50.2], [0, 100, 100, 100]], [[0, 1], [2]])
    assert sorted(np.ptp(segments(drawing)[:, 1::2], 1).tolist()) == [0, 0] and len(segments(drawing)) == 2


def test_two_nets_between_two_lines_of_the_grid_stay_apart():
    grid = [[0, y, 200, y] for y in range(0, 200, 20)] + [[x, 210, x, 290] for x in range(0, 200, 20)]
    close = [[0, 212, 6, 212], [9, 212, 15, 212]]  # would both be from 0 to 20
    drawing = draw([*grid, *close], [[n] for n in range(22)])
    assert_nets(drawing)
    assert (drawing.places % 10 == 0).all(1).mean() > 0.7
    assert draw([*grid, *close], [[n] for n in range(22)], parts=(1, 2, 4, 8, 16)).parts > 1


def test_wires_that_touch_and_do_not_connect_are_moved_apart_by_a_unit():
    drawing = draw([[0, 100, 200, 100], [100, 100, 100, 200], [0, 200, 60, 200]], [[0], [1], [2]], parts=(127,))
    assert_nets(drawing)
    bar, stem = (drawing.places[drawing.graph.point_nets == net, 1] for net in (0, 1))
    assert len(set(bar.tolist())) == 1 and np.abs(stem - bar[0]).min() == 1


def test_wires_on_one_another_are_told_apart_too():
    assert_nets(draw([[0, 100, 200, 100], [50, 100, 150, 100]], [[0], [1]], parts=(127,)))


def test_a_knot_that_nobody_can_tell_is_named():
    heap = [[100, 100, 200, 100 + n] for n in range(70)]  # 64 moves cannot part 70 ends
    with pytest.raises(AnnotationError, match=r"several nets lie on one another at x 1\d\d, y 10\d"):
        draw(heap, [[n] for n in range(len(heap))], parts=(1,))


def test_a_crumb_at_an_edge_is_no_wire_of_its_own():
    drawing = draw([[0, 50, 100, 50], [100, 50, 100, 50.1], [200, 10, 200, 10.1]], [[0, 1], [2]])
    assert len(segments(drawing)) == 2, "but the third wire is all that its net has"
    assert_nets(drawing)


def test_nothing_is_normal():
    assert draw([], []).places.shape == (0, 2)


@pytest.mark.parametrize("seed", range(4))
def test_drawn_sheets_keep_their_nets(seed):
    _, annotation = draw_sheet(seed, size=(900, 700), degradation=1 if seed % 2 else 0)
    for parts in ([127], (1, 2, 4, 8, 16, 32)):
        drawing = draw_on_grid(net_graph(annotation), annotation.stroke_px, parts)
        assert_nets(drawing)
        assert set(drawing.graph.edge_nets.tolist()) == set(range(len(annotation.nets)))


def test_ten_thousand_wires_take_seconds():
    x, y = (axis.ravel() * 20.0 for axis in np.meshgrid(np.arange(100), np.arange(50)))
    wires = np.concatenate([np.stack([x, y, x + 15, y], 1), np.stack([x + 10, y - 5, x + 10, y + 5], 1)])
    annotation = Annotation.build(
        image_path="a.png", image_shape=(9000, 9000), wires=wires, nets=[[n] for n in range(len(wires))]
    )
    start = time.process_time()
    drawing = draw_on_grid(net_graph(annotation), annotation.stroke_px, [127])
    assert len(drawing.graph.edges) == 10_000 and time.process_time() - start < 20
