"""The verbs that need no door: read sheets, draw sheets, annotations to and from other programs.

The first line of a docstring is what `--help` says of the verb.
"""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from wire_detection.paths import model_path
from wire_detection.runs.run_folder import make_ready
from wire_detection.sheets.shard import WHOLE
from wire_detection.training.gpu import quiet_native_code, setup_gpu

if TYPE_CHECKING:
    from wire_detection.sheets.prepare import Known

log = logging.getLogger(__name__)


def run_prediction(arguments: argparse.Namespace) -> None:
    """Read the wires, junctions and nets of an image, a PDF, a folder or a glob pattern."""
    from wire_detection.formats.convert_folder import AnnotationExport
    from wire_detection.sheets.listing import find_pages

    output_dir = Path(arguments.experiment_dir) / "predictions"
    listing = find_pages(
        arguments.predict,
        recursive=arguments.recursive,
        pdf_dpi=arguments.pdf_dpi,
        without=[output_dir],
        shard=arguments.shard,
    )  # a wrong path is told before TensorFlow's seconds of loading
    make_ready(output_dir)
    export = None
    if arguments.export_annotations is not None:
        export = AnnotationExport(
            *arguments.export_annotations, arguments.overwrite, arguments.skip_existing, arguments.shard
        )
    from wire_detection.reading.read_files import predict_files

    readings = predict_files(
        None if arguments.merge else _network(arguments),
        listing,
        output_dir,
        export,
        known_of_sheets(arguments),
        arguments.text_filter,
        skip_existing=arguments.skip_existing,
        merge=arguments.merge,
        workers=arguments.cluster,
    )
    if arguments.report:
        from wire_detection.reading.reading_report import write_reading_report

        facts = {"network": str(arguments.model), "sheets from": str(arguments.predict)}
        write_reading_report(readings, listing.pages, output_dir, facts, arguments.polarity)


def _network(arguments: argparse.Namespace):
    """Load the network that reads."""
    from wire_detection.networks.runtimes import is_onnx, load_model, model_file

    path = model_file(arguments.model, arguments.model_type, arguments.model_size, arguments.runtime)
    if not is_onnx(path):
        setup_gpu(arguments.gpu_memory_limit)
    return load_model(path)


def known_of_sheets(arguments: argparse.Namespace) -> Known:
    """Take what the user states of the sheets, which is not guessed then."""
    from wire_detection.sheets.prepare import Known

    return Known(arguments.stroke_width, arguments.crop, arguments.deskew, arguments.polarity)


def judges_of(arguments: argparse.Namespace) -> dict[str, str]:
    """Tell who judges the strokes of sheets that have no annotation, as `create_annotation_batch` takes it."""
    return {"annotator": arguments.annotator, "text_filter": arguments.text_filter}


def batch_settings(arguments: argparse.Namespace) -> dict:
    """How a folder is annotated, for `create_annotation_batch`: by whom, of which sheets, with pictures to look at."""
    from wire_detection.sheets.listing import OVERLAYS

    return {
        "overlay_dir": Path(arguments.annotation_dir) / OVERLAYS,
        "known": known_of_sheets(arguments),
        "merge": arguments.merge,
        "workers": arguments.cluster,
        **judges_of(arguments),
        **options_of_data_dir(arguments),
    }


def options_of_data_dir(arguments: argparse.Namespace) -> dict[str, object]:
    """Tell how `find_pages` finds the sheets of --data_dir."""
    from wire_detection.sheets.listing import options_of_folder

    names = ("recursive", "pdf_dpi", "annotation_dir", "experiment_dir", "shard")
    return options_of_folder(**{name: getattr(arguments, name) for name in names})


def check_dataset(arguments: argparse.Namespace, **further) -> list:
    """The `SheetCheck` of every sheet, each with its side of the split; `further` arguments of `check_dataset`."""
    from wire_detection.windows import data_check

    return data_check.check_dataset(
        arguments.data_dir,
        arguments.annotation_dir,
        validation_split=arguments.validation_split,
        seed=arguments.seed,
        all_held_out=arguments.drawn_sheets is not None,
        **options_of_data_dir(arguments),
        **further,
    )


def report_checks(arguments: argparse.Namespace) -> None:
    """Check every sheet, print the table, and write the report; of a shard it is written by --merge."""
    from wire_detection.windows.data_check import format_checks, refuse_unusable, write_checks
    from wire_detection.windows.sheet_check import CheckRows

    folder = arguments.experiment_dir
    rows = CheckRows(folder, arguments.shard, arguments.skip_existing, arguments.merge)
    checks = check_dataset(arguments, rows=rows, workers=arguments.cluster)
    print(format_checks(checks))
    if arguments.shard != WHOLE:
        return
    options = options_of_data_dir(arguments)
    for path in write_checks(checks, arguments.data_dir, arguments.annotation_dir, folder, **options):
        print(f"  {path}")
    rows.remove()
    refuse_unusable(checks, arguments.data_dir)


def run_synthesis(arguments: argparse.Namespace) -> None:
    """Draw N sheets into --data_dir and their exact annotations into --annotation_dir."""
    from wire_detection.drawing.draw_folder import synthesize

    synthesize(
        arguments.synthesize,
        arguments.data_dir,
        arguments.annotation_dir,
        arguments.seed,
        arguments.degradation,
        overwrite=arguments.overwrite,
        skip_existing=arguments.skip_existing,
        shard=arguments.shard,
    )
    log.info("drawn sheets are in %s, annotations in %s", arguments.data_dir, arguments.annotation_dir)


def run_export(arguments: argparse.Namespace) -> None:
    """Write the annotations of --annotation_dir, or what --predict finds, into DIR."""
    from wire_detection.formats.convert_folder import export_annotations

    export_annotations(
        *arguments.export_annotations,
        data_dir=arguments.data_dir,
        annotation_dir=arguments.annotation_dir,
        overwrite=arguments.overwrite,
        skip_existing=arguments.skip_existing,
        **options_of_data_dir(arguments),
    )


def run_import(arguments: argparse.Namespace) -> None:
    """Read annotations of the sheets of --data_dir from DIR into --annotation_dir."""
    from wire_detection.formats.convert_folder import import_annotations

    import_annotations(
        *arguments.import_annotations,
        data_dir=arguments.data_dir,
        annotation_dir=arguments.annotation_dir,
        overwrite=arguments.overwrite,
        skip_existing=arguments.skip_existing,
        **options_of_data_dir(arguments),
    )


def run_model_export(arguments: argparse.Namespace) -> None:
    """Write --model for other programs, with what must be done to sheets inside, checked against Keras."""
    from wire_detection.reading.model_export import export_model

    # TensorFlow alone would take a GPU, whose sums are rounded otherwise than those of the programs compared
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    format_name, out = arguments.export_model
    with quiet_native_code():
        difference = export_model(
            format_name,
            out,
            model_path=model_path(arguments.model, arguments.model_type, arguments.model_size),
            overwrite=arguments.overwrite,
        )
    kind = " on average" if "int8" in format_name else ""
    log.info("%s written; its maps differ from those of Keras by %.1g%s at most", out, difference, kind)
