"""Maps are put together without seams, and a sheet whose maps are true comes back as its wires, junctions and nets."""

from __future__ import annotations

import threading

import cv2
import numpy as np
import pytest

from tests.helpers.knowing import Knowing
from tests.helpers.sheets import draw_tiny_sheet
from wire_detection.annotations.annotation import Annotation, drawn_masks
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.networks.tasks import TASKS
from wire_detection.reading.maps import map_sheet, predict_both_scales, predict_maps
from wire_detection.reading.read_sheet import predict_sheet, read_maps
from wire_detection.scoring.wire_metrics import score_sheet
from wire_detection.sheets.geometry import transform_points
from wire_detection.sheets.picture import Picture
from wire_detection.sheets.prepare import Known
from wire_detection.windows.windows import to_network


class Blur:
    """A model that looks 8 px around each pixel: what it says must not depend on where tiles fall."""

    def __init__(self):
        self.tiles = []

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        self.tiles.append(images.shape[1:3])
        seen = cv2.blur(images[0, ..., 0], (17, 17), borderType=cv2.BORDER_CONSTANT)[None, ..., None]
        return {"wire": seen, "junction": seen**2}


@pytest.mark.parametrize("shape", [(700, 900), (300, 1100), (60, 50), (257, 640)])
def test_no_seam_shows(shape):
    grey = np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8)
    whole = Blur().predict_on_batch(to_network(grey)[None])
    model = Blur()
    maps = predict_maps(model, grey, tile_px=256, overlap_px=64)
    inner = np.s_[9:-9, 9:-9] if min(shape) > 100 else np.s_[:]
    assert len(model.tiles) > 1 or max(shape) <= 256
    np.testing.assert_allclose(maps["wire"][inner], whole["wire"][0, ..., 0][inner], atol=2e-2)
    np.testing.assert_allclose(maps["junction"][inner], whole["junction"][0, ..., 0][inner], atol=2e-2)


def test_tiles_computed_at_once_are_the_same_maps():
    grey = np.random.default_rng(1).integers(0, 255, (700, 900)).astype(np.uint8)
    expected = predict_maps(Blur(), grey, tile_px=256, overlap_px=64)
    together = threading.Barrier(3, timeout=60)

    class InThreads(Blur):
        threads = 3

        def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
            maps = super().predict_on_batch(images)
            if len(self.tiles) <= 3:
                together.wait()  # the first three are computed at the same time, or never
            return maps

    found = predict_maps(InThreads(), grey, tile_px=256, overlap_px=64)
    assert all(np.array_equal(found[task], expected[task]) for task in expected)


def test_a_tile_that_fails_in_a_thread_fails_the_sheet():
    class Failing(Blur):
        threads = 2

        def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
            raise ArithmeticError("too deep")

    with pytest.raises(ArithmeticError, match="too deep"):
        predict_maps(Failing(), np.zeros((700, 900), np.uint8), tile_px=256, overlap_px=64)


def test_bare_paper_is_neither_computed_nor_wire():
    model = Blur()
    maps = predict_maps(model, np.full((600, 600), 255, np.uint8), tile_px=256, overlap_px=64)
    wire, junction = maps["wire"], maps["junction"]
    assert not model.tiles and not wire.any() and not junction.any()


def test_where_there_is_no_ink_there_is_no_wire():
    grey = np.full((128, 128), 255, np.uint8)
    grey[60:63] = 0
    wire = predict_maps(Blur(), grey)["wire"]
    assert wire[61, 64] > 0 and not wire[70:].any() and not wire[:53].any()


class TwoMinds:
    """A model that says 0.5 at the scale of the sheet, and at half of it 0.9 on the left and 0.1 on the right."""

    def predict_on_batch(self, images: np.ndarray) -> dict[str, np.ndarray]:
        said = np.full((*images.shape[:3], 1), 0.5, np.float32)
        if images.shape[1] == 128:
            said[:, :, :64], said[:, :, 64:] = 0.9, 0.1
        return {"wire": said}


def test_log_odds_of_both_scales_are_averaged():
    """log(0.9 / 0.1) / 2 = 1.0986 are odds of 3 to 1."""
    wire = predict_both_scales(TwoMinds(), np.zeros((256, 256), np.uint8))["wire"]
    assert wire[100, 20] == pytest.approx(0.75, abs=1e-3) and wire[100, 200] == pytest.approx(0.25, abs=1e-3)


