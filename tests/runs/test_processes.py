"""Processes are as many as there are cores, memory and work for."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.helpers.sheets import draw_tiny_sheet, image_page
from wire_detection.runs import processes
from wire_detection.runs.processes import BASE_BYTES, BYTES_PER_PIXEL, WORTH_PIXELS, count_workers, workers_for
from wire_detection.sheets.safe_files import write_png


@pytest.fixture
def four_cores(monkeypatch):
    monkeypatch.setattr(processes, "count_cores", lambda: 4)


@pytest.fixture
def pages(tmp_path):
    """Nine pages of half a megapixel."""
    write_png(tmp_path / "0.png", draw_tiny_sheet(0, width=1000, height=500)[0])
    return [image_page(tmp_path / "0.png")] * 9


@pytest.mark.parametrize(("times", "expected"), [(100, 4), (2.5, 2), (0.5, 1)])
def test_as_many_as_free_memory_holds(pages, four_cores, monkeypatch, times, expected):
    need = times * (BASE_BYTES + BYTES_PER_PIXEL * 500_000)
    monkeypatch.setattr("psutil.virtual_memory", lambda: SimpleNamespace(available=int(need)))
    monkeypatch.setattr(processes, "WORTH_PIXELS", 500_000)
    assert count_workers(pages) == expected


def test_few_small_pages_are_not_worth_one(pages, four_cores, tmp_path):
    assert WORTH_PIXELS == 4 * 500_000
    assert [count_workers(pages[:count]) for count in (0, 1, 7, 8, 9)] == [1, 1, 1, 2, 2]


def test_a_page_that_cannot_be_read_counts_for_nothing(pages, four_cores, tmp_path):
    assert count_workers([*pages, image_page(tmp_path / "gone.png")]) == 2


def test_work_is_shared_as_far_as_each_has_enough(four_cores):
    assert [workers_for(amount, 10) for amount in (0, 19, 20, 1000)] == [1, 1, 2, 4]
