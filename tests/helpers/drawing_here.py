"""Sheets for training drawn in this process, small and at once, and not by a pool of processes."""

from __future__ import annotations

from concurrent.futures import Future

from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.windows import drawn_dataset
from wire_detection.windows.windows import Sample, prepare_sample


class Here:
    """An executor that works in this process, at once; it knows what it was asked for and how it was ended."""

    def __init__(self, *args, **settings):
        self.asked, self.ended = [], None

    def submit(self, work, seed: int) -> Future:
        self.asked.append(seed)
        future = Future()
        future.set_result(work(seed))
        return future

    def shutdown(self, **settings) -> None:
        self.ended = settings


def draw_small(seed: int) -> Sample:
    """A sheet of 160x120 px."""
    return prepare_sample(f"drawn_{seed}", *draw_sheet(seed, size=(160, 120), degradation=0))


def draw_in_this_process(monkeypatch) -> None:
    """Until the test ends, every DrawnDataset has small sheets that are drawn Here."""
    monkeypatch.setattr(drawn_dataset, "ProcessPoolExecutor", Here)
    monkeypatch.setattr(drawn_dataset, "draw_sample", draw_small)
