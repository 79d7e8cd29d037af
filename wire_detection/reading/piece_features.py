"""What is known of each piece of a stroke: what the map says of it, how its stroke looks, what it touches."""

from __future__ import annotations

import numpy as np

from wire_detection.classic.confidence import bar_confidences
from wire_detection.classic.detect import Candidates
from wire_detection.classic.features import FEATURES, components, corner_groups
from wire_detection.classic.strokes import Bars
from wire_detection.reading.pieces import Pieces, clipped_logits

PIECE_FEATURES = FEATURES + (
    "map along bar",
    "map along group",
    "classic logit of group",
    "classic logit",
    "map of bars ended on",
    "bars ended on",
    "map of bars ending here",
    "bars ending here",
    "map of dotted neighbours",
    "dotted neighbours",
    "classic logit of bars ended on",
    "classic logit of bars ending here",
    "map along piece",
    "share of bar",
    "first",
    "last",
    "piece length",
    "ink close above",
    "ink above",
    "ink close below",
    "ink below",
)
"""Names of the columns of `piece_columns`: "map" is a mean logit of the network's map, "classic logit" one by the
classic features."""

BESIDE = ((2, 4), (4, 10))
"""In stroke widths, how far from a bar's middle line ink lies that is close to it, and that is farther: an overbar has
its word below and is as long as that, a label stands above its wire."""

CONTEXT_FEATURES = (
    "logit",
    "logit before",
    "logit after",
    "logit along bar",
    "logit along group",
    "logit along component",
    "logit of bars ended on",
    "logit of bars ending here",
    "logit of dotted neighbours",
    "logit around corners",
    "bars of component",
    "length of component",
    "free ends of component",
    "other ends of component",
    "dots of component",
    "squares of component",
)
"""Names of the columns of `context_columns`; a component is all that is drawn in one with a bar."""

FIRMEST = 6.0
"""Logits beyond this count no more in the context of others."""


def piece_columns(candidates: Candidates, pieces: Pieces, stroke_features: np.ndarray) -> np.ndarray:
    """(N, len(PIECE_FEATURES)) float32, what is known of each of the pieces of the bars of `candidates`.

    Args:
        stroke_features: (B, len(FEATURES)), the classic features of the bars.
    """
    bars, contacts, count = candidates.bars, candidates.contacts, len(candidates.bars)
    classic = clipped_logits(bar_confidences(stroke_features, bars, contacts, candidates.stroke_px))
    length, piece_length = np.maximum(bars.length, 1), np.maximum(pieces.bars.length, 1e-3)
    seen = _weighted_mean(pieces.source, pieces.logits, piece_length, count)
    group = corner_groups(bars, contacts)
    tee, dotted = contacts.plain_tee, contacts.dotted
    ended_on, ended_on_count = _mean_of_others(contacts.bar[tee], seen[contacts.other[tee]], count)
    ending, ending_count = _mean_of_others(contacts.other[tee], seen[contacts.bar[tee]], count)
    at_dots, at_dots_count = _mean_of_others(contacts.bar[dotted], seen[contacts.other[dotted]], count)
    classic_ended_on, _ = _mean_of_others(contacts.bar[tee], classic[contacts.other[tee]], count)
    classic_ending, _ = _mean_of_others(contacts.other[tee], classic[contacts.bar[tee]], count)
    of_bars = np.stack(
        [
            seen,
            _weighted_mean(group, seen, length, count)[group],
            _weighted_mean(group, classic, length, count)[group],
            classic,
            ended_on,
            ended_on_count,
            ending,
            ending_count,
            at_dots,
            at_dots_count,
            classic_ended_on,
            classic_ending,
        ],
        1,
    )
    new_bar = np.append(True, pieces.source[1:] != pieces.source[:-1])
    of_pieces = np.stack(
        [
            pieces.logits,
            piece_length / length[pieces.source],
            new_bar[: len(pieces.source)],
            np.append(new_bar[1:], True)[: len(pieces.source)],
            np.log(np.maximum(piece_length / candidates.stroke_px, 0.2)),
        ],
        1,
    )
    beside = ink_beside(bars, candidates.ink, candidates.stroke_px)
    return np.concatenate(
        [stroke_features[pieces.source], of_bars[pieces.source], of_pieces, beside[pieces.source]], 1
    ).astype(np.float32)


