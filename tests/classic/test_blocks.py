"""Pairs are compared block by block with the same result, and noise does not fill the memory."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.circuit import circuit
from wire_detection.classic import blocks as pairs
from wire_detection.classic.blocks import blocks
from wire_detection.classic.detect import classic_features, find_candidates
from wire_detection.paths import CHECKOUT

NOISE = """
import re, numpy as np
from wire_detection.classic.annotate_sheet import annotate_sheet
annotate_sheet(np.random.default_rng(0).integers(0, 256, ({side}, {side})).astype(np.uint8), "noise.png")
print(int(re.search(r"VmHWM:\\s*(\\d+)", open("/proc/self/status").read())[1]) // 1024)
"""
"""Annotates noise and prints the greatest memory that its process held, in MB; getrusage would tell its parent's."""


def test_blocks_follow_each_other_and_hold_all(monkeypatch):
    monkeypatch.setattr(pairs, "PAIRS_AT_ONCE", 5)
    assert [list(range(5))[block] for block in blocks(5, 2)] == [[0, 1], [2, 3], [4]]
    assert [list(range(2))[block] for block in blocks(2, 100)] == [[0], [1]]
    assert list(blocks(0, 3)) == [] and len(list(blocks(3, 0))) == 1


@pytest.mark.parametrize("pairs_at_once", [1, 30])
def test_small_blocks_see_what_large_ones_see(monkeypatch, pairs_at_once):
    whole = classic_features(find_candidates(circuit()))
    monkeypatch.setattr(pairs, "PAIRS_AT_ONCE", pairs_at_once)
    parts = classic_features(find_candidates(circuit()))
    for name, column in dict(whole).items():
        np.testing.assert_array_equal(parts[name], column, err_msg=name)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's own greatest memory")
def test_noise_does_not_fill_the_memory():
    """800x800 pixels of it have ten thousand bars: an array of all pairs alone would take 400 MB."""
    result = subprocess.run(
        [sys.executable, "-c", NOISE.format(side=800)], capture_output=True, text=True, cwd=CHECKOUT, check=True
    )
    assert int(result.stdout) < 400
