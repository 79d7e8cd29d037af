"""What is installed: the versions of this program and of libraries, none of which is imported, and which weights."""

from __future__ import annotations

import platform
import tomllib
from collections.abc import Iterable
from importlib import metadata

from wire_detection.paths import CHECKOUT, SHIPPED_WEIGHTS, file_sum, shipped_sums

PROGRAM = "wire-detection"
LIBRARIES = ("tensorflow", "keras", "onnxruntime", "numpy", "opencv-python-headless")
"""What results depend on most."""


def versions_of(packages: Iterable[str]) -> dict[str, str]:
    """The versions of Python and of installed packages."""
    return {"python": platform.python_version(), **{package: _version(package) for package in packages}}


def format_versions() -> str:
    """A line each for this program, Python, the LIBRARIES, and the shipped weights with their SHA-256 sums."""
    versions = {PROGRAM: own_version(), **versions_of(LIBRARIES)}
    lines = [f"{name} {version}" for name, version in versions.items()]
    for name, stated in shipped_sums().items():
        path = SHIPPED_WEIGHTS / name
        found = file_sum(path) if path.is_file() else "missing"
        lines.append(f"{name} {found}" + ("" if found == stated else f" (shipped was {stated})"))
    return "\n".join(lines)


def own_version() -> str:
    """The version of this program: of the checkout that it runs in, or as it is installed."""
    project = CHECKOUT / "pyproject.toml"
    if project.is_file():
        return tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]
    return _version(PROGRAM)


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
