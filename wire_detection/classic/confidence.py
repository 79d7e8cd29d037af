"""How surely a bar is a wire is said by a logistic table of its features, then by one of its neighbours' results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from wire_detection.classic.contacts import Contacts
from wire_detection.classic.features import corner_groups, stack_columns
from wire_detection.classic.strokes import Bars

LARGEST_LOGIT = 7.0
"""What the features of a bar say ends here, at 999 in 1000, so that its neighbours are heard too."""

# Made by benchmarks/annotator_fit.py (logistic regression on the bars of drawn sheets); rerun after changing a feature.
BIAS = -4.27

WEIGHTS = {
    "length": 0.65,
    "wide": -1.46,
    "thin": -0.56,
    "dots": 1.48,
    "squares": 0.64,
    "corners": 0.64,
    "tees on outlines": 0.16,
    "tees": 0.69,
    "dotted ends": -1.01,
    "free ends": 0.19,
    "other ends": -0.02,
    "isolated": -1.24,
    "marked ends": 1.26,
    "bare": -0.34,
    "stems": 0.03,
    "box": -6.37,
    "frame": -11.55,
    "across": -2.22,
    "crossings": -0.95,
    "twins": -2.30,
    "group dots": 0.52,
    "group squares": -0.03,
    "unmarked": -0.98,
    "group length": 0.60,
    "group stems": -1.84,
    "group thick": -0.54,
    "group box": -0.90,
    "inside box": -5.12,
    "short": -4.44,
    "clutter": -0.80,
    "loose": -0.70,
    "open box": -2.77,
}

NEIGHBOUR_BIAS = 0.05

NEIGHBOUR_WEIGHTS = (0.77, 0.22, -0.07, -0.71)


class Tables(NamedTuple):
    """Bias and weights (F,) of the features, and those (4,) of the `neighbour_features` that follow from them."""

    bias: float
    weights: np.ndarray
    neighbour_bias: float
    neighbour_weights: np.ndarray


def neighbour_features(logits: np.ndarray, bars: Bars, contacts: Contacts, stroke_px: float) -> np.ndarray:
    """Say what the logits (N,) of a bar and of its neighbours tell: (N, 4).

    The columns are a bar's own logit, the mean one of its corner group by length, the wires that end on the bar without
    a dot, and the wires that it ends on without one: what goes on around corners is of one kind, and two wires never
    meet in a T without a dot.
    """
    if not len(bars):
        return np.zeros((0, 4))
    group, weight = corner_groups(bars, contacts), np.maximum(bars.length, 1)
    of_group = (np.bincount(group, logits * weight) / np.bincount(group, weight))[group]
    tee = contacts.plain_tee
    bar, other = contacts.bar[tee], contacts.other[tee]
    ending = np.maximum(logits[bar], 0) * (bars.length[bar] > 10 * stroke_px)
    ends_on = np.bincount(other, ending, len(bars))
    on_wires = np.bincount(bar, logits[other] > 0, len(bars))
    return np.stack([logits, of_group, np.minimum(ends_on, 8), on_wires], 1)


def bar_confidences(
    stroke_features: Mapping[str, np.ndarray], bars: Bars, contacts: Contacts, stroke_px: float
) -> np.ndarray:
    """Say how surely each bar is a wire, (N,) float32 in 0..1, from its `features` by the fitted tables."""
    columns = stack_columns({name: stroke_features[name] for name in WEIGHTS})
    tables = Tables(BIAS, np.array(list(WEIGHTS.values())), NEIGHBOUR_BIAS, np.array(NEIGHBOUR_WEIGHTS))
    return logistic_confidences(columns, bars, contacts, stroke_px, tables)


def logistic_confidences(
    columns: np.ndarray, bars: Bars, contacts: Contacts, stroke_px: float, tables: Tables
) -> np.ndarray:
    """Take the logistic of the columns (N, F), then that of what this says of neighbours too: (N,) float32."""
    logits = np.clip(tables.bias + columns @ tables.weights, -LARGEST_LOGIT, LARGEST_LOGIT)
    second = tables.neighbour_bias + neighbour_features(logits, bars, contacts, stroke_px) @ tables.neighbour_weights
    return (1 / (1 + np.exp(-second))).astype(np.float32)
