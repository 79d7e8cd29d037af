"""How often wires and junctions to which the shipped network gives a confidence are right.

    python -m benchmarks.network_reliability BENCHMARK [BENCHMARK ...]

Each folder needs images/STEM.png and truth/STEM.json. Judged are all strokes that may be wires, the doubtful ones too,
and the junctions that are written. A wire is right when more than half of it, leads and buses left out, lies on true
wires, and counts by its length; a junction is right when a true one lies within its tolerance.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.annotator_ablation import read_truth
from wire_detection.annotations.annotation import Annotation
from wire_detection.networks.runtimes import load_model
from wire_detection.reading.annotate_by_network import find_network
from wire_detection.reading.maps import map_sheet
from wire_detection.reading.read_sheet import read_maps
from wire_detection.scoring.scored_sheet import DONT_CARE_RIM_PX, tolerances_of
from wire_detection.sheets.image_files import read_picture
from wire_detection.sheets.raster import draw_segments, pixels_at, within

EDGES = np.array([0.0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99, 1.0])
"""Of the bins of stated confidence, denser towards both ends, where a reader is sure."""

LEAST_COUNTED = 0.2
"""Of a wire: one that lies on leads or buses but for a smaller share of it is left out."""


def judged_wires(truth: Annotation, found: Annotation) -> Iterator[tuple[float, float, float]]:
    """(confidence, its length where it is right or else 0, its length) of each wire, in pixels."""
    tolerance_px = tolerances_of(truth).wire_px
    on_wire = within(draw_segments(truth.image_shape, truth.wires), tolerance_px)
    strokes = np.concatenate([truth.pins, truth.buses])
    ignored = within(draw_segments(truth.image_shape, strokes), tolerance_px + DONT_CARE_RIM_PX) & ~on_wire
    for wire, confidence in zip(found.wires, found.wire_confidences, strict=True):
        steps = np.linspace(0, 1, int(np.hypot(*(wire[2:] - wire[:2]))) + 2)[:, None]
        points = (wire[:2] + steps * (wire[2:] - wire[:2])).T
        counts = ~pixels_at(ignored, *points)
        if counts.mean() >= LEAST_COUNTED:
            is_right = pixels_at(on_wire, *points)[counts].mean() > 0.5
            yield float(confidence), float(is_right * len(steps)), float(len(steps))


def judged_junctions(truth: Annotation, found: Annotation) -> Iterator[tuple[float, float, float]]:
    """(confidence, 1 where it is a true one, 1) of each junction."""
    away = np.linalg.norm(found.junctions[:, None] - truth.junctions[None], axis=-1).min(1, initial=np.inf)
    for confidence, distance in zip(found.junction_confidences, away, strict=True):
        yield float(confidence), float(distance <= tolerances_of(truth).junction_px), 1.0


def print_table(name: str, rows: np.ndarray) -> None:
    """A row a bin of confidence: how many things, and the share of them that is right."""
    bins = np.clip(np.digitize(rows[:, 0], EDGES) - 1, 0, len(EDGES) - 2)
    print(f"{name:10} {'stated':>12} {'count':>6} {'right':>6}")
    for number in np.unique(bins):
        inside = rows[bins == number]
        right = inside[:, 1].sum() / max(1.0, inside[:, 2].sum())
        print(f"{'':10} {EDGES[number]:5.2f} - {EDGES[number + 1]:4.2f} {len(inside):6} {right:6.3f}")


def main() -> None:
    """Print both tables."""
    model, wires, junctions = load_model(find_network()), [], []
    for image in (path for place in sys.argv[1:] for path in sorted((Path(place) / "images").glob("*.png"))):
        picture = read_picture(image)
        truth, maps = read_truth(image, picture.grey.shape), map_sheet(model, picture)
        wires += judged_wires(truth, read_maps(maps, least_confidence=EDGES[0]))
        junctions += judged_junctions(truth, read_maps(maps))
    print_table("wires", np.array(wires))
    print_table("junctions", np.array(junctions).reshape(-1, 3))


if __name__ == "__main__":
    main()
