"""From a folder of sheets and a folder of annotations to batches of windows for Keras.

A sheet is read and normalised (sheet_image), its annotation mapped along; windows of it are cut, augmented with
Albumentations and delivered by a `PyDataset`, repeatable for a seed with any number of workers.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")

import cv2
import keras
import numpy as np
from tqdm import tqdm

from custom_annotation_format import AnnotationError, read_annotation
from wire_detection.sheets.image_files import SheetError, list_images, read_sheet, unique_stems
from wire_detection.windows.windows import Sample, cut_window, grid_corners, prepare_sample, random_corner, to_network

log = logging.getLogger(__name__)

MAX_WINDOWS_PER_SHEET = 8
"""A sheet gives as many windows an epoch as would cover it, but no more than this: a huge one does not rule."""

CACHE_PIXELS = 64_000_000
"""Normalised sheets are kept in memory up to this many pixels in all, however many sheets there are."""

SHEETS_AT_A_TIME = 8
"""Windows are shuffled within groups of this many shuffled sheets, so that a sheet is read once an epoch."""


class DatasetError(ValueError):
    """A dataset that cannot be trained on; the message is one line that says where and what to do."""


# --- sheets --------------------------------------------------------------------------------------------------------


class SchematicDataset:
    """The sheets of `data_dir` that have an annotation in `annotation_dir`, read only when they are asked for.

    Every pair is opened once at the start, with a progress bar; what cannot be used is logged with its reason and
    listed in `skipped` as (file name, reason). Memory holds at most CACHE_PIXELS, whatever the number of sheets.

    Raises:
        SheetError, DatasetError: when the folders hold nothing that can be used.
    """

    def __init__(self, data_dir: str | Path, annotation_dir: str | Path, *, show_progress: bool = True):
        self.data_dir, self.annotation_dir = Path(data_dir), Path(annotation_dir)
        if not self.annotation_dir.is_dir():
            raise DatasetError(f"{self.annotation_dir}: no such folder of annotations")
        images, doubles = unique_stems(list_images(self.data_dir))
        self.skipped = [(p.name, "another image has the same name before its suffix") for p in doubles]
        self._cache: OrderedDict[int, Sample] = OrderedDict()
        self._lock = threading.Lock()
        self.paths: list[Path] = []
        self.shapes: list[tuple[int, int]] = []
        for path in tqdm(images, desc="Reading sheets", unit="sheet", disable=not show_progress):
            self._admit(path)
        for name, reason in self.skipped:
            log.warning("skipped %s: %s", name, reason)
        if not self.paths:
            raise DatasetError(f"{self.data_dir}: none of its {len(images)} images can be used with the annotations in "
                               f"{self.annotation_dir} (the first: {self.skipped[0][1]})")

    def _admit(self, path: Path) -> None:
        try:
            sample = self._read(path)
        except (SheetError, AnnotationError) as error:
            self.skipped.append((path.name, str(error).removeprefix(f"{path}: ")))
            return
        self.paths.append(path)
        self.shapes.append(sample.grey.shape)
        self._keep(len(self.paths) - 1, sample)

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def names(self) -> list[str]:
        """The sheets' file names, in the order of their numbers."""
        return [path.name for path in self.paths]

    def annotation_path(self, path: Path) -> Path:
        """Where the annotation of the image at `path` lies."""
        return self.annotation_dir / f"{path.stem}.json"

    def _read(self, path: Path) -> Sample:
        grey = read_sheet(path)
        annotation = read_annotation(self.annotation_path(path), grey.shape)
        return prepare_sample(path.name, grey, annotation)

    def _keep(self, index: int, sample: Sample) -> None:
        self._cache[index] = sample
        self._cache.move_to_end(index)
        while len(self._cache) > 1 and sum(s.grey.size for s in self._cache.values()) > CACHE_PIXELS:
            self._cache.popitem(last=False)

    def __getitem__(self, index: int) -> Sample:
        """Sheet number `index`, from memory when it was used lately."""
        with self._lock:
            if index not in self._cache:
                self._keep(index, self._read(self.paths[index]))
            self._cache.move_to_end(index)
            return self._cache[index]


def split_sheets(names: Sequence[str], validation_split: float, seed: int) -> tuple[list[int], list[int]]:
    """Indices of the training and of the validation sheets, at least one each, the same for a seed.

    Raises:
        DatasetError: when there are fewer than two sheets.
    """
    from sklearn.model_selection import train_test_split

    if len(names) < 2:
        raise DatasetError(f"{len(names)} usable sheet: training needs at least 2, one of them held out for validation")
    held_out = min(max(1, round(validation_split * len(names))), len(names) - 1)
    train, validation = train_test_split(np.arange(len(names)), test_size=held_out, random_state=seed)
    return sorted(train.tolist()), sorted(validation.tolist())


# --- augmentation --------------------------------------------------------------------------------------------------


