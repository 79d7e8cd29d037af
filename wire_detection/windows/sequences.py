"""Training windows of sheets that are drawn while the training runs and never touch the disk."""

from __future__ import annotations

from pathlib import Path

from enhanced_data_pipeline import SHEETS_AT_A_TIME, SchematicDataset, WindowSequence
from wire_detection.windows.drawn_dataset import DrawnDataset

WINDOWS_PER_SHEET = 4
"""Drawing a sheet costs as much as a few training windows: several are cut from each."""


class SyntheticSequence(WindowSequence):
    """Windows of `sheets_per_epoch` sheets that are drawn anew every epoch; else a training WindowSequence."""

    def __init__(self, *, sheets_per_epoch: int, batch_size: int, image_size: tuple[int, int], seed: int,
                 workers: int = 2, processes: int = 2):
        self.sheets_per_epoch = sheets_per_epoch
        dataset = DrawnDataset(seed, processes, kept=3 * SHEETS_AT_A_TIME)
        super().__init__(dataset, range(sheets_per_epoch), batch_size=batch_size, image_size=image_size, seed=seed,
                         training=True, workers=workers)

    def _windows_of(self, sheet: int) -> int:
        return WINDOWS_PER_SHEET

    def _arrange(self) -> list[tuple[int, int]]:
        first = self.epoch * self.sheets_per_epoch
        self.sheets = list(range(first, first + self.sheets_per_epoch))
        return super()._arrange()

    def __getitem__(self, index: int):
        ahead = self._order[(index + 1) * self.batch_size:][:SHEETS_AT_A_TIME * WINDOWS_PER_SHEET]
        self.dataset.prepare(dict.fromkeys(sheet for sheet, _ in ahead))
        return super().__getitem__(index)

    def sample_names(self, index: int) -> list[str]:
        """Numbers of the sheets from which batch `index` is cut."""
        return [f"drawn sheet {sheet}" for sheet, _ in self._order[index * self.batch_size:][:self.batch_size]]


def create_drawn_generators(data_dir: str | Path, annotation_dir: str | Path, batch_size: int = 4,
                            image_size: tuple[int, int] = (512, 512), *, drawn_sheets: int, seed: int = 0,
                            workers: int = 2) -> tuple[SyntheticSequence, WindowSequence, SchematicDataset]:
    """Training windows of sheets drawn anew every epoch; validation windows of all sheets in `data_dir`; these."""
    dataset = SchematicDataset(data_dir, annotation_dir)
    common = {"batch_size": batch_size, "image_size": image_size, "seed": seed, "workers": workers}
    return (SyntheticSequence(sheets_per_epoch=drawn_sheets, **common),
            WindowSequence(dataset, range(len(dataset)), training=False, **common), dataset)
