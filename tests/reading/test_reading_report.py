"""--predict --report: every sheet that was read, the doubtful one first, in one file beside the others."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.helpers.sheets import draw_tiny_sheet
from train_wire_detection import main
from wire_detection.sheets.safe_files import write_png


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    """The report of two drawn sheets, one of them in a folder below, and a bare one between them."""
    folder = tmp_path_factory.mktemp("report")
    for number, name in enumerate(("a.png", "old/c & d.png")):
        write_png(folder / "scans" / name, draw_tiny_sheet(number)[0])
    write_png(folder / "scans" / "bare.png", np.full((100, 120), 255, np.uint8))
    options = ["--predict", str(folder / "scans"), "--recursive", "--experiment_dir", str(folder / "run"), "--report"]
    assert main(options) == 0
    return (folder / "run" / "predictions" / "report.html").read_text(encoding="utf-8")


def test_the_doubtful_sheet_is_the_first_of_all(report):
    names = re.findall(r'<article class="sheet" id="s\d+"><h2>(.*?)</h2>', report)
    assert names[0] == "bare.png" and sorted(names[1:]) == ["a.png", "old/c &amp; d.png"]
    first = report.split("<article")[1]
    assert '<p class="doubt">' in first and "<b>0</b>" in first


def test_the_facts_name_the_network_and_count_the_sheets(report):
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", report))
    assert facts["network"] == "pretrained" and (facts["sheets"], facts["doubtful"]) == ("3", "1")
    assert facts["sheets from"].endswith("scans")


def test_the_list_has_the_numbers_of_each_sheet(report):
    row = next(row for row in report.split("<tr>") if ">a.png<" in row)
    wires, junctions, nets, confidence = re.findall(r'class="number">([\d.]+)<', row)
    assert (int(wires) >= 2, junctions, nets) == (True, "1", "1") and 0.5 < float(confidence) <= 1