def build_augmentation():
    """Albumentations for geometry (mirrors, quarter turns, tilt, scale) and for what printing and scanning do.

    Called with image (H, W, 1) uint8, wire and junction (H, W) float32; both masks are declared.
    """
    import albumentations as A

    paper = {"border_mode": cv2.BORDER_CONSTANT, "fill": 255, "fill_mask": 0}
    return A.Compose([
        A.D4(p=1),
        A.Affine(scale=(0.8, 1.3), rotate=(-2.5, 2.5), shear=(-1, 1), p=0.4, mask_interpolation=cv2.INTER_NEAREST,
                 **paper),
        A.OneOf([
            A.GaussianBlur(blur_limit=(3, 3), sigma_limit=(0.3, 0.9)),
            A.Downscale(scale_range=(0.6, 0.9), interpolation_pair={"upscale": cv2.INTER_LINEAR,
                                                                    "downscale": cv2.INTER_AREA}),
            A.Morphological(scale=(2, 2), operation="dilation"),
        ], p=0.3),
        A.RandomBrightnessContrast(brightness_limit=(-0.15, 0.0), contrast_limit=(-0.4, 0.0), p=0.3),
        A.GaussNoise(std_range=(0.01, 0.06), p=0.3),
        A.ImageCompression(quality_range=(40, 90), p=0.2),
    ], additional_targets={"wire": "mask", "junction": "mask"})


# --- sequences -----------------------------------------------------------------------------------------------------


class WindowSequence(keras.utils.PyDataset):
    """Batches of windows: images (B, H, W, 3) float32 and {"wire", "junction"}: (B, H, W, 1) float32.

    A training sequence cuts random windows and augments them, anew each epoch; otherwise the windows lie on a fixed
    grid and stay as they are. What window `i` of epoch `e` holds depends on (seed, e, i) alone, so that neither the
    number of workers nor their timing changes it. The last batch may be smaller; no window is left out.
    """

    def __init__(self, dataset: SchematicDataset, sheets: Sequence[int], *, batch_size: int,
                 image_size: tuple[int, int], seed: int, training: bool, workers: int = 1):
        super().__init__(workers=workers, max_queue_size=8)
        self.dataset, self.sheets, self.batch_size = dataset, list(sheets), batch_size
        self.image_size, self.seed, self.training = tuple(image_size), seed, training
        self.epoch = 0
        self._local = threading.local()
        self._order = self._arrange()

    def _grid(self, sheet: int) -> list[tuple[int, int]]:
        return grid_corners(self.dataset.shapes[sheet], self.image_size, MAX_WINDOWS_PER_SHEET)

    def _windows_of(self, sheet: int) -> int:
        """How many windows an epoch cuts from this sheet."""
        return len(self._grid(sheet))

    def _arrange(self) -> list[tuple[int, int]]:
        """(sheet, window of that sheet) in the order of this epoch."""
        if not self.training:
            return [(sheet, number) for sheet in self.sheets for number in range(self._windows_of(sheet))]
        rng = np.random.default_rng((self.seed, self.epoch))
        sheets = rng.permutation(self.sheets)
        order = []
        for first in range(0, len(sheets), SHEETS_AT_A_TIME):
            group = [(int(sheet), number) for sheet in sheets[first:first + SHEETS_AT_A_TIME]
                     for number in range(self._windows_of(int(sheet)))]
            order += [group[i] for i in rng.permutation(len(group))]
        return order

    @property
    def num_windows(self) -> int:
        """How many windows an epoch holds."""
        return len(self._order)

    def __len__(self) -> int:
        return -(-len(self._order) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        numbers = range(index * self.batch_size, min((index + 1) * self.batch_size, len(self._order)))
        windows = [self._window(number) for number in numbers]
        images, wires, junctions = (np.stack(parts) for parts in zip(*windows, strict=True))
        return images, {"wire": wires[..., None], "junction": junctions[..., None]}

    def sample_names(self, index: int) -> list[str]:
        """File names of the sheets from which batch `index` is cut."""
        batch = self._order[index * self.batch_size:(index + 1) * self.batch_size]
        return [self.dataset.names[sheet] for sheet, _ in batch]

    def _window(self, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        sheet, grid_number = self._order[number]
        sample = self.dataset[sheet]
        if not self.training:
            grey, wire, junction = cut_window(sample, *self._grid(sheet)[grid_number], self.image_size)
            return to_network(grey), wire, junction
        rng = np.random.default_rng((self.seed, self.epoch, number))
        grey, wire, junction = cut_window(sample, *random_corner(sample, self.image_size, rng), self.image_size)
        augmentation = self._augmentation()
        augmentation.set_random_seed(int(rng.integers(2**31)))
        result = augmentation(image=grey[..., None], wire=wire, junction=junction)
        return to_network(result["image"][..., 0]), result["wire"], result["junction"]

    def _augmentation(self):
        """This thread's own pipeline: a Compose holds its random state."""
        if not hasattr(self._local, "augmentation"):
            self._local.augmentation = build_augmentation()
        return self._local.augmentation

    def start_epoch(self, epoch: int) -> None:
        """Make the windows those of `epoch`, counted from 0."""
        self.epoch = epoch
        self._order = self._arrange()

    def on_epoch_end(self) -> None:
        self.start_epoch(self.epoch + 1)


def create_data_generators(data_dir: str | Path, annotation_dir: str | Path, batch_size: int = 4,
                           image_size: tuple[int, int] = (512, 512), validation_split: float = 0.2, *, seed: int = 0,
                           workers: int = 2) -> tuple[WindowSequence, WindowSequence, SchematicDataset]:
    """The training windows, the validation windows and the dataset that both are cut from."""
    dataset = SchematicDataset(data_dir, annotation_dir)
    train, validation = split_sheets(dataset.names, validation_split, seed)
    common = {"batch_size": batch_size, "image_size": image_size, "seed": seed, "workers": workers}
    return (WindowSequence(dataset, train, training=True, **common),
            WindowSequence(dataset, validation, training=False, **common), dataset)
