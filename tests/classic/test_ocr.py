"""Text boxes from OCR: their place in the sheet, their confidence, their cache."""

from __future__ import annotations

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from wire_detection.classic import ocr as text_detection
from wire_detection.classic.ocr import SheetText, cached_text, find_text


def box_around_ink(tile: np.ndarray) -> SimpleNamespace:
    """An engine that reads the word OUT around all ink of a tile, with confidence 0.9."""
    y, x = np.nonzero(tile[:, :, 0] < 128)
    if not len(x):
        return SimpleNamespace(boxes=None, scores=None, txts=None)
    corners = [[x.min(), y.min()], [x.max(), y.min()], [x.max(), y.max()], [x.min(), y.max()]]
    return SimpleNamespace(boxes=np.array([corners], np.float32), scores=(0.9,), txts=("OUT",))


def test_boxes_are_in_coordinates_of_the_sheet():
    grey = np.full((2000, 2500), 255, np.uint8)
    grey[1800:1820, 2300:2400] = 0
    text = find_text(grey, engine=box_around_ink)
    boxes = text.boxes
    assert boxes.shape[1] == 5 and len(boxes) >= 1 and set(text.words) == {"OUT"} and len(text.words) == len(boxes)
    np.testing.assert_allclose(boxes, np.tile([2300, 1800, 2399, 1819, 0.9], (len(boxes), 1)), atol=1e-3)


def test_doubtful_text_is_left_out(monkeypatch):
    monkeypatch.setattr(text_detection, "LEAST_CONFIDENCE", 0.95)
    grey = np.full((100, 100), 255, np.uint8)
    grey[20:40, 20:80] = 0
    text = find_text(grey, engine=box_around_ink)
    assert text.boxes.shape == (0, 5) and text.words == ()


def test_paper_is_not_read():
    def fail(tile):
        raise AssertionError("an empty tile was given to the engine")

    assert find_text(np.full((300, 300), 255, np.uint8), engine=fail).boxes.shape == (0, 5)


def test_the_cache_is_used_for_the_same_sheet_only(tmp_path, monkeypatch):
    calls = []
    read = SheetText(np.array([[1, 2, 3, 4, 0.9]], np.float32), ("Ü1",))
    monkeypatch.setattr(text_detection, "find_text", lambda grey: calls.append(1) or read)
    cache = tmp_path / "texts" / "sheet.json"
    for shape, tone, count in (((50, 60), 0, 1), ((50, 60), 0, 1), ((60, 50), 0, 2), ((60, 50), 1, 3)):
        grey = np.full(shape, tone, np.uint8)
        text = cached_text(grey, cache)
        np.testing.assert_allclose(text.boxes, read.boxes, atol=1e-3)
        assert text.words == ("Ü1",)
        assert len(calls) == count


@pytest.mark.parametrize("change", [lambda text: "{half", lambda text: text.replace('"words"', '"old"')])
def test_a_damaged_cache_and_one_without_words_are_made_again(tmp_path, monkeypatch, change):
    read = SheetText(np.array([[1, 2, 3, 4, 0.9]], np.float32), ("A1",))
    monkeypatch.setattr(text_detection, "find_text", lambda grey: read)
    cache, grey = tmp_path / "sheet.json", np.zeros((5, 5), np.uint8)
    cached_text(grey, cache)
    whole = cache.read_text()
    cache.write_text(change(whole))
    assert cached_text(grey, cache).words == ("A1",) and cache.read_text() == whole


def test_rapidocr_reads_a_drawn_word():
    pytest.importorskip("rapidocr")
    grey = np.full((120, 400), 255, np.uint8)
    cv2.putText(grey, "RESISTOR", (60, 80), cv2.FONT_HERSHEY_SIMPLEX, 1.5, 0, 3)
    text = find_text(grey)
    x0, y0, x1, y1, confidence = text.boxes[0]
    assert 30 < x0 < 75 and 270 < x1 < 330 and 20 < y0 < 60 and 75 < y1 < 100
    assert confidence > 0.6 and text.words == ("RESISTOR",)
