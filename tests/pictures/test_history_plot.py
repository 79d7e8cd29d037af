"""The four panels of a training's history hold its numbers, and the picture is whole or not there."""

from __future__ import annotations

import cv2
import pytest

from wire_detection.pictures.history_plot import PANELS, draw_history, plot_training_history

HISTORY = {
    "loss": [3.0, 2.0, 1.5],
    "val_loss": [3.5, 2.5, 2.25],
    "wire_iou": [0.25, 0.5, 0.75],
    "val_wire_iou": [0.2, 0.4, 0.6],
    "lr": [1e-3, 1e-3, 5e-4],
    "other": [9.0, 9.0, 9.0],
}


def lines_of(history) -> dict[str, dict]:
    """Title of each panel -> label -> line."""
    return {axes.get_title(): {line.get_label(): line for line in axes.lines} for axes in draw_history(history).axes}


def test_each_value_stands_at_its_epoch_in_its_panel():
    panels = lines_of(HISTORY)
    assert {title: set(lines) for title, lines in panels.items()} == {
        "Loss": {"loss", "val_loss"},
        "Wire": {"wire_iou", "val_wire_iou"},
        "Junction": set(),
        "Learning rate": {"lr"},
    }
    line = panels["Loss"]["val_loss"]
    assert list(line.get_xdata()) == [1, 2, 3] and list(line.get_ydata()) == [3.5, 2.5, 2.25]


def test_validation_is_dashed_in_the_colour_of_its_twin():
    loss, twin = (lines_of(HISTORY)["Loss"][name] for name in ("loss", "val_loss"))
    assert loss.get_color() == twin.get_color() and (loss.get_linestyle(), twin.get_linestyle()) == ("-", "--")
    every = lines_of({key: [0.5] for _, keys in PANELS for key in keys})["Wire"]
    assert len({line.get_color() for line in every.values()}) == len(every) == 4


def test_shares_reach_to_1_and_the_learning_rate_is_logarithmic():
    loss, wire, junction, rate = draw_history(HISTORY).axes
    assert wire.get_ylim() == junction.get_ylim() == (0, 1.02) and loss.get_ylim()[1] > 3
    assert (loss.get_yscale(), rate.get_yscale()) == ("linear", "log")


@pytest.mark.parametrize(("epochs", "marker"), [(1, "."), (29, "."), (30, "None")])
def test_a_single_epoch_can_be_seen(epochs, marker):
    assert lines_of({"loss": [1.0] * epochs})["Loss"]["loss"].get_marker() == marker


def test_the_picture_is_written_even_before_the_first_epoch(tmp_path):
    plot_training_history({}, tmp_path / "run" / "history.png")
    assert cv2.imread(str(tmp_path / "run" / "history.png")).shape == (800, 1200, 3)


def test_a_picture_that_cannot_be_drawn_leaves_the_last_one(tmp_path):
    path = tmp_path / "history.png"
    path.write_text("last")
    with pytest.raises(ValueError):
        plot_training_history({"loss": [[1.0, 2.0], [1.0]]}, path)
    assert path.read_text() == "last" and [p.name for p in tmp_path.iterdir()] == ["history.png"]
