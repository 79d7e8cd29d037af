"""Batches of windows for Keras, of the sheets of a folder or of sheets that are drawn while the training runs.

They are repeatable for a seed with any number of workers.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

import keras
import numpy as np

from wire_detection import defaults
from wire_detection.networks.tasks import FILLING
from wire_detection.sheets.normalise import SEEN_WHOLE_PX
from wire_detection.windows.augmentation import build_augmentation, seed_augmentation
from wire_detection.windows.dataset import SchematicDataset
from wire_detection.windows.drawn_dataset import DrawnDataset
from wire_detection.windows.targets import TARGETS
from wire_detection.windows.windows import cut_window, grid_corners, halve_sample, random_corner, to_network

MAX_WINDOWS_PER_SHEET = 8
"""A sheet gives as many windows an epoch as would cover it, but no more than this: a huge one does not rule."""

SHEETS_AT_A_TIME = 8
"""Windows are shuffled within groups of this many shuffled sheets, so that a sheet is read once an epoch."""

HALVED_SHARE = 0.35
"""So many of the training windows of large sheets show them at half their scale, at which those are read once more."""

WINDOWS_PER_SHEET = 4
"""Drawing a sheet costs as much as a few training windows: several are cut from each."""


@dataclass(frozen=True)
class BatchPart:
    """Which part of each batch a process prepares: number `number`, counted from 0, of `count` equal ones.

    With a part, of the whole batch too, batches are full: what the last one lacks is filled with its first windows once
    more, with targets FILLING. Batch normalisation then sees windows like the others, and all batches have one shape.
    """

    number: int
    count: int

    def slots(self, batch_size: int) -> range:
        """The places in a batch that belong to this part."""
        size = batch_size // self.count
        return range(self.number * size, (self.number + 1) * size)


class WindowSequence(keras.utils.PyDataset):
    """Batches of windows: images (B, H, W, 3) float32 and the target (B, H, W, 1) float32 of every task.

    A training sequence cuts random windows and augments them, anew each epoch; otherwise the windows lie on a fixed
    grid and stay as they are. What window `i` of epoch `e` holds depends on (seed, e, i) alone, so that neither the
    number of workers nor their timing changes it. The last batch may be smaller; no window is left out.

    tasks: names of the tasks whose targets a batch holds; all of them at first, fewer for an older model.
    part: what of each batch is prepared here; None for all there is.
    """

    part: BatchPart | None = None

    def __init__(
        self,
        dataset: SchematicDataset,
        sheets: Sequence[int],
        *,
        batch_size: int,
        image_size: tuple[int, int],
        seed: int,
        training: bool,
        workers: int = 1,
    ):
        super().__init__(workers=workers, max_queue_size=8)
        self.dataset, self.sheets, self.batch_size = dataset, list(sheets), batch_size
        self.image_size, self.seed, self.training = tuple(image_size), seed, training
        self.tasks = tuple(TARGETS)
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
            group = [
                (int(sheet), number)
                for sheet in sheets[first : first + SHEETS_AT_A_TIME]
                for number in range(self._windows_of(int(sheet)))
            ]
            order += [group[i] for i in rng.permutation(len(group))]
        return order

    @property
    def num_windows(self) -> int:
        """How many windows an epoch holds."""
        return len(self._order)

    def __len__(self) -> int:
        return -(-len(self._order) // self.batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        numbers = self._numbers(index)
        windows = [self._window(number) for number in numbers]
        images = np.stack([image for image, _ in windows])
        targets = {task: np.stack([truth[task] for _, truth in windows])[..., None] for task in self.tasks}
        if self.part is not None:
            filled = [slot >= self._size(index) for slot in self.part.slots(self.batch_size)]
            for truth in targets.values():
                truth[filled] = FILLING
        return images, targets

    def _size(self, index: int) -> int:
        """How many windows of the epoch batch `index` holds."""
        return min(self.batch_size, len(self._order) - index * self.batch_size)

    def _numbers(self, index: int) -> list[int]:
        """The numbers of the windows that are prepared here of batch `index`, those that fill it up included."""
        slots = range(self._size(index)) if self.part is None else self.part.slots(self.batch_size)
        return [index * self.batch_size + slot % self._size(index) for slot in slots]

    def _numbers_from(self, index: int) -> Iterator[int]:
        """The numbers of the windows that are prepared here of batch `index` and those after it."""
        return chain.from_iterable(self._numbers(later) for later in range(index, len(self)))

    def sample_names(self, index: int) -> list[str]:
        """Names of the sheets from which batch `index` is cut, in all processes."""
        batch = self._order[index * self.batch_size : (index + 1) * self.batch_size]
        return [self.name_of_sheet(sheet) for sheet, _ in batch]

    def name_of_sheet(self, sheet: int) -> str:
        """The name of sheet number `sheet` of the dataset, for people."""
        return self.dataset.names[sheet]

    def _window(self, number: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """The network's input (H, W, 3) and the target (H, W) of every task of window `number`."""
        sheet, grid_number = self._order[number]
        sample = self.dataset[sheet]
        if not self.training:
            grey, targets = cut_window(sample, *self._grid(sheet)[grid_number], self.image_size)
            return to_network(grey), targets
        rng = np.random.default_rng((self.seed, self.epoch, number))
        if max(sample.grey.shape) > SEEN_WHOLE_PX and rng.random() < HALVED_SHARE:
            sample = halve_sample(sample)
        grey, targets = cut_window(sample, *random_corner(sample, self.image_size, rng), self.image_size)
        augmentation = self._augmentation()
        seed_augmentation(augmentation, int(rng.integers(2**31)))
        result = augmentation(image=grey[..., None], **targets)
        return to_network(result["image"][..., 0]), {task: result[task] for task in targets}

    def _augmentation(self):
        """This thread's own pipeline: a Compose holds its random state."""
        if not hasattr(self._local, "augmentation"):
            self._local.augmentation = build_augmentation(square=self.image_size[0] == self.image_size[1])
        return self._local.augmentation

    def start_epoch(self, epoch: int) -> None:
        """Make the windows those of `epoch`, counted from 0."""
        self.epoch = epoch
        self._order = self._arrange()

    def on_epoch_end(self) -> None:
        self.start_epoch(self.epoch + 1)


