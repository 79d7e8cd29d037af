"""A model on real sheets whose truth names symbol leads and buses: with the look of the strokes, by its maps alone.

    python benchmarks/score_model.py BENCHMARK MODEL.h5

The folder needs images/STEM.png and truth/STEM.json.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from annotator_ablation import read_truth  # noqa: E402
from tqdm import tqdm  # noqa: E402

from model_files import load_model  # noqa: E402
from score_summary import format_scores, summarise  # noqa: E402
from sheet_image import read_sheet  # noqa: E402
from wire_metrics import score_sheet  # noqa: E402
from wire_prediction import map_sheet, read_maps  # noqa: E402


def main() -> None:
    """Print the table."""
    folder, model = Path(sys.argv[1]), load_model(sys.argv[2])
    scores = {"together": {}, "maps alone": {}}
    for image in tqdm(sorted((folder / "images").glob("*.png")), unit="sheet"):
        grey = read_sheet(image)
        truth, maps = read_truth(image, grey.shape), map_sheet(model, grey)
        scores["together"][image.stem] = score_sheet(truth, read_maps(grey, maps))
        scores["maps alone"][image.stem] = score_sheet(truth, read_maps(grey, maps, map_alone=True))
    print(format_scores({name: summarise(rows) for name, rows in scores.items()}))


if __name__ == "__main__":
    main()
