"""Which model of a run is recommended: the one that it began with, that of the lowest val_loss, or the last one.

They read held-out sheets as --predict does, and are judged by annotations where a person or the drawing made them.
Against annotations that a program proposed the network that proposed them would win whatever it is worth: there each is
judged by whether it reads a sheet as it reads the sheet turned upside down.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from wire_detection.annotations.annotation import Annotation, transform_annotation
from wire_detection.annotations.annotation_file import read_annotation
from wire_detection.networks.model_files import load_keras_model
from wire_detection.reading.read_sheet import predict_sheet
from wire_detection.runs.run_record import RunRecord
from wire_detection.scoring.counts import COUNTED_WHEN_EMPTY
from wire_detection.scoring.summary import SEED, bootstrap_interval
from wire_detection.scoring.what_to_score import what_to_score
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.picture import Picture
from wire_detection.sheets.safe_files import replacing, write_json
from wire_detection.windows.dataset import SchematicDataset

START, BEST, LAST = "start", "best", "final"
"""Candidates, and what the names of their files end with."""

CALLED = {START: "the start", BEST: "the best epoch", LAST: "the last epoch"}

MOST_JUDGED = 12
"""Held-out sheets that are read, spread over all: each takes a second or two for each candidate."""

QUALITIES = ("wire", "segment", "junction", "net")
"""Scores whose mean is the quality of a reading."""

LABELS, CONSISTENCY = "annotations", "readings of the sheets turned upside down"


def candidate_path(folder: str | Path, prefix: str, candidate: str) -> Path:
    """The file of a candidate of the run in `folder`, of which all files begin with `prefix`."""
    return Path(folder) / "models" / f"{prefix}_{candidate}.h5"


@dataclass(frozen=True)
class Verdict:
    """The recommended candidate, and why.

    judged_by: LABELS or CONSISTENCY      qualities: candidate -> (N,) of the judged sheets
    gain, interval: mean over the sheets of what the highest one gains on the start, and its 95 % interval; None without
        a start, or where that is the highest
    """

    candidate: str
    judged_by: str
    qualities: dict[str, list[float]]
    gain: float | None = None
    interval: tuple[float, float] | None = None

    def in_words(self) -> str:
        """What the recommended model is, and why, to follow its name."""
        means = ", ".join(f"{CALLED[name]} {np.mean(values):.3f}" for name, values in self.qualities.items())
        sheets = len(self.qualities[self.candidate])
        why = f"{means}; mean of {', '.join(QUALITIES)} on {sheets} held-out sheets, by {self.judged_by}"
        if self.interval is not None:
            gain = f"{self.gain:+.3f} on the start, 95 % interval {self.interval[0]:+.3f} to {self.interval[1]:+.3f}"
            why += f"; the highest has {gain}, which may be chance" if self.candidate == START else f"; {gain}"
        return f"is {CALLED[self.candidate]}: {why}"


def recommend_model(folder: str | Path, prefix: str) -> tuple[Path, Verdict]:
    """Make the candidate of the finished run in `folder` that reads best its PREFIX_best.h5; that path, and why.

    recommendation.json says what it is and why.
    """
    best = candidate_path(folder, prefix, BEST)
    sheets, options = what_to_score(
        RunRecord.beside_model(best), data_dir=None, annotation_dir=None, experiment_dir=None
    )
    dataset = SchematicDataset(sheets["data_dir"], sheets["annotation_dir"], show_progress=False, **options)
    paths = {name: candidate_path(folder, prefix, name) for name in CALLED}
    verdict = judge({name: path for name, path in paths.items() if path.is_file()}, dataset, sheets["names"])
    if verdict.candidate != BEST:
        with replacing(best) as temporary:
            shutil.copyfile(paths[verdict.candidate], temporary)
    write_json(
        Path(folder) / "recommendation.json",
        {
            "recommended": verdict.candidate,
            "judged_by": verdict.judged_by,
            "sheets": judged_sheets(sheets["names"]),
            "quality": {name: float(np.mean(values)) for name, values in verdict.qualities.items()},
            "gain_on_start": verdict.gain,
            "interval": verdict.interval,
        },
    )
    return best, verdict


def judged_sheets(names: Sequence[str]) -> list[str]:
    """Up to MOST_JUDGED of the held-out sheets, spread over all."""
    chosen = np.linspace(0, len(names) - 1, min(MOST_JUDGED, len(names))).round().astype(int)
    return [names[i] for i in chosen]


def judge(paths: Mapping[str, Path], dataset: SchematicDataset, names: Sequence[str]) -> Verdict:
    """Let the candidates in these files read the held-out sheets called `names`."""
    pages = [dataset.pages[dataset.names.index(name)] for name in judged_sheets(names)]
    truths = [read_annotation(dataset.annotation_path(page)) for page in pages]
    by_labels = not all(truth.is_proposed for truth in truths)
    if by_labels:
        pages, truths = zip(*[pair for pair in zip(pages, truths, strict=True) if not pair[1].is_proposed], strict=True)
    model, weights, qualities = None, {}, {}
    for name, path in tqdm(paths.items(), desc="Comparing models", unit="model"):
        model = model or load_keras_model(path)
        model.load_weights(path)  # into one network, which compiles what it computes once
        weights[name] = model.get_weights()
        twin = next((other for other in qualities if _same(weights[other], weights[name])), None)
        qualities[name] = qualities.get(twin) or [
            quality(truth, predict_sheet(model, page.picture())) if by_labels else consistency(model, page.picture())
            for page, truth in zip(pages, truths, strict=True)
        ]
    return choose(qualities, LABELS if by_labels else CONSISTENCY)


def _same(one: list[np.ndarray], other: list[np.ndarray]) -> bool:
    return all(np.array_equal(mine, theirs) for mine, theirs in zip(one, other, strict=True))


def choose(qualities: dict[str, list[float]], judged_by: str) -> Verdict:
    """Recommend the candidate of the highest mean quality, of equal ones that which was trained least.

    What reads held-out sheets better than the start by chance reads others worse: where the interval of the gain holds
    0, the start is recommended.
    """
    highest = max((name for name in CALLED if name in qualities), key=lambda name: np.mean(qualities[name]))
    if START not in qualities or highest == START:
        return Verdict(highest, judged_by, qualities)
    gains = np.subtract(qualities[highest], qualities[START])
    interval = bootstrap_interval(gains, np.random.default_rng(SEED))
    return Verdict(highest if interval[0] > 0 else START, judged_by, qualities, float(gains.mean()), interval)


def quality(truth: Annotation, found: Annotation) -> float:
    """The mean of those of the QUALITIES for which the sheet has something to count, 0 to 1."""
    scores = score_sheet(truth, found)
    counted = [key for key in QUALITIES if key in COUNTED_WHEN_EMPTY or not scores[key].is_empty]
    return float(np.mean([scores[key].score for key in counted]))


def consistency(model, picture: Picture) -> float:
    """The quality of how `model` reads a picture turned by half, by how it reads the picture itself."""
    height, width = picture.grey.shape
    back = np.array([[-1.0, 0, width - 1], [0, -1.0, height - 1]])
    turned = predict_sheet(model, picture.turned_by_half())
    return quality(predict_sheet(model, picture), transform_annotation(turned, back, (height, width)))
