"""What users choose from, and what holds where they choose nothing. Nothing is imported: `--help` answers at once."""

from __future__ import annotations

DATA_DIR = "data/schematics_dataset"
ANNOTATION_DIR = "annotations"
EXPERIMENT_DIR = "experiments"

PDF_DPI = 200
"""At which pages of PDFs are drawn: lines of 0.15 to 0.35 mm, as drawings have them, are then 1.2 to 2.8 px wide, which
networks see without rescaling."""

MODEL_TYPES = ("unet", "resnet", "attention")
"""Families of networks; each is a file of networks/ with a function `build`."""

MODEL_SIZES = {
    "small": (32, 64, 96, 128),
    "medium": (48, 96, 144, 192),
    "large": (64, 128, 256, 384),
}
"""Channels at 1/4, 1/8, 1/16 and 1/32 of the window's resolution."""

MODEL_TYPE, MODEL_SIZE = "unet", "small"

PRETRAINED, SCRATCH = "pretrained", "scratch"
"""Words that stand for a model file: the shipped weights, and none."""

AUTO = "auto"
"""Word for what is found out."""

ONNX, KERAS = "onnx", "keras"
RUNTIMES = (AUTO, ONNX, KERAS)
"""What runs a network: of the shipped weights onnxruntime where it can, of a model file what the file is for."""

MODEL_FORMATS = {ONNX: ".onnx", "onnx-int8": ".onnx", "litert": ".tflite", "saved_model": ""}
"""Format of models for other programs -> suffix of its files, "" for a folder."""

SCHEDULES = ("plateau", "cosine")
SCHEDULE = "plateau"

BATCH_SIZE = 4
EPOCHS = 100
IMAGE_SIZE = (512, 512)
"""Height and width of a window in pixels."""

DRAWN_SHARE = 0.25
"""Of the windows of a training that begins with trained weights, cut from drawn sheets: enough that nothing which the
user's sheets lack is forgotten, and a third more to compute."""

LEARNING_RATE = 1e-4
VALIDATION_SPLIT = 0.2
WORKERS = 2
SEED = 0

CLASSIC = "classic"
ANNOTATORS = (AUTO, CLASSIC)
"""Who judges the strokes of a sheet without annotation: the shipped network where it can, or rules alone."""

TEXT_FILTERS = ("none", "ocr")
TEXT_FILTER = "none"

MIN_WIRE_LENGTH_PX = 8
BORDER_SIZE_PX = 12
"""Of the annotator: shortest wire, and rim of the sheet in which long lines are frame."""

INK_THRESHOLD = 0.12
"""Of the annotator: the share of the paper's brightness by which ink is darker. It is low, for the thinnest lines of a
reduced figure are a light grey; `sheets.ink.FIRM_INK`, by which strokes are measured, is higher."""

DEGRADATION = 0.6
"""Greatest strength with which drawn sheets are spoilt."""

DARK, LIGHT = "dark", "light"
POLARITIES = (AUTO, DARK, LIGHT)
"""The tone of the strokes: as is found out, or as the user says."""
