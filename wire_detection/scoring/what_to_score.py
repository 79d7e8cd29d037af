"""Which sheets a model is scored on, and where the scores go: what is not stated, the run that made the model tells."""

from __future__ import annotations

from pathlib import Path

from wire_detection import defaults
from wire_detection.runs.run_record import RunRecord
from wire_detection.sheets.listing import options_of_folder


def what_to_score(
    run: RunRecord,
    *,
    data_dir: str | Path | None,
    annotation_dir: str | Path | None,
    experiment_dir: str | Path | None,
    **stated,
) -> tuple[dict, dict]:
    """Tell what to score a model on.

    Args:
        run: the record of the run that made it, an empty one where there is none.
        stated: `recursive` and `pdf_dpi` of `find_pages`.

    Returns:
        (arguments of `evaluate_sheets`, options of `find_pages` that belong to them).
    """
    own = run.trained_on(data_dir)
    data_dir = data_dir or run.arguments.get("data_dir") or defaults.DATA_DIR
    annotation_dir = annotation_dir or (own and run.arguments.get("annotation_dir")) or defaults.ANNOTATION_DIR
    folder = Path(run.folder or defaults.EXPERIMENT_DIR)
    output_dir = experiment_dir or (folder if own else folder / f"evaluation_{Path(data_dir).resolve().name}")
    recorded = {name: run.arguments[name] for name in ("recursive", "pdf_dpi") if own and name in run.arguments}
    sheets = {
        "data_dir": data_dir,
        "annotation_dir": annotation_dir,
        "names": run.split["validation"] if own else None,
        "image_size": tuple(run.arguments.get("image_size", defaults.IMAGE_SIZE)),
        "output_dir": output_dir,
    }
    return sheets, options_of_folder(annotation_dir=annotation_dir, experiment_dir=output_dir, **recorded | stated)
