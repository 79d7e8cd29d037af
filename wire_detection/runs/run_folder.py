"""What a training leaves in its folder: never overwritten unless the user says so, and then removed by name."""

from __future__ import annotations

import shutil
from pathlib import Path

RESULTS = ("run.json", "models/*.h5", "training_state.npz", "*_architecture.json", "*_history.json", "*_history.csv",
           "*_training_history.png", "evaluation.json", "evaluation.csv", "evaluation_*.png", "overlays/*.png")
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
        raise RunFolderError(f"{folder}: holds the results of a run ({found[0].relative_to(folder)}); go on with it by "
                             "--resume, replace it by --overwrite, or give another --experiment_dir")


def remove_results(folder: str | Path) -> None:
    """Remove the files of an earlier run from `folder`, and no others."""
    for path in results_in(folder):
        path.unlink()
    shutil.rmtree(Path(folder) / "tensorboard", ignore_errors=True)
