"""The folder of a run: made ready, never overwritten unless the user says so, and then cleared file by file."""

from __future__ import annotations

import shutil
from pathlib import Path

from wire_detection.sheets.safe_files import remove_unfinished, replacing

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


def check_writable(folder: str | Path) -> None:
    """Make `folder` if need be, and raise OSError now rather than after hours when nothing can be written there."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(folder / "write_test") as temporary:
        temporary.touch()
    (folder / "write_test").unlink(missing_ok=True)  # another process may test the same folder


def prepare_folder(folder: str | Path, *, may_hold_run: bool) -> None:
    """Make `folder`, which is locked, ready for a run; one that it holds is refused unless `may_hold_run`."""
    remove_unfinished(folder)
    if not may_hold_run:
        refuse_results(folder)
