"""Kill one training at random moments, resume it each time, and compare its end with a training left alone.

    python -m benchmarks.kill_survival --kills 100

Kills come in turn 0 to `--longest` seconds after a process began, and in the middle of one of the first `--saves` files
that it writes, of which only a half is there then, beside its place. When a run ends before its kills are used up, the
next begins anew; each that ended is compared with the one left alone.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import h5py
import numpy as np

from tests.helpers.sheets import write_tiny_sheets
from wire_detection.paths import CHECKOUT


def train(
    folder: Path, name: str, epochs: int, *, kill_after_s: float | None = None, kill_in_save: int | None = None
) -> str:
    """Begin or resume the training in folder/name, and kill it after a while or in a save.

    Returns:
        "" when it ended by itself, "some moment" when it was killed after a while, or the file that it was saving.
    """
    run = folder / name
    when = "never" if kill_in_save is None else f"within:{kill_in_save}"
    command = [sys.executable, "-m", "tests.helpers.killed_script", when]
    if (run / "run.json").exists():
        command += ["--resume", "--experiment_dir", str(run)]
    else:
        command += [
            "--data_dir",
            str(folder / "images"),
            "--annotation_dir",
            str(folder / "annotations"),
            "--experiment_dir",
            str(run),
            "--image_size",
            "64",
            "64",
            "--epochs",
            str(epochs),
            "--learning_rate",
            "1e-3",
        ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=CHECKOUT)
    try:
        _, errors = process.communicate(timeout=kill_after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "some moment"
    if process.returncode == -signal.SIGKILL and kill_in_save is not None:
        return Path(errors.splitlines()[-1].removeprefix("killed while saving ")).name
    if process.returncode:
        sys.exit(f"a resumed run failed with exit code {process.returncode}: {errors.splitlines()[-1]}")
    return ""


def epochs_done(run: Path) -> int:
    """How many epochs the state in `run` has finished."""
    try:
        with np.load(run / "training_state.npz", allow_pickle=False) as state:
            return json.loads(str(state["header"]))["epochs_done"]
    except FileNotFoundError:
        return 0


def epochs_told(run: Path) -> int:
    """How many epochs the history in `run` tells of."""
    try:
        return len(json.loads((run / "unet_history.json").read_text())["loss"])
    except FileNotFoundError:
        return 0


def weights(run: Path) -> np.ndarray:
    """All final weights in one row."""
    found = []
    with h5py.File(run / "models" / "unet_final.h5") as file:
        file["model_weights"].visititems(
            lambda name, item: found.append(np.ravel(item[()])) if isinstance(item, h5py.Dataset) else None
        )
    return np.concatenate(found)


def main() -> None:
    """Print one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--epochs", type=int, default=20, help="of each run")
    parser.add_argument("--longest", type=float, default=0, metavar="SECONDS", help="0: as long as the run left alone")
    parser.add_argument("--saves", type=int, default=14, metavar="N", help="kills in a save come in one of the first N")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_tiny_sheets(folder, 5)
        begin = time.monotonic()
        train(folder, "alone", arguments.epochs)
        longest = arguments.longest or time.monotonic() - begin
        kills: Counter[str] = Counter()
        lost = unequal = runs = 0
        worst = 0.0
        while kills.total() < arguments.kills:
            runs += 1
            run, moment = folder / f"killed{runs}", "begin"
            while moment:
                plan = (
                    {}
                    if kills.total() >= arguments.kills
                    else rng.choice(
                        ({"kill_after_s": rng.uniform(0, longest)}, {"kill_in_save": rng.randint(1, arguments.saves)})
                    )
                )
                moment = train(folder, run.name, arguments.epochs, **plan)
                if moment:
                    kills[moment] += 1
                    lost += max(0, epochs_told(run) - epochs_done(run))
                    print(
                        f"kill {kills.total()}, {moment}: {epochs_done(run)} of {arguments.epochs} epochs",
                        file=sys.stderr,
                        flush=True,
                    )
            worst = max(worst, float(np.abs(weights(run) - weights(folder / "alone")).max()))
            unequal += epochs_told(run) != arguments.epochs
    in_saves = sum(kills.values()) - kills["some moment"]
    print(
        f"{kills.total()} kills, {in_saves} of them in a save ("
        + ", ".join(f"{name} {count}" for name, count in kills.most_common() if name != "some moment")
        + f"); {runs} runs of {arguments.epochs} epochs: {runs - unequal} with each epoch once in the history; "
        f"{lost} finished epochs trained again; final weights differ by {worst:.1e} at most from the run left alone"
    )


if __name__ == "__main__":
    main()
