"""The picture of a training shows losses, wire scores, junction scores and the learning rate in four panels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wire_detection.sheets.safe_files import replacing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PANELS = (
    ("Loss", ("loss", "wire_loss", "junction_loss")),
    ("Wire", ("wire_accuracy", "wire_iou", "wire_precision", "wire_recall")),
    ("Junction", ("junction_accuracy", "junction_iou", "junction_precision", "junction_recall")),
    ("Learning rate", ("lr",)),
)
"""Title and keys of each panel; the validation twin of a key is dashed, in the same colour."""


def draw_history(history: Mapping[str, Sequence[float]]) -> Figure:
    """Draw a figure of the history: each key's values, one per epoch; keys that are absent are left out."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 8), layout="constrained")
    for axes, (title, keys) in zip(figure.subplots(2, 2).flat, PANELS, strict=True):
        for number, key in enumerate(keys):
            for name, style in ((key, "-"), (f"val_{key}", "--")):
                if name in history:
                    axes.plot(
                        range(1, len(history[name]) + 1),
                        history[name],
                        style,
                        color=f"C{number}",
                        label=name,
                        marker="." if len(history[name]) < 30 else None,
                    )
        axes.set(title=title, xlabel="epoch")
        axes.grid(alpha=0.3)
        if title == "Learning rate":
            axes.set_yscale("log")
        elif title != "Loss":
            axes.set_ylim(0, 1.02)
        if axes.lines:
            axes.legend(fontsize="small")
    return figure


def plot_training_history(history: Mapping[str, Sequence[float]], path: str | Path) -> None:
    """Draw the history into the picture file `path`, whole or not at all."""
    with replacing(path) as temporary:
        draw_history(history).savefig(temporary, dpi=100)
