"""Networks of one level and few channels: every kind of layer of the real ones, built and traced in half the time."""

from __future__ import annotations

from wire_detection import defaults

WIDTHS = (8, 12)
"""Channels at 1/4 and 1/8 of the window's resolution."""

FROM_SCRATCH = ("--init", "scratch")
"""Options for a training of them: there are no pretrained weights of this size."""


def use_shallow_networks() -> None:
    """From now on, in this process, a small network is a shallow one."""
    defaults.MODEL_SIZES["small"] = WIDTHS
