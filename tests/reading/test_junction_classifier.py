"""The classifier of places: its features are checked by name, its file comes back, the shipped one knows a dot."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.reading.junction_classifier import JunctionClassifier, load_classifier, save_classifier
from wire_detection.reading.piece_classifier import Perceptron

HEIGHT = Perceptron(np.zeros(2), np.ones(2), np.array([[1.0], [0.0]]), np.zeros(1), np.array([3.0]), np.array(-2.0))
"""Says 3 times the first of two features, less 2."""


def test_the_perceptron_judges_the_columns_by_their_names():
    classifier = JunctionClassifier(("height", "width"), HEIGHT)
    logits = classifier.logits({"width": np.array([9.0, 9.0]), "height": np.array([1.0, 2.0])})
    assert logits.tolist() == [1, 4]


def test_other_features_than_those_it_was_fitted_for_are_refused():
    with pytest.raises(ValueError, match="other features"):
        JunctionClassifier(("height", "width"), HEIGHT).logits({"width": np.ones(1), "weight": np.ones(1)})


def test_a_classifier_comes_back_from_its_file(tmp_path):
    save_classifier(JunctionClassifier(("height", "width"), HEIGHT), tmp_path / "classifier.npz")
    read = load_classifier(tmp_path / "classifier.npz")
    assert read.features == ("height", "width")
    for one, other in zip(read.perceptron, HEIGHT, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_damaged_or_missing_file_is_named(tmp_path):
    (tmp_path / "text.npz").write_text("no archive")
    for name in ("text.npz", "none.npz"):
        with pytest.raises(ValueError, match=name):
            load_classifier(tmp_path / name)
