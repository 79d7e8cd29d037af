"""What is known of each place where strokes may meet: its shape, what leads away from it, what the maps say there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from scipy.spatial import cKDTree

from wire_detection.classic.detect import Candidates
from wire_detection.classic.strokes import Bars
from wire_detection.reading.pieces import clipped_logits
from wire_detection.reading.places import BLOB, DIRECTIONS, PEAK, Places
from wire_detection.sheets.geometry import compose_affine, transform_points

ANGLES = 48
"""Rays around a place; the four arms and the diagonals between them are among them."""

RADII = np.arange(0, 8.01, 0.5)
"""Where the rays are sampled, in stroke widths: most dots are less than 6 wide, and a wire's neighbours begin at 4."""

PROFILE = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0)
"""Radii, in stroke widths, at which the darkness off the arms is a feature: only a filled shape has any there."""

RINGS = (2.5, 4.0, 6.0)
"""Radii, in stroke widths, of the circles on which strokes that lead away in any direction are counted."""

LONGEST_RUN = 24
"""How far, in steps of half a stroke width, ink is followed along an arm."""

ARM_NAMES = ("of weakest arm", "of stronger side", "of weaker side", "opposite")
"""A T has its two sides and the arm opposite to what is missing; a corner has one side and the arm opposite."""

MOST_LOGIT = 6.0
"""Logits of wires beyond this are not told apart; what is no bar at all has their negative."""

REACH_OFFSET = 0.25
"""Added to how far ink reaches, in stroke widths, before the logarithm is taken: it may be nothing at all."""

FILLED = 1.05
"""Where two bare strokes meet, the ink reaches 0.7 of their width along the diagonals and soft edges 0.3 more; the
smallest dots that people can tell from none reach further."""


SIZE_STEP = 0.2
"""Shapes are alike when the logarithm of their reach is the same to this step, and both or neither are squares."""


@dataclass(frozen=True)
class Surroundings:
    """What `place_features` needs beside the places.

    candidates: bars on the upright sheet     confidences: (B,) how surely each is a wire
    dark: (H, W) darkness of the sheet   maps: (h, w) of each task
    matrix: (2, 3) from the sheet's pixels to those of the maps
    """

    candidates: Candidates
    confidences: np.ndarray
    dark: np.ndarray
    maps: Mapping[str, np.ndarray]
    matrix: np.ndarray


@dataclass(frozen=True)
class Arms:
    """The bars that lead away from N places in the four DIRECTIONS, arrays (N, 4).

    there: bool      logit: logit of the surest bar being a wire     length: in stroke widths beyond the place
    width: over the stroke width of the sheet
    """

    there: np.ndarray
    logit: np.ndarray
    length: np.ndarray
    width: np.ndarray


def find_arms(centres: np.ndarray, bars: Bars, confidences: np.ndarray, stroke_px: float) -> Arms:
    """The surest bar in each direction from each of the `centres` (N, 2): it is there two stroke widths away."""
    count = len(centres)
    out = {name: np.zeros((count, 4), np.float32) for name in ("logit", "length", "width")}
    out["logit"][:] = -MOST_LOGIT
    there = np.zeros((count, 4), bool)
    logits = np.clip(clipped_logits(confidences) * MOST_LOGIT / 4, -MOST_LOGIT, MOST_LOGIT)
    for column, (vertical, sign) in enumerate(DIRECTIONS):
        chosen = np.flatnonzero(bars.vertical == vertical)
        if not len(chosen) or not count:
            continue
        some = bars.take(chosen)
        along, across = some.places_of(centres)
        spot = along + sign * 2 * stroke_px
        near = (
            (np.abs(across - some.offset[:, None]) <= 1.5 * stroke_px)
            & (some.low[:, None] <= spot)
            & (some.high[:, None] >= spot)
        )
        best = np.where(near, logits[chosen][:, None], -np.inf).argmax(0)
        place = np.arange(count)
        is_there = near[best, place]
        tip = (some.high if sign > 0 else some.low)[best]
        there[:, column] = is_there
        out["logit"][:, column] = np.where(is_there, logits[chosen][best], -MOST_LOGIT)
        out["length"][:, column] = np.where(is_there, sign * (tip - along[best, place]) / stroke_px, 0)
        out["width"][:, column] = np.where(is_there, some.width[best] / stroke_px, 0)
    return Arms(there, **out)


