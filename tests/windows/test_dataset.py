"""Windows show what lies on the sheet, masks move with the image, and a seed fixes everything."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from enhanced_data_pipeline import create_data_generators, create_generators
from tests.helpers.odd_inputs import draw_pdf
from tests.helpers.sheets import draw_tiny_sheet, write_tiny_sheets
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.networks.tasks import TASKS
from wire_detection.sheets.image_files import SheetError
from wire_detection.training.settings import TrainingSettings
from wire_detection.windows import dataset as dataset_file
from wire_detection.windows.data_check import check_dataset, write_checks
from wire_detection.windows.dataset import DatasetError, SchematicDataset, fold_sheets, split_sheets
from wire_detection.windows.sequences import WindowSequence


def test_split_is_by_seed_and_leaves_no_sheet_out():
    names = [f"{i}.png" for i in range(10)]
    train, validation = split_sheets(names, 0.2, 7)
    assert (train, validation) == split_sheets(names, 0.2, 7) and (train, validation) != split_sheets(names, 0.2, 8)
    assert len(validation) == 2 and sorted(train + validation) == list(range(10))


@pytest.mark.parametrize(("share", "held_out"), [(0.01, 1), (0.99, 2)])
def test_split_leaves_at_least_one_sheet_on_each_side(share, held_out):
    assert len(split_sheets(["a", "b", "c"], share, 0)[1]) == held_out


def test_one_sheet_cannot_be_split():
    with pytest.raises(DatasetError, match="at least 2"):
        split_sheets(["a"], 0.5, 0)


def test_every_sheet_is_held_out_in_one_fold_and_trained_on_in_the_others():
    names = list("abcdefg")
    folds = [fold_sheets(names, number, 3, 7) for number in (1, 2, 3)]
    assert sorted(sum((validation for _, validation in folds), [])) == list(range(7))
    assert all(sorted(train + validation) == list(range(7)) for train, validation in folds)
    assert folds[0] == fold_sheets(names, 1, 3, 7) != fold_sheets(names, 1, 3, 8)


def test_fewer_sheets_than_folds_are_refused():
    with pytest.raises(DatasetError, match="2 usable sheets: 3 folds need at least 3"):
        fold_sheets(["a", "b"], 1, 3, 0)


def batches(images, annotations, workers: int, seed: int = 5) -> list[np.ndarray]:
    """Images and targets together of every batch of two epochs, each epoch cut from its last batch to its first."""
    train, _, _ = create_data_generators(images, annotations, 3, (64, 64), 0.2, seed=seed, workers=workers)
    result = []
    for epoch in range(2):
        train.start_epoch(epoch)
        found = [train[i] for i in reversed(range(len(train)))]
        result += [np.concatenate([images, *targets.values()], axis=-1) for images, targets in found]
    return result


def test_windows_depend_on_the_seed_and_the_epoch_alone(tiny_sheets):
    first, second = batches(*tiny_sheets, workers=1), batches(*tiny_sheets, workers=4)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
    half = len(first) // 2
    assert not np.array_equal(first[half - 1], first[-1])
    assert not np.array_equal(first[-1], batches(*tiny_sheets, workers=1, seed=6)[-1])


class Recorder:
    """Keeps what a fit consumes, by a model that learns nothing."""

    def __init__(self, sequence, workers: int):
        import keras

        inputs = keras.Input((None, None, 3))
        flat = keras.layers.Conv2D(1, 1, kernel_initializer="ones")(inputs)
        model = keras.Model(inputs, {task: keras.layers.Identity(name=task)(flat) for task in TASKS})
        model.compile(keras.optimizers.SGD(0.0), loss=dict.fromkeys(TASKS, "mae"))
        sequence._workers = workers
        self.losses = model.fit(sequence, epochs=3, verbose=0).history["loss"]


def test_a_fit_sees_the_same_windows_with_any_number_of_workers(tiny_sheets):
    losses = []
    for workers in (1, 4):
        train, _, _ = create_data_generators(*tiny_sheets, 3, (64, 64), 0.2, seed=5, workers=workers)
        losses.append(Recorder(train, workers).losses)
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-6)
    assert len({round(v, 6) for v in losses[0]}) == 3


def test_no_window_is_lost_in_the_last_batch(tiny_sheets):
    dataset = SchematicDataset(*tiny_sheets, show_progress=False)
    sequence = WindowSequence(dataset, range(5), batch_size=4, image_size=(64, 64), seed=0, training=False)
    sizes = [len(sequence[i][0]) for i in range(len(sequence))]
    assert sum(sizes) == sequence.num_windows == 5 * 6 and sizes[-1] == 2
    assert len(sequence.sample_names(7)) == 2
    images, truth = sequence[0]
    assert images.shape == (4, 64, 64, 3) and images.dtype == np.float32
    assert truth["wire"].shape == truth["junction"].shape == (4, 64, 64, 1) and truth["wire"].dtype == np.float32


def test_bad_pairs_are_skipped_named_and_counted(tiny_sheets, caplog):
    images, annotations = tiny_sheets
    (images / "text.png").write_text("no picture")
    Image.fromarray(draw_tiny_sheet(1)[0]).save(images / "sheet_0.jpg")  # sheet_0.png follows it in the listing
    (annotations / "sheet_4.json").write_text("{")
    (annotations / "sheet_3.json").unlink()
    dataset = SchematicDataset(images, annotations, show_progress=False)
    assert dataset.names == ["sheet_0.jpg", "sheet_1.png", "sheet_2.png"]
    assert sorted(name for name, _ in dataset.skipped) == ["sheet_0.png", "sheet_3.png", "sheet_4.png", "text.png"]
    assert len([r for r in caplog.records if r.message.startswith("skipped")]) == 4


def test_a_training_sees_folders_below_and_pages_of_pdfs_as_its_settings_say(tiny_sheets):
    images, annotations = tiny_sheets
    (images / "old").mkdir()
    (images / "sheet_4.png").rename(images / "old" / "a.png")
    (annotations / "sheet_4.json").rename(annotations / "old__a.json")
    (images / "book.pdf").write_bytes(draw_pdf((80, 64)))
    wires = Annotation.build(image_path="book.pdf", image_shape=(128, 160), wires=[[10, 20, 90, 20]])
    write_annotation(wires, annotations / "book.json")
    asked = TrainingSettings(
        data_dir=images, annotation_dir=annotations, recursive=True, pdf_dpi=144, image_size=(64, 64), workers=1
    )
    train, validation, dataset = create_generators(asked)
    names = ["book.pdf", "old/a.png", *(f"sheet_{i}.png" for i in range(4))]
    assert dataset.names == names and sorted([*train.sheets, *validation.sheets]) == list(range(6))
    options = asked.options_of_folder()
    checks = check_dataset(images, annotations, validation_split=0.2, seed=0, **options)
    assert [check.name for check in checks] == names and all(check.usable for check in checks)
    assert [check.name for check in checks if check.side == "validation"] == [names[i] for i in validation.sheets]
    write_checks(checks, images, annotations, images.parent / "run", **options)


def test_a_folder_without_a_usable_pair_says_why(tmp_path):
    images, annotations = write_tiny_sheets(tmp_path, 1)
    (annotations / "sheet_0.json").write_text("{")
    with pytest.raises(DatasetError, match="sheet_0.json: not JSON"):
        SchematicDataset(images, annotations, show_progress=False)
    with pytest.raises(DatasetError, match="no such folder"):
        SchematicDataset(images, tmp_path / "none", show_progress=False)
    with pytest.raises(SheetError, match="no such folder"):
        SchematicDataset(tmp_path / "none", annotations, show_progress=False)


def test_memory_holds_a_bounded_number_of_pixels(tiny_sheets, monkeypatch):
    monkeypatch.setattr(dataset_file, "CACHE_PIXELS", 2 * 160 * 128)
    dataset = SchematicDataset(*tiny_sheets, show_progress=False)
    for index in range(5):
        assert dataset[index].name == f"sheet_{index}.png"
        assert len(dataset._cache) == 2


def test_an_annotation_follows_its_sheet_to_another_scale(tmp_path):
    grey, annotation = draw_tiny_sheet(2)
    large = np.kron(grey, np.ones((4, 4), np.uint8))
    Image.fromarray(large).save(tmp_path / "a.png")
    write_annotation(
        Annotation.build(image_path="a.png", image_shape=large.shape, wires=annotation.wires * 4 + 1.5),
        tmp_path / "a.json",
    )
    sample = SchematicDataset(tmp_path, tmp_path, show_progress=False)[0]
    assert sample.grey.shape == (128, 160)
    np.testing.assert_allclose(sample.annotation.wires, annotation.wires, atol=0.1)
