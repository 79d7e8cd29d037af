"""Imports run down the list of rooms, the doors stand above them, and nothing heavy loads before it must."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from wire_detection.paths import CHECKOUT

PACKAGE = "wire_detection"

ROOMS = (
    "defaults",
    "paths",
    "sheets",
    "runs",
    "annotations",
    "pictures",
    "classic",
    "formats",
    "drawing",
    "networks",
    "windows",
    "reading",
    "scoring",
    "training",
    "command",
)
"""Each room may import those before it; `defaults` and `paths` are single files."""

DOORS = ("enhanced_models", "custom_annotation_format", "enhanced_data_pipeline", "train_wire_detection")
"""Each door may import all rooms, and the doors before it."""


def imported_modules(path: Path) -> set[str]:
    """The package's own modules and the doors that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names if is_module(f"{node.module}.{alias.name}")}
    return {name for name in found if name.split(".")[0] in (PACKAGE, *DOORS) and is_module(name)}


def is_module(name: str) -> bool:
    """Whether a dotted name is a file of the package or a door, and no folder."""
    return (CHECKOUT / f"{name.replace('.', '/')}.py").is_file()


def files_of(room: str) -> list[Path]:
    folder = CHECKOUT / PACKAGE / room
    return sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]


def room_of(module: str) -> str:
    """The room that a module of the package lies in, or the name of a door."""
    parts = module.split(".")
    return parts[1] if parts[0] == PACKAGE else parts[0]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(CHECKOUT).with_suffix("").parts)


def test_every_room_and_door_has_its_place_in_the_order():
    package = CHECKOUT / PACKAGE
    rooms = {p.name for p in package.iterdir() if p.is_dir() and p.name != "__pycache__"}
    files = {p.stem for p in package.glob("*.py")} - {"__init__"}
    assert rooms | files == set(ROOMS)
    assert {path.stem for path in CHECKOUT.glob("*.py")} == set(DOORS)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_itself_and_rooms_below(room):
    allowed = set(ROOMS[: ROOMS.index(room) + 1])
    above = {
        (module_name(path), module)
        for path in files_of(room)
        for module in imported_modules(path)
        if room_of(module) not in allowed
    }
    assert above == set()


@pytest.mark.parametrize("door", DOORS)
def test_a_door_imports_rooms_and_the_doors_before_it(door):
    allowed = {*ROOMS, *DOORS[: DOORS.index(door)]}
    assert {room_of(module) for module in imported_modules(CHECKOUT / f"{door}.py")} <= allowed


def test_no_circle_within_a_room():
    """Files whose imports all lead to files taken away already are taken away, until none or a circle is left."""
    left = {module_name(path): imported_modules(path) for room in ROOMS for path in files_of(room)}
    while leaves := [module for module, imports in left.items() if not imports & left.keys()]:
        for module in leaves:
            del left[module]
    assert left == {}


def test_the_init_files_of_rooms_are_empty():
    assert [path for path in (CHECKOUT / PACKAGE).glob("*/**/__init__.py") if path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("train_wire_detection", ["numpy", "cv2", "scipy", "tensorflow", "keras", "albumentations", "matplotlib"]),
        ("wire_detection.windows.drawn_dataset", ["tensorflow", "keras"]),
    ],
)
def test_heavy_libraries_wait_until_they_are_needed(module, heavy):
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=CHECKOUT, check=True)
    assert result.stdout.strip() == "[]"
