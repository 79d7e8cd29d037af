"""Several processes give what one gives, in the order of the pages, whatever happens to them."""

from __future__ import annotations

import os
from contextlib import closing
from multiprocessing import active_children
from types import SimpleNamespace

import pytest

from tests.helpers.onnx_files import write_mean
from tests.helpers.page_tasks import die_of_the_second, stem_and_process
from tests.helpers.sheets import draw_tiny_sheet, image_page
from wire_detection.networks.onnx_model import OnnxModel
from wire_detection.reading import read_files
from wire_detection.reading.read_files import predict_files
from wire_detection.reading.reader_processes import BASE_BYTES, BYTES_PER_PIXEL, count_processes, read_in_processes
from wire_detection.sheets.listing import find_pages
from wire_detection.sheets.safe_files import write_png


@pytest.fixture
def model(tmp_path):
    write_mean(tmp_path / "mean.onnx")
    return OnnxModel(tmp_path / "mean.onnx")


@pytest.fixture
def processes_end():
    """Fails the test that leaves processes behind; other tests' may still wait for more work."""
    before = set(active_children())
    yield
    assert set(active_children()) <= before


PAGES = [image_page(f"{number}.png") for number in range(6)]


def test_results_come_in_order_from_other_processes_which_end(model, processes_end):
    results = list(read_in_processes(stem_and_process, model, PAGES, 2))
    assert [stem for stem, _ in results] == [page.stem for page in PAGES]
    assert 1 <= len({process for _, process in results} - {os.getpid()}) <= 2


def test_when_one_is_killed_the_rest_is_read_all_the_same(model, caplog, processes_end):
    results = list(read_in_processes(die_of_the_second, model, PAGES, 2))
    assert [stem for stem, _ in results] == [page.stem for page in PAGES]
    assert results[-1][1] == os.getpid() and "a process that read sheets was killed" in caplog.text


def test_whoever_stops_early_leaves_no_process_behind(model, processes_end):
    with pytest.raises(KeyboardInterrupt), closing(read_in_processes(stem_and_process, model, PAGES, 1)) as results:
        next(results)
        raise KeyboardInterrupt


def test_files_and_lines_are_those_of_one_process(model, tmp_path, monkeypatch, capsys, caplog):
    for number in range(3):
        write_png(tmp_path / "in" / f"{number}.png", draw_tiny_sheet(number)[0])
    (tmp_path / "in" / "1b.png").write_bytes((tmp_path / "in" / "1.png").read_bytes()[:200])
    listing = find_pages(tmp_path / "in")
    told = []
    for processes in (1, 2):
        monkeypatch.setattr(read_files, "count_processes", lambda pages, processes=processes: processes)
        readings = predict_files(model, listing, tmp_path / str(processes))
        told.append([(reading.name, reading.wires, reading.confidence) for reading in readings])
    assert told[0] == told[1] and [name for name, *_ in told[0]] == ["0.png", "1.png", "2.png"]
    assert caplog.text.count("skipped 1b.png: not a readable image") == 2
    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("1", "2")
    )
    assert one == two and len(one) == 3 * 4


def test_processes_are_as_many_as_cores_and_memory_hold(tmp_path, monkeypatch):
    module = "wire_detection.reading.reader_processes"
    write_png(tmp_path / "0.png", draw_tiny_sheet(0, width=1000, height=500)[0])
    pages = [image_page(tmp_path / "0.png")] * 9
    need = BASE_BYTES + BYTES_PER_PIXEL * 500_000
    monkeypatch.setattr(f"{module}._cores", lambda: 4)
    for free, expected in ((100 * need, 4), (2.5 * need, 2), (need // 2, 1)):
        monkeypatch.setattr(f"{module}.psutil.virtual_memory", lambda free=free: SimpleNamespace(available=int(free)))
        assert count_processes(pages) == expected
    assert count_processes(pages[:3]) == 1
