"""What a model file must be to serve as a network here, whatever runs it. Neither runtime is imported."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from wire_detection.networks.tasks import TASKS
from wire_detection.sheets.normalise import PREPARATION

OUTPUTS = {name for name, task in TASKS.items() if task.is_required}
"""What a model must give to be used by the reader; it may give more."""

STATEMENT = "sheet_preparation"
"""Name under which a `.h5` and an exported model state PREPARATION."""


LONGEST_TOLD = 200
"""Characters that are told of a stated preparation, which may be anything in a stranger's file; ours has fewer."""


class ModelFileError(ValueError):
    """A model file that cannot be used; the message is one line that names the file and the reason."""


def check_contract(path: Path, outputs: Collection[str], preparation: str) -> None:
    """Refuse the model at `path` unless it has the OUTPUTS and was trained on sheets prepared as they are now.

    Raises:
        ModelFileError: when it does not serve.
    """
    if not OUTPUTS <= set(outputs):
        raise ModelFileError(f"{path}: not a model of this package, whose outputs are {' and '.join(sorted(OUTPUTS))}")
    if preparation != PREPARATION:
        raise ModelFileError(
            f"{path}: trained on sheets prepared as {preparation[:LONGEST_TOLD]!r}, and this version prepares them "
            f"as {PREPARATION!r}; train it again"
        )
