"""Feed the readers of files with damaged ones that grow by the code they reach (atheris, which is libFuzzer in Python).

    pip install atheris
    python -m benchmarks.fuzz_by_coverage --minutes 120 --folder FUZZED [READER ...]

Every kind of file of every reader in `tests/helpers/fuzz_readers.py` is tried in turn, `--seconds` at a time, each in a
process of its own that begins with what was grown before. FUZZED/corpus/READER/NAME holds the files that reached
something new, FUZZED/failures what is no refusal in one line. Coverage is that of Python code: this package, Pillow's
readers, the loading of models by Keras. Decoders in C are given the same files, and are not seen into.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np

from wire_detection.paths import CHECKOUT

SEEN_INTO = ["wire_detection", "PIL", "keras.src.saving", "keras.src.legacy", "pypdfium2"]
"""Packages whose lines guide the fuzzer."""

SLOWEST_CPU_S = 5
"""A read of a small file that takes longer is a failure."""

STUCK_S = 60
"""Wall time after which a read is taken for stuck, on a machine that does other things as well."""

LARGEST_MB = 4096
"""Memory of a process with TensorFlow in it takes a quarter of it."""

LONGEST_BYTES = 1 << 15
"""Of a file; the largest seed, a model, has two thirds of it."""

KINDS_IN_JSON = (".json", ".h5")
"""Suffixes of what `mutate` of the fuzzing helper understands."""

PNG_MARK = b"\x89PNG\r\n\x1a\n"

STATISTICS = {"inputs": r"number_of_executed_units:\s+(\d+)", "reached": r"cov: (\d+)"}
"""What libFuzzer tells of a run."""


def with_right_sums(data: bytes) -> bytes:
    """A PNG whose chunks have the check sums of what they hold; anything else as it is."""
    if not data.startswith(PNG_MARK):
        return data
    out, place = bytearray(data), len(PNG_MARK)
    while place + 12 <= len(out):
        end = place + 8 + int.from_bytes(out[place : place + 4], "big")
        if end + 4 > len(out):
            break
        out[end : end + 4] = zlib.crc32(out[place + 4 : end]).to_bytes(4, "big")
        place = end + 4
    return bytes(out)


def fuzz_here(reader_name: str, name: str, folder: Path, seconds: int) -> None:
    """Let libFuzzer try files called `name` in this process, which it ends."""
    import atheris

    with atheris.instrument_imports(include=SEEN_INTO):
        from tests.helpers import fuzz_readers

        reader = fuzz_readers.READERS[reader_name]
        place = folder / "place" / f"{reader_name}_{name}"
        shutil.rmtree(place, ignore_errors=True)  # exports refuse the files of an earlier round
        (place / "seeds").mkdir(parents=True)
        os.chdir(place)
        made = reader.seeds(place / "seeds")
        for own, data in made:  # a file may be read together with another one
            (place / own).write_bytes(data)
        seeds = [data for own, data in made if own == name]
        read, refusals = reader.read(), reader.refusals()
        for data in seeds:
            (place / name).write_bytes(data)
            read(place / name)
    corpus, failures = folder / "corpus" / reader_name / name, folder / "failures"
    for needed in (corpus, failures):
        needed.mkdir(parents=True, exist_ok=True)
    for data in seeds:
        (corpus / hashlib.sha1(data).hexdigest()).write_bytes(data)
    noted: list[str] = []
    fuzz_readers.watch(noted)
    known: set[str] = set()

    def try_one(data: bytes) -> None:
        (place / name).write_bytes(data)
        noted.clear()
        begin = time.process_time()
        outcome = fuzz_readers.attempt(read, refusals, place / name)
        took_s = time.process_time() - begin
        wrong = [*noted, *([outcome] if outcome not in ("accepted", "refused") else [])]
        wrong += [f"{took_s:.0f} CPU-seconds"] if took_s > SLOWEST_CPU_S else []
        for text in wrong:
            if (kind := re.sub(r"\d+|'[^']*'", "*", text)) not in known:
                known.add(kind)
                path = failures / f"{reader_name}_{hashlib.sha1(data).hexdigest()[:12]}_{name}"
                path.write_bytes(data)
                print(f"FAILURE {path}: {text}", file=sys.stderr, flush=True)

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        if name.endswith(KINDS_IN_JSON) and seed % 2:
            try:
                return fuzz_readers.mutate(name, data, np.random.default_rng(seed))[:longest]
            except Exception:  # no longer a file whose meaning could be changed
                pass
        return with_right_sums(atheris.Mutate(data, longest))

    options = {
        "max_total_time": seconds,
        "timeout": STUCK_S,
        "rss_limit_mb": LARGEST_MB,
        "max_len": LONGEST_BYTES,
        "artifact_prefix": f"{failures}/{reader_name}_{name}_",
        "print_final_stats": 1,
        "reload": 0,
    }
    atheris.Setup(
        [sys.argv[0], *(f"-{key}={value}" for key, value in options.items()), str(corpus)],
        try_one,
        custom_mutator=mutate,
    )
    atheris.Fuzz()


def fuzz_apart(reader: str, name: str, folder: Path, seconds: int) -> dict[str, object]:
    """What a process that does it tells."""
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "benchmarks.fuzz_by_coverage", "--here", reader, name]
    command += ["--folder", str(folder), "--seconds", str(seconds)]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, errors="replace")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = {key: int((re.findall(pattern, done.stderr) or [0])[-1]) for key, pattern in STATISTICS.items()}
    failed = [line for line in done.stderr.splitlines() if line.startswith(("FAILURE", "==", "SUMMARY"))]
    if done.returncode and not failed:
        failed = [f"exit code {done.returncode}: {done.stderr[-300:]}"]
    return {
        "reader": reader,
        "name": name,
        **told,
        "wall_s": round(time.monotonic() - begin),
        "cpu_s": round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime),
        "corpus": sum(1 for _ in (folder / "corpus" / reader / name).glob("*")),
        "failures": failed,
    }


def targets(readers: list[str]) -> list[tuple[str, str]]:
    """The names of the files that the readers are given; the same seeds as everywhere are made for that."""
    import tempfile

    from tests.helpers.fuzz_readers import READERS

    found = []
    for reader in readers or list(READERS):
        with tempfile.TemporaryDirectory() as place:
            seeds = READERS[reader].seeds(Path(place))
        found += [(reader, name) for name in dict.fromkeys(name for name, _ in seeds)]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("readers", nargs="*")
    parser.add_argument("--minutes", type=float, default=120, help="in all")
    parser.add_argument("--seconds", type=int, default=60, help="of one process")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    if arguments.here:
        fuzz_here(*arguments.readers, folder, arguments.seconds)
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(CHECKOUT)
    end, tried = time.monotonic() + 60 * arguments.minutes, 0
    found = targets(arguments.readers)
    while time.monotonic() < end:
        for reader, name in found:
            told = fuzz_apart(reader, name, folder, arguments.seconds)
            tried += told["inputs"]
            print(json.dumps(told), flush=True)
            with (folder / "log.jsonl").open("a") as log:
                log.write(json.dumps(told) + "\n")
            if time.monotonic() >= end:
                break
    print(f"{tried} inputs")


if __name__ == "__main__":
    main()
