"""Look at every sheet and its annotation before hours are spent on them: a table, data_check.json, a contact sheet."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from wire_detection import defaults
from wire_detection.annotations.annotation import Annotation
from wire_detection.annotations.annotation_file import annotation_path, read_annotation
from wire_detection.runs.processes import count_workers
from wire_detection.runs.sheet_loop import over_sheets
from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.ink import ink_mask
from wire_detection.sheets.listing import Page, list_pages
from wire_detection.sheets.normalise import normal_scale
from wire_detection.sheets.prepare import clean_sheet
from wire_detection.sheets.raster import draw_points, draw_segments, widened
from wire_detection.sheets.safe_files import write_json, write_png
from wire_detection.sheets.shard import NOT_DONE
from wire_detection.sheets.sheet_folder import SheetFolder
from wire_detection.windows.sheet_check import CheckRows, SheetCheck, not_usable
from wire_detection.windows.targets import JUNCTION_TARGET_RADIUS_PX, WIRE_TARGET_PX

log = logging.getLogger(__name__)

LEAST_ON_INK = 0.9
"""A sheet is suspicious when a smaller share of its wires lies within 1 px of ink: exact annotations reach 0.99."""

STROKES_PX = (1.0, 12.0)
"""Usual stroke widths; thinner lines fade, thicker ones are mostly solid areas that were measured instead of lines."""

PIXELS_IN_A_BATCH = defaults.BATCH_SIZE * defaults.IMAGE_SIZE[0] * defaults.IMAGE_SIZE[1]
"""What the suggested batch holds: the default batch of the default window."""

MOST_WARNINGS = 3
"""At most this many suspicious sheets are named before a training; --check_data shows all."""

SHOWN = 36
"""At most this many suspicious sheets are drawn."""


def check_sheet(page: Page, annotation_dir: Path) -> SheetCheck:
    """Look at one page and its annotation file; whatever is suspicious is told in `problems`.

    Raises:
        SheetError, AnnotationError: when they cannot be used.
    """
    grey = page.read()
    return _measure(page, grey, read_annotation(annotation_path(annotation_dir, page), grey.shape))


def _measure(page: Page, grey: np.ndarray, annotation: Annotation) -> SheetCheck:
    ink, stroke_px = ink_mask(grey), clean_sheet(grey).stroke_px
    centre = draw_segments(grey.shape, annotation.wires, 1)
    near_ink = widened(ink, 1)
    scale = normal_scale(stroke_px, max(grey.shape))
    check = SheetCheck(
        page.name,
        height=grey.shape[0],
        width=grey.shape[1],
        stroke_px=round(stroke_px, 2),
        wires=len(annotation.wires),
        junctions=len(annotation.junctions),
        on_ink=round(float(near_ink[centre].mean()), 4) if centre.any() else 1.0,
        wire_share=float(draw_segments(grey.shape, annotation.wires, WIRE_TARGET_PX / scale).mean()),
        junction_share=float(draw_points(grey.shape, annotation.junctions, JUNCTION_TARGET_RADIUS_PX / scale).mean()),
        digest=hashlib.sha256(str(grey.shape).encode() + grey.tobytes()).hexdigest(),
    )
    return replace(check, problems=tuple(_problems(check, bool(ink.any()))))


def _problems(check: SheetCheck, has_ink: bool) -> list[str]:
    found = []
    if not has_ink:
        found.append("holds no ink")
    elif not STROKES_PX[0] <= check.stroke_px <= STROKES_PX[1]:
        found.append(f"strokes of {check.stroke_px} px are unusual")
    if not check.wires:
        found.append("no wire is annotated")
    if check.on_ink < LEAST_ON_INK:
        found.append(f"only {check.on_ink:.0%} of its wires lie on ink: faint, or another image's annotation?")
    return found


def check_sheets(
    data_dir: str | Path,
    annotation_dir: str | Path,
    workers: int | str | None = None,
    rows: CheckRows | None = None,
    **options,
) -> list[SheetCheck]:
    """Look at every image of `data_dir`, in the order in which a dataset holds them, and after these what is no sheet.

    Args:
        workers: processes, as many as cores and memory allow when None; or a Dask cluster, as for `over_sheets`.
        rows: what is known of some sheets already, which takes in what is found on the others.
        options: of `find_pages`.

    Raises:
        SheetError: when the folder does not exist or holds no image.
    """
    listing = list_pages(data_dir, **options)
    rows, skipped = rows or CheckRows(), []
    pages = [page for page in listing.pages if page.name not in rows.known]
    if rows.merge:
        skipped, pages = [(page.name, NOT_DONE) for page in pages], []
    task, workers = partial(check_sheet, annotation_dir=Path(annotation_dir)), workers or count_workers(pages)
    for _, check in over_sheets(task, pages, skipped, doing="checking", workers=workers):
        rows.add(check)
    for name, reason in skipped:
        rows.add(not_usable(name, reason))
    checks = [rows.known[page.name] for page in listing.pages]
    return (
        _mark_twins([check for check in checks if check.usable])
        + [check for check in checks if not check.usable]
        + [not_usable(name, reason) for name, reason in listing.skipped]
    )


def _mark_twins(checks: list[SheetCheck]) -> list[SheetCheck]:
    """Tell of each sheet whose picture came before."""
    first: dict[str, str] = {}
    marked = []
    for check in checks:
        twin = first.setdefault(check.digest, check.name)
        if twin != check.name:
            check = replace(check, problems=(*check.problems, f"the same picture as {twin}"))
        marked.append(check)
    return marked


def assign_sides(checks: Sequence[SheetCheck], held_out: Sequence[str]) -> list[SheetCheck]:
    """Note the side of the split of each usable sheet, and pictures that are on both."""
    validation = set(held_out)
    sided = [
        replace(check, side="validation" if check.name in validation else "train") if check.usable else check
        for check in checks
    ]
    sides: dict[str, set[str]] = {}
    for check in sided:
        sides.setdefault(check.digest, set()).add(check.side)
    return [
        replace(check, problems=(*check.problems, "is trained on and held out: scores will flatter"))
        if check.usable and len(sides[check.digest]) > 1
        else check
        for check in sided
    ]


def check_dataset(
    data_dir: str | Path,
    annotation_dir: str | Path,
    *,
    validation_split: float,
    seed: int,
    all_held_out: bool = False,
    workers: int | str | None = None,
    rows: CheckRows | None = None,
    **options,
) -> list[SheetCheck]:
    """Check every sheet, each with its side of the split that a training with these settings makes.

    Args:
        all_held_out: whether the training draws its own sheets, so that all of these are held out.
        workers, rows: as for `check_sheets`.
        options: of `find_pages`.
    """
    from wire_detection.windows.dataset import split_sheets

    checks = check_sheets(data_dir, annotation_dir, workers, rows, **options)
    usable = [check.name for check in checks if check.usable]
    if all_held_out:
        return assign_sides(checks, usable)
    if len(usable) < 2:
        return checks
    _, held_out = split_sheets(usable, validation_split, seed)
    return assign_sides(checks, [usable[i] for i in held_out])


def suggest(checks: Sequence[SheetCheck]) -> dict[str, object]:
    """Suggest a window and a batch for these sheets.

    The window is the largest multiple of 32, from 128 to 512, that fits half of the sheets at the normalised scale;
    the batch fills PIXELS_IN_A_BATCH, from 1 to 32 windows.
    """
    usable = [check for check in checks if check.usable]
    sides = [min(c.height, c.width) * normal_scale(c.stroke_px, max(c.height, c.width)) for c in usable]
    side = int(np.clip(np.median(sides) // 32 * 32, 128, 512)) if sides else 512
    return {"image_size": [side, side], "batch_size": int(np.clip(PIXELS_IN_A_BATCH // side**2, 1, 32))}


def summarise_checks(checks: Sequence[SheetCheck]) -> dict[str, object]:
    """Count sheets and shares of wire and junction pixels in all, and add what `suggest` says."""
    usable = [check for check in checks if check.usable]
    pixels = sum(c.height * c.width for c in usable) or 1
    return {
        "sheets": len(checks),
        "usable": len(usable),
        "suspicious": sum(bool(c.problems) for c in usable),
        "sides": dict(Counter(c.side for c in usable if c.side)),
        "wire_share": sum(c.wire_share * c.height * c.width for c in usable) / pixels,
        "junction_share": sum(c.junction_share * c.height * c.width for c in usable) / pixels,
        "suggested": suggest(checks),
    }


def refuse_unusable(checks: Sequence[SheetCheck], data_dir: str | Path, least: int = 1) -> None:
    """Raise SheetError when fewer than `least` sheets can be used."""
    usable = sum(c.usable for c in checks)
    if usable < least:
        first = next((f"; {c.name}: {c.problems[0]}" for c in checks if not c.usable), "")
        raise SheetError(
            f"{data_dir}: {usable} of its {len(checks)} images can be used, and at least {least} must be{first}"
        )


def format_checks(checks: Sequence[SheetCheck]) -> str:
    """Write a table of all sheets, and under it the summary."""
    width = max([len(c.name) for c in checks], default=5)
    lines = [f"{'sheet':<{width}}  {'size':>11}  stroke  wires  junctions  on ink  remarks"]
    for c in checks:
        figures = (
            f"{c.width:>5}x{c.height:<5}  {c.stroke_px:6.2f}  {c.wires:5d}  {c.junctions:9d}  {c.on_ink:6.1%}"
            if c.usable
            else f"{'not usable':>11}{'':33}"
        )
        lines.append(f"{c.name:<{width}}  {figures}  {'; '.join(c.problems)}".rstrip())
    summary = summarise_checks(checks)
    size, batch = (summary["suggested"][key] for key in ("image_size", "batch_size"))
    lines.append(
        f"{summary['usable']} of {summary['sheets']} sheets can be used, {summary['suspicious']} of them are "
        f"suspicious; wires cover {summary['wire_share']:.2%} of the pixels, junctions "
        f"{summary['junction_share']:.3%}"
    )
    lines.append(f"suggested: --image_size {size[0]} {size[1]} --batch_size {batch}")
    return "\n".join(lines)


def warn_of(checks: Sequence[SheetCheck]) -> None:
    """Log the check in one line, and the first few suspicious sheets; those not usable are named by the dataset."""
    summary = summarise_checks(checks)
    log.info(
        "data: %d of %d sheets can be used, %d suspicious; --check_data shows all",
        summary["usable"],
        summary["sheets"],
        summary["suspicious"],
    )
    for check in [c for c in checks if c.usable and c.problems][:MOST_WARNINGS]:
        log.warning("%s: %s", check.name, "; ".join(check.problems))


def write_checks(
    checks: Sequence[SheetCheck], data_dir: str | Path, annotation_dir: str | Path, folder: str | Path, **options
) -> list[Path]:
    """Write data_check.json and, when sheets are suspicious, data_check.png into `folder`; return their paths.

    options: of `find_pages`, as the sheets were checked with.
    """
    from wire_detection.pictures.contact_sheet import contact_tile, draw_contact_sheet
    from wire_detection.pictures.overlays import draw_annotation_overlay

    folder = Path(folder)
    write_json(folder / "data_check.json", {**summarise_checks(checks), "per_sheet": checks})
    suspicious = [c.name for c in checks if c.usable and c.problems][:SHOWN]
    if not suspicious:
        (folder / "data_check.png").unlink(missing_ok=True)
        return [folder / "data_check.json"]
    sheets, tiles = SheetFolder(data_dir, **options), []
    for name in suspicious:
        page = sheets.find(name)
        grey = page.read()
        annotation = read_annotation(annotation_path(annotation_dir, page), grey.shape)
        tiles.append(contact_tile(draw_annotation_overlay(grey, annotation)))
    write_png(folder / "data_check.png", draw_contact_sheet(tiles, suspicious))
    return [folder / "data_check.json", folder / "data_check.png"]
