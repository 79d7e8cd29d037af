"""Networks that map a window of a sheet to a probability map for each task: made by type and size, compiled.

All take images (B, H, W, 3) float32, ink 1 on paper 0, with H and W divisible by 32, and give a dictionary of maps
(B, H, W, 1) float32 by task, `wire` and `junction` among them. Targets hold 1 (yes), 0 (no) or -1 (don't care: losses
and scores pass over it). Only `keras` is used, so that the same code runs on any Keras backend. The parts stand in
wire_detection/networks.
"""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path

import keras

from wire_detection import defaults
from wire_detection.defaults import MODEL_SIZES
from wire_detection.networks.losses import task_losses, task_weights
from wire_detection.networks.model_files import copy_weights
from wire_detection.networks.pixel_scores import PixelScore
from wire_detection.networks.statistics import hold_statistics
from wire_detection.paths import initial_weights

log = logging.getLogger("wire_detection.models")

DIVISOR = 32
"""Heights and widths of windows are multiples of this: the deepest features have 1/32 of the window's resolution."""

WEIGHT_MOMENTUM = 0.95
"""Of the running mean of the weights, by which models are judged and saved: it stands still where single steps jump
(Polyak and Juditsky, Acceleration of Stochastic Approximation by Averaging, 1992)."""

LARGEST_GRADIENT = 1.0
"""Norm of all gradients together to which larger ones are cut (Pascanu et al., On the Difficulty of Training Recurrent
Neural Networks, ICML 2013)."""

MODEL_BUILDERS = {name: import_module(f"wire_detection.networks.{name}").build for name in defaults.MODEL_TYPES}
"""Family of networks -> what builds one from the shape of its input and its numbers of channels."""


def create_model(
    model_type: str = defaults.MODEL_TYPE, input_shape=(*defaults.IMAGE_SIZE, 3), model_size: str = defaults.MODEL_SIZE
) -> keras.Model:
    """A network with an output for each task, `wire` and `junction` among them, not yet compiled.

    Args:
        model_type: one of MODEL_BUILDERS.
        input_shape: (height, width, 3); height and width divisible by 32, or None for any such size.
        model_size: one of MODEL_SIZES.

    Raises:
        ValueError: for an unknown type or size, or a height or width that 32 does not divide.
    """
    if model_type not in MODEL_BUILDERS:
        raise ValueError(f"model type {model_type!r} is unknown; choose from {', '.join(MODEL_BUILDERS)}")
    if model_size not in MODEL_SIZES:
        raise ValueError(f"model size {model_size!r} is unknown; choose from {', '.join(MODEL_SIZES)}")
    if any(side is not None and (side < DIVISOR or side % DIVISOR) for side in input_shape[:2]):
        raise ValueError(f"input shape {tuple(input_shape)}: height and width must be multiples of {DIVISOR}")
    return MODEL_BUILDERS[model_type](tuple(input_shape), MODEL_SIZES[model_size])


def create_initial_model(init: str | Path, model_type: str, model_size: str, *, filled: bool = True) -> keras.Model:
    """A new network with the weights that `init` names: "pretrained", "scratch" or a model file.

    One that begins with weights keeps the statistics of its batch normalisation. Unless it is `filled` the weights are
    left out, for a saved state will bring later ones.

    Raises:
        ModelFileError: when the file cannot be used or holds a network of another type or size.
    """
    model = create_model(model_type, (None, None, 3), model_size)
    path = initial_weights(init, model_type, model_size)
    if path is None:
        if init == defaults.PRETRAINED:
            log.info("there are no pretrained weights for a %s %s: starting from scratch", model_size, model_type)
        return model
    if filled:
        copy_weights(path, model)
    hold_statistics(model)
    return model


def compile_model(model: keras.Model, learning_rate: float = defaults.LEARNING_RATE) -> keras.Model:
    """Give `model` its optimizer (Adam, with a running mean of the weights), losses and pixel scores; return it."""
    losses = task_losses(model.output_names)
    model.compile(
        optimizer=keras.optimizers.Adam(
            learning_rate, global_clipnorm=LARGEST_GRADIENT, use_ema=True, ema_momentum=WEIGHT_MOMENTUM
        ),
        loss=losses,
        loss_weights=task_weights(losses),
        metrics={task: [PixelScore(formula) for formula in PixelScore.FORMULAS] for task in losses},
    )
    return model