def place_features(places: Places, around: Surroundings) -> dict[str, np.ndarray]:
    """{name: (N,)} of the places; turning the sheet by a quarter changes none of them."""
    candidates, stroke_px = around.candidates, around.candidates.stroke_px
    arms = find_arms(places.centre, candidates.bars, around.confidences, stroke_px)
    run, tone = ink_runs(places.centre, around.dark, candidates.back, stroke_px)
    own = np.maximum(np.median(np.sort(tone, 1)[:, 1:], 1), 0.15)  # as dark as the arms are; the weakest may be none
    to_map = compose_affine(candidates.back, around.matrix)
    turn = 2 * np.pi * np.arange(ANGLES) / ANGLES
    along = polar(places.centre, turn[:: ANGLES // 4], RADII[2:13] * stroke_px)
    rays = polar(places.centre, turn, RADII * stroke_px)
    wire_logit = clipped_logits(sampled(around.maps["wire"], along, to_map).mean(2))
    columns = {
        **arm_features(arms, run, tone / own[:, None], wire_logit),
        **shape(sampled(around.dark, rays, candidates.back) / own[:, None, None]),
        **map_features("junction", sampled(around.maps["junction"], rays[:, :, :7], to_map)),
        **map_features("crossing", sampled(around.maps["crossing"], rays[:, :, :7], to_map)),
        "dot": near(places.centre, candidates.dots.centre, 2 * stroke_px),
        "square": near(places.centre, candidates.squares.centre, 2 * stroke_px),
        "of blob": places.kind == BLOB,
        "of peak": places.kind == PEAK,
        "arms": arms.there.sum(1),
        "wires": (arms.logit > 0).sum(1),
        "stroke": np.full(len(places), np.log(stroke_px)),
    }
    return {**columns, **habit_features(columns)}


def arm_features(arms: Arms, run: np.ndarray, tone: np.ndarray, map_logit: np.ndarray) -> dict[str, np.ndarray]:
    """{feature and name of the arm: (N,)} from (N, 4) each, as `ink_runs` and the wire map say of the arms."""
    order = canonical(run + 2 * np.minimum(arms.length, LONGEST_RUN) + 4 * arms.logit)
    kinds = {
        "wire": arms.logit,
        "length": np.log1p(np.maximum(arms.length, 0)),
        "width": arms.width,
        "run": np.log1p(run),
        "tone": tone,
        "map": map_logit,
    }
    return {
        f"{kind} {name}": column
        for kind, values in kinds.items()
        for name, column in zip(ARM_NAMES, np.take_along_axis(values, order, 1).T, strict=True)
    }


def map_features(task: str, values: np.ndarray) -> dict[str, np.ndarray]:
    """{name: (N,)} from the map of a task, its values (N, ANGLES, 7) up to three stroke widths around the places."""
    return {
        f"{task} map": clipped_logits(values[:, :, :3].max((1, 2))),
        f"{task} map around": clipped_logits(values.max((1, 2))),
        f"{task} map mean": clipped_logits(values[:, :, :5].mean((1, 2))),
    }


def canonical(strength: np.ndarray) -> np.ndarray:
    """(N, 4) which of the arms, clockwise from the right, are the ARM_NAMES, by how strong (N, 4) they are."""
    weakest = strength.argmin(1)
    sides = (weakest[:, None] + (1, 3)) % 4
    by_side = np.take_along_axis(strength, sides, 1)
    swap = by_side[:, 0] < by_side[:, 1]
    sides = np.where(swap[:, None], sides[:, ::-1], sides)
    return np.stack([weakest, sides[:, 0], sides[:, 1], (weakest + 2) % 4], 1)


def polar(centres: np.ndarray, turn: np.ndarray, radii: np.ndarray) -> np.ndarray:
    """(N, A, R, 2) points at the angles `turn` (A,) and `radii` (R,) around the centres (N, 2)."""
    away = np.stack([np.outer(np.cos(turn), radii), np.outer(np.sin(turn), radii)], -1)
    return centres[:, None, None] + away[None]


def sampled(image: np.ndarray, points: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """(...,) values of `image` (H, W) at points (..., 2) that `matrix` (2, 3) brings there; 0 beyond its edge."""
    if not points.size:
        return np.zeros(points.shape[:-1], np.float32)
    flat = transform_points(points.reshape(-1, 2), matrix)
    wide = -(-len(flat) // 16384) or 1  # OpenCV's limit for the sides of what it samples
    padded = np.concatenate([flat, np.zeros((wide * 16384 - len(flat), 2), np.float32)]).reshape(wide, 16384, 2)
    values = cv2.remap(image, padded, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return values.reshape(-1)[: len(flat)].reshape(points.shape[:-1])


def ink_runs(
    centres: np.ndarray, dark: np.ndarray, back: np.ndarray, stroke_px: float
) -> tuple[np.ndarray, np.ndarray]:
    """(N, 4) how far ink goes on along each arm, in steps of half a stroke width, and its median darkness there."""
    steps = np.arange(LONGEST_RUN + 1) * 0.5 * stroke_px
    values = []
    for aside in (-0.5, 0, 0.5):
        turn = np.pi / 2 * np.arange(4)
        points = polar(centres, turn, steps)
        normal = np.stack([-np.sin(turn), np.cos(turn)], -1) * aside * stroke_px
        values.append(sampled(dark, points + normal[None, :, None], back))
    profile = np.max(values, 0)
    whole = np.maximum(profile[:, :, :7].max((1, 2)), 0.15)[:, None, None]
    ended = np.cumsum(profile < 0.3 * whole, 2) > 0
    tone = np.median(profile[:, :, 3:11], 2)
    return (~ended).sum(2).astype(np.float32), tone


def shape(dark: np.ndarray) -> dict[str, np.ndarray]:
    """{name: (N,)} of what the ink around a place looks like; dark (N, ANGLES, R), 1 as dark as the arms."""
    quarter, eighth = ANGLES // 4, ANGLES // 8
    diagonal = dark[:, eighth::quarter]
    between = dark[:, [a for a in range(ANGLES) if a % quarter in (quarter // 3, quarter - quarter // 3)]]
    columns = {"middle": dark[:, :, :2].mean((1, 2))}
    for radius in PROFILE:
        at = int(round(2 * radius))
        values = np.sort(diagonal[:, :, at], 1)
        for name, value in (
            ("least", values[:, 0]),
            ("low", values[:, 1]),
            ("high", values[:, 2]),
            ("most", values[:, 3]),
            ("between", np.median(between[:, :, at], 1)),
        ):
            columns[f"{name} at {radius}"] = np.minimum(value, 2)
    columns["reach"], columns["least reach"], columns["most reach"] = (
        np.log(part(reach(diagonal), 1) + REACH_OFFSET) for part in (np.median, np.min, np.max)
    )
    for radius in RINGS:
        ring = dark[:, :, int(2 * radius)] > 0.4
        columns[f"strokes at {radius}"] = (ring & ~np.roll(ring, 1, 1)).sum(1)
        columns[f"ink at {radius}"] = ring.mean(1)
    return columns


def reach(dark: np.ndarray) -> np.ndarray:
    """(N, A) how far, in stroke widths, ink reaches along rays (N, A, R): their darkness up to a first pale spot."""
    ended = np.cumsum(dark < 0.25, 2) > 0
    return np.where(ended, 0, np.minimum(dark, 1)).sum(2) * (RADII[1] - RADII[0])


def near(points: np.ndarray, others: np.ndarray, reach_px: float) -> np.ndarray:
    """(N,) bool, is one of the others (M, 2) within `reach_px` of each of the points (N, 2)?"""
    if not len(others) or not len(points):
        return np.zeros(len(points), bool)
    return cKDTree(others).query(points)[0] <= reach_px


def _share_of_shape(reach: np.ndarray, square: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N,) the share of the `chosen` among the places of each one's shape, and the logarithm of how many these are."""
    shape = np.stack([np.round(reach / SIZE_STEP), square], 1)
    _, group = np.unique(shape, axis=0, return_inverse=True)
    total = np.bincount(group.ravel())
    share = (np.bincount(group.ravel(), chosen) + 0.5) / (total + 1)
    return share[group.ravel()], np.log1p(total)[group.ravel()]


def habit_features(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """{name: (N,)} of the sheet's habits, as evidence for each of its places.

    How many Ts and crossings of wires there are and what share of them is filled, how large the dots on them are and
    how this place compares with them, and what the junction map says of the Ts and crossings that look like this one.
    And what share of the shapes like the one here lie on Ts and crossings: dots do, the squares at pins do not.
    """
    count = len(columns["reach"])
    four = columns["wire of weakest arm"] > 0
    three = ~four & (columns["arms"] >= 3) & (columns["wires"] >= 2)
    widest = np.max([columns[f"width {arm}"] for arm in ARM_NAMES], 0)
    over_arms = (np.exp(columns["reach"]) - REACH_OFFSET) / np.maximum(widest, 1)
    filled = over_arms > FILLED
    kinds = {"Ts": three, "crossings": four}
    out = {}
    for name, chosen in kinds.items():
        out[name] = np.full(count, np.log1p(chosen.sum()))
        out[f"filled {name}"] = np.full(count, ((chosen & filled).sum() + 0.5) / (chosen.sum() + 1))
    dots = (three | four) & filled
    out["reach over arms"], out["filled"] = over_arms, filled
    out["usual reach"] = np.full(count, np.median(columns["reach"][dots]) if dots.any() else 0.0)
    out["reach beside usual"] = columns["reach"] - out["usual reach"]
    out["of its shape at Ts"], out["of its shape"] = _share_of_shape(columns["reach"], columns["square"], three | four)
    out["map of its like"] = np.zeros(count)
    for chosen in (three, four, ~three & ~four):
        for like in (chosen & filled, chosen & ~filled):
            if like.any():
                out["map of its like"][like] = columns["junction map"][like].mean()
    return out
