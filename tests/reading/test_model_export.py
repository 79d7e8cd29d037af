"""An exported network is the one that was trained: its maps, and every line and junction read by it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from onnx import load as load_onnx

from enhanced_models import create_model
from tests.helpers.sheets import assert_same, draw_tiny_sheet
from wire_detection import load_model
from wire_detection.defaults import MODEL_FORMATS
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.networks import model_formats
from wire_detection.networks.contract import ModelFileError
from wire_detection.networks.model_files import save_model
from wire_detection.networks.tasks import TASKS
from wire_detection.paths import CHECKOUT, SHIPPED_WEIGHTS, file_sum
from wire_detection.reading import model_export
from wire_detection.reading.model_export import GREATEST_DIFFERENCE, export_model
from wire_detection.reading.read_sheet import read_sheet
from wire_detection.sheets.normalise import PREPARATION
from wire_detection.sheets.safe_files import write_png


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the file a.h5 of a network whose weights are all set, the biases and running means too."""
    folder = tmp_path_factory.mktemp("models")
    keras.utils.set_random_seed(0)
    model = create_model("attention", (None, None, 3))
    rng = np.random.default_rng(0)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.set_weights([value + rng.uniform(0, 0.2, value.shape) for value in layer.get_weights()])
    save_model(model, folder / "a.h5")
    return folder


@pytest.fixture(scope="module")
def exported(folder):
    """The path of the network in ONNX, and by how much it differed."""
    difference = export_model("onnx", folder / "a.onnx", model_path=folder / "a.h5")
    return SimpleNamespace(path=folder / "a.onnx", difference=difference)


def test_maps_by_onnx_are_those_of_keras_at_any_size(folder, exported):
    assert 0 < exported.difference <= 1e-5
    one, other = load_model(folder / "a.h5"), load_model(exported.path)
    for shape in ((1, 64, 96, 3), (2, 128, 32, 3)):
        images = np.random.default_rng(1).random(shape).astype(np.float32)
        expected, given = one.predict_on_batch(images), other.predict_on_batch(images)
        assert given.keys() == expected.keys() == TASKS.keys()
        for task in expected:
            np.testing.assert_allclose(given[task], expected[task], atol=GREATEST_DIFFERENCE)


def test_the_file_says_how_sheets_are_prepared_and_whose_weights_it_holds(folder, exported):
    stated = load_model(exported.path).statements
    assert stated["sheet_preparation"] == PREPARATION and stated["weights_sha256"] == file_sum(folder / "a.h5")
    assert (stated["scales"], stated["tile_px"], stated["overlap_px"]) == ("1 0.5", "768", "128")
    assert (stated["normal_stroke_px"], stated["target_stroke_px"]) == ("1.3 2.8", "2.0")
    assert stated["tasks"].split() == load_model(folder / "a.h5").output_names
    (image,) = load_onnx(exported.path).graph.input
    sizes = [size.dim_param or size.dim_value for size in image.type.tensor_type.shape.dim]
    assert (image.name, sizes) == ("image", ["batch", "height", "width", 3])


def test_a_network_without_a_map_of_crossings_is_exported_as_it_is(tmp_path):
    image = keras.Input((None, None, 3), name="image")
    heads = {task: keras.layers.Conv2D(1, 1, activation="sigmoid", name=task)(image) for task in ("wire", "junction")}
    save_model(keras.Model(image, heads), tmp_path / "a.h5")
    export_model("onnx", tmp_path / "a.onnx", model_path=tmp_path / "a.h5")
    exported = load_model(tmp_path / "a.onnx")
    assert set(exported.output_names) == set(exported.statements["tasks"].split()) == {"wire", "junction"}


def test_the_shipped_network_reads_the_same_lines_and_junctions_exported(tmp_path):
    export_model("onnx", tmp_path / "unet.onnx", model_path=SHIPPED_WEIGHTS / "unet_small.h5")
    models = [load_model(path) for path in (SHIPPED_WEIGHTS / "unet_small.h5", tmp_path / "unet.onnx")]
    for seed in (11, 12):
        grey, _ = draw_sheet(seed, size=(900, 700))
        one, other = (read_sheet(grey, model) for model in models)
        assert_same(other, one, "wires", "junctions", "junction_types", "nets", atol=0)
        assert_same(other, one, "wire_confidences", "junction_confidences", atol=GREATEST_DIFFERENCE)
        assert len(one.wires) > 50 and len(one.junctions) > 20


@pytest.mark.parametrize("path", sorted(SHIPPED_WEIGHTS.glob("*.onnx")), ids=lambda path: path.name)
def test_a_shipped_export_holds_the_weights_beside_it(path):
    assert load_model(path).statements["weights_sha256"] == file_sum(path.with_suffix(".h5"))


