"""A network for other programs: written in their format, stating how sheets are prepared, checked against Keras."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np

from wire_detection import defaults
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.networks.contract import STATEMENT, ModelFileError
from wire_detection.paths import file_sum
from wire_detection.reading.maps import OVERLAP_PX, TILE_PX
from wire_detection.sheets.normalise import NORMAL_STROKE_PX, PREPARATION, TARGET_STROKE_PX
from wire_detection.windows.windows import cut_window, prepare_sample, to_network

GREATEST_DIFFERENCE = 1e-4
"""Of a probability from that of Keras: sums in another order differ by some 1e-6, and no line moves by this."""

GREATEST_MEAN_DIFFERENCE = 2e-3
"""Of the probabilities of a quantised model, on average over a map: those of the shipped networks differ by 0.0001."""

CHECKED_SHEETS = (1, 2, 3)
"""Seeds of the drawn sheets on which an exported model is compared with Keras."""

CALIBRATION_SHEETS = tuple(range(100, 124))
"""Seeds of the drawn sheets that tell which values the maps between layers have: some of each family of drawings."""


def export_model(format_name: str, out: str | Path, *, model_path: str | Path, overwrite: bool = False) -> float:
    """Write the model of a Keras file in one of defaults.MODEL_FORMATS; nothing is left of one that differs from it.

    Returns:
        by how much its maps differ from those of Keras on windows of drawn sheets: the greatest difference of a
        probability, of a quantised model the greatest mean difference of a map.

    Raises:
        ModelFileError: when the model cannot be used, `out` exists and is not to be overwritten or is called otherwise
            than files of the format are, or the exported model gives other maps.
    """
    out, model_path = Path(out), Path(model_path)
    check_out(format_name, out, overwrite)
    from wire_detection.networks.model_files import load_keras_model
    from wire_detection.networks.model_formats import MODEL_FORMATS

    target, model = MODEL_FORMATS[format_name], load_keras_model(model_path)
    window = (None, None, None) if target.any_size else (1, TILE_PX, TILE_PX)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".", dir=out.parent) as folder:
        written = Path(folder) / out.name
        target.write(model, written, window, statements_of(model, model_path, window))
        if target.is_quantised:
            from wire_detection.networks.quantise import quantise

            quantise(written, drawn_windows(CALIBRATION_SHEETS))
        pool, most = (np.mean, GREATEST_MEAN_DIFFERENCE) if target.is_quantised else (np.max, GREATEST_DIFFERENCE)
        difference = greatest_difference(model.predict_on_batch, target.load(written), pool)
        if not difference <= most:
            raise ModelFileError(f"{out}: not written, because its maps differ from those of Keras by {difference:.2g}")
        if out.is_dir():
            shutil.rmtree(out)
        os.replace(written, out)
    return difference


def check_out(format_name: str, out: Path, overwrite: bool) -> None:
    """Refuse a path that is called otherwise than files of the format are, or holds what must not be replaced."""
    suffix = defaults.MODEL_FORMATS[format_name]
    if suffix and out.suffix != suffix:
        raise ModelFileError(f"{out}: a model in the format {format_name} is a file *{suffix}; call it so")
    if out.exists() and not overwrite:
        raise ModelFileError(f"{out} exists already; replace it with --overwrite")
    is_model = out.is_file() if suffix else (out / "saved_model.pb").is_file()
    if out.exists() and not is_model:
        raise ModelFileError(f"{out}: holds something else than a model, which is not replaced; choose another path")


def statements_of(model, model_path: Path, window: tuple) -> dict[str, str]:
    """What an exported file says of itself: all that a reader must do to sheets before the network, and after it.

    Args:
        window: (batch, height, width) that the exported model takes, None for any.
    """
    batch, height, width = ("any" if size is None else size for size in window)
    return {
        STATEMENT: PREPARATION,
        "version": "1",
        "network": model.name,
        "tasks": " ".join(model.output_names),
        "input": f"image ({batch}, {height}, {width}, 3) float32, height and width divisible by 32",
        "output": f"of each task ({batch}, {height}, {width}, 1) float32, probabilities 0 to 1",
        "polarity": "ink 1, paper 0, alike in all three channels",
        "normal_stroke_px": " ".join(map(str, NORMAL_STROKE_PX)),
        "target_stroke_px": str(TARGET_STROKE_PX),
        "scales": "1 0.5",
        "tile_px": str(TILE_PX),
        "overlap_px": str(OVERLAP_PX),
        "weights_sha256": file_sum(model_path),
    }


Run = Callable[[np.ndarray], dict[str, np.ndarray]]
"""From windows (B, H, W, 3) float32 to the maps (B, H, W, 1) float32 of all tasks."""


def greatest_difference(one: Run, other: Run, pool: Callable[[np.ndarray], float]) -> float:
    """By how much the maps of two networks differ at most on windows of drawn sheets; `pool` makes a map one number."""
    difference = 0.0
    for window in drawn_windows(CHECKED_SHEETS):
        expected, given = one(window), other(window)
        if expected.keys() != given.keys():
            return float("inf")
        difference = max(difference, *(float(pool(np.abs(given[task] - expected[task]))) for task in expected))
    return difference


def drawn_windows(seeds: Iterable[int]) -> Iterator[np.ndarray]:
    """(1, TILE_PX, TILE_PX, 3) float32 of the middle of the drawn sheet of each of the seeds."""
    for seed in seeds:
        sample = prepare_sample(str(seed), *draw_sheet(seed))
        top, left = ((side - TILE_PX) // 2 for side in sample.grey.shape)
        grey, _ = cut_window(sample, left, top, (TILE_PX, TILE_PX))
        yield to_network(grey)[None]
