"""A report is one HTML file to look at what was read, scored or trained: it needs no other file and no network.

The least sure sheets come first. A sheet has its picture with wires, junctions and nets over it; whoever points at a
net sees all of it. How it looks stands in report.css, what it does in report.js; both are copied into each report.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from wire_detection.annotations.json_checks import AnnotationError
from wire_detection.pictures.line_chart import Chart, draw_chart
from wire_detection.pictures.overlays import LOW_CONFIDENCE
from wire_detection.pictures.report_sheet import SheetPicture, draw_sheet_svg
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.safe_files import replacing

log = logging.getLogger(__name__)

REPORT_FILE = "report.html"

MOST_PICTURES = 100
"""Of more sheets the least sure ones have pictures: a file of some ten megabytes still opens at once."""

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""Told to the browser, so that nothing of a report can ask for anything outside it."""

LEGEND = (
    ("wire", "wire, in the colour of its net"),
    ("doubtful", f"less sure than {LOW_CONFIDENCE:g}"),
    ("dot", "junction"),
    ("ring", "crossing, not connected"),
)
LEGEND_OF_ERRORS = (("missed", "a true wire that was missed"), ("false", "no wire in truth"))
"""Class of a sample in report.css, and what it means; the latter where the truth is known."""


@dataclass(frozen=True)
class Table:
    """Rows of texts under a title; `is_long` folds it up."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    is_long: bool = False


@dataclass(frozen=True)
class ReportSheet:
    """A sheet of a report; `read` gives its picture when its turn comes, or raises SheetError or AnnotationError.

    figures: name -> number, a column of the list of sheets each      doubt: why it is doubtful, or ""
    """

    name: str
    figures: Mapping[str, float]
    doubt: str
    read: Callable[[], SheetPicture]


@dataclass(frozen=True)
class Report:
    """What a report says: `facts` by name, tables, charts, and sheets, the least sure first.

    with_truth: whether the pictures show what was missed and what is false
    """

    title: str
    facts: Mapping[str, str]
    sheets: Sequence[ReportSheet]
    tables: Sequence[Table] = ()
    charts: Sequence[Chart] = ()
    with_truth: bool = False


def write_report(path: str | Path, report: Report) -> None:
    """Write `report` as HTML, whole or not at all; one picture at a time is in memory."""
    with replacing(path) as temporary, temporary.open("w", encoding="utf-8", errors="replace") as file:
        for part in _page(report):
            file.write(part)
    log.info("%s shows it: open it in a browser", path)


def _page(report: Report) -> Iterator[str]:
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(report.title)}</title>\n<style>\n{_beside('report.css')}</style>\n</head>\n"
        f'<body data-low="{LOW_CONFIDENCE:g}">\n<header><h1>{escape(report.title)}</h1>\n'
        f"{_facts(report.facts)}</header>\n<main>\n"
    )
    for table in report.tables:
        yield _table(table)
    if report.charts:
        yield f'<section class="charts" aria-label="Curves">{"".join(map(draw_chart, report.charts))}</section>\n'
    if report.sheets:
        yield _list_of_sheets(report.sheets)
        yield _legend(report.with_truth)
    for number, sheet in enumerate(report.sheets[:MOST_PICTURES]):
        yield _sheet(number, sheet)
    if len(report.sheets) > MOST_PICTURES:
        yield f"<p>{len(report.sheets) - MOST_PICTURES} further sheets, surer than these, have no picture here.</p>\n"
    yield f"</main>\n<script>\n{_beside('report.js')}</script>\n</body>\n</html>\n"


def _beside(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _facts(facts: Mapping[str, str]) -> str:
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts.items())
    return f"<dl>{rows}</dl>\n"


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in table.columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>\n" for row in table.rows)
    content = (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>'
    )
    title = escape(table.title)
    if table.is_long:
        return f"<details><summary>{title}</summary>{content}</details>\n"
    return f"<section><h2>{title}</h2>{content}</section>\n"


def _list_of_sheets(sheets: Sequence[ReportSheet]) -> str:
    """Write the table of all sheets; each name leads to the sheet's picture, each title of a column sorts."""
    with_remarks = any(sheet.doubt for sheet in sheets)
    columns = ["sheet", *sheets[0].figures, *(["remark"] if with_remarks else [])]
    head = "".join(f'<th scope="col"><button type="button">{escape(column)}</button></th>' for column in columns)
    rows = []
    for number, sheet in enumerate(sheets):
        name = escape(sheet.name)
        link = f'<a href="#s{number}">{name}</a>' if number < MOST_PICTURES else name
        cells = "".join(f'<td class="number">{_number(value)}</td>' for value in sheet.figures.values())
        remark = f"<td>{escape(sheet.doubt)}</td>" if with_remarks else ""
        rows.append(f'<tr><th scope="row">{link}</th>{cells}{remark}</tr>\n')
    return (
        f'<section><h2>Sheets</h2><div class="scroll" tabindex="0"><table class="sortable">'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{''.join(rows)}</tbody></table></div></section>\n"
    )


def _number(value: float) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def _legend(with_truth: bool) -> str:
    """Say what is what on the pictures; each can be hidden."""
    rows = LEGEND + (LEGEND_OF_ERRORS if with_truth else ())
    samples = "".join(
        f'<li><svg viewBox="0 0 36 14" aria-hidden="true">{_sample(name)}</svg>{escape(meaning)}</li>'
        for name, meaning in rows
    )
    layers = ("picture", "nets", "crossings", *(("missed", "false") if with_truth else ()))
    boxes = "".join(f'<label><input type="checkbox" data-layer="{name}" checked>{name}</label>' for name in layers)
    return (
        f'<section class="legend" aria-label="Legend"><ul>{samples}</ul>'
        f"<fieldset><legend>Show</legend>{boxes}</fieldset></section>\n"
    )


def _sample(name: str) -> str:
    """Write a sample of what has the class `name`: a point, or else a line."""
    step = "18 7h0" if name in ("dot", "ring") else "3 7h30"
    hole = f'<path class="sample hole" d="M{step}"/>' if name == "ring" else ""
    return f'<path class="sample {name}" d="M{step}"/>{hole}'


def _sheet(number: int, sheet: ReportSheet) -> str:
    """Write the picture of a sheet with its figures; report.js lists the nets beside it."""
    name = escape(sheet.name)
    figures = "".join(f"<li>{escape(key)} <b>{_number(value)}</b></li>" for key, value in sheet.figures.items())
    doubt = f'<p class="doubt">{escape(sheet.doubt)}</p>' if sheet.doubt else ""
    head = f'<article class="sheet" id="s{number}"><h2>{name}</h2><ul class="figures">{figures}</ul>{doubt}'
    try:
        drawing = draw_sheet_svg(sheet.read(), sheet.name)
    except (SheetError, AnnotationError) as error:
        return f'{head}<p class="doubt">{escape(" ".join(str(error).split()))}</p></article>\n'
    return (
        f'{head}\n<div class="view"><div class="stage" tabindex="0" aria-label="picture of {name}">{drawing}</div>'
        f'<div class="nets-list"></div></div><p class="said" role="status"></p></article>\n'
    )
