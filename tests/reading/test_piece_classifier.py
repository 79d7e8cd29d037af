"""The classifier of pieces: its sums by hand, two answers in a row, its file."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.sheets import draw_tiny_sheet
from wire_detection.classic.detect import classic_features, find_candidates
from wire_detection.reading.piece_classifier import Perceptron, PieceClassifier, load_classifier, save_classifier
from wire_detection.reading.pieces import cut_bars
from wire_detection.sheets.raster import draw_segments


def tiny_sheet(seed: int):
    """(candidates, pieces, whether each lies on a wire (N,)) of a sheet whose map is nine tenths sure."""
    grey, truth = draw_tiny_sheet(seed)
    wire = np.where(draw_segments(grey.shape, truth.wires, 3), 0.9, 0.1).astype(np.float32)
    candidates = find_candidates(grey)
    pieces = cut_bars(candidates.bars, wire, np.eye(2, 3), candidates.stroke_px)
    return candidates, pieces, np.isin(np.round(pieces.bars.offset), np.round([truth.wires[0, 1], truth.wires[1, 0]]))


def reader(names, feature: str, factor: float) -> Perceptron:
    """A perceptron that says `factor` times one feature, wherever that is positive."""
    weights = np.zeros((len(names), 1))
    weights[names.index(feature)] = 1
    return Perceptron(np.zeros(len(names)), np.ones(len(names)), weights, np.zeros(1), np.array([factor]), np.array(0))


def test_logits_by_hand():
    classifier = Perceptron(
        np.array([1.0, 0.0]),
        np.array([2.0, 1.0]),
        np.array([[1.0, -1.0], [0.5, 0.0]]),
        np.array([0.0, 0.25]),
        np.array([2.0, 3.0]),
        np.array(-1.0),
    )
    # (3 - 1) / 2 = 1 and 4: hidden 1 + 2 = 3 and -1 + 0.25 -> 0; 2 * 3 - 1 = 5
    # 100 is cut to 5 spreads and 0: hidden 5 and -4.75 -> 0; 2 * 5 - 1 = 9
    np.testing.assert_allclose(classifier.logits(np.array([[3.0, 4.0], [100.0, 0.0]])), [5, 9])


def test_the_second_perceptron_hears_the_first():
    candidates, pieces, on_wire = tiny_sheet(0)
    names = load_classifier().features
    of_pieces = names[: names.index("logit")]
    classifier = PieceClassifier(names, reader(of_pieces, "map along piece", 2), reader(names, "logit", 10))
    said = classifier.logits(candidates, pieces, classic_features(candidates))
    seen = np.maximum(pieces.logits, 0)
    np.testing.assert_allclose(said, 10 * np.minimum(2 * seen, 5), rtol=1e-5)
    assert said[on_wire].min() > 40 and said[~on_wire].max() == 0


def test_the_shipped_classifier_knows_a_wire_from_a_box():
    candidates, pieces, on_wire = tiny_sheet(1)
    assert ((load_classifier().logits(candidates, pieces, classic_features(candidates)) > 0) == on_wire).all()


def test_a_classifier_comes_back_from_its_file(tmp_path):
    candidates, pieces, _ = tiny_sheet(0)
    save_classifier(load_classifier(), tmp_path / "classifier.npz")
    stroke_features = classic_features(candidates)
    np.testing.assert_array_equal(
        load_classifier(tmp_path / "classifier.npz").logits(candidates, pieces, stroke_features),
        load_classifier().logits(candidates, pieces, stroke_features),
    )


def test_a_classifier_of_other_features_is_refused():
    candidates, pieces, _ = tiny_sheet(0)
    names = load_classifier().features
    classifier = load_classifier()._replace(features=(*names[:5], names[6], names[5], *names[7:]))
    with pytest.raises(ValueError, match="other features"):
        classifier.logits(candidates, pieces, classic_features(candidates))


def test_a_damaged_or_missing_file_is_refused(tmp_path):
    (tmp_path / "text.npz").write_text("no archive")
    with pytest.raises(ValueError, match="text.npz"):
        load_classifier(tmp_path / "text.npz")
    with pytest.raises(ValueError, match="none.npz"):
        load_classifier(tmp_path / "none.npz")
