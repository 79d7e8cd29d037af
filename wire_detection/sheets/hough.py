"""The Hough transform of a sheet's ink tells its axes: how it is turned, and how its lines run together.

A Hough transform (Duda and Hart 1972) counts for each direction and each distance from the origin the ink on that
line. Straight strokes of one direction fill few of the distances with much ink each: the sum of the squared counts over
the distances tells how much of the ink runs in this direction (Postl's criterion for the skew of a scan).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

LARGEST_TURN_DEG = 45.0
"""Beyond this the other axis is nearer: what is up only text can tell."""

COARSE_STEP_DEG = 0.5

TURN_POINTS = 5_000
"""Of the ink that votes for the turn: more change nothing about where the peak lies."""

LEAST_CONVERGENCE = 0.01
"""Lines that run together less than this (0.6 degrees from the middle of the sheet to its corner) count as parallel."""

LARGEST_CONVERGENCE = 0.18
"""Beyond this the vanishing point is a mistake: a photograph so oblique could not be read anyhow."""

LEAST_TILT_DEG = 3.0
"""Turns up to this are left to the reader, which follows strokes that are turned so far."""

TURNED_LEAD = 1.5
"""A sheet counts as turned when its ink speaks so many times more for the turn than for the image's own axes: slanted
strokes of a bridge or a transformer stand on sheets that are not turned."""

CLEAR_PEAK = 1.3
"""The ink must speak so many times more for the turn than for most others: noise speaks for all of them alike."""

SOFTENING = np.array([1, 2, 1]) / 4
"""Weights of neighbouring lines, a pixel apart."""

TILES = 3
"""The sheet is cut into so many rows and columns of tiles, in each of which strokes have one direction."""

TILE_REACH = 0.15
"""Largest slope of the strokes in a tile against those of the whole sheet: 9 degrees."""

LEAST_SIDE_PX = 300
"""The tiles of a smaller sheet are no longer than 100 px: slopes of a stroke in them are not told apart to 0.01."""

SLOPE_STEP = 0.001
"""Slopes are told apart to this: over a tile it is less than half a pixel."""

TILE_POINTS = 2_500
"""Of the ink that votes in a tile, on average."""

LEAST_POINTS = 400
"""Fewer points of ink, of a sheet or of a tile, tell nothing."""

CONVERGING_LEAD = 1.025
"""Lines run together when the ink of one direction speaks so many times more for it than for parallel lines: lettering
and slanted strokes make the slopes of a few tiles differ on any sheet."""


@dataclass(frozen=True)
class Axes:
    """The axes of a sheet (H, W), which a camera may have made to run together.

    In coordinates whose origin is the sheet's centre and whose unit is half its diagonal, turned by `turn_deg`,
    horizontal strokes run towards the point (1, a, p) and vertical ones towards (b, 1, q), both homogeneous.
    """

    turn_deg: float
    a: float = 0.0
    b: float = 0.0
    p: float = 0.0
    q: float = 0.0

    @property
    def angle_deg(self) -> float:
        """By how many degrees the sheet's middle is turned, from x towards y."""
        return self.turn_deg + float(np.degrees(np.arctan((self.a - self.b) / 2)))

    @property
    def converge(self) -> bool:
        """Whether strokes of one direction run together."""
        return LEAST_CONVERGENCE < max(abs(self.p), abs(self.q)) < LARGEST_CONVERGENCE

    @property
    def is_turned(self) -> bool:
        """Whether strokes run otherwise than the reader can follow: turned by more, or running together."""
        return abs(self.angle_deg) > LEAST_TILT_DEG or self.converge


