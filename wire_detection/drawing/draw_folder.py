"""Draws a folder of sheets and their annotations.

synthesize(24, "data/schematics_dataset", "data/annotations", seed=1)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.drawing.draw_sheet import DEGRADATION, draw_sheet
from wire_detection.runs.processes import workers_for
from wire_detection.runs.run_folder import make_ready
from wire_detection.runs.sheet_loop import over_sheets
from wire_detection.sheets.listing import log_skipped, one_line
from wire_detection.sheets.safe_files import write_png
from wire_detection.sheets.shard import WHOLE, Shard

WORTH_DRAWINGS = 4
"""For which a process pays: it takes as long to start as two to four sheets to draw."""


def synthesize(
    count: int,
    data_dir: str | Path,
    annotation_dir: str | Path,
    seed: int,
    degradation: float = DEGRADATION,
    *,
    overwrite: bool = False,
    skip_existing: bool = False,
    shard: Shard = WHOLE,
    workers: int | None = None,
) -> None:
    """Draw `count` sheets `sheet_0000.png` into data_dir and their annotations into annotation_dir.

    By so many `workers`, processes, or as many as there are cores and work for when None. Of these sheets only those of
    the `shard` are drawn, and with `skip_existing` only those that are not there.

    Raises:
        FileExistsError: when one of these files is there already, unless `overwrite` or `skip_existing`.
    """
    seeds = np.random.SeedSequence(seed).generate_state(count, np.uint64)
    drawings = shard.of([_Seeded(f"sheet_{number:04d}", int(one)) for number, one in enumerate(seeds)])
    if skip_existing:
        drawings = [one for one in drawings if not all(path.exists() for path in one.files(data_dir, annotation_dir))]
    elif not overwrite:
        _refuse_existing([path for one in drawings for path in one.files(data_dir, annotation_dir)])
    for folder in (data_dir, annotation_dir):
        make_ready(folder)
    task = partial(_draw_file, data_dir=Path(data_dir), annotation_dir=Path(annotation_dir), degradation=degradation)
    skipped: list[tuple[str, str]] = []
    workers = workers or workers_for(len(drawings), WORTH_DRAWINGS)
    for _ in over_sheets(task, drawings, skipped, doing="drawing", workers=workers):
        pass
    log_skipped(skipped)


@dataclass(frozen=True)
class _Seeded:
    """A sheet that is to be drawn: its stem, and the seed of its drawing."""

    name: str
    seed: int

    def files(self, data_dir: str | Path, annotation_dir: str | Path) -> tuple[Path, Path]:
        """Tell where its picture and its annotation are written."""
        return Path(data_dir) / f"{self.name}.png", Path(annotation_dir) / f"{self.name}.json"

    def reason(self, error: Exception) -> str:
        """Say why it could not be drawn, in one line."""
        return one_line(error)


def _draw_file(sheet: _Seeded, *, data_dir: Path, annotation_dir: Path, degradation: float) -> None:
    draw_file(sheet.seed, sheet.name, data_dir, annotation_dir, degradation)


def _refuse_existing(paths: list[Path]) -> None:
    for path in paths:
        if path.exists():
            raise FileExistsError(
                f"{path} exists already; give another --data_dir and --annotation_dir, or replace "
                "what is there with --overwrite"
            )


def draw_file(seed: int, stem: str, data_dir: Path, annotation_dir: Path, degradation: float) -> None:
    """Draw the sheet of `seed` into data_dir/STEM.png and its annotation into annotation_dir/STEM.json."""
    image, annotation = draw_sheet(seed, degradation=degradation)
    write_png(data_dir / f"{stem}.png", file_image(image, annotation))
    write_annotation(replace(annotation, image_path=f"{stem}.png"), annotation_dir / f"{stem}.json")


def file_image(image: np.ndarray, annotation: Annotation) -> np.ndarray:
    """The sheet as its file holds it: bright on black where it has a dark theme."""
    return 255 - image if annotation.metadata.get("dark_theme") else image
