"""Folders of drawn sheets: repeatable byte for byte, careful with what is there, and the bundled one among them."""

from __future__ import annotations

import re

import numpy as np
import pytest

from wire_detection.annotations.annotation_file import read_annotation
from wire_detection.drawing.draw_folder import file_image, synthesize
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.drawing.style_families import FAMILIES, draw_style
from wire_detection.paths import CHECKOUT
from wire_detection.sheets.image_files import read_image
from wire_detection.sheets.safe_files import write_png

BUNDLED = CHECKOUT / "data"


def test_synthesize_is_repeatable_byte_for_byte(tmp_path):
    for run in ("a", "b"):
        synthesize(2, tmp_path / run / "images", tmp_path / run / "truth", seed=5)
    files = sorted(p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file())
    assert [str(f) for f in files] == [
        f"{d}/sheet_000{i}.{s}" for d, s in (("images", "png"), ("truth", "json")) for i in (0, 1)
    ]
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_synthesize_replaces_a_file_only_when_asked(tmp_path):
    """The same seed draws over it what stood there before, byte for byte."""
    images, truth = tmp_path / "images", tmp_path / "truth"
    synthesize(1, images, truth, seed=5)
    drawn = (images / "sheet_0000.png").read_bytes(), (truth / "sheet_0000.json").read_bytes()
    for kept, other in (
        (images / "sheet_0000.png", truth / "sheet_0000.json"),
        (truth / "sheet_0000.json", images / "sheet_0000.png"),
    ):
        kept.write_text("mine")
        other.unlink()
        with pytest.raises(FileExistsError, match=rf"{kept.name} exists already; .*--overwrite"):
            synthesize(1, images, truth, seed=5)
        assert kept.read_text() == "mine" and not other.exists()
        synthesize(1, images, truth, seed=5, overwrite=True)
        assert ((images / "sheet_0000.png").read_bytes(), (truth / "sheet_0000.json").read_bytes()) == drawn


def test_dark_sheets_are_written_bright_on_black_and_read_back(tmp_path):
    seeds = (s for s in range(500) if draw_style(np.random.default_rng(s), "xschem").dark_theme)
    seed = next(s for s in seeds if draw_sheet(s, size=(60, 60), style="xschem")[1].metadata.get("dark_theme"))
    image, annotation = draw_sheet(seed, size=(500, 400), style="xschem", degradation=0)
    filed = file_image(image, annotation)
    assert np.median(filed) < 30
    write_png(tmp_path / "dark.png", filed)
    np.testing.assert_array_equal(read_image(tmp_path / "dark.png"), image)


def test_the_readme_tells_how_the_bundled_sheets_are_drawn():
    command = (BUNDLED / "README.md").read_text(encoding="utf-8")
    count, seed, degradation = re.search(r"--synthesize (\d+) --seed (\d+) --degradation ([\d.]+)", command).groups()
    notes = [read_annotation(path) for path in sorted((BUNDLED / "annotations").glob("*.json"))]
    seeds = np.random.SeedSequence(int(seed)).generate_state(int(count), np.uint64)
    assert [note.metadata["seed"] for note in notes] == seeds.tolist()
    spoilt = next(i for i, note in enumerate(notes) if "strength" in note.metadata)
    _, again = draw_sheet(int(seeds[spoilt]), degradation=float(degradation))
    assert again.metadata["strength"] == notes[spoilt].metadata["strength"]
    np.testing.assert_allclose(again.wires, notes[spoilt].wires, atol=0.01)


def test_bundled_sheets_are_whole_and_small():
    images = sorted((BUNDLED / "schematics_dataset").glob("*.png"))
    notes = sorted((BUNDLED / "annotations").glob("*.json"))
    assert len(images) >= 24
    assert [p.stem for p in images] == [p.stem for p in notes]
    assert sum(p.stat().st_size for p in images + notes) < 8_000_000
    styles = set()
    for image, note in zip(images, notes, strict=True):
        annotation = read_annotation(note)
        assert annotation.image_path == image.name
        styles.add(annotation.metadata["style"])
    assert styles == set(FAMILIES)
    assert read_image(images[0]).shape == read_annotation(notes[0]).image_shape