@pytest.mark.parametrize(("side", "outputs", "tiles"), [(768, TASKS, 1), (800, TASKS, 5), (800, ["wire"], 4)])
def test_sheets_larger_than_a_tile_are_read_at_half_too_by_networks_that_know_it(side, outputs, tiles):
    """800 px take two tiles each way; those without a map of crossings never saw halves."""
    model, grey = Blur(), np.full((side, side), 255, np.uint8)
    model.output_names = outputs
    grey[400:402, 20:-20] = grey[20:-20, 400:402] = 0
    map_sheet(model, Picture(grey), Known(stroke_px=2.0))
    assert len(model.tiles) == tiles


@pytest.mark.parametrize("seed", range(5))
def test_a_sheet_with_true_maps_comes_back(seed):
    grey, truth = draw_tiny_sheet(seed)
    found = predict_sheet(Knowing(truth), Picture(grey), image_path="a/b.png")
    scores = score_sheet(truth, found)
    assert all(scores[key].score == 1 for key in ("wire", "segment", "junction", "net"))
    assert found.image_path == "a/b.png" and found.metadata["source"] == "model"
    assert sorted(i for net in found.nets for i in net) == list(range(len(found.wires)))


@pytest.mark.parametrize("seed", [5, 6, 9])
def test_stems_of_grounds_are_cut_off_by_the_map_alone(seed):
    """Exact maps of a drawn sheet give exact wires, though wires, leads and stems are one stroke each."""
    grey, truth = draw_sheet(seed, size=(760, 760), style="kicad", degradation=0)
    scores = score_sheet(truth, read_maps(map_sheet(Knowing(truth), Picture(grey)), map_alone=True))
    assert scores["wire"].score > 0.99 and scores["segment"].score > 0.95 and scores["net"].score == 1


def test_an_empty_sheet_gives_an_empty_annotation():
    found = predict_sheet(Blur(), Picture(np.full((90, 120), 255, np.uint8)))
    assert len(found.wires) == len(found.junctions) == len(found.nets) == 0
    assert not drawn_masks(found)["wire"].any()


def test_maps_know_where_they_lie_on_a_sheet_of_another_scale():
    grey, truth = draw_tiny_sheet(1)
    large = cv2.resize(grey, None, fx=3, fy=3, interpolation=cv2.INTER_NEAREST)
    maps = map_sheet(Blur(), Picture(large))
    assert maps.sheet.stroke_px == pytest.approx(6, abs=0.3)
    assert maps.probabilities["wire"].shape == pytest.approx((grey.shape[0], grey.shape[1]), abs=8)
    place = 3 * (truth.junctions[0] + 0.5) - 0.5
    np.testing.assert_allclose(transform_points([place], maps.matrix)[0], truth.junctions[0], atol=0.6)


def test_doubtful_wires_come_beside_the_others_and_change_nothing_about_them():
    """The maps know the horizontal wire and the junction, but not the vertical wire."""
    grey, truth = draw_tiny_sheet(3)
    half = Annotation.build(image_path="", image_shape=grey.shape, wires=truth.wires[:1], junctions=truth.junctions)
    maps = map_sheet(Knowing(half), Picture(grey))
    usual = read_maps(maps, map_alone=True)
    more = read_maps(maps, map_alone=True, least_confidence=0.0)
    sure = more.wire_confidences >= 0.5
    np.testing.assert_array_equal(more.wires[sure], usual.wires)
    np.testing.assert_array_equal(more.junctions, usual.junctions)
    scores = score_sheet(truth, usual), score_sheet(truth, more)
    assert [s["wire"].recall == 1 for s in scores] == [False, True]
    assert scores[1]["wire"].precision < scores[0]["wire"].precision == 1


def test_the_network_alone_overrules_the_look_of_a_stroke():
    grey, truth = draw_tiny_sheet(2)
    nothing = Annotation.build(image_path="", image_shape=grey.shape)
    assert len(read_maps(map_sheet(Knowing(nothing), Picture(grey)), map_alone=True).wires) == 0
