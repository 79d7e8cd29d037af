"""What networks are asked of every pixel: one row for each output map.

A row is all that networks, training and pictures need of a task; what its target shows stands in windows/targets.py.
Nothing heavy is imported, so that processes which only draw or cut windows stay light.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """One output map of a network.

    prior: the probability that an untrained head gives, about the share of positives among the pixels that count
    loss: key of losses.LOSSES          weight: of this loss in the sum of all
    colour: red, green, blue in 0..1, in which TensorBoard shows the map
    on_ink: whether the map can be positive only where there is ink nearby
    is_required: whether a model must have it to be used by the reader
    """

    prior: float
    loss: str
    colour: tuple[float, float, float]
    weight: float = 1.0
    on_ink: bool = False
    is_required: bool = True


TASKS = {
    "wire": Task(prior=0.1, loss="overlap", colour=(0.0, 0.6, 0.2), on_ink=True),
    # a low prior: rare positives must not start as a flood of false ones (Lin et al., ICCV 2017, section 4.1)
    "junction": Task(prior=0.01, loss="focal", colour=(0.9, 0.0, 0.0)),
    "crossing": Task(prior=0.01, loss="focal", colour=(0.1, 0.3, 0.9), weight=0.5, is_required=False),
}
"""Name of a model's output -> its task."""


FILLING = -2.0
"""What the targets of a window hold that only fills a batch up; those of other windows are -1 or more."""


def head_name(task: str) -> str:
    """The name of the layer that gives the logits of a task."""
    return f"{task}_logits"
