"""The record of a training: its arguments, seed, split, versions and machine, in run.json of its folder."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from wire_detection.paths import CHECKOUT
from wire_detection.runs.versions import LIBRARIES, versions_of
from wire_detection.sheets.safe_files import write_json

RUN_FILE = "run.json"
PATHS = ("data_dir", "annotation_dir", "experiment_dir")
"""Arguments that are recorded as absolute paths, so that the run is found again from any working directory."""

PACKAGES = (*LIBRARIES, "albumentations", "scikit-learn", "scipy")


class RunError(ValueError):
    """A folder whose run cannot be begun or resumed; the message is one line that says why and what to do."""


class RunRecord:
    """What run.json of a folder says, or will say."""

    def __init__(
        self,
        folder: str | Path | None,
        *,
        arguments: Mapping[str, object],
        seed: int = 0,
        split: Mapping[str, list[str]] | None = None,
    ):
        self.folder = None if folder is None else Path(folder)
        self.arguments = {name: as_recorded(name, value) for name, value in arguments.items()}
        self.seed = seed
        self.split = None if split is None else dict(split)
        self.exit_reason = "finished"
        self._started: str | None = None
        self._resumed: list[str] = []

    @classmethod
    def beside_model(cls, model_path: str | Path) -> RunRecord:
        """The record of the run that made `FOLDER/models/NAME.h5`; an empty one when there is none."""
        folder = Path(model_path).resolve().parent.parent
        try:
            content = json.loads((folder / RUN_FILE).read_text(encoding="utf-8"))
            arguments, split = dict(content["arguments"]), {key: list(names) for key, names in content["split"].items()}
            return cls(folder, arguments=arguments, seed=int(content["seed"]), split=split)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return cls(None, arguments={})

    @classmethod
    def to_resume(cls, folder: str | Path) -> RunRecord:
        """The record of the run in `folder`, which goes on now.

        Raises:
            RunError: when there is none, or it cannot be read.
        """
        path = Path(folder) / RUN_FILE
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            record = cls(
                folder, arguments=dict(content["arguments"]), seed=int(content["seed"]), split=content["split"]
            )
            record._started, record._resumed = str(content["started"]), [*content.get("resumed", []), _now()]
        except FileNotFoundError:
            raise RunError(
                f"{path}: not there, so nothing to resume; check --experiment_dir, or leave out --resume to begin"
            ) from None
        except (OSError, ValueError, KeyError, TypeError, OverflowError) as error:
            raise RunError(f"{path}: not a record of a run ({error}); train anew with --overwrite") from None
        return record

    @classmethod
    def of_run(cls, folder: str | Path, *, arguments: Mapping[str, object], seed: int, resume: bool) -> RunRecord:
        """The record of a run in `folder` that begins with these arguments or, with `resume`, goes on with them.

        Raises:
            RunError: when there is nothing to resume.
        """
        own = cls(folder, arguments=arguments, seed=seed)
        if not resume:
            return own
        record = cls.to_resume(folder)
        record.arguments = own.arguments
        return record

    def trained_on(self, data_dir: str | Path | None) -> bool:
        """Whether the sheets of `data_dir`, or where it is None those of its own folder, were split by this run."""
        own = self.arguments.get("data_dir")
        same = data_dir is None or own is not None and Path(data_dir).resolve() == Path(own).resolve()
        return self.split is not None and same

    def history(self) -> dict[str, list[float]]:
        """What the run has noted after each epoch, values by key; {} where that cannot be read."""
        try:
            path = self.folder / f"{self.arguments['model_type']}_history.json"
            return {key: [float(value) for value in values] for key, values in json.loads(path.read_text()).items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}

    def begin(self) -> None:
        """Write the record of a run that begins or goes on now."""
        self._started = self._started or _now()
        self._write(exit_reason="running")

    def set_split(self, split: Mapping[str, list[str]]) -> None:
        """Write which sheets are trained on and which are held out.

        Raises:
            RunError: when the run, which is resumed, began with others.
        """
        if self.split is not None and self.split != dict(split):
            changed = {name for key in split for name in set(self.split.get(key, [])) ^ set(split[key])}
            raise RunError(
                f"{self.folder / RUN_FILE}: the sheets have changed since this run began "
                f"({', '.join(sorted(changed)[:3])}); put them back, or train anew with --overwrite"
            )
        self.split = dict(split)
        self._write(exit_reason="running")

    @contextlib.contextmanager
    def ending(self) -> Iterator[None]:
        """Write that the run has begun; when the block ends, that it has ended and why: `exit_reason`, or the error."""
        self.begin()
        try:
            yield
        except BaseException as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            self.exit_reason = "interrupted" if interrupted else f"error: {' '.join(str(error).split())}"
            with contextlib.suppress(OSError):  # on a full disk the error itself is what must be told
                self._write(exit_reason=self.exit_reason, ended=_now())
            raise
        self._write(exit_reason=self.exit_reason, ended=_now())

    def _write(self, **state: str) -> None:
        write_json(
            self.folder / RUN_FILE,
            {
                "arguments": self.arguments,
                "seed": self.seed,
                "split": self.split,
                "versions": versions_of(PACKAGES),
                "machine": {"platform": platform.platform(), "processors": os.cpu_count()},
                "commit": _commit(),
                "command": sys.argv,
                "started": self._started,
                **({"resumed": self._resumed} if self._resumed else {}),
                **state,
            },
        )


def as_recorded(name: str, value: object) -> object:
    """The value of the argument `name` as run.json holds it."""
    if name in PATHS and value is not None:
        return os.path.abspath(value)
    return str(value) if isinstance(value, Path) else value


def _commit() -> str:
    """The commit of the checkout that this file lies in."""
    try:
        result = subprocess.run(
            ["git", "-C", str(CHECKOUT), "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10
        )
        return result.stdout.strip() or "not a checkout"
    except (OSError, subprocess.SubprocessError):
        return "not a checkout"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
