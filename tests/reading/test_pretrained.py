"""The weights that come with the package: what they reach on bundled sheets, unseen in training, and at the tiles."""

from __future__ import annotations

import numpy as np
import pytest

from wire_detection.annotations.annotation_file import read_annotation
from wire_detection.networks.runtimes import load_model
from wire_detection.paths import CHECKOUT
from wire_detection.reading.maps import predict_maps
from wire_detection.reading.read_sheet import predict_sheet
from wire_detection.scoring.summary import summarise
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.image_files import read_image
from wire_detection.sheets.picture import Picture

SHEETS = sorted((CHECKOUT / "data" / "schematics_dataset").glob("*.png"))[::5]


@pytest.fixture(scope="module")
def model():
    return load_model(CHECKOUT / "pretrained" / "unet_small.h5")


@pytest.fixture(scope="module")
def sheets():
    greys = [read_image(path) for path in SHEETS]
    return [
        (grey, read_annotation(CHECKOUT / "data" / "annotations" / f"{path.stem}.json", grey.shape))
        for grey, path in zip(greys, SHEETS, strict=True)
    ]


def scores(model, sheets):
    return summarise(
        {
            str(number): score_sheet(truth, predict_sheet(model, Picture(grey)))
            for number, (grey, truth) in enumerate(sheets)
        }
    )


@pytest.mark.parametrize("name", ["unet", "resnet", "attention"])
def test_they_read_sheets_that_they_never_saw(name, sheets):
    summary = scores(load_model(CHECKOUT / "pretrained" / f"{name}_small.onnx"), sheets)
    assert summary["wire"].mean["f1"] > 0.86 and summary["segment"].mean["f1"] > 0.73
    assert summary["junction"].micro["f1"] > 0.86 and summary["net"].mean["share"] > 0.65


def test_what_they_say_hardly_depends_on_where_tiles_fall(model):
    grey = np.full((1400, 1100), 255, np.uint8)
    part = read_image(SHEETS[0])[:1400, :1100]
    grey[: part.shape[0], : part.shape[1]] = part
    one = predict_maps(model, grey)["wire"]
    other = predict_maps(model, grey, tile_px=640)["wire"]
    ink = one + other > 0
    assert ((one[ink] > 0.5) == (other[ink] > 0.5)).mean() > 0.97


def test_they_are_small():
    assert all(path.stat().st_size < 10_000_000 for path in (CHECKOUT / "pretrained").glob("*.h5"))
