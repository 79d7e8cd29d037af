"""What several test files share: a small folder of drawn sheets with exact annotations, and quiet libraries."""

from __future__ import annotations

import os

from tests.helpers import shallow
from tests.helpers.sheets import whole_annotation, write_tiny_sheets

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")

import numpy as np
import pytest

from wire_detection import defaults
from wire_detection.sheets.safe_files import write_png


@pytest.fixture
def tiny_sheets(tmp_path):
    """(images folder, annotations folder) of five tiny sheets."""
    return write_tiny_sheets(tmp_path, 5)


@pytest.fixture
def whole_sheet(tmp_path):
    """(SheetFolder of the one image a.png, its whole_annotation)."""
    from wire_detection.sheets.sheet_folder import SheetFolder

    write_png(tmp_path / "images" / "a.png", np.full((60, 80), 255, np.uint8))
    return SheetFolder(tmp_path / "images"), whole_annotation()


@pytest.fixture
def shallow_networks(monkeypatch):
    """Until the test ends, a small network is a shallow one."""
    monkeypatch.setitem(defaults.MODEL_SIZES, "small", shallow.WIDTHS)
