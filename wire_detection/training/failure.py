"""What stops a training, told in one line: a full disk, too little memory, a loss that is no number, a lost sheet."""

from __future__ import annotations

import contextlib
import errno
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

NO_SPACE = (errno.ENOSPC, errno.EDQUOT)

OUT_OF_MEMORY = re.compile("MemoryError|RESOURCE_EXHAUSTED")
"""What an exception says of too little memory that arrives as a text, or from JAX."""

NO_ANSWER = re.compile("gloo|nccl|connection (closed|reset)|coordination service|heartbeat|peer", re.IGNORECASE)
"""What an exception of JAX says of another process that does not answer any more."""

LOST_PROCESS = "another process of this training has ended; when all have, start them again with --resume"


class TrainingError(RuntimeError):
    """A training that cannot go on; the message is one line that says what, where and what to do."""


@contextlib.contextmanager
def failures_explained(*, folder: str | Path, batch_size: int, image_size: tuple[int, int]) -> Iterator[None]:
    """Turn what libraries raise in this block into a TrainingError, where its cause is known."""
    try:
        yield
    except Exception as error:
        message = _explanation(error, Path(folder), batch_size, image_size)
        if message is None:
            raise
        raise TrainingError(message) from error


def _explanation(error: Exception, folder: Path, batch_size: int, image_size: tuple[int, int]) -> str | None:
    text = str(error)
    if getattr(error, "errno", None) in NO_SPACE or "No space left on device" in text:
        return full_disk(folder)
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError" or OUT_OF_MEMORY.search(text):
        return out_of_memory(batch_size, image_size)
    if type(error).__module__.startswith("jax") and NO_ANSWER.search(text):
        return LOST_PROCESS
    if type(error).__module__.startswith("tensorflow"):  # a Sequence's exception arrives as a text of many lines
        causes = re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception): (.+)$", text, re.MULTILINE)
        return causes[-1] if causes else text.strip().splitlines()[0]
    return None


def full_disk(folder: Path) -> str:
    """What to say when `folder` cannot take another file."""
    free_mb = shutil.disk_usage(folder).free / 2**20
    return (
        f"{folder}: the disk is full ({free_mb:.1f} MB free); what was saved before is whole: make room, then go "
        f"on with --resume --experiment_dir {shlex.quote(str(folder))}"
    )


def out_of_memory(batch_size: int, image_size: tuple[int, int]) -> str:
    """What to say when a step did not fit, with the batch and the window to try."""
    height, width = (max(64, side // 2 // 32 * 32) for side in image_size)
    remedies = [f"--batch_size {batch_size // 2}"] if batch_size > 1 else []
    if (height, width) != tuple(image_size):
        remedies.append(f"--image_size {height} {width}")
    remedies.append("--model_size small")
    return (
        f"out of memory with --batch_size {batch_size} and --image_size {image_size[0]} {image_size[1]}; "
        f"train anew with {' or '.join(remedies)} and --overwrite"
    )


def wrong_loss(value: float, *, epoch: int, place: str, names: list[str], folder: Path) -> str:
    """What to say when the loss of a step is not finite; `epoch` counts from 1."""
    sheets = ", ".join(dict.fromkeys(names))
    kept = f"the models and the state of epoch {epoch - 1} in {folder} are kept: " if epoch > 1 else ""
    return (
        f"epoch {epoch}, {place}: the loss is {value}, on windows of {sheets}; {kept}look at these sheets with "
        "--check_data, or train anew with a lower --learning_rate and --overwrite"
    )
