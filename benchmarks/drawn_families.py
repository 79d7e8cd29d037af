"""What each family of drawn things is worth: the same short training on drawn sheets with it and without it.

    python -m benchmarks.drawn_families BENCHMARK [FOLDER] [--only ROW ...]

The folder needs images/STEM.png and truth/STEM.json. Each row draws SHEETS sheets, trains a U-Net from scratch on them
and scores what its map alone says; the second draws other sheets of the same kind, to show what chance does. The last
row trains on the labels that the classic annotator gives the drawn sheets; it and the annotator itself, its teacher,
are also scored on the exact truth of the bundled sheets.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from benchmarks.annotator_ablation import read_truth
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import annotation_path, read_annotation
from wire_detection.classic.annotate_sheet import annotate_sheet
from wire_detection.drawing import block, border, draw_folder, draw_sheet, notes, placing, style_families
from wire_detection.drawing.circuits import hierarchy, pin_rows, single_parts
from wire_detection.drawing.circuits.table import CIRCUITS
from wire_detection.drawing.schemdraw_symbols import symbol_names
from wire_detection.networks.runtimes import load_model
from wire_detection.paths import CHECKOUT
from wire_detection.reading.maps import map_sheet
from wire_detection.reading.read_sheet import read_maps
from wire_detection.scoring.counts import SheetScores
from wire_detection.scoring.summary import summarise
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.image_files import read_image
from wire_detection.sheets.picture import Picture

SHEETS, SEED = 72, 900
TRAINING = [
    "--init",
    "scratch",
    "--epochs",
    "3",
    "--learning_rate",
    "2e-3",
    "--schedule",
    "cosine",
    "--validation_split",
    "0.1",
    "--overwrite",
]

NEITHER_SHEETS = ("figure", "screen", "hand")
"""The families that are no sheets of drawing programs or offices."""

EVERYTHING, OTHER_SHEETS, BY_ANNOTATOR = "everything", "everything, other sheets", "labels by the annotator"


def draw_nothing(*arguments, **keywords) -> None:
    """In the place of a function that draws."""


def no_frame(sheet, width: float, height: float, kind: str) -> tuple:
    return (0.0, 0.0, width, height), []


def symbols_without_chips() -> tuple[str, ...]:
    return tuple(name for name in symbol_names() if not name.startswith("Ic"))


def without_circuits(*left_out: str) -> list[tuple[object, str, object]]:
    kept = {name: circuit for name, circuit in CIRCUITS.items() if name not in left_out}
    return [(placing, "CIRCUITS", kept)]


ROWS: dict[str, list[tuple[object, str, object]]] = {
    EVERYTHING: [],
    OTHER_SHEETS: [],
    "net labels and flags": [(block.Block, name, draw_nothing) for name in ("net_name", "flag", "terminal")],
    "IC boxes": [
        (single_parts, "symbol_names", symbols_without_chips),
        *without_circuits("chip", "regulator", "connector", "hierarchy", "chain", "nested"),
    ],
    "buses": [
        (pin_rows, "bus_run", pin_rows._labelled_run),
        (hierarchy, "bus_link", lambda sheet, path: sheet.wire(*path)),
    ],
    "frames, tables and dividers": [
        (border, "frame", no_frame),
        (border, "title_block", lambda sheet, area: (0, 0, 0, 0)),
        (border, "footer", draw_nothing),
        (border, "dividers", lambda sheet, area: []),
        (placing, "FILLERS", tuple(filler for filler in notes.FILLERS if filler is not notes.table)),
    ],
    "figures, screens and hands": [
        (
            style_families,
            "FAMILIES",
            {name: made for name, made in style_families.FAMILIES.items() if name not in NEITHER_SHEETS},
        )
    ],
    "degradation": [(draw_sheet, "degrade_sheet", lambda image, truth, rng, strength: (image, truth))],
    BY_ANNOTATOR: [],
}
"""What is put in the place of what, so that a family is not drawn."""


def draw_sheets(family: str, images: Path, annotations: Path) -> None:
    """Draw SHEETS sheets without `family`."""
    first = SEED + SHEETS * (family == OTHER_SHEETS)
    with ExitStack() as stack:
        for owner, name, substitute in ROWS[family]:
            stack.enter_context(patch.object(owner, name, substitute))
        for number in range(SHEETS):
            draw_folder.draw_file(first + number, f"sheet_{number:03d}", images, annotations, 0.6)


def train(family: str, work: Path) -> Path:
    """Draw and train without `family`; returns the model."""
    images, annotations = work / "images", work / "annotations"
    draw_sheets(family, images, work / "unused" if family == BY_ANNOTATOR else annotations)
    subprocess.run(
        [
            sys.executable,
            "train_wire_detection.py",
            "--data_dir",
            images,
            "--annotation_dir",
            annotations,
            "--experiment_dir",
            work / "run",
            *TRAINING,
        ],
        cwd=CHECKOUT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return work / "run" / "models" / "unet_best.h5"


def benchmark_sheets(folder: Path) -> Iterator[tuple[str, object, Annotation]]:
    for image in sorted((folder / "images").glob("*.png")):
        grey = read_image(image)
        yield image.stem, grey, read_truth(image, grey.shape)


def bundled_sheets() -> Iterator[tuple[str, object, Annotation]]:
    for image in sorted((CHECKOUT / "data" / "schematics_dataset").glob("*.png")):
        grey = read_image(image)
        yield image.stem, grey, read_annotation(annotation_path(CHECKOUT / "data" / "annotations", image), grey.shape)


def by_annotator(grey) -> Annotation:
    return annotate_sheet(grey, "")


def scores(sheets: Iterator[tuple[str, object, Annotation]], read: Callable) -> dict[str, SheetScores]:
    return {name: score_sheet(truth, read(grey)) for name, grey, truth in sheets}


def show(row: str, rows: dict[str, SheetScores]) -> None:
    """Print the means over all sheets, and the wire F1 of those whose name ends in _scan."""
    summary, scans = summarise(rows), {name: found for name, found in rows.items() if name.endswith("_scan")}
    wire, junction = summary["wire"].mean, summary["junction"].mean
    of_scans = f"{summarise(scans)['wire'].mean['f1']:6.3f}" if scans else ""
    print(
        f"{row:48} {wire['precision']:6.3f} {wire['recall']:5.3f} {wire['f1']:5.3f} {junction['f1']:9.3f} {of_scans}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("benchmark", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=None)
    parser.add_argument("--only", nargs="+", choices=ROWS, default=list(ROWS), metavar="ROW")
    arguments = parser.parse_args()
    work = (arguments.folder or Path(tempfile.mkdtemp())).resolve()
    print(f"{'':48} wire P     R    F1  junction  scans")
    for family in arguments.only:
        model = load_model(train(family, work / family.replace(" ", "_")))

        def by_map(grey, model=model) -> Annotation:
            return read_maps(map_sheet(model, Picture(grey)), map_alone=True)

        name = f"without {family}" if ROWS[family] else family
        show(name, scores(benchmark_sheets(arguments.benchmark), by_map))
        if family in (EVERYTHING, BY_ANNOTATOR):
            show(f"{name}, on the bundled sheets", scores(bundled_sheets(), by_map))
    if BY_ANNOTATOR in arguments.only:
        show("the annotator itself", scores(benchmark_sheets(arguments.benchmark), by_annotator))
        show("the annotator itself, on the bundled sheets", scores(bundled_sheets(), by_annotator))


if __name__ == "__main__":
    main()
