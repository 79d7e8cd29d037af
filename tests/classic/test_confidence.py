"""Logistic sums of features and of the neighbours' results, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.helpers.bars import T, bars_of, contacts_of, features_of
from wire_detection.classic.confidence import (
    BIAS,
    NEIGHBOUR_BIAS,
    NEIGHBOUR_WEIGHTS,
    WEIGHTS,
    Tables,
    bar_confidences,
    logistic_confidences,
    neighbour_features,
)
from wire_detection.classic.strokes import EMPTY_BARS


def test_every_feature_has_a_weight():
    assert list(features_of(T)) == list(WEIGHTS)


def test_what_neighbours_say_by_hand():
    """Bars of 200, 100 and 40 px with logits 2, 3 and -1: the first and the third are one group by their corner, with
    (200 * 2 + 40 * -1) / 240 = 1.5; the second, a wire of 3, ends on the first, which is a wire too."""
    found = neighbour_features(np.array([2.0, 3.0, -1.0]), T, contacts_of(T), 2.0)
    np.testing.assert_allclose(found, [[2, 1.5, 3, 0], [3, 3, 0, 1], [-1, 1.5, 0, 0]])
    assert neighbour_features(np.zeros(0), EMPTY_BARS, contacts_of(EMPTY_BARS), 2.0).shape == (0, 4)


def test_a_confidence_is_a_logistic_of_sums():
    """One bar without neighbours: 1 + 2 * 0.5 = 2, then 0.5 + 2 * 2 - 1 * 2 = 2.5, and 1 / (1 + e^-2.5) = 0.924. A sum
    of 100 is cut to 7: 0.5 + 2 * 7 - 7 = 7.5."""
    bar = bars_of([0, 0, 100, 0])
    tables = Tables(1.0, np.array([2.0]), 0.5, np.array([2.0, -1.0, 0, 0]))
    for column, logit in ((0.5, 2.5), (50, 7.5)):
        found = logistic_confidences(np.array([[column]]), bar, contacts_of(bar), 2.0, tables)
        assert found.tolist() == pytest.approx([1 / (1 + np.exp(-logit))]) and found.dtype == np.float32


def test_a_bar_alone_gets_the_confidence_of_the_fitted_tables():
    """The bar of the last test, 50 strokes long: both logistics summed up from the columns that are not 0."""
    bar = bars_of([100, 100, 200, 100])
    column = features_of(bar)
    seen = {name: float(value[0]) for name, value in column.items() if value[0]}
    assert set(seen) == {"length", "free ends", "isolated", "group length", "loose"}
    logit = BIAS + sum(WEIGHTS[name] * value for name, value in seen.items())
    own, group, _, _ = NEIGHBOUR_WEIGHTS
    logit = NEIGHBOUR_BIAS + (own + group) * logit
    found = bar_confidences(column, bar, contacts_of(bar), 2.0)
    assert found.tolist() == pytest.approx([1 / (1 + np.exp(-logit))], rel=1e-4) and found[0] < 0.5


def test_a_sheet_without_bars_has_no_rows():
    column = features_of(EMPTY_BARS)
    assert all(values.shape == (0,) for values in column.values())
    assert bar_confidences(column, EMPTY_BARS, contacts_of(EMPTY_BARS), 2.0).shape == (0,)
