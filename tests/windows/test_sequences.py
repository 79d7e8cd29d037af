"""Windows of drawn sheets: the same for a seed, new each epoch, whoever draws them and in whatever order."""

from __future__ import annotations

import numpy as np
import pytest

from enhanced_data_pipeline import create_drawn_generators
from tests.helpers.drawing_here import draw_in_this_process
from tests.helpers.sheets import draw_tiny_sheet, write_tiny_sheets
from wire_detection.networks.tasks import FILLING
from wire_detection.windows import sequences as synthetic_sequence
from wire_detection.windows.dataset import DatasetError
from wire_detection.windows.sequences import HALVED_SHARE, WINDOWS_PER_SHEET, BatchPart, SyntheticSequence
from wire_detection.windows.windows import prepare_sample


@pytest.fixture
def here(monkeypatch):
    """Small sheets, drawn in this process."""
    draw_in_this_process(monkeypatch)


def sequence(seed: int = 3, sheets: int = 3, batch_size: int = 5) -> SyntheticSequence:
    return SyntheticSequence(sheets_per_epoch=sheets, batch_size=batch_size, image_size=(64, 64), seed=seed, workers=1)


def all_of(windows) -> list[np.ndarray]:
    return [np.concatenate([windows[i][0], *windows[i][1].values()], axis=-1) for i in range(len(windows))]


def test_an_epoch_has_its_windows_of_each_sheet_and_the_last_batch_is_smaller(here):
    windows = sequence()
    assert windows.num_windows == 3 * WINDOWS_PER_SHEET == 12 and len(windows) == 3
    assert [len(windows[i][0]) for i in range(3)] == [5, 5, 2]
    images, truth = windows[0]
    assert images.shape == (5, 64, 64, 3) and truth["wire"].shape == truth["junction"].shape == (5, 64, 64, 1)
    names = sum((windows.sample_names(i) for i in range(3)), [])
    assert sorted(names) == sorted(f"drawn sheet {i}" for i in range(3) for _ in range(WINDOWS_PER_SHEET))


def test_oblong_windows_make_batches_too(here):
    windows = SyntheticSequence(sheets_per_epoch=3, batch_size=12, image_size=(64, 96), seed=3, workers=1)
    images, truth = windows[0]
    assert images.shape == (12, 64, 96, 3) and truth["wire"].shape == (12, 64, 96, 1)


def test_every_epoch_has_sheets_of_its_own(here):
    windows = sequence()
    assert windows.sheets == [0, 1, 2]
    windows.on_epoch_end()
    assert windows.sheets == [3, 4, 5] and windows.num_windows == 12
    windows.start_epoch(7)
    assert windows.sheets == [21, 22, 23]
    assert set(windows.sample_names(0)) <= {f"drawn sheet {i}" for i in (21, 22, 23)}


def test_windows_depend_on_the_seed_and_the_epoch_alone(here):
    one, other = sequence(), sequence()
    later = all_of(one), (one.on_epoch_end(), all_of(one))[1]
    other.start_epoch(1)
    backwards = [other[i] for i in reversed(range(len(other)))][::-1]
    for batch, (images, truth) in zip(later[1], backwards, strict=True):
        np.testing.assert_array_equal(batch, np.concatenate([images, *truth.values()], axis=-1))
    assert not np.array_equal(later[0][0], later[1][0])
    assert not np.array_equal(all_of(sequence(seed=4))[0], later[0][0])


def test_parts_of_batches_are_full_and_give_the_batch_together(here):
    """12 windows in batches of 8: the last holds 4, and these once more as filling, with targets of their own."""
    windows, parts = sequence(batch_size=8), [sequence(batch_size=8) for _ in range(2)]
    for number, part in enumerate(parts):
        part.part = BatchPart(number, 2)
    for index in range(2):
        (images, truth), *halves = windows[index], *(part[index] for part in parts)
        size = len(images)
        together = np.concatenate([half[0] for half in halves])
        np.testing.assert_array_equal(together, images[np.arange(8) % size])
        for task, target in truth.items():
            joined = np.concatenate([half[1][task] for half in halves])
            np.testing.assert_array_equal(joined[:size], target)
            assert (joined[size:] == FILLING).all()


def test_a_part_begins_the_sheets_of_its_own_windows_alone(here):
    """A twelfth of a batch of 12 windows is one, which is cut from one of the 3 sheets."""
    windows = sequence(batch_size=12)
    windows.part = BatchPart(0, 12)
    assert len(windows[0][0]) == 1 and len(windows.dataset._pool.asked) == 1


def test_the_sheets_of_the_next_windows_are_begun_ahead(here, monkeypatch):
    windows = sequence(batch_size=4)
    asked = windows.dataset._pool.asked
    windows[0]
    assert len(asked) == 3  # those of all batches, though only the first was wanted
    windows[1], windows[2]
    assert len(asked) == 3


def test_all_sheets_of_the_folder_are_held_out(here, tiny_sheets):
    train, validation, dataset = create_drawn_generators(*tiny_sheets, 3, (64, 64), drawn_sheets=2, seed=5, workers=1)
    assert train.num_windows == 2 * WINDOWS_PER_SHEET and train.training and train.sheets == [0, 1]
    assert validation.sheets == list(range(5)) and not validation.training and validation.dataset is dataset
    assert validation.sample_names(0) == ["sheet_0.png"] * 3
    assert synthetic_sequence.SHEETS_AT_A_TIME < train.dataset.kept  # what was begun ahead is not thrown away


def test_a_folder_without_annotations_is_refused(here, tmp_path):
    images, _ = write_tiny_sheets(tmp_path, 1)
    with pytest.raises(DatasetError, match="no such folder of annotations"):
        create_drawn_generators(images, tmp_path / "none", drawn_sheets=2)


class OneSheet:
    """The same small sheet, whatever is asked for."""

    def __init__(self):
        self.sample = prepare_sample("a", *draw_tiny_sheet(3))

    def __getitem__(self, number: int):
        return self.sample

    def prepare(self, numbers) -> None:
        """It is there already."""


@pytest.mark.parametrize(("longest_px", "expected"), [(10_000, 0), (10, HALVED_SHARE)])
def test_large_sheets_alone_are_seen_at_half_their_scale_too(here, monkeypatch, longest_px, expected):
    halved = []
    monkeypatch.setattr(synthetic_sequence, "SEEN_WHOLE_PX", longest_px)
    monkeypatch.setattr(synthetic_sequence, "halve_sample", lambda sample: halved.append(sample) or sample)
    windows = sequence(sheets=50, batch_size=1)
    windows.dataset = OneSheet()
    for number in range(len(windows)):
        windows[number]
    assert len(halved) / len(windows) == pytest.approx(expected, abs=0.1)
