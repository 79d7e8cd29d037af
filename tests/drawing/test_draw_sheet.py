"""Drawn sheets: their truth lies on their ink, says what the wires' geometry says, and repeats for a seed."""

from __future__ import annotations

import re

import numpy as np
import pytest

from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import read_annotation
from wire_detection.drawing.draw_sheet import draw_sheet, file_image, synthesize
from wire_detection.drawing.styles import FAMILIES, draw_style
from wire_detection.paths import CHECKOUT
from wire_detection.sheets.image_files import read_image
from wire_detection.sheets.nets import connect_nets
from wire_detection.sheets.safe_files import write_png

BUNDLED = CHECKOUT / "data"
SIZE = (900, 700)


@pytest.fixture(scope="module", params=list(FAMILIES))
def sheets(request) -> list[tuple[np.ndarray, Annotation]]:
    return [draw_sheet(seed, size=SIZE, style=request.param, degradation=0) for seed in (3, 4)]


def darkest_near(image: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The darkest value of the pixel at each (x, y) and its eight neighbours."""
    padded = np.pad(image, 1, constant_values=255)
    x, y = np.round(points).astype(int).T
    x, y = np.clip(x, 0, image.shape[1] - 1), np.clip(y, 0, image.shape[0] - 1)
    return np.min([padded[y + dy, x + dx] for dy in range(3) for dx in range(3)], axis=0)


def along(segments: np.ndarray) -> np.ndarray:
    """Points on (N, 4) segments, one about every pixel."""
    points = [
        np.linspace(s[:2], s[2:], max(2, int(np.hypot(*(s[2:] - s[:2]))) + 1)) for s in np.asarray(segments, float)
    ]
    return np.concatenate(points) if points else np.zeros((0, 2))


def distances(segments: np.ndarray, point) -> np.ndarray:
    """(N,) distances of a point from (N, 4) segments."""
    start, way = segments[:, :2], segments[:, 2:] - segments[:, :2]
    share = np.clip(((point - start) * way).sum(1) / np.maximum((way**2).sum(1), 1e-9), 0, 1)
    return np.hypot(*(start + share[:, None] * way - point).T)


def test_wires_and_pins_lie_on_ink(sheets):
    for image, annotation in sheets:
        paper = int(np.percentile(image, 99))
        for segments in (annotation.wires, annotation.pins):
            points = along(segments)
            assert (darkest_near(image, points) < paper - 25).all()


def test_sheets_have_wires_and_ink_elsewhere(sheets):
    assert sum(len(annotation.wires) for _, annotation in sheets) > 5
    for image, annotation in sheets:
        drawn = np.zeros(image.shape, bool)
        for points in (along(annotation.wires), along(annotation.pins)):
            x, y = np.round(points).astype(int).T
            for dx in range(-4, 5):
                for dy in range(-4, 5):
                    drawn[np.clip(y + dy, 0, image.shape[0] - 1), np.clip(x + dx, 0, image.shape[1] - 1)] = True
        assert (image[~drawn] < 200).any()  # symbols and letters, which are no wires


def test_junctions_are_where_three_ends_meet(sheets):
    for image, annotation in sheets:
        height, width = image.shape
        ends = np.concatenate([annotation.wires[:, :2], annotation.wires[:, 2:]])
        every = np.concatenate([ends, annotation.pins[:, :2], annotation.pins[:, 2:]])
        supplies = [c["bbox"] for c in annotation.components if c["type"] in ("ground", "supply", "power_flag")]
        for x, y in annotation.junctions:
            if min(x, y, width - 1 - x, height - 1 - y) < 2:
                continue  # the edge may have cut a wire off
            on_bus = len(annotation.buses) and distances(annotation.buses, (x, y)).min() < 0.1
            assert on_bus or (np.abs(ends - (x, y)).max(1) < 0.1).any()
            meeting = 3 * on_bus + int((np.abs(every - (x, y)).max(1) < 0.1).sum())
            touching = sum(b[0] - 1 <= x <= b[2] + 1 and b[1] - 1 <= y <= b[3] + 1 for b in supplies)
            assert meeting + touching >= 3  # a supply symbol has a pin without length
        for x, y in ends:
            if (np.abs(ends - (x, y)).max(1) < 0.01).sum() >= 3:
                assert (np.abs(annotation.junctions - (x, y)).max(1) < 0.1).any()


def test_junction_types(sheets):
    for _, annotation in sheets:
        ends = np.concatenate([annotation.wires[:, :2], annotation.wires[:, 2:]])
        for point, kind in zip(annotation.junctions, annotation.junction_types, strict=True):
            meeting = int((np.abs(ends - point).max(1) < 0.01).sum())
            assert kind in ("T", "dot", "cross")
            assert meeting <= 3 or kind == "cross"


def test_nets_are_those_of_the_geometry(sheets):
    for _, annotation in sheets:
        labels = connect_nets(annotation.wires, annotation.junctions, end_px=0.75, junction_px=0.75)
        assert sorted(map(sorted, annotation.nets)) == sorted(
            np.flatnonzero(labels == label).tolist() for label in np.unique(labels)
        )


def test_same_seed_same_sheet():
    first, second, other = (draw_sheet(seed, size=(400, 300)) for seed in (11, 11, 12))
    np.testing.assert_array_equal(first[0], second[0])
    np.testing.assert_array_equal(first[1].wires, second[1].wires)
    np.testing.assert_array_equal(first[1].junctions, second[1].junctions)
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("size", [(32, 32), (64, 300), (2000, 200)])
def test_odd_sizes(size):
    image, annotation = draw_sheet(1, size=size)
    assert image.shape == annotation.image_shape == (size[1], size[0])
    assert image.dtype == np.uint8


def test_unknown_style_names_the_choices():
    with pytest.raises(ValueError, match="kicad"):
        draw_sheet(1, style="crayon")


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
    command = (BUNDLED.parent / "README.md").read_text(encoding="utf-8")
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
