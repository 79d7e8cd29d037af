"""The folder of a run: made ready, never overwritten unless the user says so, and then cleared file by file."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from wire_detection.sheets.safe_files import remove_unfinished

RESULTS = (
    "run.json",
    "models/*.h5",
    "training_state.npz",
    "*_architecture.json",
    "*_history.json",
    "*_history.csv",
    "*_training_history.png",
    "recommendation.json",
    "evaluation.json",
    "evaluation.csv",
    "evaluation_*.png",
    "overlays/*.png",
    "overlays/*.json",
    "report.html",
)
"""Patterns of the files of a run, inside its folder; `tensorboard`, a folder, belongs to it too."""


class RunFolderError(ValueError):
    """A folder that holds the results of another run; the message is one line that says what to do."""


def results_in(folder: str | Path) -> list[Path]:
    """The files of an earlier run in `folder`, sorted."""
    return sorted({path for pattern in RESULTS for path in Path(folder).glob(pattern) if path.is_file()})


def refuse_results(folder: str | Path) -> None:
    """Raise RunFolderError when `folder` holds the results of a run."""
    found = results_in(folder)
    if found:
        raise RunFolderError(
            f"{folder}: holds the results of a run ({found[0].relative_to(folder)}); go on with it by "
            "--resume, replace it by --overwrite, or give another --experiment_dir"
        )


def remove_results(folder: str | Path) -> None:
    """Remove the files of an earlier run from `folder`, and no others."""
    for path in results_in(folder):
        path.unlink()
    shutil.rmtree(Path(folder) / "tensorboard", ignore_errors=True)


def make_ready(folder: str | Path) -> None:
    """Make `folder` if need be, and take what killed processes left half written anywhere in it.

    Raises:
        OSError: now rather than after hours, when nothing can be written there.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):  # without a name, which a kill would leave
        pass
    remove_unfinished(folder)
