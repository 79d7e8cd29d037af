"""What --predict costs: seconds, processor seconds and peak memory of a whole process for sheets of 1, 6 and 60
megapixels; seconds once the network is loaded for 6, and how much of them goes into the preparation of the sheet.

    python -m benchmarks.prediction_speed [onnx] [keras]

Both runtimes, one after the other, when none is named. Each time also as a multiple of OpenCV's line segment detector
on the same sheet in the same run: machines differ.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2

from wire_detection import defaults
from wire_detection.drawing.draw_sheet import draw_sheet
from wire_detection.networks.runtimes import load_model, model_file
from wire_detection.paths import CHECKOUT
from wire_detection.reading.read_sheet import predict_sheet
from wire_detection.sheets.picture import Picture
from wire_detection.sheets.prepare import clean_sheet
from wire_detection.sheets.safe_files import write_png

SMALLER = (3000, 2000)
SIZES = {"1 megapixel": (1200, 850), "6 megapixels": SMALLER, "60 megapixels": (9600, 6250)}


def seconds(function, repeats: int = 3) -> float:
    """The shortest of some runs, after one that does not count."""
    function()
    taken = []
    for _ in range(repeats):
        begin = time.perf_counter()
        function()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def cold(image: Path, runtime: str) -> tuple[float, float, float]:
    """Seconds, processor seconds and peak memory in MB of a whole process that predicts one image."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [
            *(sys.executable, "train_wire_detection.py", "--predict", str(image)),
            *("--experiment_dir", str(image.parent), "--runtime", runtime),
        ],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"--predict {image} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def model_of(runtime: str) -> Path:
    """The file of the shipped network for this runtime."""
    return model_file(defaults.PRETRAINED, defaults.MODEL_TYPE, defaults.MODEL_SIZE, runtime)


def main() -> None:
    """Measure and print: whole processes first, for the memory of one counts what this one holds when it starts it."""
    runtimes = sys.argv[1:] or [defaults.ONNX, defaults.KERAS]
    print(
        f"{', '.join(model_of(r).name for r in runtimes)}, load before the start {os.getloadavg()[0]:.1f}", flush=True
    )
    units = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, size in SIZES.items():
            grey, _ = draw_sheet(7, size=size, style="kicad", degradation=0)
            image = Path(folder) / f"{size[0]}.png"
            write_png(image, grey)
            detector = cv2.createLineSegmentDetector()
            unit = units[size] = seconds(lambda grey=grey, detector=detector: detector.detect(grey))
            for runtime in runtimes:
                whole, processor, memory = cold(image, runtime)
                print(
                    f"{name}, {runtime}: line segment detector {unit:.2f} s; whole process {whole:.1f} s "
                    f"({whole / unit:.1f} times), {processor:.1f} processor seconds, {memory:.0f} MB",
                    flush=True,
                )
    grey, _ = draw_sheet(7, size=SMALLER, style="kicad", degradation=0)
    preparation = seconds(lambda: clean_sheet(grey))
    for runtime in runtimes:
        model = load_model(model_of(runtime))
        warm = seconds(lambda model=model: predict_sheet(model, Picture(grey)))
        told = f"{warm:.2f} s ({warm / units[SMALLER]:.1f} times), {preparation / warm:.0%} of it preparation"
        print(f"6 megapixels, {runtime}, once it is loaded: {told}", flush=True)


if __name__ == "__main__":
    main()
