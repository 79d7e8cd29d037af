"""The HDF5 contents of a model file, walked as data by a process of its own before anything trusts them.

    python -P hdf5_contents.py MODEL.h5

prints what is wrong with the file, in one line, and exits with REFUSED; nothing and 0 when Keras may read it. That
process imports nothing of this package and no network library. It reads all that the file holds, so that whatever
crashes the HDF5 library, or makes it ask for more memory than there is, ends there.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

REFUSED = 3
"""Exit code of a file with a fault; Python itself uses 1 and 2."""

MAX_BYTES = 2**30
"""Of all numbers of a model together; the largest networks here, with their optimizer's, have some 300 MB."""

MAX_MEMORY_BYTES = 2**32
"""Address space of that process: Python, NumPy and h5py take 0.5 GB of it, an archive and a data set MAX_BYTES each."""

MAX_CPU_S = 30
"""The largest network takes a second."""

ARCHIVE = ".keras"
"""Suffix of the models that Keras takes for archives: by name alone, for a file may be an archive and HDF5 both."""

WEIGHTS = "model.weights.h5"
MEMBERS = ["config.json", "metadata.json", WEIGHTS]
"""Of an archive; anything more would be unpacked to the disk."""

LISTED = "weight_names"
"""Attribute of a group, followed by numbers where there are many names: the data sets that Keras reads, at its word."""


class _Fault(ValueError):
    """Something that no model of this package holds."""


def examine(path: Path) -> str:
    """Say in one line what is wrong with the model file, or nothing: "". Another process looks at it."""
    done = subprocess.run(
        [sys.executable, "-P", __file__, str(path.resolve())],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # each thread would reserve memory that is never used
    )
    if done.returncode == REFUSED:
        return done.stdout.strip()
    return f"reading it as data fails ({_ending(done.returncode)}); damaged or hostile" if done.returncode else ""


def find_fault(path: Path) -> str:
    """Say in one line what is wrong with the model file, or nothing: "". This process looks at it."""
    import h5py

    try:
        with h5py.File(_weights_of(path) if path.suffix == ARCHIVE else path, "r") as file:
            _Walk(path.stat().st_size).visit(file, "")
    except _Fault as fault:
        return str(fault)
    except Exception as error:  # a damaged file can make HDF5 raise nearly anything
        reason = " ".join(str(error).split()).encode("ascii", "replace").decode()
        return f"not a readable Keras model ({reason[:120] or type(error).__name__})"
    return ""


def _ending(code: int) -> str:
    """Say how a process ended."""
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"after {MAX_CPU_S} s" if name == "SIGXCPU" else name


def _weights_of(path: Path) -> io.BytesIO:
    """The HDF5 file within an archive."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        if sorted(member.filename for member in members) != MEMBERS:
            raise _Fault(f"an archive of other files than {', '.join(MEMBERS)}")
        if sum(member.file_size for member in members) > MAX_BYTES:
            raise _Fault(f"larger than {MAX_BYTES >> 20} MiB when unpacked")
        return io.BytesIO(archive.read(WEIGHTS))


class _Walk:
    """A walk over every link, attribute and number of a file, which raises _Fault at what models do not hold."""

    def __init__(self, file_bytes: int):
        self.file_bytes = file_bytes
        self.declared_bytes = 0
        self.seen: set[int] = set()

    def visit(self, item, name: str) -> list[str]:
        """Check the object, h5py's, and all below it; list the paths, from it, of the data sets there."""
        import h5py

        address = h5py.h5o.get_info(item.id).addr
        if address in self.seen:  # a circle, or one data set that is read a thousand times
            raise _Fault(f"holds {name!a} under another name too")
        self.seen.add(address)
        for key in item.attrs:
            self._check_attribute(item, key, name)
        if isinstance(item, h5py.Dataset):
            self._check_numbers(item, name)
            return [""]
        if not isinstance(item, h5py.Group):
            raise _Fault(f"{name!a} is neither a group nor a data set")
        below = [
            f"{key}/{path}".rstrip("/") for key in item for path in self.visit(_linked(item, key, name), _at(name, key))
        ]
        _check_listed(item, below, name)
        return below

    def _check_attribute(self, item, key: str, name: str) -> None:
        """Read an attribute of numbers or texts; many of these may be one that is stored once."""
        import h5py

        dtype = item.attrs.get_id(key).dtype
        if dtype.kind not in "biufS" and h5py.check_string_dtype(dtype) is None:
            raise _Fault(f"the attribute {_at(name, key)!a} holds neither numbers nor texts, but {_kind(dtype)}")
        if sum(map(len, _texts(item.attrs[key]))) > self.file_bytes:
            raise _Fault(f"the texts of the attribute {_at(name, key)!a} are longer than the file")

    def _check_numbers(self, data, name: str) -> None:
        """Read a data set of plain numbers that lies within the file, byte by byte."""
        if data.is_virtual or data.external:  # asked first: the shape of a virtual one is looked up in other files
            raise _Fault(f"the data set {name!a} takes its numbers from other files")
        if data.dtype.kind not in "biuf":
            raise _Fault(f"the data set {name!a} holds no plain numbers, but {_kind(data.dtype)}")
        if data.chunks:
            raise _Fault(f"the data set {name!a} may be compressed, and no model is; h5repack -l CONTI writes it plain")
        self.declared_bytes += math.prod(data.shape or ()) * data.dtype.itemsize
        most = min(MAX_BYTES, self.file_bytes)
        if self.declared_bytes > most:
            raise _Fault(
                f"with the data set {name!a} declares {self.declared_bytes} bytes of numbers, more than {most}"
            )
        data[()]


def _linked(group, key: str, name: str):
    """What a group holds under `key`, which must lie there and not elsewhere."""
    import h5py

    link = group.get(key, getlink=True)
    if not isinstance(link, h5py.HardLink):
        raise _Fault(f"{_at(name, key)!a} is a link ({type(link).__name__}), which models do not hold")
    return group[key]


def _check_listed(group, below: list[str], name: str) -> None:
    """Raise _Fault when a group lists other weights than it holds, or one of them twice."""
    parts = [group.attrs[key] for key in group.attrs if key.rstrip("0123456789") == LISTED]
    if parts and sorted(text for part in parts for text in _texts(part)) != sorted(below):
        raise _Fault(f"the group {name!a} lists other weights than it holds")


def _texts(value) -> list[str]:
    """The texts of an attribute's value: one, an array of some, or none where it holds numbers."""
    values = value.ravel().tolist() if hasattr(value, "ravel") else [value]
    return [text if isinstance(text, str) else text.decode() for text in values if isinstance(text, str | bytes)]


def _kind(dtype) -> str:
    import h5py

    return "references" if h5py.check_ref_dtype(dtype) else f"{dtype!s:.40}"


def _at(name: str, key: str) -> str:
    return f"{name}/{key}"


def _limit_process() -> None:
    """Bound what this process may take, where the system lets it."""
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    limits = {"AS": MAX_MEMORY_BYTES, "CPU": MAX_CPU_S, "CORE": 0}
    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(kind)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


if __name__ == "__main__":
    _limit_process()
    found = find_fault(Path(sys.argv[1]))
    print(found)
    sys.exit(REFUSED if found else 0)
