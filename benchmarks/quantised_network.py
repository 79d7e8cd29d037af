"""What a network of eight bits costs and loses against the same one in float32, sheet by sheet.

    python train_wire_detection.py --export_model onnx float.onnx --model MODEL.h5
    python train_wire_detection.py --export_model onnx-int8 int8.onnx --model MODEL.h5
    python -m benchmarks.quantised_network float.onnx int8.onnx 20
    python -m benchmarks.quantised_network float.onnx int8.onnx BENCHMARK

The sheets are so many drawn ones, or those of a folder with images/STEM.png and truth/STEM.json. Prints the mean of
each score, by how much that of eight bits is higher, with the 95 % interval, and the processor seconds of the network
and of all the rest for a sheet. The smaller network may take the place of the other where no score falls by 0.002.
"""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from benchmarks.annotator_ablation import read_truth
from wire_detection.annotations.annotation import Annotation
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.reading.maps import map_sheet
from wire_detection.reading.read_sheet import read_maps
from wire_detection.scoring.summary import compare_runs, summarise
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.image_files import read_picture
from wire_detection.sheets.picture import Picture

SCORES = ("wire", "segment", "junction", "net")

FIRST_SEED = 5000
"""Of the drawn sheets: none that the network was calibrated or compared on."""


def sheets_of(place: str) -> Iterator[tuple[str, Picture, Annotation]]:
    """The name, picture and truth of each sheet."""
    if place.isdecimal():
        for seed in range(FIRST_SEED, FIRST_SEED + int(place)):
            grey, truth = draw_sheet(seed)
            yield str(seed), Picture(grey), truth
    else:
        for image in sorted((Path(place) / "images").glob("*.png")):
            picture = read_picture(image)
            yield image.stem, picture, read_truth(image, picture.grey.shape)


def main() -> None:
    """Print the table."""
    models = {"float32": OnnxModel(sys.argv[1], threads=1), "int8": OnnxModel(sys.argv[2], threads=1)}
    scores, seconds = defaultdict(dict), defaultdict(list)
    for name, picture, truth in tqdm(sheets_of(sys.argv[3]), unit="sheet"):
        for kind, model in models.items():
            times = [time.process_time()]
            maps = map_sheet(model, picture)
            times.append(time.process_time())
            found = read_maps(maps)
            times.append(time.process_time())
            scores[kind][name] = score_sheet(truth, found)
            seconds[kind].append(np.diff(times))
    summaries = {kind: summarise(rows) for kind, rows in scores.items()}
    for score in SCORES:
        one, other = (max(summaries[kind][score].mean.get(key, 0) for key in ("f1", "share")) for kind in models)
        gain, (low, high) = compare_runs(scores["float32"], scores["int8"], score)
        print(f"{score:9} {one:.4f} -> {other:.4f}  {gain:+.4f} ({low:+.4f} to {high:+.4f})")
    for kind, rows in seconds.items():
        mapping, rest = np.mean(rows, axis=0)
        print(f"{kind:9} {mapping:.2f} processor seconds a sheet for its maps, {rest:.2f} for all that follows")


if __name__ == "__main__":
    main()
