"""Kill the verbs of the script that write files, run them again, and compare what lies there with a run left alone."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.sheets import write_tiny_sheets
from wire_detection.formats.convert_folder import export_annotations
from wire_detection.paths import CHECKOUT
from wire_detection.sheets.safe_files import is_temporary

POLL_S = 0.002
"""Between two looks at a folder in which something is awaited."""

LONGEST_S = 300
"""Of one run, whatever else the machine does."""


@dataclass(frozen=True)
class KilledVerb:
    """A verb that writes into a folder.

    arguments: of the script, given the folder of inputs and the folder that is written into
    again: what a second run is told by the error of one that finds files, and takes as well
    keeps: whether a second run leaves the annotations of the first one as they are
    by_itself: whether the process of the script writes the files, and no others that it starts
    """

    arguments: Callable[[Path, Path], list[object]]
    again: tuple[str, ...] = ()
    keeps: bool = False
    by_itself: bool = True


def _of_inputs(inputs: Path, annotations: object) -> list[object]:
    return ["--data_dir", inputs / "images", "--annotation_dir", annotations]


def _export(format_name: str) -> KilledVerb:
    return KilledVerb(
        lambda inputs, out: [
            *("--export_annotations", format_name, out),
            *_of_inputs(inputs, inputs / "annotations"),
        ],
        again=("--overwrite",),
    )


VERBS = {
    "predict": KilledVerb(
        lambda inputs, out: ["--predict", inputs / "images", "--experiment_dir", out], by_itself=False
    ),
    "report": KilledVerb(lambda inputs, out: ["--predict", inputs / "images", "--experiment_dir", out, "--report"]),
    "annotate": KilledVerb(
        lambda inputs, out: ["--annotate_only", *_of_inputs(inputs, out), "--text_filter", "none"],
        keeps=True,
        by_itself=False,
    ),
    "synthesize": KilledVerb(
        lambda inputs, out: [
            "--synthesize",
            "6",
            "--data_dir",
            out / "images",
            "--annotation_dir",
            out / "annotations",
        ],
        again=("--overwrite",),
    ),
    "import": KilledVerb(
        lambda inputs, out: ["--import_annotations", "labelme", inputs / "labelme", *_of_inputs(inputs, out)],
        keeps=True,
    ),
    "export labelme": _export("labelme"),
    "export yolo": _export("yolo"),
    "export coco": _export("coco"),
    "check": KilledVerb(
        lambda inputs, out: ["--check_data", *_of_inputs(inputs, inputs / "annotations"), "--experiment_dir", out]
    ),
}
"""By the names that a report shows."""


@dataclass
class Outcome:
    """What came of all kills of a verb.

    kills: how many came, and of these `in_write` while a file was half written beside its place
    half_written: files seen at their place that no whole run writes
    lost: files that were whole and gone or changed after a second run      twice: files that were written again
    left: files beside their places that no second run took away            wrong: ends that differ from the run alone
    """

    kills: int = 0
    in_write: int = 0
    runs: int = 0
    half_written: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        """All of them, named."""
        kinds = ("half_written", "lost", "twice", "left", "wrong")
        return [f"{kind}: {name}" for kind in kinds for name in getattr(self, kind)]


def write_inputs(folder: Path, count: int) -> Path:
    """Sheets, their annotations, and these as LabelMe files, for all verbs to read."""
    write_tiny_sheets(folder, count)
    export_annotations("labelme", folder / "labelme", data_dir=folder / "images", annotation_dir=folder / "annotations")
    return folder


def kill_and_repeat(name: str, inputs: Path, folder: Path, kills: int, seed: int) -> Outcome:
    """Kill a verb so many times, in chains of up to four kills before it may end, and judge what it leaves."""
    verb, rng, outcome = VERBS[name], random.Random(seed), Outcome()
    alone = folder / "alone"
    begin = time.monotonic()
    _run(verb, inputs, alone, [], outcome)
    takes_s = time.monotonic() - begin
    whole = {path: digest for path, (digest, _) in files_at_place(alone).items()}
    while outcome.kills < kills and not outcome.wrong:
        out, orphans = folder / f"killed{outcome.runs}", []
        for _ in range(min(rng.randint(1, 4), kills - outcome.kills)):
            before = files_at_place(out)
            orphans.append(_killed(verb, inputs, out, len(whole), rng, takes_s, outcome))
            judge(verb, whole, before, files_at_place(out), outcome)
        before = files_at_place(out)
        _run(verb, inputs, out, verb.again if before else (), outcome)
        after = files_at_place(out)
        judge(verb, whole, before, after, outcome)
        outcome.left += temporaries(out)
        found = {path: digest for path, (digest, _) in after.items()}
        outcome.wrong += [f"{out.name}/{path}" for path, _ in found.items() ^ whole.items()]
        for group in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
    return outcome


def _command(verb: KilledVerb, inputs: Path, out: Path, more, when: str = "never") -> list[str]:
    script = [sys.executable, "-m", "tests.helpers.killed_script", when]
    return [*script, *map(str, verb.arguments(inputs, out)), *more]


def _run(verb: KilledVerb, inputs: Path, out: Path, more, outcome: Outcome) -> None:
    """Run a verb to its end; that all is there already may be told as an error."""
    done = subprocess.run(
        _command(verb, inputs, out, more), capture_output=True, text=True, cwd=CHECKOUT, timeout=LONGEST_S
    )
    outcome.runs += 1
    if done.returncode and not (verb.keeps and "exists already" in done.stderr):
        outcome.wrong.append(f"{out.name}: exit code {done.returncode}: {done.stderr.splitlines()[-1][-300:]}")


def _killed(verb: KilledVerb, inputs: Path, out: Path, files: int, rng, takes_s: float, outcome: Outcome) -> int:
    """Run a verb and kill it, alone or with the processes that it started; give the number of their group.

    A third of the kills each come at a random moment, after a random number of the `files` of a whole run, and in a
    write.
    """
    moment = rng.choice(("time", "files", "write"))
    count = rng.randint(1, files)
    when = f"within:{count}" if moment == "write" and verb.by_itself else "never"
    is_time = _awaited(moment, out, rng.uniform(0, takes_s), count)
    process = subprocess.Popen(
        _command(verb, inputs, out, verb.again if files_at_place(out) else (), when),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=CHECKOUT,
        start_new_session=True,
    )
    outcome.runs += 1
    end = time.monotonic() + LONGEST_S
    while process.poll() is None and (when != "never" or not is_time()):
        if time.monotonic() > end:
            raise TimeoutError(f"{out}: a run lasts longer than {LONGEST_S} s")
        time.sleep(POLL_S)
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            rng.choice((os.kill, os.killpg))(process.pid, signal.SIGKILL)
    if process.wait() == -signal.SIGKILL:
        outcome.kills += 1
        outcome.in_write += bool(temporaries(out))
    return process.pid


def _awaited(moment: str, out: Path, late_s: float, count: int) -> Callable[[], bool]:
    """Give what tells whether it is time for a kill."""
    begin, known = time.monotonic(), set(_inodes(out))
    if moment == "time":
        return lambda: time.monotonic() - begin > late_s
    if moment == "files":
        return lambda: len(set(_inodes(out)) - known) >= count
    left = set(temporaries(out))
    return lambda: bool(set(temporaries(out)) - left)


def _paths(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _inodes(folder: Path) -> list[int]:
    found = []
    for path in _paths(folder):
        with contextlib.suppress(FileNotFoundError):
            found.append(path.stat().st_ino)
    return found


def temporaries(folder: Path) -> list[str]:
    """Paths of files that are half written beside their places."""
    return [path.relative_to(folder).as_posix() for path in _paths(folder) if is_temporary(path)]


def files_at_place(folder: Path) -> dict[str, tuple[str, int]]:
    """Path -> sum and inode number of each file at its place."""
    found = {}
    for path in _paths(folder):
        if not is_temporary(path):
            with contextlib.suppress(FileNotFoundError):  # a process that outlived the kill is at work
                sum_ = hashlib.sha1(path.read_bytes()).hexdigest()
                found[path.relative_to(folder).as_posix()] = sum_, path.stat().st_ino
    return found


UNFINISHED = ".unfinished"
"""An empty file in a folder of annotations for as long as some may be missing."""

JOURNAL = "data_check.jsonl"
"""The rows of a check that is under way, whole up to its last line; the finished check removes it."""

SUMMARY = "overlays/contact_sheet.png"
"""Of what all runs annotated: each writes it anew."""


def judge(verb: KilledVerb, whole: dict[str, str], before: dict, after: dict, outcome: Outcome) -> None:
    """Compare the files before and after a run with those of the run left alone."""
    outcome.half_written += [
        path for path, (digest, _) in after.items() if path not in (UNFINISHED, JOURNAL) and whole.get(path) != digest
    ]
    for path, (digest, inode) in before.items():
        if path in (UNFINISHED, JOURNAL) or whole.get(path) != digest:
            continue
        if after.get(path, ("",))[0] != digest:
            outcome.lost.append(path)
        elif verb.keeps and path != SUMMARY and after[path][1] != inode:
            outcome.twice.append(path)
