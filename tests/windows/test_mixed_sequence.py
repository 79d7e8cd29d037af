"""Windows of drawn sheets among those of a folder: in the share that was asked for, and each as it is by itself."""

from __future__ import annotations

import numpy as np
import pytest

from enhanced_data_pipeline import create_generators
from tests.helpers.drawing_here import draw_in_this_process
from tests.helpers.sheets import write_tiny_sheets
from wire_detection.training.settings import TrainingSettings
from wire_detection.windows.dataset import SchematicDataset
from wire_detection.windows.mixed_sequence import MixedSequence
from wire_detection.windows.sequences import WINDOWS_PER_SHEET, WindowSequence


@pytest.fixture
def dataset(tmp_path, monkeypatch) -> SchematicDataset:
    """Four tiny sheets; drawn ones are small too, and drawn in this process."""
    draw_in_this_process(monkeypatch)
    return SchematicDataset(*write_tiny_sheets(tmp_path, 4), show_progress=False)


def mixed(dataset: SchematicDataset, drawn_share: float) -> MixedSequence:
    """Windows of 64x64 px, six of each tiny sheet."""
    own = WindowSequence(dataset, range(4), batch_size=5, image_size=(64, 64), seed=3, training=True)
    return MixedSequence(own, drawn_share)


def names_of(windows: MixedSequence) -> list[str]:
    return sum((windows.sample_names(i) for i in range(len(windows))), [])


@pytest.mark.parametrize(("share", "sheets"), [(0.25, 2), (0.5, 6), (0.01, 1)])
def test_the_share_is_met_as_near_as_whole_sheets_allow(dataset, share, sheets):
    """24 windows of the folder: a quarter of all are 8 more, of two drawn sheets."""
    windows = mixed(dataset, share)
    drawn = [name for name in names_of(windows) if name.startswith("drawn")]
    assert windows.own.num_windows == 24 and len(drawn) == sheets * WINDOWS_PER_SHEET
    assert windows.num_windows == 24 + len(drawn) and len(set(drawn)) == sheets


def test_every_window_is_the_one_that_its_sequence_has_and_both_are_spread(dataset):
    windows = mixed(dataset, 0.5)
    images = np.concatenate([windows[i][0] for i in range(len(windows))])
    parts = {False: windows.own, True: windows.drawn}
    is_drawn = np.array([name.startswith("drawn") for name in names_of(windows)])
    for drawn, part in parts.items():
        alone = np.concatenate([part[i][0] for i in range(len(part))])
        np.testing.assert_array_equal(images[is_drawn == drawn], alone)
    assert 4 < is_drawn[:24].sum() < 20


def test_epochs_differ_and_are_found_again(dataset):
    one, other = mixed(dataset, 0.25), mixed(dataset, 0.25)
    first = one[0][0]
    one.on_epoch_end()
    other.start_epoch(1)
    np.testing.assert_array_equal(one[1][0], other[1][0])
    assert names_of(one) == names_of(other) and {"drawn sheet 2", "drawn sheet 3"} <= set(names_of(one))
    assert not np.array_equal(one[0][0], first)


@pytest.mark.parametrize(
    ("asked", "share"), [({}, 0.25), ({"init": "scratch"}, 0), ({"init": "scratch", "drawn_share": 0.5}, 0.5)]
)
def test_a_training_that_begins_with_trained_weights_sees_drawn_sheets_unless_it_is_told_otherwise(
    dataset, asked, share
):
    folders = {"data_dir": dataset.data_dir, "annotation_dir": dataset.annotation_dir}
    settings = TrainingSettings(**folders, image_size=(64, 64), workers=1, **asked)
    train, validation, _ = create_generators(settings)
    assert settings.share_of_drawn() == share and type(validation) is WindowSequence
    assert (type(train) is MixedSequence) == (share > 0)
