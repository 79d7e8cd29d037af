"""Processes of a Dask cluster that do a task for one sheet after the other, on whatever machines."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from functools import lru_cache, partial

from wire_detection.runs.versions import PROGRAM, own_version, versions_of

LOCAL = "local:"
"""Before a number: so many processes of this machine, in a cluster that is started for them."""

WAIT_S = 120
"""For the scheduler, and for its first worker: a queue of a data centre may take longer to start one than a person."""

DECIDING = ("numpy", "scipy", "opencv-python-headless", "onnxruntime")
"""Libraries of which another version may give other bytes."""


class ClusterError(RuntimeError):
    """A cluster that cannot do the work; the message is one line that says why and what to do."""


class Cluster:
    """The processes of the cluster at `address`, which do `task` for the sheets that are submitted.

    A future raises BrokenExecutor when Dask has given the sheet up: its task killed one worker after the other.

    Args:
        address: of the scheduler, or LOCAL and a number.
        place: a path that every worker must see.

    Raises:
        ClusterError: when there is no scheduler or no worker, or when a worker cannot import this package, does not see
            the place, or has other versions of what decides about results.
    """

    def __init__(self, task: Callable, address: str, place: str | os.PathLike | None):
        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters is told by the loop
        self._local, self._client = _connect(address)
        try:
            from distributed.protocol.pickle import dumps

            self._task = dumps(task)
            self._client.wait_for_workers(1, timeout=WAIT_S)
            self._check(place)
        except TimeoutError:
            self.stop()
            raise ClusterError(
                f"{address}: has no worker after {WAIT_S} seconds; start one: dask worker ADDRESS"
            ) from None
        except BaseException:
            self.stop()
            raise
        self.count = sum(self._client.nthreads().values())

    def _check(self, place: str | os.PathLike | None) -> None:
        """Raise ClusterError when a worker is of no use."""
        mine = _report(None, place)
        told = self._client.run(_report, self._task, place, on_error="return")
        for worker, theirs in told.items():
            if fault := _fault(mine, theirs, place):
                raise ClusterError(f"{worker}: {fault}")

    def restart(self) -> None:
        """Go on after a sheet was given up.

        Raises:
            ClusterError: when the scheduler is gone.
        """
        if self._client.status != "running":
            raise ClusterError("the scheduler of the cluster is gone; start it, and go on with --skip_existing")

    def submit(self, sheet: object) -> Future:
        """Begin the task for a sheet as soon as a worker is free."""
        remote = self._client.submit(_run, self._task, sheet, pure=False)
        future: Future = Future()
        future.remote = remote  # Dask forgets a task of which nobody holds the future
        remote.add_done_callback(partial(_hand_on, future))
        return future

    def stop(self) -> None:
        """Leave the cluster, and end it if it was started here."""
        self._client.close()
        if self._local is not None:
            self._local.close()


def _connect(address: str):
    """Give the cluster, if one is started, and the client."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise ClusterError("--cluster needs Dask; install it: pip install 'wire-detection[cluster]'") from None
    if address.startswith(LOCAL):
        count = int(address.removeprefix(LOCAL))
        local = LocalCluster(
            n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
        )
        return local, Client(local)
    try:
        return None, Client(address, timeout=WAIT_S)
    except (OSError, ValueError) as error:
        raise ClusterError(f"{address}: no scheduler of Dask answers ({' '.join(str(error).split())[:120]})") from None


_SEES = "the place"


def _report(task: bytes | None, place: str | os.PathLike | None) -> dict[str, object]:
    """Tell the versions of this process, and whether it sees a place; raise what hinders the task."""
    if task is not None:
        _loaded(task)
    versions = {PROGRAM: own_version(), **versions_of(DECIDING)}
    return {**versions, _SEES: place is None or os.path.exists(place)}


def _fault(mine: dict[str, object], theirs: dict[str, object] | Exception, place: object) -> str | None:
    """Say what is wrong with a worker, by its report or the error in place of one; None when it serves."""
    if isinstance(theirs, ModuleNotFoundError):
        return (
            f"cannot import {theirs.name}; install this package where the workers run, or start them with its folder "
            "in PYTHONPATH"
        )
    if isinstance(theirs, Exception):
        return f"cannot begin ({' '.join(str(theirs).split())})"
    if not theirs[_SEES]:
        return f"does not see {place}; put the sheets on a disk that all workers share"
    other = next((name for name, value in mine.items() if theirs[name] != value), None)
    return other and f"has {other} {theirs[other]}, this process {mine[other]}; install the same: results could differ"


@lru_cache(maxsize=1)
def _loaded(task: bytes) -> Callable:
    """Load the task once in each worker, which computes on one core for each of its threads."""
    import cv2
    from distributed.protocol.pickle import loads

    cv2.setNumThreads(1)
    return loads(task)


def _run(task: bytes, sheet: object) -> object:
    return _loaded(task)(sheet)


def _hand_on(future: Future, remote) -> None:
    """Give a future what came of Dask's."""
    from distributed.scheduler import KilledWorker

    if remote.status == "finished":
        future.set_result(remote.result())
        return
    error = remote.exception() if remote.status == "error" else None
    lost = error is None or isinstance(error, KilledWorker)
    future.set_exception(BrokenExecutor(f"given up by Dask ({remote.status})") if lost else error)
