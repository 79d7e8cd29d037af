"""The verbs that need no door: draw sheets, annotations to and from other programs."""

from __future__ import annotations

import argparse
import logging

log = logging.getLogger(__name__)


def run_synthesis(arguments: argparse.Namespace) -> None:
    """The verb --synthesize."""
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
    """The verb --export_annotations."""
    from wire_detection.formats.convert_folder import export_annotations

    export_annotations(
        *arguments.export_annotations,
        data_dir=arguments.data_dir,
        annotation_dir=arguments.annotation_dir,
        overwrite=arguments.overwrite,
    )


def run_import(arguments: argparse.Namespace) -> None:
    """The verb --import_annotations."""
    from wire_detection.formats.convert_folder import import_annotations

    import_annotations(
        *arguments.import_annotations,
        data_dir=arguments.data_dir,
        annotation_dir=arguments.annotation_dir,
        overwrite=arguments.overwrite,
    )
