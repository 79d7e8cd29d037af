"""The shipped network annotates, where it is there and fits."""

from __future__ import annotations

import logging

from tests.helpers.circuit import circuit
from wire_detection.reading import annotate_by_network as module
from wire_detection.reading.annotate_by_network import annotate_by_network, find_network
from wire_detection.reading.read_sheet import read_sheet
from wire_detection.sheets.picture import Picture


def test_it_says_what_read_sheet_says_and_by_which_file():
    network = find_network()
    found = annotate_by_network(Picture(circuit()), "folder/one.png", network=network)
    read = read_sheet(circuit())
    assert found.image_path == "folder/one.png"
    assert found.metadata == {**read.metadata, "model": "unet_small.onnx"}
    assert found.wires.tolist() == read.wires.tolist()


def test_a_network_that_does_not_fit_is_told_and_not_used(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(module, "model_file", lambda *asked: tmp_path / "unet_small.onnx")
    with caplog.at_level(logging.WARNING):
        assert find_network() is None
    assert "unet_small.onnx: no such model file" in caplog.text and "annotating by rules alone" in caplog.text