class SyntheticSequence(WindowSequence):
    """Windows of `sheets_per_epoch` sheets that are drawn anew every epoch; else a training WindowSequence."""

    def __init__(
        self,
        *,
        sheets_per_epoch: int,
        batch_size: int,
        image_size: tuple[int, int],
        seed: int,
        workers: int = defaults.WORKERS,
        processes: int = defaults.WORKERS,
    ):
        self.sheets_per_epoch = sheets_per_epoch
        dataset = DrawnDataset(seed, processes, kept=3 * SHEETS_AT_A_TIME)
        super().__init__(
            dataset,
            range(sheets_per_epoch),
            batch_size=batch_size,
            image_size=image_size,
            seed=seed,
            training=True,
            workers=workers,
        )

    def _windows_of(self, sheet: int) -> int:
        return WINDOWS_PER_SHEET

    def _arrange(self) -> list[tuple[int, int]]:
        first = self.epoch * self.sheets_per_epoch
        self.sheets = list(range(first, first + self.sheets_per_epoch))
        return super()._arrange()

    def draw_ahead(self, numbers: Iterable[int]) -> None:
        """Begin to draw the sheets from which the first of the windows `numbers` are cut."""
        ahead = islice(numbers, SHEETS_AT_A_TIME * WINDOWS_PER_SHEET)
        self.dataset.prepare(dict.fromkeys(self._order[number][0] for number in ahead))

    def __getitem__(self, index: int):
        self.draw_ahead(self._numbers_from(index + 1))
        return super().__getitem__(index)

    def name_of_sheet(self, sheet: int) -> str:
        """What the sheet of this number is called."""
        return f"drawn sheet {sheet}"
