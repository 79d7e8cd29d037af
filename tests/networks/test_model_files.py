"""Models come back as they were saved; damaged, foreign and hostile files are refused in one line."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import keras
import numpy as np
import pytest

from enhanced_models import compile_model, create_model
from wire_detection.networks import contract, model_files
from wire_detection.networks.contract import ModelFileError
from wire_detection.networks.model_files import load_keras_model, save_model
from wire_detection.paths import CHECKOUT


@pytest.fixture(scope="module")
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    return compile_model(create_model("attention", (None, None, 3)))


def test_a_fresh_process_loads_what_was_saved(model, tmp_path):
    names = ("model.h5", "model.keras")
    for name in names:
        save_model(model, tmp_path / name)
    window = np.random.default_rng(0).random((1, 64, 64, 3)).astype(np.float32)
    np.save(tmp_path / "window.npy", window)
    code = (
        "import sys, numpy as np\n"
        "from wire_detection.networks.model_files import load_keras_model\n"
        "for name in sys.argv[2:]:\n"
        "    np.save(f'{name}.npy', load_keras_model(name).predict_on_batch(np.load(sys.argv[1]))['wire'])"
    )
    subprocess.run(
        [sys.executable, "-c", code, *(str(tmp_path / name) for name in ("window.npy", *names))],
        check=True,
        cwd=CHECKOUT,
        capture_output=True,
    )
    expected = model.predict_on_batch(window)["wire"]
    for name in names:
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), expected, atol=1e-5)


@pytest.fixture
def policy():
    """A function that sets the precision in which new layers compute, until the test ends."""
    before = keras.config.dtype_policy()
    yield keras.config.set_dtype_policy
    keras.config.set_dtype_policy(before)


@pytest.mark.parametrize("name", ["model.h5", "model.keras"])
def test_a_model_trained_in_half_precision_computes_in_that_of_the_machine(model, tmp_path, policy, name):
    policy("mixed_float16")
    half = create_model("attention", (None, None, 3))
    half.set_weights(model.get_weights())
    assert half.get_layer("attention1_heads").compute_dtype == "float16"
    save_model(half, tmp_path / name)
    policy("float32")
    loaded = load_keras_model(tmp_path / name)
    assert {layer.compute_dtype for layer in loaded._flatten_layers()} == {"float32"}
    window = np.random.default_rng(0).random((1, 64, 64, 3)).astype(np.float32)
    for task, expected in model.predict_on_batch(window).items():
        np.testing.assert_allclose(loaded.predict_on_batch(window)[task], expected, atol=1e-6)
    save_model(loaded, tmp_path / name)
    policy("mixed_float16")
    assert load_keras_model(tmp_path / name).get_layer("stem_conv").compute_dtype == "float32"  # as exact as it was


def test_a_model_trained_in_half_precision_stays_so_where_the_machine_has_it(tmp_path, policy):
    policy("mixed_float16")
    save_model(create_model("unet", (None, None, 3)), tmp_path / "model.h5")
    loaded = load_keras_model(tmp_path / "model.h5")
    assert loaded.get_layer("stem_conv").compute_dtype == "float16"
    assert loaded.get_layer("wire").compute_dtype == "float32"


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as error:
        load_keras_model(path)
    assert path.name in str(error.value) and "\n" not in str(error.value)
    return str(error.value)


def test_missing_truncated_and_other_files(model, tmp_path):
    save_model(model, tmp_path / "whole.h5")
    (tmp_path / "half.h5").write_bytes((tmp_path / "whole.h5").read_bytes()[:50_000])
    (tmp_path / "text.h5").write_text("no model")
    assert "no such model" in refusal(tmp_path / "none.h5")
    for name in ("half.h5", "text.h5"):
        assert "not a readable Keras model" in refusal(tmp_path / name)


def test_a_model_of_another_kind(tmp_path):
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Dense(1)(inputs)).save(tmp_path / "other.h5")
    assert "not a model of this package" in refusal(tmp_path / "other.h5")


@pytest.mark.parametrize("name", ["code.h5", "code.keras"])
def test_a_lambda_is_never_run(tmp_path, name):
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x + 1)(inputs)).save(tmp_path / name)
    assert "Lambda" in refusal(tmp_path / name)


@pytest.mark.parametrize("name", ["model.h5", "model.keras"])
def test_a_model_for_sheets_prepared_otherwise_is_refused(model, tmp_path, name, monkeypatch):
    save_model(model, tmp_path / name)
    monkeypatch.setattr(contract, "PREPARATION", "strokes of 7 px")
    assert "strokes are not 1.3 to 2.8 px" in (said := refusal(tmp_path / name)) and "strokes of 7 px" in said
    model.save(tmp_path / name)
    assert "'unknown'" in refusal(tmp_path / name)


def test_a_save_that_fails_keeps_the_old_file(model, tmp_path, monkeypatch):
    save_model(model, tmp_path / "a.h5")
    before = (tmp_path / "a.h5").read_bytes()

    def half(path, *args, **kwargs):
        Path(path).write_bytes(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(model, "save", half)
    with pytest.raises(OSError):
        save_model(model, tmp_path / "a.h5")
    assert (tmp_path / "a.h5").read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def test_a_layer_too_large_for_any_memory_is_refused_before_it_is_built(model, tmp_path):
    import h5py

    save_model(model, tmp_path / "bomb.h5")
    with h5py.File(tmp_path / "bomb.h5", "r+") as file:
        description = file.attrs["model_config"]
        assert '"filters": 1,' in description
        file.attrs["model_config"] = description.replace('"filters": 1,', '"filters": 1000000000,')
    assert "larger than any" in refusal(tmp_path / "bomb.h5")


@pytest.fixture
def no_keras(monkeypatch):
    """Until the test ends, Keras may not load a model."""
    monkeypatch.setattr(keras.saving, "load_model", lambda *_, **__: pytest.fail("Keras saw the file"))


def test_a_foreign_file_is_refused_before_keras_sees_it(tmp_path, no_keras):
    import h5py

    with h5py.File(tmp_path / "linked.h5", "w") as file:
        file.attrs["model_config"] = "{}"
        file["model_weights"] = h5py.ExternalLink("/etc/other.h5", "/a")
    assert "'/model_weights' is a link (ExternalLink)" in refusal(tmp_path / "linked.h5")


def test_a_file_that_is_an_archive_too_is_judged_by_what_keras_reads_of_it(model, tmp_path, no_keras):
    inputs = keras.Input((4,))
    keras.Model(inputs, keras.layers.Lambda(lambda x: x + 1)(inputs)).save(tmp_path / "both.h5")
    save_model(model, tmp_path / "harmless.keras")
    with zipfile.ZipFile(tmp_path / "both.h5", "a") as both, zipfile.ZipFile(tmp_path / "harmless.keras") as harmless:
        both.writestr("config.json", harmless.read("config.json"))
    assert zipfile.is_zipfile(tmp_path / "both.h5") and "'Lambda'" in refusal(tmp_path / "both.h5")


def test_the_shipped_weights_cost_no_other_process(tmp_path, monkeypatch):
    shipped = CHECKOUT / "pretrained" / "unet_small.h5"
    monkeypatch.setattr(model_files, "examine", lambda path: "foreign")
    assert load_keras_model(shipped).count_params() > 0
    (tmp_path / shipped.name).write_bytes(shipped.read_bytes())
    assert "foreign" in refusal(tmp_path / shipped.name)
