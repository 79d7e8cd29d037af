"""What the user reads: log lines, errors in one line, and what to type next."""

from __future__ import annotations

import logging
import os
import shlex
import sys
from pathlib import Path

from wire_detection.runs.run_record import RUN_FILE

PROGRAM = "train_wire_detection.py"
PARENT_LOGGER = "wire_detection"
"""Every logger of the package and of the doors lies below this one."""


def setup_logging(debug: bool) -> None:
    """Messages of this program to stderr, past any progress bar that is being drawn."""
    from tqdm import tqdm

    class BarHandler(logging.Handler):
        def emit(self, record):
            tqdm.write(self.format(record), file=sys.stderr)

    handler = BarHandler()
    handler.setFormatter(logging.Formatter("%(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("absl").setLevel(logging.ERROR)  # Keras calls .h5, the format asked for, a legacy one
    logging.getLogger(PARENT_LOGGER).setLevel(logging.DEBUG if debug else logging.INFO)


def complain(text: str) -> None:
    """One line on stderr, past a progress bar that is left over."""
    from tqdm import tqdm

    tqdm.write(f"{PROGRAM}: {text}", file=sys.stderr)


def in_words(error: Exception) -> str:
    """What went wrong, where, and where it is not in the message already, what to do."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}; check this path, its permissions and its disk"
    expected = isinstance(error, ValueError | OSError | RuntimeError)
    return ("" if expected else f"{type(error).__name__}: ") + " ".join(str(error).split())


def print_next_steps(folder: Path, best: Path, what_it_is: str) -> None:
    """Where everything of the run in `folder` lies, what its model `best` is, and what to type next with it."""
    print("\nResults")
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and "tensorboard" not in p.parts):
        print(f"  {path}")
    print(f"  {folder / 'tensorboard'}{os.sep}")
    print(f"\nRecommended\n  {best} {what_it_is}")
    model, experiment = shlex.quote(str(best)), shlex.quote(str(folder))
    print("\nNext")
    print(f"  {script_command()} --evaluate {model}")
    print(f"  {script_command()} --predict IMAGE_OR_FOLDER --model {model} --experiment_dir {experiment}")
    print(
        f"  {_as_typed(Path(sys.executable).with_name('tensorboard'))} --logdir "
        f"{shlex.quote(str(folder / 'tensorboard'))}"
    )


def how_to_go_on(folder: str | Path) -> str:
    """What to type to go on with the stopped run in `folder`, to follow a message; nothing where none was begun."""
    if not (Path(folder) / RUN_FILE).exists():
        return ""
    return f"; go on with: {script_command()} --resume --experiment_dir {shlex.quote(str(folder))}"


def script_command() -> str:
    """What starts the training script again, with the same Python, from the working directory."""
    from wire_detection.paths import CHECKOUT

    return f"{_as_typed(Path(sys.executable))} {_as_typed(CHECKOUT / PROGRAM)}"


def _as_typed(path: Path) -> str:
    """The path for a shell, relative where it lies below the working directory."""
    return shlex.quote(str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path))
