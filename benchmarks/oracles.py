"""What limits the reader: one stage after the other replaced by the truth, and what the rest then reaches.

    python -m benchmarks.oracles BENCHMARK MODEL.h5

The folder needs images/STEM.png and truth/STEM.json. The true maps have wires WIRE_PX wide and junctions as discs, both
SURE, as good as a network could be; "alone" is without the classifiers of pieces and of places.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
from tqdm import tqdm

from benchmarks.annotator_ablation import read_truth
from wire_detection.annotations.annotation import Annotation
from wire_detection.classic.detect import Candidates, find_candidates, read_candidates
from wire_detection.networks.runtimes import load_model
from wire_detection.reading.junctions import classify_places
from wire_detection.reading.maps import Maps, map_sheet
from wire_detection.reading.ridges import find_ridges
from wire_detection.reading.trace import classify_pieces, with_wires
from wire_detection.scoring.counts import SheetScores
from wire_detection.scoring.summary import format_scores, summarise
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.geometry import transform_points, transform_segments
from wire_detection.sheets.image_files import read_picture
from wire_detection.sheets.ink import darkness
from wire_detection.sheets.raster import draw_points, draw_segments
from wire_detection.windows.targets import JUNCTION_TARGET_RADIUS_PX

WIRE_PX = 5
"""Width of the wires in the true map: no bar of ink lies further than two pixels from a true wire that it is."""

SURE = 0.98
"""What the true maps say of a wire or junction, and less than one in fifty of anything else."""


def true_maps(truth: Annotation, maps: Maps) -> Maps:
    """Maps of the shape of `maps` that say what the truth says."""
    shape = maps.probabilities["wire"].shape
    wire = draw_segments(shape, transform_segments(truth.wires, maps.matrix), WIRE_PX)
    junction = draw_points(shape, transform_points(truth.junctions, maps.matrix), JUNCTION_TARGET_RADIUS_PX)
    crossing = draw_points(shape, transform_points(truth.crossings, maps.matrix), JUNCTION_TARGET_RADIUS_PX)
    masks = {"wire": wire, "junction": junction, "crossing": crossing}
    probabilities = {task: np.where(mask, SURE, 1 - SURE).astype(np.float32) for task, mask in masks.items()}
    return Maps(probabilities, maps.matrix, maps.sheet)


def read_by_stages(grey: np.ndarray, found: Candidates, truth: Annotation, maps: Maps) -> dict[str, SheetScores]:
    """The scores of a sheet (H, W) uint8 with the candidates `found`, by what was replaced."""
    perfect = true_maps(truth, maps)

    def scores(wire: Maps, junction: Maps | None, pieces_alone: bool, junctions_alone: bool) -> SheetScores:
        cut, confidences = classify_pieces(found, wire.probabilities["wire"], maps.matrix, pieces_alone)
        ridges = find_ridges(cut, confidences, wire.probabilities["wire"], maps.matrix)
        read = read_candidates(cut, confidences, grey.shape)
        wires = with_wires(read, transform_segments(ridges.segments, cut.back), ridges.confidences).wires
        if junction is None:
            return score_sheet(truth, SimpleNamespace(wires=wires, junctions=truth.junctions))
        every = junction.probabilities | {"wire": wire.probabilities["wire"]}
        junctions = classify_places(darkness(grey), cut, confidences, ridges, every, maps.matrix, junctions_alone)
        return score_sheet(truth, SimpleNamespace(wires=wires, junctions=junctions.points))

    return {
        "as shipped": scores(maps, maps, False, False),
        "true junctions": scores(maps, None, False, False),
        "true pieces": scores(perfect, maps, True, False),
        "true maps": scores(perfect, perfect, False, False),
        "true maps alone": scores(perfect, perfect, True, True),
        "true pieces, junctions": scores(perfect, None, True, False),
    }


def main() -> None:
    """Print the table."""
    folder, model = Path(sys.argv[1]), load_model(sys.argv[2])
    scores: dict[str, dict[str, SheetScores]] = {}
    for image in tqdm(sorted((folder / "images").glob("*.png")), unit="sheet"):
        picture = read_picture(image)
        grey = picture.grey
        truth, maps = read_truth(image, grey.shape), map_sheet(model, picture)
        for stage, row in read_by_stages(grey, find_candidates(grey), truth, maps).items():
            scores.setdefault(stage, {})[image.stem] = row
    print(format_scores({stage: summarise(rows) for stage, rows in scores.items()}))


if __name__ == "__main__":
    main()
