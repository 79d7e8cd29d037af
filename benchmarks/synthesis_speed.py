"""How many sheets a second one core draws, by size, clean and spoilt:

python -m benchmarks.synthesis_speed
"""

from __future__ import annotations

import time

import cv2
import numpy as np

from wire_detection.drawing.draw_sheet import DEGRADATION, draw_sheet

SIZES = ((768, 768, 60), (1024, 1024, 40), (1400, 1000, 30), (3000, 2100, 6))
"""Width, height in pixels, and how many sheets are drawn."""


def main() -> None:
    cv2.setNumThreads(1)
    for degradation in (0, DEGRADATION):  # the first sheets also pay for imports and for schemdraw's symbols
        for seed in range(40):
            draw_sheet(seed, size=(300, 200), degradation=degradation)
    print(f"{'size':>10}  {'sheets':>14}  {'mean s':>7}  {'median s':>8}  {'worst s':>7}  sheets/s")
    for width, height, count in SIZES:
        for degradation in (0, DEGRADATION):
            seconds = [time_sheet(seed, (width, height), degradation) for seed in range(count)]
            row = f"{width:>5}x{height:<4}  {'as drawn' if degradation else 'clean':>14}  {np.mean(seconds):7.3f}"
            print(f"{row}  {np.median(seconds):8.3f}  {max(seconds):7.3f}  {1 / np.mean(seconds):8.1f}")


def time_sheet(seed: int, size: tuple[int, int], degradation: float) -> float:
    start = time.perf_counter()
    draw_sheet(seed, size=size, degradation=degradation)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
