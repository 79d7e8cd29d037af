"""The sheets of a folder with their annotations, prepared for networks; and which of them are held out."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from wire_detection.annotations.annotation_file import annotation_path, read_annotation
from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import Page, list_pages, log_remarks, log_skipped
from wire_detection.windows.windows import Sample, prepare_sample

log = logging.getLogger(__name__)

CACHE_PIXELS = 64_000_000
"""Normalised sheets are kept in memory up to this many pixels in all, however many sheets there are."""


class DatasetError(ValueError):
    """A dataset that cannot be trained on; the message is one line that says where and what to do."""


class SchematicDataset:
    """The sheets of `data_dir` that have an annotation in `annotation_dir`, read only when they are asked for.

    Every pair is opened once at the start, with a progress bar; what cannot be used is logged with its reason and
    listed in `skipped` as (file name, reason). Memory holds at most CACHE_PIXELS, whatever the number of sheets.
    `options` are those of `find_pages`.

    Raises:
        SheetError, DatasetError: when the folders hold nothing that can be used.
    """

    def __init__(self, data_dir: str | Path, annotation_dir: str | Path, *, show_progress: bool = True, **options):
        self.data_dir, self.annotation_dir = Path(data_dir), Path(annotation_dir)
        if not self.annotation_dir.is_dir():
            raise DatasetError(f"{self.annotation_dir}: no such folder of annotations")
        listing = list_pages(self.data_dir, **options)
        self.skipped = list(listing.skipped)
        self._cache: OrderedDict[int, Sample] = OrderedDict()
        self._cached_pixels = 0
        self._lock = threading.Lock()
        self.pages: list[Page] = []
        self.shapes: list[tuple[int, int]] = []
        for page in tqdm(listing.pages, desc="Reading sheets", unit="sheet", disable=not show_progress):
            self._admit(page)
        log_remarks(listing)
        log_skipped(self.skipped)
        if not self.pages:
            raise DatasetError(
                f"{self.data_dir}: none of its {len(self.skipped)} images can be used with the annotations in "
                f"{self.annotation_dir} (the first: {self.skipped[0][1]})"
            )

    def _admit(self, page: Page) -> None:
        try:
            sample = self._read(page)
        except (SheetError, AnnotationError) as error:
            self.skipped.append((page.name, page.reason(error)))
            return
        self.pages.append(page)
        self.shapes.append(sample.grey.shape)
        self._keep(len(self.pages) - 1, sample)

    def __len__(self) -> int:
        return len(self.pages)

    @property
    def names(self) -> list[str]:
        """The sheets' names, in the order of their numbers."""
        return [page.name for page in self.pages]

    def annotation_path(self, page: Page) -> Path:
        """Where the annotation of a page lies."""
        return annotation_path(self.annotation_dir, page)

    def _read(self, page: Page) -> Sample:
        grey = page.read()
        annotation = read_annotation(self.annotation_path(page), grey.shape)
        return prepare_sample(page.name, grey, annotation)

    def _keep(self, index: int, sample: Sample) -> None:
        self._cache[index] = sample
        self._cached_pixels += sample.grey.size
        while len(self._cache) > 1 and self._cached_pixels > CACHE_PIXELS:
            self._cached_pixels -= self._cache.popitem(last=False)[1].grey.size

    def __getitem__(self, index: int) -> Sample:
        """Sheet number `index`, from memory when it was used lately."""
        with self._lock:
            if index not in self._cache:
                self._keep(index, self._read(self.pages[index]))
            self._cache.move_to_end(index)
            return self._cache[index]


def fold_sheets(names: Sequence[str], number: int, folds: int, seed: int) -> tuple[list[int], list[int]]:
    """Indices of the training and of the validation sheets of one of so many folds, numbered from 1.

    Every sheet is held out in one of them, and the folds are the same for a seed.

    Raises:
        DatasetError: when there are fewer sheets than folds.
    """
    from sklearn.model_selection import KFold

    if len(names) < folds:
        raise DatasetError(f"{len(names)} usable sheets: {folds} folds need at least {folds}")
    parts = list(KFold(folds, shuffle=True, random_state=seed).split(np.arange(len(names))))
    train, validation = parts[number - 1]
    return train.tolist(), validation.tolist()


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
