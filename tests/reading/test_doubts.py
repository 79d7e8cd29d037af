"""The confidence of a reading is the wire F1 to be expected, and a doubtful one has its reason."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.helpers.circuit import circuit
from wire_detection.classic.detect import find_candidates
from wire_detection.reading.doubts import expected_f1, likely_reason, sheet_confidence, unread_length
from wire_detection.reading.ridges import NO_RIDGES, Ridges
from wire_detection.sheets.prepare import Known, clean_sheet


def test_the_expected_f1_by_hand():
    """Given are 100 + 100 px, of which 100 + 60 are right; true are these and 0.4 * 50 px more: 320 / (200 + 180)."""
    lengths, confidences = np.array([100.0, 100, 50]), np.array([1.0, 0.6, 0.4])
    assert expected_f1(lengths, confidences) == pytest.approx(320 / 380)
    assert expected_f1(lengths, confidences, unread_px=20) == pytest.approx(320 / 400)
    assert sheet_confidence(lengths, confidences) == pytest.approx(1 - 2.5 * 60 / 380)
    assert sheet_confidence(np.array([9.0, 9, 9]), np.array([0.5, 0.4, 0.4])) == 0
    assert expected_f1(np.zeros(0), np.zeros(0)) == 0 == expected_f1(np.array([9.0]), np.array([0.4]))


def test_wires_of_the_map_away_from_all_strokes_are_unread():
    grey = circuit()
    candidates = find_candidates(grey)
    wire = np.zeros(grey.shape, np.float32)
    wire[300:302, 200:600] = 1  # along a stroke
    assert unread_length(candidates, NO_RIDGES, wire, np.eye(2, 3)) == 0
    wire[600:603, 100:250] = 0.9  # on bare paper, as wide as the network marks wires
    assert unread_length(candidates, NO_RIDGES, wire, np.eye(2, 3)) == 150
    ridge = Ridges(np.array([[100, 601, 250, 601]], np.float32), np.ones(1, np.float32))
    assert unread_length(candidates, ridge, wire, np.eye(2, 3)) == 0


def specks() -> np.ndarray:
    grey = np.full((300, 400), 255, np.uint8)
    for x, y in np.random.default_rng(0).integers(10, 290, (150, 2)):
        cv2.circle(grey, (int(x), int(y)), 3, 0, -1)
    return grey


@pytest.mark.parametrize(
    ("grey", "known", "reason"),
    [
        (np.full((60, 80), 255, np.uint8), Known(), "nothing but paper"),
        (specks(), Known(), "only texture"),
        (circuit(), Known(stroke_px=11.8), "unusual stroke width 11.8 px: try --stroke_width"),
        (circuit(), Known(), "no stroke looks like a wire"),
    ],
)
def test_an_empty_reading_has_its_likely_reason(grey, known, reason):
    assert likely_reason(clean_sheet(grey, known), 0, 0.0).startswith(reason)


def test_a_sure_reading_has_none():
    sheet = clean_sheet(circuit())
    assert likely_reason(sheet, 4, 0.95) == "" and likely_reason(sheet, 4, 0.3) != "" != likely_reason(sheet, 1, 0.95)