def test_a_saved_model_and_a_litert_file_state_it_too(folder):
    for name, suffix in MODEL_FORMATS.items():
        if name in ("saved_model", "litert"):
            assert export_model(name, folder / f"b{suffix}", model_path=folder / "a.h5") <= GREATEST_DIFFERENCE
    with zipfile.ZipFile(folder / "b.tflite") as archive:
        of_litert = json.loads(archive.read("sheet_preparation.json"))
    of_folder = json.loads((folder / "b" / "assets.extra" / "sheet_preparation.json").read_text())
    assert of_litert["sheet_preparation"] == of_folder["sheet_preparation"] == PREPARATION
    assert "(1, 768, 768, 3)" in of_litert["input"] and "(any, any, any, 3)" in of_folder["input"]


def test_a_quantised_network_is_small_and_near_that_of_keras(folder, exported, tmp_path, monkeypatch):
    """The trained network would be nearer still: by 0.0001."""
    monkeypatch.setattr(model_export, "CALIBRATION_SHEETS", (5, 6))
    monkeypatch.setattr(model_export, "GREATEST_MEAN_DIFFERENCE", 0.02)
    difference = export_model("onnx-int8", tmp_path / "a.onnx", model_path=folder / "a.h5")
    assert GREATEST_DIFFERENCE < difference <= 0.02 and list(tmp_path.iterdir()) == [tmp_path / "a.onnx"]
    assert (tmp_path / "a.onnx").stat().st_size < 0.5 * exported.path.stat().st_size
    assert load_model(tmp_path / "a.onnx").statements == load_model(exported.path).statements
    graph = load_onnx(tmp_path / "a.onnx").graph
    makers = {output: node for node in graph.node for output in node.output}
    assert {makers[output.name].op_type for output in graph.output}.isdisjoint({"QuantizeLinear", "DequantizeLinear"})
    assert {"QuantizeLinear", "DequantizeLinear"} <= {node.op_type for node in graph.node}


def test_a_quantised_model_that_lost_too_much_is_not_left_behind(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(model_export, "CALIBRATION_SHEETS", (5,))
    monkeypatch.setattr(model_export, "GREATEST_MEAN_DIFFERENCE", 1e-9)
    with pytest.raises(ModelFileError, match="not written, because its maps differ"):
        export_model("onnx-int8", tmp_path / "a.onnx", model_path=folder / "a.h5")
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_gives_other_maps_is_not_left_behind(folder, tmp_path, monkeypatch):
    def other(path):
        model = load_model(path)
        return lambda images: {name: maps + 2e-4 for name, maps in model.predict_on_batch(images).items()}

    fake = model_formats.ModelFormat(True, model_formats.MODEL_FORMATS["onnx"].write, other)
    monkeypatch.setitem(model_formats.MODEL_FORMATS, "onnx", fake)
    with pytest.raises(ModelFileError, match=r"out.onnx: not written, because its maps differ .* by 0.0002"):
        export_model("onnx", tmp_path / "out.onnx", model_path=folder / "a.h5")
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_replaced_only_when_the_user_says_so(folder, tmp_path):
    (tmp_path / "out.onnx").write_text("mine")
    (tmp_path / "photos").mkdir()
    for format_name, out, overwrite, words in (
        ("onnx", "out.onnx", False, "exists already; replace it with --overwrite"),
        ("onnx", "out.tflite", True, "is a file *.onnx; call it so"),
        ("saved_model", "photos", True, "holds something else than a model"),
        ("saved_model", "out.onnx", True, "holds something else than a model"),
    ):
        with pytest.raises(ModelFileError) as error:
            export_model(format_name, tmp_path / out, model_path=folder / "a.h5", overwrite=overwrite)
        assert words in str(error.value)
    assert (tmp_path / "out.onnx").read_text() == "mine"


def test_reading_by_onnx_imports_neither_keras_nor_what_draws_and_trains(exported, tmp_path):
    """In a fresh process, for the imports of this one are all there already."""
    write_png(tmp_path / "t.png", draw_tiny_sheet(1)[0])
    heavy = ["tensorflow", "keras", "h5py", "matplotlib", "albumentations", "sklearn", "skimage", "onnx", "schemdraw"]
    code = (
        "import sys, train_wire_detection\n"
        "code = train_wire_detection.main(sys.argv[1:])\n"
        f"print('imported:', [name for name in {heavy!r} if name in sys.modules], code)"
    )
    options = ("--predict", "t.png", "--model", str(exported.path), "--experiment_dir", "run")
    told = subprocess.run(
        [sys.executable, "-c", code, *options],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
    )
    assert "imported: [] 0" in told.stdout, told.stderr
    assert (tmp_path / "run" / "predictions" / "annotations" / "t.json").is_file()
