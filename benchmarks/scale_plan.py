"""What a million sheets cost: hours, money, and what each verb waits for, simulated from costs that are measured here.

    python -m benchmarks.scale_plan --measure costs.json       # minutes, on the kind of machine that is meant
    python -m benchmarks.scale_plan costs.json --machines 1 10 100

Sheets are simulated one by one: a process asks the storage, which all machines share, for a sheet, works on it, and
writes its files; the storage serves one request after the other. Times of sheets vary as the logarithm of a normal
variable, and machines are lost now and then, with the sheet each process has in hand. Some thousand sheets are enough
for the rates, which are then multiplied. Of a training one epoch is worked out: what a step waits for.
"""

from __future__ import annotations

import argparse
import heapq
import json
import resource
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

SPREAD = 0.5
"""Standard deviation of the logarithm of the time that a sheet takes: one in forty takes 2.7 times the median."""

SHEETS_OF_PROCESS = 20
"""So many sheets are simulated for each process: the first, which all ask for at once, then no longer rule."""


@dataclass(frozen=True)
class Place:
    """Where the work is done.

    cores: of each machine, a process each          storage_mb_s: of the storage that all share, both ways together
    request_s: what the storage needs for a file, beside its bytes          lost_per_hour: of machines, a share
    price: of a machine for an hour          link_mb_s: of each machine to the others
    """

    machines: int
    cores: int
    storage_mb_s: float
    request_s: float
    lost_per_hour: float
    price: float
    link_mb_s: float


@dataclass(frozen=True)
class Outcome:
    """What a simulation found: sheets in a second, and which shares of the time cores and storage were busy."""

    sheets_per_s: float
    cores_busy: float
    storage_busy: float


def simulate(cost: dict[str, float], place: Place, rng: np.random.Generator) -> Outcome:
    """Go through sheets, each of `cpu_s`, `read_mb` and `written_mb` in `files` new files, with all processes."""
    processes = place.machines * place.cores
    read_s = cost["read_mb"] / place.storage_mb_s + place.request_s
    write_s = cost["written_mb"] / place.storage_mb_s + cost["files"] * place.request_s
    count = processes * SHEETS_OF_PROCESS
    works = cost["cpu_s"] * rng.lognormal(-(SPREAD**2) / 2, SPREAD, count)  # cpu_s on average
    works *= 1 + rng.binomial(1, np.minimum(1, works * place.lost_per_hour / 3600), count)  # done again elsewhere
    events = [(0.0, process, "read") for process in range(processes)]
    free_at, begun, done, storage_s, now = 0.0, 0, 0, 0.0, 0.0
    while events:
        now, process, wish = heapq.heappop(events)
        if wish == "read" and begun == count:
            continue
        service_s = read_s if wish == "read" else write_s
        free_at = max(free_at, now) + service_s
        storage_s += service_s
        if wish == "read":
            heapq.heappush(events, (free_at + works[begun], process, "write"))
            begun += 1
        else:
            heapq.heappush(events, (free_at, process, "read"))
            done += 1
    end = max(now, free_at)
    return Outcome(done / end, float(works.sum()) / (end * processes), storage_s / end)


def print_sheets(verb: str, cost: dict[str, float], place: Place, sheets: int) -> None:
    """One line: hours, price and what the verb waits for."""
    found = simulate(cost, place, np.random.default_rng(0))
    hours = sheets / found.sheets_per_s / 3600
    waits = "storage" if found.storage_busy > found.cores_busy else "cores"
    gigabytes = cost["written_mb"] * sheets / 1000
    print(
        f"{verb:8} {place.machines:4} machines: {hours:8.1f} h, price {hours * place.machines * place.price:8.0f}, "
        f"cores busy {found.cores_busy:4.0%}, storage {found.storage_busy:4.0%}: bound by {waits}; "
        f"{gigabytes:.0f} GB in {cost['files'] * sheets / 1e6:.1f} million files"
    )


def step_times(cost: dict[str, float], place: Place, windows: int) -> dict[str, float]:
    """What a step waits for, in seconds, with `windows` for each machine, which has one device.

    The gradients go round a ring of N machines: each sends and receives 2 (N - 1) / N times their bytes (Patarasu and
    Yuan, Bandwidth Optimal All-reduce Algorithms for Clusters of Workstations, 2009). A sheet is read by every machine
    that a window of it falls to.
    """
    ring = 2 * (place.machines - 1) / place.machines
    copies = min(place.machines, cost["windows"])
    reading_mb = cost["read_mb"] * copies / cost["windows"] * windows * place.machines
    return {
        "device": windows * cost.get("device_s", cost["step_cpu_s"] / place.cores),
        "preparation": windows * cost["window_s"] / place.cores,
        "network": ring * cost["weights_mb"] / place.link_mb_s,
        "storage": reading_mb / place.storage_mb_s,
    }


def print_training(cost: dict[str, float], place: Place, windows: int, sheets: int) -> None:
    """One line: hours of an epoch, price, what a step waits for. Device and network take turns, the rest runs along."""
    times = step_times(cost, place, windows)
    in_turn = times["device"] + times["network"]
    step_s = max(in_turn, times["preparation"], times["storage"])
    slowest = max(times, key=times.get)
    hours = sheets * cost["windows"] / (windows * place.machines) * step_s / 3600
    shares = ", ".join(f"{name} {seconds / step_s:.0%}" for name, seconds in times.items())
    print(
        f"train    {place.machines:4} machines: {hours:8.1f} h an epoch, price "
        f"{hours * place.machines * place.price:8.0f}, of a step {shares}: bound by {slowest}"
    )


