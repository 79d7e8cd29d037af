"""A model file is walked as data, in a process of its own, before Keras sees it; what no model holds is told."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from wire_detection.networks import hdf5_contents
from wire_detection.networks.hdf5_contents import examine, find_fault
from wire_detection.paths import SHIPPED_WEIGHTS


def weights(file: h5py.File) -> h5py.Group:
    """The group of one layer as Keras writes it, with one weight."""
    layer = file.create_group("model_weights/conv")
    layer.create_dataset("conv/kernel", data=np.ones((3, 4), np.float32))
    layer.attrs["weight_names"] = np.array([b"conv/kernel"])
    return layer


def external_link(layer):
    layer["conv/more"] = h5py.ExternalLink("/etc/other.h5", "/a")


def soft_link(layer):
    layer["conv/more"] = h5py.SoftLink("/model_weights/conv/conv/kernel")


def virtual(layer):
    layout = h5py.VirtualLayout((4,), np.float32)
    layout[:] = h5py.VirtualSource("/etc/other.h5", "a", (4,))
    layer.create_virtual_dataset("conv/more", layout)


def stored_elsewhere(layer):
    layer.create_dataset("conv/more", (4,), np.uint8, external=[("/etc/passwd", 0, 4)])


def references(layer):
    layer.create_dataset("conv/more", data=np.array([layer.ref], h5py.ref_dtype))


def referring_attribute(layer):
    layer.attrs["more"] = layer.ref


def many_references(layer):
    layer.attrs["more"] = np.array([layer.ref] * 9, h5py.ref_dtype)


def texts(layer):
    layer.create_dataset("conv/more", data="text")


def named_type(layer):
    layer["conv/more"] = np.dtype(np.float32)


def more_than_the_file(layer):
    space = h5py.h5s.create_simple((2**20,))
    h5py.h5d.create(layer.id, b"more", h5py.h5t.IEEE_F32LE, space)  # never written: it takes no place


def more_than_a_gibibyte(layer):
    layer.create_dataset("more", (2**29,), np.float32)


def compressed(layer):
    layer.create_dataset("conv/more", data=np.zeros(2**20, np.uint8), compression="gzip")


def chunk_larger_than_its_set(layer):
    layer.create_dataset("conv/more", (1,), np.float32, chunks=(2**28,), maxshape=(None,))


def one_weight_twice(layer):
    layer["conv/more"] = layer["conv/kernel"]


def circle(layer):
    layer["conv/more"] = layer


def read_a_thousand_times(layer):
    layer.attrs["weight_names"] = np.array([b"conv/kernel"] * 1000)


def read_from_another_layer(layer):
    layer.attrs["weight_names0"] = np.array([b"../kernel"])


@pytest.mark.parametrize(
    ("hostile", "told"),
    [
        (external_link, "'/model_weights/conv/conv/more' is a link (ExternalLink)"),
        (soft_link, "is a link (SoftLink)"),
        (virtual, "takes its numbers from other files"),
        (stored_elsewhere, "takes its numbers from other files"),
        (references, "holds no plain numbers, but references"),
        (
            referring_attribute,
            "the attribute '/model_weights/conv/more' holds neither numbers nor texts, but references",
        ),
        (many_references, "holds neither numbers nor texts, but references"),
        (texts, "holds no plain numbers"),
        (named_type, "neither a group nor a data set"),
        (more_than_the_file, "declares 4194352 bytes of numbers, more than"),
        (more_than_a_gibibyte, "declares 2147483696 bytes of numbers, more than"),
        (compressed, "may be compressed"),
        (chunk_larger_than_its_set, "may be compressed"),
        (one_weight_twice, "under another name too"),
        (circle, "under another name too"),
        (read_a_thousand_times, "lists other weights than it holds"),
        (read_from_another_layer, "lists other weights than it holds"),
    ],
)
def test_what_no_model_holds_is_told_in_one_line(tmp_path, hostile, told):
    path = tmp_path / "model.h5"
    with h5py.File(path, "w") as file:
        layer = weights(file)
    assert find_fault(path) == ""
    with h5py.File(path, "r+") as file:
        layer = file["model_weights/conv"]
        hostile(layer)
    assert path.stat().st_size < 20_000
    assert told in (said := find_fault(path)) and "\n" not in said


def test_a_large_file_is_bounded_by_a_gibibyte(tmp_path, monkeypatch):
    with h5py.File(tmp_path / "model.h5", "w") as file:
        weights(file)
    monkeypatch.setattr(hdf5_contents, "MAX_BYTES", 47)
    assert "declares 48 bytes of numbers, more than 47" in find_fault(tmp_path / "model.h5")


def test_one_long_text_that_is_listed_often_is_told():
    with h5py.File("model.h5", "w", driver="core", backing_store=False) as file:
        file.attrs.create("layer_names", ["a" * 90] * 9, dtype=h5py.string_dtype())
        hdf5_contents._Walk(file_bytes=810).visit(file, "")
        with pytest.raises(ValueError, match="'/layer_names' are longer than the file"):
            hdf5_contents._Walk(file_bytes=809).visit(file, "")


def archive(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in {"config.json": b"{}", "metadata.json": b"{}", **members}.items():
            file.writestr(name, data)
    return path


def test_an_archive_holds_three_files_whose_weights_are_walked(tmp_path, monkeypatch):
    with h5py.File(tmp_path / "inner.h5", "w") as file:
        file["vars/0"] = h5py.SoftLink("/")
    inner = {"model.weights.h5": (tmp_path / "inner.h5").read_bytes()}
    assert "is a link" in find_fault(archive(tmp_path / "linked.keras", **inner))
    assert "of other files" in find_fault(archive(tmp_path / "more.keras", **inner, assets=b""))
    monkeypatch.setattr(hdf5_contents, "MAX_BYTES", 100)
    assert "larger than" in find_fault(archive(tmp_path / "large.keras", **inner))


def test_the_shipped_weights_pass(tmp_path):
    assert [find_fault(path) for path in sorted(SHIPPED_WEIGHTS.glob("*.h5"))] == ["", "", ""]


def test_another_process_says_the_same(tmp_path):
    with h5py.File(tmp_path / "-model.h5", "w") as file:
        weights(file)
    (tmp_path / "damaged.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(range(256)))
    assert examine(tmp_path / "-model.h5") == ""
    assert examine(tmp_path / "damaged.h5") == find_fault(tmp_path / "damaged.h5") != ""


@pytest.mark.parametrize(
    ("end", "told"), [("kill -SEGV $$", "SIGSEGV"), ("kill -XCPU $$", "after 30 s"), ("exit 1", "code 1")]
)
def test_a_crash_of_that_process_is_told_in_one_line(tmp_path, monkeypatch, end, told):
    crashing = tmp_path / "python"
    crashing.write_text(f"#!/bin/sh\n{end}\n")
    crashing.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(crashing))
    assert told in (said := examine(tmp_path / "model.h5")) and "\n" not in said


def test_that_process_gets_so_much_memory_and_no_more():
    code = "import runpy, sys; runpy.run_path(sys.argv[1])['_limit_process'](); bytearray(2**32)"
    told = subprocess.run([sys.executable, "-c", code, hdf5_contents.__file__], capture_output=True, text=True)
    assert told.returncode == 1 and told.stderr.strip().endswith("MemoryError")
