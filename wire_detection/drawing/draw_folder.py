"""Draws a folder of sheets and their annotations.

synthesize(24, "data/schematics_dataset", "data/annotations", seed=1)
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.drawing.draw_sheet import DEGRADATION, draw_sheet
from wire_detection.sheets.safe_files import write_png


def synthesize(
    count: int,
    data_dir: str | Path,
    annotation_dir: str | Path,
    seed: int,
    degradation: float = DEGRADATION,
    *,
    overwrite: bool = False,
) -> None:
    """Draw `count` sheets `sheet_0000.png` into data_dir and their annotations into annotation_dir, on all cores.

    Raises:
        FileExistsError: when one of these files is there already, unless `overwrite`.
    """
    from joblib import Parallel, delayed
    from tqdm import tqdm

    stems = [f"sheet_{i:04d}" for i in range(count)]
    if not overwrite:
        _refuse_existing(
            [Path(data_dir) / f"{stem}.png" for stem in stems]
            + [Path(annotation_dir) / f"{stem}.json" for stem in stems]
        )
    seeds = np.random.SeedSequence(seed).generate_state(count, np.uint64)
    jobs = (
        delayed(draw_file)(int(s), stem, Path(data_dir), Path(annotation_dir), degradation)
        for stem, s in zip(stems, seeds, strict=True)
    )
    for _ in tqdm(Parallel(n_jobs=-1, return_as="generator")(jobs), total=count, desc="drawing", unit="sheet"):
        pass


def _refuse_existing(paths: list[Path]) -> None:
    for path in paths:
        if path.exists():
            raise FileExistsError(
                f"{path} exists already; give another --data_dir and --annotation_dir, or replace "
                "what is there with --overwrite"
            )


def draw_file(seed: int, stem: str, data_dir: Path, annotation_dir: Path, degradation: float) -> None:
    """Draw the sheet of `seed` into data_dir/STEM.png and its annotation into annotation_dir/STEM.json."""
    from dataclasses import replace

    cv2.setNumThreads(1)  # the sheets that are drawn side by side share the cores already
    image, annotation = draw_sheet(seed, degradation=degradation)
    write_png(data_dir / f"{stem}.png", file_image(image, annotation))
    write_annotation(replace(annotation, image_path=f"{stem}.png"), annotation_dir / f"{stem}.json")


def file_image(image: np.ndarray, annotation: Annotation) -> np.ndarray:
    """The sheet as its file holds it: bright on black where it has a dark theme."""
    return 255 - image if annotation.metadata.get("dark_theme") else image
