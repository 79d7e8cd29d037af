"""From a folder of sheets and a folder of annotations to batches of windows for Keras.

A sheet is read and normalised, its annotation mapped along; windows of it are cut, augmented with Albumentations and
delivered by a `PyDataset`, repeatable for a seed with any number of workers. The parts stand in wire_detection/windows.
"""

from __future__ import annotations

from pathlib import Path

from wire_detection import defaults
from wire_detection.training.settings import TrainingSettings
from wire_detection.windows.augmentation import build_augmentation
from wire_detection.windows.dataset import DatasetError, SchematicDataset, fold_sheets, split_sheets
from wire_detection.windows.mixed_sequence import MixedSequence
from wire_detection.windows.sequences import SyntheticSequence, WindowSequence

__all__ = [
    "DatasetError",
    "MixedSequence",
    "SchematicDataset",
    "SyntheticSequence",
    "WindowSequence",
    "build_augmentation",
    "create_data_generators",
    "create_drawn_generators",
    "create_generators",
    "split_sheets",
]


def create_data_generators(
    data_dir: str | Path,
    annotation_dir: str | Path,
    batch_size: int = defaults.BATCH_SIZE,
    image_size: tuple[int, int] = defaults.IMAGE_SIZE,
    validation_split: float = defaults.VALIDATION_SPLIT,
    *,
    drawn_share: float = 0.0,
    fold: tuple[int, int] | None = None,
    seed: int = defaults.SEED,
    workers: int = defaults.WORKERS,
    **options,
) -> tuple[WindowSequence, WindowSequence, SchematicDataset]:
    """The training windows, the validation windows and the dataset that both are cut from.

    Args:
        drawn_share: of the training windows, cut from sheets drawn anew every epoch.
        fold: (number from 1, of how many) whose sheets are held out, in place of `validation_split`.
        options: of `find_pages`.
    """
    dataset = SchematicDataset(data_dir, annotation_dir, **options)
    if fold is None:
        train, validation = split_sheets(dataset.names, validation_split, seed)
    else:
        train, validation = fold_sheets(dataset.names, *fold, seed)
    common = {"batch_size": batch_size, "image_size": image_size, "seed": seed, "workers": workers}
    own = WindowSequence(dataset, train, training=True, **common)
    return (
        MixedSequence(own, drawn_share) if drawn_share else own,
        WindowSequence(dataset, validation, training=False, **common),
        dataset,
    )


def create_drawn_generators(
    data_dir: str | Path,
    annotation_dir: str | Path,
    batch_size: int = defaults.BATCH_SIZE,
    image_size: tuple[int, int] = defaults.IMAGE_SIZE,
    *,
    drawn_sheets: int,
    seed: int = defaults.SEED,
    workers: int = defaults.WORKERS,
    **options,
) -> tuple[SyntheticSequence, WindowSequence, SchematicDataset]:
    """Training windows of sheets drawn anew every epoch; validation windows of all sheets in `data_dir`; these.

    options: of `find_pages`.
    """
    dataset = SchematicDataset(data_dir, annotation_dir, **options)
    common = {"batch_size": batch_size, "image_size": image_size, "seed": seed, "workers": workers}
    return (
        SyntheticSequence(sheets_per_epoch=drawn_sheets, **common),
        WindowSequence(dataset, range(len(dataset)), training=False, **common),
        dataset,
    )


def create_generators(asked: TrainingSettings) -> tuple[WindowSequence, WindowSequence, SchematicDataset]:
    """(training windows, validation windows, dataset) of files or of sheets that are drawn meanwhile."""
    folders = asked.data_dir, asked.annotation_dir
    common = {name: getattr(asked, name) for name in ("batch_size", "image_size", "seed", "workers")}
    common |= asked.options_of_folder()
    if asked.drawn_sheets is None:
        common |= {"validation_split": asked.validation_split, "fold": asked.fold}
        return create_data_generators(*folders, drawn_share=asked.share_of_drawn(), **common)
    return create_drawn_generators(*folders, drawn_sheets=asked.drawn_sheets, **common)
