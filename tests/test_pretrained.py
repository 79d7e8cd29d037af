"""The weights that come with the package: what they reach on bundled sheets, unseen in training, and at the tiles."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from custom_annotation_format import read_annotation
from model_files import load_model
from score_summary import summarise
from sheet_image import read_sheet
from wire_metrics import score_sheet
from wire_prediction import predict_maps, predict_sheet

ROOT = Path(__file__).resolve().parent.parent
SHEETS = sorted((ROOT / "data" / "schematics_dataset").glob("*.png"))[:8]


@pytest.fixture(scope="module")
def model():
    return load_model(ROOT / "pretrained" / "unet_small.h5")


@pytest.fixture(scope="module")
def sheets():
    greys = [read_sheet(path) for path in SHEETS]
    return [(grey, read_annotation(ROOT / "data" / "annotations" / f"{path.stem}.json", grey.shape))
            for grey, path in zip(greys, SHEETS, strict=True)]


def scores(model, sheets):
    return summarise({str(number): score_sheet(truth, predict_sheet(model, grey))
                      for number, (grey, truth) in enumerate(sheets)})


def test_they_read_sheets_that_they_never_saw(model, sheets):
    summary = scores(model, sheets)
    assert summary["wire"].mean["f1"] > 0.9 and summary["segment"].mean["f1"] > 0.7
    assert summary["junction"].mean["f1"] > 0.85 and summary["net"].mean["share"] > 0.75


@pytest.mark.parametrize("name", ["resnet", "attention"])
def test_the_other_two_trained_for_minutes_read_them_as_well(name, sheets):
    summary = scores(load_model(ROOT / "pretrained" / f"{name}_small.h5"), sheets)
    assert summary["wire"].mean["f1"] > 0.83 and summary["segment"].mean["f1"] > 0.63
    assert summary["junction"].mean["f1"] > 0.85 and summary["net"].mean["share"] > 0.7


def test_what_they_say_hardly_depends_on_where_tiles_fall(model):
    grey = np.full((1400, 1100), 255, np.uint8)
    part = read_sheet(SHEETS[0])[:1400, :1100]
    grey[:part.shape[0], :part.shape[1]] = part
    one, _ = predict_maps(model, grey)
    other, _ = predict_maps(model, grey, tile_px=640)
    ink = one + other > 0
    assert ((one[ink] > 0.5) == (other[ink] > 0.5)).mean() > 0.97


def test_they_are_small():
    assert all(path.stat().st_size < 8_000_000 for path in (ROOT / "pretrained").glob("*.h5"))