def cpu_seconds() -> float:
    """Of this process and of those that have ended for it."""
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def measure_verb(do: Callable[[Path, Path], object], one: Path, many: Path, folder: Path) -> dict[str, float]:
    """The cost of a sheet of `many`, after one that loads libraries; `do` takes images and a folder for results."""
    do(one, folder / "first")
    begin, out = cpu_seconds(), folder / "out"
    do(many, out)
    spent, images = cpu_seconds() - begin, list(many.iterdir())
    stems = tuple(path.stem for path in images)
    sizes = [path.stat().st_size for path in out.rglob("*") if path.is_file() and path.name.startswith(stems)]
    read = sum(path.stat().st_size for path in images)
    count = len(images)
    return {
        "cpu_s": spent / count,
        "read_mb": read / count / 1e6,
        "written_mb": sum(sizes) / count / 1e6,
        "files": len(sizes) / count,
    }


def measure_training(images: Path, truth: Path) -> dict[str, float]:
    """What a window costs to be prepared and to be learned from, on this machine's processors."""
    from enhanced_data_pipeline import SchematicDataset, WindowSequence
    from enhanced_models import compile_model, create_model

    dataset = SchematicDataset(images, truth, show_progress=False)
    windows = WindowSequence(
        dataset, range(len(dataset)), batch_size=4, image_size=(512, 512), seed=0, training=True, workers=1
    )
    begin = cpu_seconds()
    batches = [windows[index] for index in range(len(windows))]
    window_s = (cpu_seconds() - begin) / windows.num_windows
    model = compile_model(create_model())
    model.train_on_batch(*batches[0])
    begin = cpu_seconds()
    model.train_on_batch(*batches[0])
    step_cpu_s = (cpu_seconds() - begin) / len(batches[0][0])
    return {
        "window_s": window_s,
        "step_cpu_s": step_cpu_s,
        "weights_mb": model.count_params() * 4 / 1e6,
        "windows": windows.num_windows / len(dataset),
        "read_mb": sum(path.stat().st_size for path in images.iterdir()) / len(dataset) / 1e6,
    }


def measure(count: int) -> dict[str, dict[str, float]]:
    """The costs of every verb, on `count` drawn sheets."""
    from custom_annotation_format import create_annotation_batch
    from wire_detection.drawing.draw_folder import synthesize
    from wire_detection.reading.read_files import predict_files
    from wire_detection.reading.read_sheet import _shipped_model
    from wire_detection.sheets.listing import find_pages

    def annotate(images: Path, out: Path) -> None:
        create_annotation_batch(images, out, overlay_dir=out / "overlays", annotator="classic")

    def predict(images: Path, out: Path) -> None:
        predict_files(_shipped_model(), find_pages(images), out)

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, number in (("one", 1), ("many", count)):
            synthesize(number, folder / name, folder / f"{name}_truth", 0, 0.0)
        sheets = folder / "one", folder / "many"
        return {
            "annotate": measure_verb(annotate, *sheets, folder / "annotate"),
            "predict": measure_verb(predict, *sheets, folder / "predict"),
            "train": measure_training(folder / "many", folder / "many_truth"),
        }


def main() -> None:
    """Measure, or simulate and print."""
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("costs", type=Path, help="file of the measured costs")
    parser.add_argument("--measure", action="store_true", help="measure them, and write the file")
    parser.add_argument("--sheets", type=int, default=1_000_000, help="how many there are")
    parser.add_argument("--machines", type=int, nargs="+", default=[1, 10, 100], help="numbers of machines")
    parser.add_argument("--cores", type=int, default=16, help="of each machine")
    parser.add_argument("--storage_mb_s", type=float, default=1000, help="of the storage that all share")
    parser.add_argument("--request_ms", type=float, default=0.2, help="of the storage for each file")
    parser.add_argument("--lost_per_hour", type=float, default=0.02, help="share of the machines that is lost")
    parser.add_argument("--price", type=float, default=1.0, help="of a machine for an hour")
    parser.add_argument("--link_mb_s", type=float, default=1000, help="of each machine to the others")
    parser.add_argument("--batch", type=int, default=16, help="windows in a step for each machine")
    parser.add_argument("--device_s", type=float, help="of a machine's device for a window; else of its cores")
    asked = parser.parse_args()
    if asked.measure:
        asked.costs.write_text(json.dumps(measure(count=4), indent=1))
    costs = json.loads(asked.costs.read_text())
    if asked.device_s is not None:
        costs["train"]["device_s"] = asked.device_s
    print(json.dumps(costs))
    for verb, cost in costs.items():
        for machines in asked.machines:
            place = Place(
                machines,
                asked.cores,
                asked.storage_mb_s,
                asked.request_ms / 1000,
                asked.lost_per_hour,
                asked.price,
                asked.link_mb_s,
            )
            if verb == "train":
                print_training(cost, place, asked.batch, asked.sheets)
            else:
                print_sheets(verb, cost, place, asked.sheets)


if __name__ == "__main__":
    main()
