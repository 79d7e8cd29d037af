"""What a training is told: a field for each of its flags, of the same name and with the same default, and its fold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from wire_detection import defaults
from wire_detection.paths import initial_weights


@dataclass(frozen=True)
class TrainingSettings:
    """The settings of a training; `--help` says what each means.

    init: "pretrained", "scratch" or a model file          schedule: one of defaults.SCHEDULES
    max_minutes: None for no limit
    image_size: (height, width) of a window in pixels      drawn_sheets: per epoch, None to train on those of data_dir
    drawn_share: None for DRAWN_SHARE, or 0 from scratch   fold: (number, of how many) in place of validation_split
    recursive: whether sheets in folders below data_dir count as well         pdf_dpi: at which pages of PDFs are drawn
    """

    model_type: str = defaults.MODEL_TYPE
    model_size: str = defaults.MODEL_SIZE
    data_dir: str | Path = defaults.DATA_DIR
    recursive: bool = False
    pdf_dpi: float = defaults.PDF_DPI
    annotation_dir: str | Path = defaults.ANNOTATION_DIR
    experiment_dir: str | Path = defaults.EXPERIMENT_DIR
    init: str | Path = defaults.PRETRAINED
    batch_size: int = defaults.BATCH_SIZE
    epochs: int = defaults.EPOCHS
    max_minutes: float | None = None
    image_size: tuple[int, int] = defaults.IMAGE_SIZE
    learning_rate: float = defaults.LEARNING_RATE
    schedule: str = defaults.SCHEDULE
    validation_split: float = defaults.VALIDATION_SPLIT
    fold: tuple[int, int] | None = None
    drawn_sheets: int | None = None
    drawn_share: float | None = None
    seed: int = defaults.SEED
    deterministic: bool = False
    workers: int = defaults.WORKERS

    def share_of_drawn(self) -> float:
        """Tell which share of the training windows is cut from drawn sheets, beside those of data_dir."""
        if self.drawn_share is not None:
            return self.drawn_share
        return defaults.DRAWN_SHARE if self.begins_with_weights() else 0.0

    def begins_with_weights(self) -> bool:
        """Tell whether the network has learned before."""
        return initial_weights(self.init, self.model_type, self.model_size) is not None

    def options_of_folder(self) -> dict[str, object]:
        """Tell how `find_pages` finds the sheets of data_dir."""
        from wire_detection.sheets.listing import options_of_folder

        names = ("recursive", "pdf_dpi", "annotation_dir", "experiment_dir")
        return options_of_folder(**{name: getattr(self, name) for name in names})
