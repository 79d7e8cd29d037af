"""The model that reads held-out sheets best is recommended, and never one that reads them worse than the start."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.knowing import Knowing
from tests.helpers.sheets import draw_tiny_sheet, write_tiny_sheets
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import write_annotation
from wire_detection.runs.run_record import RunRecord
from wire_detection.sheets.picture import Picture
from wire_detection.training import candidates as candidates_file
from wire_detection.training.candidates import (
    CONSISTENCY,
    LABELS,
    candidate_path,
    choose,
    consistency,
    judge,
    judged_sheets,
    quality,
    recommend_model,
)
from wire_detection.windows.dataset import SchematicDataset


@pytest.mark.parametrize(
    ("means", "chosen"),
    [
        ({"start": 0.8, "best": 0.9, "final": 0.7}, "best"),
        ({"start": 0.8, "best": 0.7, "final": 0.7}, "start"),
        ({"start": 0.8, "best": 0.8, "final": 0.8}, "start"),
        ({"start": 0.8, "best": 0.7, "final": 0.9}, "final"),
        ({"best": 0.7, "final": 0.7}, "best"),
    ],
)
def test_the_highest_mean_wins_and_of_equal_ones_what_was_trained_least(means, chosen):
    verdict = choose({name: [mean - 0.1, mean + 0.1] for name, mean in means.items()}, LABELS)
    assert verdict.candidate == chosen
    if chosen != "start" and "start" in means:
        assert verdict.gain == pytest.approx(means[chosen] - means["start"])
        assert verdict.interval == pytest.approx((verdict.gain, verdict.gain))
        assert f"{verdict.gain:+.3f} on the start" in verdict.in_words()
    else:
        assert verdict.interval is None


def test_what_is_recommended_is_told_with_all_means():
    verdict = choose({"start": [0.5, 0.7], "best": [0.8, 0.8], "final": [0.1, 0.2]}, LABELS)
    assert verdict.in_words() == (
        "is the best epoch: the start 0.600, the best epoch 0.800, the last epoch 0.150; mean of wire, segment, "
        "junction, net on 2 held-out sheets, by annotations; +0.200 on the start, 95 % interval +0.100 to +0.300"
    )


def test_a_gain_that_may_be_chance_leaves_the_start():
    verdict = choose({"start": [0.5, 0.7], "best": [0.5, 0.8], "final": [0.1, 0.2]}, CONSISTENCY)
    assert verdict.candidate == "start" and verdict.gain == pytest.approx(0.05)
    assert verdict.in_words().startswith("is the start: ")
    assert verdict.in_words().endswith(
        "; the highest has +0.050 on the start, 95 % interval +0.000 to +0.100, which may be chance"
    )


def test_quality_is_the_mean_of_what_a_sheet_has_to_count():
    """Without junctions on either side three scores are left: found are one of two wires, and one net of two."""
    truth = Annotation.build(image_path="", image_shape=(60, 80), wires=[[5, 10, 70, 10], [5, 40, 70, 40]])
    half = replace(truth, wires=truth.wires[:1], wire_confidences=truth.wire_confidences[:1])
    assert quality(truth, truth) == 1
    assert quality(truth, half) == pytest.approx((2 / 3 + 2 / 3 + 1 / 2) / 3)
    nothing = Annotation.build(image_path="", image_shape=(60, 80))
    assert quality(nothing, nothing) == 1 and quality(truth, nothing) == 0


class Inky:
    """A model to which all ink is wire, whichever way it lies."""

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        ink = np.clip(images[..., :1], 0.02, 0.98)
        return {"wire": ink, "junction": np.full_like(ink, 0.02)}


def test_a_model_is_consistent_when_it_reads_a_turned_sheet_as_the_sheet():
    """The maps of one that knows where things lie stay there when the sheet is turned."""
    grey, truth = draw_tiny_sheet(0)
    assert consistency(Inky(), Picture(grey)) > 0.95
    assert consistency(Knowing(truth), Picture(grey)) < 0.8


def test_at_most_a_dozen_sheets_are_judged_from_the_first_to_the_last():
    names = [f"{i}.png" for i in range(34)]
    assert judged_sheets(names)[::11] == ["0.png", "33.png"] and len(judged_sheets(names)) == 12
    assert judged_sheets(names[:2]) == names[:2]


class Weighted(Knowing):
    """A model whose file holds whether it knows the truth."""

    def load_weights(self, path: Path) -> None:
        self.knows = path.read_text()

    def get_weights(self) -> list[np.ndarray]:
        return [np.array(self.knows == "yes")]

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        maps = super().predict_on_batch(images)
        return maps if self.knows == "yes" else {task: np.full_like(values, 0.02) for task, values in maps.items()}


@pytest.mark.parametrize(("sources", "judged_by"), [(("drawn", "model"), LABELS), (("hough", "model"), CONSISTENCY)])
def test_annotations_judge_where_there_are_any_that_no_program_proposed(tmp_path, monkeypatch, sources, judged_by):
    images, annotations = write_tiny_sheets(tmp_path, 2)
    truths = [draw_tiny_sheet(number)[1] for number in range(2)]
    for number, source in enumerate(sources):
        truth = replace(truths[number], metadata={"source": source, "stroke_width": 2.0})
        write_annotation(truth, annotations / f"sheet_{number}.json")
    monkeypatch.setattr(candidates_file, "load_keras_model", lambda path: Weighted(truths[0]))
    paths = {name: tmp_path / name for name in ("start", "best", "final")}
    for path, knows in zip(paths.values(), ("no", "yes", "yes"), strict=True):
        path.write_text(knows)
    dataset = SchematicDataset(images, annotations, show_progress=False)
    verdict = judge(paths, dataset, dataset.names)
    assert verdict.judged_by == judged_by
    assert verdict.qualities["best"] == verdict.qualities["final"]
    if judged_by == LABELS:
        assert verdict.candidate == "best" and verdict.qualities["best"] == [1.0]
    else:
        assert len(verdict.qualities["start"]) == 2


def test_what_reads_best_becomes_the_best_model_of_the_run(tmp_path, monkeypatch):
    """The start knows the truth, and training has made it forget."""
    images, annotations = write_tiny_sheets(tmp_path, 2)
    run = tmp_path / "run"
    record = RunRecord(run, arguments={"data_dir": images, "annotation_dir": annotations})
    record.set_split({"train": ["sheet_1.png"], "validation": ["sheet_0.png"]})
    (run / "models").mkdir()
    for name, knows in (("start", "yes"), ("best", "no"), ("final", "no")):
        candidate_path(run, "unet", name).write_text(knows)
    monkeypatch.setattr(candidates_file, "load_keras_model", lambda path: Weighted(draw_tiny_sheet(0)[1]))
    best, verdict = recommend_model(run, "unet")
    assert verdict.candidate == "start" and best == run / "models" / "unet_best.h5"
    assert best.read_text() == "yes" and candidate_path(run, "unet", "final").read_text() == "no"
    told = json.loads((run / "recommendation.json").read_text())
    assert (told["recommended"], told["judged_by"], told["sheets"]) == ("start", LABELS, ["sheet_0.png"])
    assert told["quality"]["start"] == 1 > told["quality"]["best"] == told["quality"]["final"]