def ink_beside(bars: Bars, ink: np.ndarray, stroke_px: float, samples: int = 32) -> np.ndarray:
    """(N, 4) share of the length of each bar that has ink beside it: close above, farther above, close below, farther.

    Above a vertical bar is to its left, where words that read upwards have their top.

    Args:
        ink: (H, W) uint8, 1 where there is ink.
    """
    shares = np.zeros((len(bars), 4), np.float32)
    along = bars.low[:, None] + (np.arange(samples) + 0.5) / samples * bars.length[:, None]
    for side, sign in enumerate((-1, 1)):
        for distance, (near, far) in enumerate(BESIDE):
            steps = np.arange(near * stroke_px, far * stroke_px + 0.5, max(1.0, 0.5 * stroke_px))
            across = (bars.offset[:, None] + sign * steps)[:, None, :]
            x, y = bars.xy(along[:, :, None], across)
            x = np.clip(np.round(x), 0, ink.shape[1] - 1).astype(int)
            y = np.clip(np.round(y), 0, ink.shape[0] - 1).astype(int)
            shares[:, 2 * side + distance] = ink[y, x].any(2).mean(1)
    return shares


def context_columns(
    candidates: Candidates, pieces: Pieces, stroke_features: np.ndarray, logits: np.ndarray
) -> np.ndarray:
    """(N, len(CONTEXT_FEATURES)) float32, what a first classification says of a piece and of all drawn in one with it.

    Args:
        stroke_features: (B, len(FEATURES)), the classic features of the bars.
        logits: (N,) logits of being a wire, by that classification.
    """
    bars, contacts, count = candidates.bars, candidates.contacts, len(candidates.bars)
    logits = np.clip(logits, -FIRMEST, FIRMEST)
    length = np.maximum(bars.length, 1)
    of_bar = _weighted_mean(pieces.source, logits, np.maximum(pieces.bars.length, 1e-3), count)
    group, component = corner_groups(bars, contacts), components(bars, contacts)
    tee, dotted = contacts.plain_tee, contacts.dotted

    def in_component(name: str) -> np.ndarray:
        return np.log1p(np.bincount(component, stroke_features[:, FEATURES.index(name)], count)[component])

    of_bars = np.stack(
        [
            of_bar,
            _weighted_mean(group, of_bar, length, count)[group],
            _weighted_mean(component, of_bar, length, count)[component],
            _mean_of_others(contacts.bar[tee], of_bar[contacts.other[tee]], count)[0],
            _mean_of_others(contacts.other[tee], of_bar[contacts.bar[tee]], count)[0],
            _mean_of_others(contacts.bar[dotted], of_bar[contacts.other[dotted]], count)[0],
            _mean_of_others(contacts.bar[contacts.corner], of_bar[contacts.other[contacts.corner]], count)[0],
            np.log1p(np.bincount(component, minlength=count)[component]),
            np.log(np.bincount(component, length / candidates.stroke_px, count)[component] + 1),
            *(in_component(name) for name in ("free ends", "other ends", "dots", "squares")),
        ],
        1,
    )
    before, after = np.zeros((2, len(logits)))
    same = pieces.source[1:] == pieces.source[:-1]
    before[1:], after[:-1] = np.where(same, logits[:-1], 0), np.where(same, logits[1:], 0)
    return np.concatenate([np.stack([logits, before, after], 1), of_bars[pieces.source]], 1).astype(np.float32)


def _weighted_mean(group: np.ndarray, values: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """(count,) mean of `values` over the members of each group, by weight; 0 for a group without any."""
    return np.bincount(group, values * weights, count) / np.maximum(np.bincount(group, weights, count), 1e-3)


def _mean_of_others(bar: np.ndarray, values: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """(count,) mean of the `values` that belong to each bar, 0 where there is none, and their number, 6 at most."""
    number = np.bincount(bar, minlength=count)
    return np.bincount(bar, values, count) / np.maximum(number, 1), np.minimum(number, 6)
