"""A model on real sheets whose truth names symbol leads and buses: with the look of the strokes, by its maps alone.

    python -m benchmarks.score_model BENCHMARK MODEL.h5

The folder needs images/STEM.png and truth/STEM.json.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tqdm import tqdm

from benchmarks.annotator_ablation import read_truth
from wire_detection.networks.runtimes import load_model
from wire_detection.reading.maps import map_sheet
from wire_detection.reading.read_sheet import read_maps
from wire_detection.scoring.summary import format_scores, summarise
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.image_files import read_picture


def main() -> None:
    """Print the table."""
    folder, model = Path(sys.argv[1]), load_model(sys.argv[2])
    scores = {"together": {}, "maps alone": {}}
    for image in tqdm(sorted((folder / "images").glob("*.png")), unit="sheet"):
        picture = read_picture(image)
        truth, maps = read_truth(image, picture.grey.shape), map_sheet(model, picture)
        scores["together"][image.stem] = score_sheet(truth, read_maps(maps))
        scores["maps alone"][image.stem] = score_sheet(truth, read_maps(maps, map_alone=True))
    print(format_scores({name: summarise(rows) for name, rows in scores.items()}))


if __name__ == "__main__":
    main()
