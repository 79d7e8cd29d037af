"""Turn sheets with truth by quarter turns, to see whether they are read as well as upright ones.

    python -m benchmarks.quarter_turns SET TURNED STEM ...
    python train_wire_detection.py --predict TURNED/images --experiment_dir OUT

SET holds images/STEM.png and truth/STEM.json, with wires, pins, buses [x0, y0, x1, y1] and junctions [x, y]; TURNED
gets tDEGREES__STEM of each, turned clockwise by 0, 90, 180 and 270 degrees. No pixel is resampled.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from wire_detection.sheets.geometry import transform_points
from wire_detection.sheets.safe_files import write_json, write_png

LINES = ("wires", "pins", "buses", "bus_entries")


def quarter_turn(count: int, shape: tuple[int, int]) -> np.ndarray:
    """Find the (2, 3) map of the pixels of an image of `shape` (height, width) turned clockwise `count` times."""
    right, bottom = shape[1] - 1, shape[0] - 1
    return np.array(
        [
            [[1, 0, 0], [0, 1, 0]],
            [[0, -1, bottom], [1, 0, 0]],
            [[-1, 0, right], [0, -1, bottom]],
            [[0, 1, 0], [-1, 0, right]],
        ][count],
        np.float64,
    )


def turn_sheet(folder: Path, stem: str, out: Path) -> None:
    """Write the four positions of one sheet."""
    truth = json.loads((folder / "truth" / f"{stem}.json").read_text(encoding="utf-8"))
    image = cv2.imread(str(folder / "images" / f"{stem}.png"))
    for count in range(4):
        matrix, name = quarter_turn(count, image.shape[:2]), f"t{90 * count}__{stem}"
        turned = np.ascontiguousarray(np.rot90(image, -count))
        moved = {
            key: transform_points(np.reshape(truth[key], (-1, 2)), matrix).reshape(-1, 4).tolist()
            for key in LINES
            if truth.get(key)
        }
        moved["junctions"] = transform_points(np.reshape(truth["junctions"], (-1, 2)), matrix).tolist()
        height, width = turned.shape[:2]
        write_png(out / "images" / f"{name}.png", turned)
        write_json(
            out / "truth" / f"{name}.json", {**truth, **moved, "image": f"{name}.png", "width": width, "height": height}
        )


def main() -> None:
    """Turn the sheets that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="SET")
    parser.add_argument("out", type=Path, metavar="TURNED")
    parser.add_argument("stems", nargs="+", metavar="STEM")
    arguments = parser.parse_args()
    for stem in arguments.stems:
        turn_sheet(arguments.folder, stem, arguments.out)


if __name__ == "__main__":
    main()
