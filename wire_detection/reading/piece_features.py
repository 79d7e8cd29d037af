"""What is known of each piece of a stroke: what the map says of it, how its stroke looks, what it touches."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wire_detection.classic.confidence import bar_confidences
from wire_detection.classic.detect import Candidates
from wire_detection.classic.features import components, corner_groups
from wire_detection.classic.strokes import Bars
from wire_detection.reading.pieces import Pieces, clipped_logits
from wire_detection.sheets.raster import pixels_at

BESIDE = {"ink close": (2, 4), "ink": (4, 10)}
"""In stroke widths, how far from a bar's middle line ink lies that is close to it, and that is farther: an overbar has
its word below and is as long as that, a label stands above its wire."""

SAMPLES = 32
"""Cuts across each bar by which the ink beside it is measured."""

FIRMEST = 6.0
"""Logits beyond this count no more in the context of others."""


def piece_features(
    candidates: Candidates, pieces: Pieces, stroke_features: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """What is known of each of the pieces of the bars of `candidates`: name -> (N,) float32.

    "map" is a mean logit of the network's map, "classic logit" one by the classic features.

    Args:
        stroke_features: the classic features of the bars, name -> (B,).
    """
    bars = candidates.bars
    piece_length = np.maximum(pieces.bars.length, 1e-3)
    new_bar = np.append(True, pieces.source[1:] != pieces.source[:-1])
    of_bars = {**stroke_features, **_map_and_classic(candidates, pieces, stroke_features)}
    of_pieces = {
        "map along piece": pieces.logits,
        "map where it is weakest": pieces.weakest,
        "map at weaker end": pieces.at_ends.min(1),
        "map at stronger end": pieces.at_ends.max(1),
        "share of bar": piece_length / np.maximum(bars.length, 1)[pieces.source],
        "first": new_bar[: len(pieces.source)],
        "last": np.append(new_bar[1:], True)[: len(pieces.source)],
        "piece length": np.log(np.maximum(piece_length / candidates.stroke_px, 0.2)),
    }
    beside = ink_beside(bars, candidates.ink, candidates.stroke_px)
    return {**_of_pieces(of_bars, pieces), **_rounded(of_pieces), **_of_pieces(beside, pieces)}


def _map_and_classic(
    candidates: Candidates, pieces: Pieces, stroke_features: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """What the map and the classic features say of each bar and of its neighbours: name -> (B,)."""
    bars, contacts, count = candidates.bars, candidates.contacts, len(candidates.bars)
    classic = clipped_logits(bar_confidences(stroke_features, bars, contacts, candidates.stroke_px))
    length = np.maximum(bars.length, 1)
    seen = _weighted_mean(pieces.source, pieces.logits, np.maximum(pieces.bars.length, 1e-3), count)
    group = corner_groups(bars, contacts)
    tee, dotted = contacts.plain_tee, contacts.dotted
    ended_on, ended_on_count = _mean_of_others(contacts.bar[tee], seen[contacts.other[tee]], count)
    ending, ending_count = _mean_of_others(contacts.other[tee], seen[contacts.bar[tee]], count)
    at_dots, at_dots_count = _mean_of_others(contacts.bar[dotted], seen[contacts.other[dotted]], count)
    return {
        "map along bar": seen,
        "map along group": _weighted_mean(group, seen, length, count)[group],
        "classic logit of group": _weighted_mean(group, classic, length, count)[group],
        "classic logit": classic,
        "map of bars ended on": ended_on,
        "bars ended on": ended_on_count,
        "map of bars ending here": ending,
        "bars ending here": ending_count,
        "map of dotted neighbours": at_dots,
        "dotted neighbours": at_dots_count,
        "classic logit of bars ended on": _mean_of_others(contacts.bar[tee], classic[contacts.other[tee]], count)[0],
        "classic logit of bars ending here": _mean_of_others(contacts.other[tee], classic[contacts.bar[tee]], count)[0],
    }


def ink_beside(bars: Bars, ink: np.ndarray, stroke_px: float) -> dict[str, np.ndarray]:
    """The share of the length of each bar that has ink beside it, close and farther, above and below: name -> (B,).

    Above a vertical bar is to its left, where words that read upwards have their top.

    Args:
        ink: (H, W) uint8, 1 where there is ink.
    """
    shares = {}
    along = bars.low[:, None] + (np.arange(SAMPLES) + 0.5) / SAMPLES * bars.length[:, None]
    for side, sign in (("above", -1), ("below", 1)):
        for distance, (near, far) in BESIDE.items():
            steps = np.arange(near * stroke_px, far * stroke_px + 0.5, max(1.0, 0.5 * stroke_px))
            across = (bars.offset[:, None] + sign * steps)[:, None, :]
            x, y = bars.xy(along[:, :, None], across)
            shares[f"{distance} {side}"] = pixels_at(ink, x, y).any(2).mean(1)
    return shares


def context_features(
    candidates: Candidates, pieces: Pieces, stroke_features: Mapping[str, np.ndarray], logits: np.ndarray
) -> dict[str, np.ndarray]:
    """What a first classification says of a piece and of all that is drawn in one with it: name -> (N,) float32.

    All that is drawn in one with a bar is its component.

    Args:
        stroke_features: the classic features of the bars, name -> (B,).
        logits: (N,) logits of being a wire, by that classification.
    """
    logits = np.clip(logits, -FIRMEST, FIRMEST)
    before, after = np.zeros((2, len(logits)))
    same = pieces.source[1:] == pieces.source[:-1]
    before[1:], after[:-1] = np.where(same, logits[:-1], 0), np.where(same, logits[1:], 0)
    of_pieces = {"logit": logits, "logit before": before, "logit after": after}
    of_bars = _context_of_bars(candidates, pieces, stroke_features, logits)
    return {**_rounded(of_pieces), **_of_pieces(of_bars, pieces)}


def _context_of_bars(
    candidates: Candidates, pieces: Pieces, stroke_features: Mapping[str, np.ndarray], logits: np.ndarray
) -> dict[str, np.ndarray]:
    """The part of the context that all pieces of a bar share: name -> (B,)."""
    bars, contacts, count = candidates.bars, candidates.contacts, len(candidates.bars)
    length = np.maximum(bars.length, 1)
    of_bar = _weighted_mean(pieces.source, logits, np.maximum(pieces.bars.length, 1e-3), count)
    group, component = corner_groups(bars, contacts), components(bars, contacts)
    tee, dotted, corner = contacts.plain_tee, contacts.dotted, contacts.corner
    return {
        "logit along bar": of_bar,
        "logit along group": _weighted_mean(group, of_bar, length, count)[group],
        "logit along component": _weighted_mean(component, of_bar, length, count)[component],
        "logit of bars ended on": _mean_of_others(contacts.bar[tee], of_bar[contacts.other[tee]], count)[0],
        "logit of bars ending here": _mean_of_others(contacts.other[tee], of_bar[contacts.bar[tee]], count)[0],
        "logit of dotted neighbours": _mean_of_others(contacts.bar[dotted], of_bar[contacts.other[dotted]], count)[0],
        "logit around corners": _mean_of_others(contacts.bar[corner], of_bar[contacts.other[corner]], count)[0],
        "bars of component": np.log1p(np.bincount(component, minlength=count)[component]),
        "length of component": np.log(np.bincount(component, length / candidates.stroke_px, count)[component] + 1),
        **{
            f"{name} of component": np.log1p(np.bincount(component, stroke_features[name], count)[component])
            for name in ("free ends", "other ends", "dots", "squares")
        },
    }


def _of_pieces(of_bars: Mapping[str, np.ndarray], pieces: Pieces) -> dict[str, np.ndarray]:
    """The features of bars (B,) as those of their pieces (N,) float32."""
    return _rounded({name: column[pieces.source] for name, column in of_bars.items()})


def _rounded(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The columns in the single precision in which the classifier learned from them."""
    return {name: np.asarray(column, np.float32) for name, column in columns.items()}


def _weighted_mean(group: np.ndarray, values: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """(count,) mean of `values` over the members of each group, by weight; 0 for a group without any."""
    return np.bincount(group, values * weights, count) / np.maximum(np.bincount(group, weights, count), 1e-3)


def _mean_of_others(bar: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(count,) mean of the `values` that belong to each bar, 0 where there is none, and their number, 6 at most."""
    number = np.bincount(bar, minlength=count)
    return np.bincount(bar, values, count) / np.maximum(number, 1), np.minimum(number, 6)
