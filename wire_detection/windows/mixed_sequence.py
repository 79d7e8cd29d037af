"""Windows of drawn sheets among those of a folder, so that what only drawn sheets show is not forgotten."""

from __future__ import annotations

import numpy as np

from wire_detection.windows.sequences import WINDOWS_PER_SHEET, SyntheticSequence, WindowSequence


class MixedSequence(WindowSequence):
    """The training windows `own` of a folder with windows of sheets drawn anew every epoch spread among them.

    Of all windows `drawn_share`, above 0 and below 1, are drawn ones, as near as whole sheets allow, and one sheet at
    least. All else is as for `own`.
    """

    def __init__(self, own: WindowSequence, drawn_share: float):
        sheets = own.num_windows * drawn_share / (1 - drawn_share) / WINDOWS_PER_SHEET
        common = {name: getattr(own, name) for name in ("batch_size", "image_size", "seed", "workers")}
        self.own = own
        self.drawn = SyntheticSequence(sheets_per_epoch=max(1, round(sheets)), **common)
        super().__init__(own.dataset, own.sheets, training=True, **common)

    def _arrange(self) -> list[tuple[WindowSequence, int]]:
        """(sequence, number of the window in it) in the order of this epoch; each sequence keeps its own order."""
        rng = np.random.default_rng((self.seed, self.epoch))
        is_drawn = rng.permutation(np.arange(self.own.num_windows + self.drawn.num_windows) >= self.own.num_windows)
        numbers = np.where(is_drawn, np.cumsum(is_drawn), np.cumsum(~is_drawn)) - 1
        sequences = [self.drawn if drawn else self.own for drawn in is_drawn]
        return list(zip(sequences, numbers.tolist(), strict=True))

    def _window(self, number: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        sequence, place = self._order[number]
        return sequence._window(place)

    def __getitem__(self, index: int):
        ahead = (self._order[number] for number in self._numbers_from(index + 1))
        self.drawn.draw_ahead(place for sequence, place in ahead if sequence is self.drawn)
        return super().__getitem__(index)

    def start_epoch(self, epoch: int) -> None:
        """Make the windows those of `epoch`, counted from 0."""
        for sequence in (self.own, self.drawn):
            sequence.start_epoch(epoch)
        super().start_epoch(epoch)

    def sample_names(self, index: int) -> list[str]:
        """Names of the sheets from which batch `index` is cut, drawn ones by their numbers."""
        batch = self._order[index * self.batch_size :][: self.batch_size]
        return [sequence.name_of_sheet(sequence._order[place][0]) for sequence, place in batch]