def line_strength(across: np.ndarray, along: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Sum up the squared counts of ink per line across = slope * along + distance: (S,), one for each of the slopes.

    The counts are softened over SOFTENING, for pixels lie in rows and columns: a stroke 2 px wide fills two whole lines
    where it is level, and parts of three where it is turned by the least.
    """
    strength = np.empty(len(slopes))
    for i, slope in enumerate(slopes):
        distance = across - slope * along
        counts = np.bincount((distance - distance.min()).astype(np.int64))
        strength[i] = np.square(np.convolve(counts, SOFTENING)).sum()
    return strength


def turn_of_ink(points: np.ndarray) -> float:
    """Find by how many degrees the strokes of ink points (N, 2) x y are turned from the image's axes, y down.

    0 where that is LEAST_TILT_DEG or less, and where nothing tells.
    """
    if len(points) < LEAST_POINTS:
        return 0.0
    angles = np.arange(-LARGEST_TURN_DEG, LARGEST_TURN_DEG, COARSE_STEP_DEG)
    strength = np.empty(len(angles))
    still = np.zeros(1)
    for i, angle in enumerate(angles):
        x, y = turned(points, -angle).T
        strength[i] = line_strength(y, x, still)[0] + line_strength(x, y, still)[0]
    usual = np.median(strength)
    upright = strength[np.abs(angles) <= LEAST_TILT_DEG].max()
    best = int(np.argmax(strength))
    turned_so = strength[best] > CLEAR_PEAK * usual and strength[best] - usual > TURNED_LEAD * (upright - usual)
    return float(angles[best]) if turned_so else 0.0


def turned(points: np.ndarray, angle_deg: float) -> np.ndarray:
    """Turn points (N, 2) x y about the origin from x towards y by `angle_deg`."""
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return points @ np.array([[cos, sin], [-sin, cos]])


def find_axes(ink: np.ndarray) -> Axes:
    """Find the axes of a sheet by its ink (H, W) bool, best on a small copy of a thousand pixels or so."""
    rows, columns = np.nonzero(ink)
    centre, unit = (np.array(ink.shape[::-1]) - 1) / 2, np.hypot(*ink.shape) / 2
    points = np.stack([columns, rows], 1) - centre
    turn = turn_of_ink(subsample(points, TURN_POINTS))
    tiles = cut_tiles(turned(subsample(points, TILES * TILES * TILE_POINTS), -turn))
    level, tall = (_vanishing_point(tiles, axis, unit) for axis in (0, 1))
    askew = min(ink.shape) >= LEAST_SIDE_PX and max(level.lead, tall.lead) > CONVERGING_LEAD
    (a, p), (b, q) = (v.point if askew and v.lead > 1 else (v.slope, 0.0) for v in (level, tall))
    return Axes(turn, a, b, p, q)


def subsample(points: np.ndarray, count: int) -> np.ndarray:
    """Choose at most about `count` of the points (N, 2), evenly chosen."""
    return points[:: max(1, -(-len(points) // count))]


def cut_tiles(points: np.ndarray) -> list[np.ndarray]:
    """Cut ink into the points (N, 2) of each of TILES x TILES tiles that holds enough of them."""
    if not len(points):
        return []
    low, size = points.min(0), np.maximum(np.ptp(points, axis=0), 1)
    number = np.minimum((points - low) / size * TILES, TILES - 1).astype(int) @ (1, TILES)
    tiles = [points[number == i] for i in range(TILES * TILES)]
    return [tile for tile in tiles if len(tile) >= LEAST_POINTS]


@dataclass(frozen=True)
class Vanishing:
    """Where the strokes of one direction run.

    slope: that of them all where they are parallel        point: (a, p) of the point (1, a, p) where they are not
    lead: how many times more than for most slopes the ink speaks for the point than for the slope
    """

    slope: float = 0.0
    point: tuple[float, float] = (0.0, 0.0)
    lead: float = 1.0


def _vanishing_point(tiles: list[np.ndarray], axis: int, unit: float) -> Vanishing:
    """Find where the strokes along `axis` run, by the ink of the tiles, given in pixels of which `unit` are 1."""
    if not tiles:
        return Vanishing()
    rays = [Tile.of(tile[:, axis], tile[:, 1 - axis]) for tile in tiles]
    coarse = np.arange(-TILE_REACH, TILE_REACH + 1e-9, 6 * SLOPE_STEP)
    strengths = np.array([line_strength(ray.across, ray.along, coarse) for ray in rays])
    peaks = [refined_slope([ray], coarse, strength) for ray, strength in zip(rays, strengths, strict=True)]
    x, y = np.array([ray.middle for ray in rays]).T
    a, p = fit_vanishing_point(x / unit, y / unit, *np.array(peaks).T)
    slope, _ = refined_slope(rays, coarse, strengths.sum(0))
    anyhow = np.median(strengths, axis=1).sum()
    converging = total_strength(rays, (a - p * y / unit) / (1 - p * x / unit)) - anyhow
    parallel = total_strength(rays, np.full(len(rays), slope)) - anyhow
    return Vanishing(slope, (a, p), converging / max(parallel, 1.0))


@dataclass(frozen=True)
class Tile:
    """The ink of a tile, `along` and `across` (N,) from its `middle`, for strokes of one of the two directions."""

    along: np.ndarray
    across: np.ndarray
    middle: tuple[float, float]

    @classmethod
    def of(cls, along: np.ndarray, across: np.ndarray) -> Tile:
        """Take ink at these places for a tile."""
        middle = float(along.mean()), float(across.mean())
        return cls(along - middle[0], across - middle[1], middle)


def total_strength(tiles: list[Tile], slopes: np.ndarray) -> float:
    """Measure how much the ink of all tiles speaks for strokes of these slopes, one of each tile."""
    return sum(
        float(line_strength(tile.across, tile.along, np.array([slope]))[0])
        for tile, slope in zip(tiles, slopes, strict=True)
    )


def refined_slope(tiles: list[Tile], slopes: np.ndarray, strength: np.ndarray) -> tuple[float, float]:
    """Find the slope of most strokes of these tiles, and by how much they stand out from ink that runs anyhow.

    `strength` (S,) is that of the ink of all tiles for each of the `slopes`, which are six steps apart.
    """
    fine = slopes[_peak(slopes, strength)] + np.arange(-5, 6) * SLOPE_STEP
    sharp = sum(line_strength(tile.across, tile.along, fine) for tile in tiles)
    return float(fine[_peak(fine, sharp)]), float(max(0, sharp.max() / np.median(strength) - 1))


def _peak(slopes: np.ndarray, strength: np.ndarray) -> int:
    """Find where the strength is greatest; of equals the one nearest to no slope."""
    return int(np.argmax(strength - 1e-9 * np.abs(slopes) * strength.max()))


def fit_vanishing_point(x: np.ndarray, y: np.ndarray, slope: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Find (a, p) of the point (1, a, p) towards which strokes of these slopes dy/dx at the places x, y run, (T,) each.

    A stroke at (x, y) towards (1, a, p) has the slope m = (a - p y) / (1 - p x), so that m = a + p (m x - y): linear
    in a and p. Tiles far from the fit (slanted strokes, lettering) lose their weight in a few rounds.
    """
    factors = np.stack([np.ones_like(slope), slope * x - y], 1)
    trust = weight + 1e-9
    for _ in range(10):
        root = np.sqrt(trust)[:, None]
        fit = np.linalg.lstsq(factors * root, slope * root[:, 0], rcond=None)[0]
        error = np.abs(factors @ fit - slope)
        trust = (weight + 1e-9) / (1 + np.square(error / max(np.median(error), 1e-3)))
    return float(fit[0]), float(fit[1])
