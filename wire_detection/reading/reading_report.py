"""The report of a reading: what was found on each sheet, the doubtful ones first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from wire_detection.annotations.annotation_file import annotation_path, read_annotation
from wire_detection.pictures.report import REPORT_FILE, Report, ReportSheet, write_report
from wire_detection.pictures.report_sheet import SheetPicture
from wire_detection.reading.read_files import ANNOTATIONS, Reading
from wire_detection.sheets.listing import Page


def write_reading_report(
    readings: Sequence[Reading],
    pages: Sequence[Page],
    output_dir: str | Path,
    facts: Mapping[str, str],
    polarity: str,
) -> Path:
    """Write the report of what `predict_files` has read of these pages and written into `output_dir`.

    Args:
        facts: what the report says of the run, by name.
        polarity: with which the pages were read, one of defaults.POLARITIES.

    Returns:
        the path of the report.
    """
    by_name, folder = {page.name: page for page in pages}, Path(output_dir) / ANNOTATIONS
    ranked = sorted(readings, key=lambda reading: (not reading.doubt, reading.confidence))
    path = Path(output_dir) / REPORT_FILE
    sheets = [
        ReportSheet(
            reading.name,
            {
                "wires": reading.wires,
                "junctions": reading.junctions,
                "nets": reading.nets,
                "confidence": float(reading.confidence),
            },
            reading.doubt,
            partial(_picture, by_name[reading.name], folder, polarity),
        )
        for reading in ranked
    ]
    doubtful = sum(bool(reading.doubt) for reading in readings)
    counts = {"sheets": str(len(readings)), "doubtful": str(doubtful)}
    write_report(path, Report("Wires and nets as they were read", {**facts, **counts}, sheets))
    return path


def _picture(page: Page, folder: Path, polarity: str) -> SheetPicture:
    return SheetPicture(page.read(polarity), read_annotation(annotation_path(folder, page)))
