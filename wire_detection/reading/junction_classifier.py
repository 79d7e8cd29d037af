"""How surely the strokes that meet at a place connect there: a perceptron over what place_features.py knows of it.

Every place is judged for itself. A sheet's habit, whether its Ts have dots and how large they are, is among the
features and no more: dots, Ts without one and peaks of the map stand side by side on one sheet.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from wire_detection.classic.features import stack_columns
from wire_detection.paths import SHIPPED_WEIGHTS
from wire_detection.reading.piece_classifier import Perceptron
from wire_detection.sheets.safe_files import replacing

PLACE = SHIPPED_WEIGHTS / "junction_classifier.npz"


class JunctionClassifier(NamedTuple):
    """The perceptron, and the names of the `features` that are its columns."""

    features: tuple[str, ...]
    perceptron: Perceptron

    def logits(self, columns: dict[str, np.ndarray]) -> np.ndarray:
        """(N,) logit of being a junction, from the features {name: (N,)}.

        Raises:
            ValueError: when the classifier was fitted for other features.
        """
        if set(columns) != set(self.features):
            raise ValueError(f"{PLACE}: was fitted for other features; run benchmarks.junction_fit")
        return self.perceptron.logits(stack_columns({name: columns[name] for name in self.features}))


def save_classifier(classifier: JunctionClassifier, path: Path = PLACE) -> None:
    """Write the classifier and the names of its features."""
    with replacing(path) as temporary:
        np.savez(temporary, features=np.array(classifier.features), **classifier.perceptron._asdict())


@cache
def load_classifier(path: Path = PLACE) -> JunctionClassifier:
    """The classifier that was fitted for the pretrained networks.

    Raises:
        ValueError: when the file is not there or cannot be read.
    """
    try:
        with np.load(path, allow_pickle=False) as content:
            perceptron = Perceptron(*(content[field] for field in Perceptron._fields))
            return JunctionClassifier(tuple(content["features"].tolist()), perceptron)
    except (OSError, KeyError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read ({error}); check out the package's files again") from None
