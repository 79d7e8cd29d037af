"""The junctions of a sheet: each place where strokes meet, judged for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from wire_detection.classic.detect import Candidates
from wire_detection.reading.junction_classifier import load_classifier
from wire_detection.reading.pieces import clipped_logits
from wire_detection.reading.place_features import Surroundings, find_arms, place_features, sampled
from wire_detection.reading.places import find_places
from wire_detection.reading.ridges import Ridges, arms_of_ridges
from wire_detection.sheets.geometry import as_points, compose_affine, transform_points

LEAST_ODDS = 4.0
"""A false junction makes one net of two; of a true one that is missed an end that rests on the other wire still tells.
So a place is a junction where four to one speaks for it: squares at pins look like dots, and get up to 0.8."""


LEAST_DOUBT = 0.1
"""Probability of a place that is no junction by LEAST_ODDS, below which it is surely none."""


@dataclass(frozen=True)
class Junctions:
    """Junctions (M, 2) float32 x y in pixels of the sheet, their types (M,) and confidences (M,).

    doubtful: (L, 2) float32 x y of places that are rather none
    """

    points: np.ndarray
    types: tuple[str, ...]
    confidences: np.ndarray
    doubtful: np.ndarray


def classify_places(
    dark: np.ndarray,
    candidates: Candidates,
    confidences: np.ndarray,
    ridges: Ridges,
    probabilities: Mapping[str, np.ndarray],
    matrix: np.ndarray,
    map_alone: bool,
) -> Junctions:
    """The places of a sheet of darkness `dark` (H, W) that are junctions, by LEAST_ODDS at least.

    Args:
        confidences: (B,) how surely each bar of `candidates` is a wire.
        probabilities: (h, w) float32 of every task.
        matrix: (2, 3) from the sheet's pixels to those of the maps.
        map_alone: whether the map's height at a place alone says what is a junction.
    """
    places = find_places(candidates, ridges, probabilities["junction"], matrix)
    if map_alone:
        logits = clipped_logits(
            sampled(probabilities["junction"], places.centre, compose_affine(candidates.back, matrix))
        )
    else:
        around = Surroundings(candidates, confidences, dark, probabilities, matrix)
        logits = load_classifier().logits(place_features(places, around))
    chosen, likelihoods = logits >= np.log(LEAST_ODDS), (1 / (1 + np.exp(-logits))).astype(np.float32)
    doubtful = places.centre[~chosen & (likelihoods >= LEAST_DOUBT)]
    centres = places.centre[chosen]
    wires = (find_arms(centres, candidates.bars, confidences, candidates.stroke_px).logit >= 0).sum(1)
    wires += arms_of_ridges(centres, ridges, 2 * candidates.stroke_px)
    return Junctions(
        as_points(transform_points(centres, candidates.back)),
        tuple(junction_type(count) for count in wires.tolist()),
        likelihoods[chosen],
        as_points(transform_points(doubtful, candidates.back)),
    )


def junction_type(wires: int) -> str:
    """ "T" where three wires lead away, "cross" where four do, "dot" where the third stroke is none: a lead."""
    return {3: "T", 4: "cross"}.get(wires, "dot")
