"""The verbs that need no door: read sheets, draw sheets, annotations to and from other programs.

The first line of a docstring is what `--help` says of the verb.
"""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from wire_detection.paths import model_path
from wire_detection.runs.run_folder import check_writable
from wire_detection.training.gpu import setup_gpu

log = logging.getLogger(__name__)


def run_prediction(arguments: argparse.Namespace) -> None:
    """Read the wires, junctions and nets of an image, a PDF, a folder or a glob pattern."""
    from wire_detection.formats.convert_folder import AnnotationExport
    from wire_detection.sheets.listing import find_pages

    output_dir = Path(arguments.experiment_dir) / "predictions"
    listing = find_pages(
        arguments.predict, recursive=arguments.recursive, pdf_dpi=arguments.pdf_dpi, without=output_dir
    )  # a wrong path is told before TensorFlow's seconds of loading
    check_writable(output_dir)
    export = None
    if arguments.export_annotations is not None:
        export = AnnotationExport(*arguments.export_annotations, overwrite=arguments.overwrite)
    setup_gpu(arguments.gpu_memory_limit)
    from wire_detection.networks.model_files import load_model
    from wire_detection.reading.read_files import predict_files
    from wire_detection.sheets.prepare import Known

    model = load_model(model_path(arguments.model, arguments.model_type, arguments.model_size))
    known = Known(arguments.stroke_width, arguments.crop, arguments.deskew, arguments.polarity)
    predict_files(model, listing, output_dir, export, known)


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
    )
    log.info(
        "drew %d sheets into %s, annotations into %s",
        arguments.synthesize,
        arguments.data_dir,
        arguments.annotation_dir,
    )


def run_export(arguments: argparse.Namespace) -> None:
    """Write the annotations of --annotation_dir, or what --predict finds, into DIR."""
    from wire_detection.formats.convert_folder import export_annotations

    export_annotations(
        *arguments.export_annotations,
        data_dir=arguments.data_dir,
        annotation_dir=arguments.annotation_dir,
        overwrite=arguments.overwrite,
    )


def run_import(arguments: argparse.Namespace) -> None:
    """Read annotations of the sheets of --data_dir from DIR into --annotation_dir."""
    from wire_detection.formats.convert_folder import import_annotations

    import_annotations(
        *arguments.import_annotations,
        data_dir=arguments.data_dir,
        annotation_dir=arguments.annotation_dir,
        overwrite=arguments.overwrite,
    )
