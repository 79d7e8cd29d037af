"""Imports run downwards only, and the entry script loads nothing heavy before it must."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

ORDER = (
    # leaves
    "safe_files", "stop_signal", "run_folder", "training_failure", "memory_usage", "history_plot", "run_record",
    "wire_geometry", "sheet_image", "text_detection",
    # networks
    "enhanced_models", "model_files", "training_callbacks", "training_state",
    # classic detection
    "stroke_detection", "letter_filter", "diagonal_detection", "junction_detection", "stroke_graph", "symbol_filter",
    "wire_confidence", "hough_detection",
    # annotations, scores, pictures
    "wire_plots", "wire_metrics", "score_summary", "evaluation_curves", "custom_annotation_format",
    # annotations of other programs
    "sheet_folder", "foreign_annotation", "oriented_boxes", "labelme_format", "coco_format", "yolo_format",
    "mask_files", "svg_drawing", "annotation_converters",
    # drawing
    "schematic_drawing", "schematic_text", "schematic_words", "schematic_symbols", "schemdraw_symbols",
    "schematic_style", "schematic_block", "schematic_circuits", "sheet_furniture", "schematic_layout",
    "schematic_canvas", "sheet_degradation", "schematic_synthesis",
    # training, prediction
    "sheet_windows", "data_check", "enhanced_data_pipeline", "drawn_dataset", "synthetic_sequence", "bar_pieces",
    "piece_features", "stroke_judge", "map_vectors", "wire_prediction", "model_evaluation", "prediction_batch",
    "command_line", "train_wire_detection",
)
"""Every file may import those before it."""


def imports(name: str) -> set[str]:
    """The package's own files that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / f"{name}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found & set(ORDER)


def test_the_order_names_every_file():
    assert sorted(ORDER) == sorted(path.stem for path in ROOT.glob("*.py"))


@pytest.mark.parametrize("name", ORDER)
def test_a_file_imports_only_earlier_ones(name):
    assert imports(name) <= set(ORDER[:ORDER.index(name)])


def test_the_networks_stand_alone():
    assert imports("enhanced_models") == set()


@pytest.mark.parametrize(("module", "heavy"), [
    ("train_wire_detection", ["tensorflow", "keras", "albumentations", "matplotlib", "sklearn"]),
    ("command_line", ["tensorflow", "keras", "albumentations", "matplotlib", "sklearn"]),
    ("drawn_dataset", ["tensorflow", "keras"]),
])
def test_heavy_libraries_wait_until_they_are_needed(module, heavy):
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert result.stdout.strip() == "[]"
