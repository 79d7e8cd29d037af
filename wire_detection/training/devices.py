"""A training on several devices: those of this machine, and those of other processes, here or on other machines.

Every process runs the same program with the weights whole (keras.distribution.DataParallel, which needs JAX), prepares
its part of each batch, and takes the step of the whole batch. The first one writes; each of the others writes what it
would into a folder that goes with it.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from wire_detection.runs.run_record import RUN_FILE
from wire_detection.runs.stop_signal import Stopped
from wire_detection.training.failure import LOST_PROCESS, TrainingError
from wire_detection.training.gpu import setup_gpu
from wire_detection.training.last_word import LastWord
from wire_detection.training.state import FILE_NAME
from wire_detection.windows.sequences import BatchPart, WindowSequence

log = logging.getLogger(__name__)

JOIN_S = 3600
"""So long processes wait for one another at the beginning: the first may annotate the sheets meanwhile."""

STEP_S = 600
"""So long the step of a process on processors waits for that of another, which may be compiling, or writing what an
epoch leaves on a slow disk; JAX ends a process after 40."""

XLA_FLAGS = (
    f"--xla_cpu_collective_timeout_seconds={STEP_S} --xla_cpu_collective_call_terminate_timeout_seconds={STEP_S}"
)


@dataclass(frozen=True)
class Devices:
    """What a training runs on.

    count: devices of this process, None for all it sees
    coordinator: address of the first process, HOST:PORT; None where this one is alone
    processes, process: how many there are, and which of them this is, counted from 0
    """

    count: int | None = 1
    coordinator: str | None = None
    processes: int = 1
    process: int = 0

    def prepare(self, gpu_memory_limit: int | None) -> None:
        """Set this machine's GPUs up; with other processes that is done as soon as they are connected.

        Raises:
            TrainingError: where what this is needs JAX, and Keras has another backend.
        """
        self._refuse_other_backends()
        if self.coordinator is None:
            setup_gpu(gpu_memory_limit)

    @contextlib.contextmanager
    def spread(self, folder: str | Path, batch_size: int) -> Iterator[Path]:
        """Let networks that are made within this block be trained on all devices; give the folder to write into.

        `folder` is that of the run, whose state a training goes on from.

        Raises:
            TrainingError: where this machine or the batch do not allow it, or another process was lost.
        """
        if self == Devices():
            yield Path(folder)
            return
        self._refuse_other_backends()
        with self._joined(), self._own_folder(Path(folder)) as own:
            chosen = self._chosen(batch_size)
            if self.coordinator is not None:
                _introduce(chosen)
            log.info("training on %d devices of %d processes", len(chosen), self.processes)
            names = [f"{device.platform}:{device.id}" for device in chosen]
            keras.distribution.set_distribution(
                keras.distribution.DataParallel(devices=names, auto_shard_dataset=False)
            )
            try:
                yield own
            finally:
                keras.distribution.set_distribution(None)

    def _refuse_other_backends(self) -> None:
        if self != Devices() and keras.config.backend() != "jax":
            raise TrainingError(
                f"training on several devices needs JAX, not {keras.config.backend()}: "
                "pip install 'wire-detection[jax]', and set the environment variable KERAS_BACKEND=jax"
            )

    def count_here(self) -> int:
        """How many devices this process trains on."""
        if self.count is not None:
            return self.count
        import jax

        return jax.local_device_count()

    def _chosen(self, batch_size: int) -> list:
        """The devices of all processes, those of the first one first."""
        import jax

        count = self.count_here()
        if count > jax.local_device_count():
            raise TrainingError(f"--devices {count}: this process sees {jax.local_device_count()}")
        chosen = [device for process in range(self.processes) for device in jax.local_devices(process)[:count]]
        if batch_size % len(chosen):
            near = -(-batch_size // len(chosen)) * len(chosen)
            raise TrainingError(
                f"--batch_size {batch_size}: {len(chosen)} devices share each batch evenly; near: {near}"
            )
        return chosen

    @contextlib.contextmanager
    def _joined(self) -> Iterator[None]:
        """Connect the processes; when the block fails, end this one without waiting for the others."""
        if self.coordinator is None:
            yield
            return
        last_word = LastWord(f"error: {LOST_PROCESS}", self.coordinator) if self.process else None
        try:
            self._connect()
            setup_gpu()
            yield
        except BaseException as error:
            # what libraries registered before would wait for the others
            atexit.register(_end, error.exit_code if isinstance(error, Stopped) else 1, last_word)
            raise
        if self.process:  # the first one, which the others report to, does so when it ends, after scoring
            import jax

            jax.distributed.shutdown()
            last_word.take_back()

    def _connect(self) -> None:
        """Wait for the other processes and connect with them."""
        import jax

        jax.config.update("jax_enable_recoverability", True)  # else native code ends each when any one is lost
        os.environ["XLA_FLAGS"] = f"{XLA_FLAGS} {os.environ.get('XLA_FLAGS', '')}"  # of two that differ the last holds
        where = self.coordinator, self.processes, self.process
        try:
            jax.distributed.initialize(*where, initialization_timeout=JOIN_S)
        except RuntimeError as error:
            raise TrainingError(
                f"--coordinator {self.coordinator}: the {self.processes} processes cannot be connected "
                f"({str(error).splitlines()[0]})"
            ) from error

    @contextlib.contextmanager
    def _own_folder(self, folder: Path) -> Iterator[Path]:
        """The folder of the run for the first process; one that goes with it, and holds the run's state, for others."""
        if not self.process:
            yield folder
            return
        with tempfile.TemporaryDirectory() as own:
            for name in (RUN_FILE, FILE_NAME):
                with contextlib.suppress(FileNotFoundError):
                    shutil.copy(folder / name, own)
            yield Path(own)


def _introduce(devices: list) -> None:
    """Have the devices of all processes compute together once, as steps and `refuse_different_windows` do later.

    The first time connects them, for which JAX on processors waits half a minute: now all are here, while later one
    may have read its sheets, or compiled its step, sooner than another.
    """
    import jax
    from jax.experimental import multihost_utils
    from jax.sharding import Mesh, NamedSharding, PartitionSpec

    shared = NamedSharding(Mesh(np.array(devices), "all"), PartitionSpec("all"))
    ones = jax.make_array_from_callback((len(devices),), shared, lambda place: np.ones(1, np.float32))
    jax.block_until_ready(jax.jit(jax.numpy.sum)(ones))
    multihost_utils.process_allgather(np.ones(1, np.float32))


def _end(code: int, last_word: LastWord | None) -> None:
    """End this process, which has said why, at once."""
    if last_word is not None:
        last_word.take_back()
    os._exit(code)


def part_of_batch() -> BatchPart | None:
    """Which part of each batch this process prepares; None where batches need not be full.

    JAX compiles anew for every shape of a batch, so that there it is the whole batch for a single process.
    """
    if keras.config.backend() != "jax":
        return None
    import jax

    return BatchPart(jax.process_index(), jax.process_count())


def refuse_different_windows(*sequences: WindowSequence) -> None:
    """Raise TrainingError where processes would train on different windows, and wait for one another for ever."""
    if keras.distribution.distribution() is None:
        return
    from jax.experimental import multihost_utils

    told = repr([(windows.num_windows, windows.batch_size, windows.image_size, windows.seed) for windows in sequences])
    sums = multihost_utils.process_allgather(np.array([zlib.crc32(told.encode())], np.uint32))
    if len(np.unique(sums)) > 1:
        raise TrainingError("the processes see different sheets or were given different flags; they must be the same")
