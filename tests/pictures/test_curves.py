"""The picture of an evaluation holds its numbers."""

from __future__ import annotations

import cv2

from wire_detection.pictures.curves import draw_curves


def row(precision: float, recall: float, f1: float) -> dict:
    return {"precision": precision, "recall": recall, "f1": f1}


CONFIDENCE = {
    "0.1": {"wire": row(0.5, 1.0, 0.67), "junction": row(0.75, 0.5, 0.6)},
    "0.9": {"wire": row(1.0, 0.25, 0.4), "junction": row(1.0, 0.5, 0.67)},
}
TOLERANCE = {str(px): {"wire": row(0, 0, 0.1 * px), "junction": row(0, 0, 0.2 * px)} for px in (1, 2, 4)}


def test_precision_stands_over_recall_and_f1_over_tolerance(tmp_path, monkeypatch):
    from matplotlib.figure import Figure

    drawn = []
    save = Figure.savefig
    monkeypatch.setattr(Figure, "savefig", lambda figure, *a, **k: drawn.append(figure) or save(figure, *a, **k))
    draw_curves(CONFIDENCE, TOLERANCE, tmp_path / "curves.png")
    left, right = drawn[0].axes
    assert (
        [line.get_label() for line in left.lines] == [line.get_label() for line in right.lines] == ["wire", "junction"]
    )
    assert left.lines[0].get_xydata().tolist() == [[1, 0.5], [0.25, 1]]
    assert left.lines[1].get_xydata().tolist() == [[0.5, 0.75], [0.5, 1]]
    assert right.lines[1].get_xydata().tolist() == [[1, 0.2], [2, 0.4], [4, 0.8]]
    assert [path.name for path in tmp_path.iterdir()] == ["curves.png"]
    assert cv2.imread(str(tmp_path / "curves.png")).shape == (450, 1000, 3)
