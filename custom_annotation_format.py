"""The annotation of a sheet: its wires, junctions and components in one JSON file, `STEM.json` beside `STEM.png`.

    {"version": 1, "image_path": "amp.png", "image_shape": [height, width],
     "wires":      [{"start": [x, y], "end": [x, y], "type": "horizontal", "confidence": 1.0, "length": 120.0}],
     "junctions":  [{"center": [x, y], "type": "dot", "confidence": 1.0}],
     "components": [{"bbox": [x1, y1, x2, y2], "type": "resistor", "confidence": 1.0}],
     "metadata":   {"source": "manual", "stroke_width": 2.0}}

Coordinates are (x, y) in float pixels of the image, pixel centres at integers, origin top left. Drawn sheets also
name what a score should not care about and what nothing but a drawing knows: `pins` and `buses` (segments as
[x1, y1, x2, y2]), `texts` (boxes [x1, y1, x2, y2]) and `nets` (lists of wire indices).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from wire_detection.sheets.geometry import (
    as_points,
    as_segments,
    clip_segments,
    draw_points,
    draw_segments,
    segment_angles,
    segment_lengths,
    transform_points,
    transform_segments,
)
from wire_detection.sheets.image_files import SheetError, list_images, read_sheet, unique_stems
from wire_detection.sheets.safe_files import write_png, write_text

logger = logging.getLogger(__name__)

FORMAT_VERSION = 1
MAX_FILE_BYTES = 64 * 2**20
MAX_OBJECTS = 100_000
"""More wires, or more of anything else, than any one sheet holds."""

MAX_STROKE_PX = 200
EDGE_PX = 1.0
"""Ends may lie this far outside the image, as on the rim of an edge pixel; boxes may stick out."""


class AnnotationError(ValueError):
    """An annotation that cannot be used; the message is one line that names the file, the place and the remedy."""


@dataclass(frozen=True)
class Annotation:
    """What is known of one sheet; every array may be empty, none is ever None.

    image_shape: (height, width) in pixels
    wires: (N, 4) float32 x0 y0 x1 y1      wire_confidences: (N,) float32 in 0..1
    junctions: (M, 2) float32 x y          junction_types: M of "T", "cross", "dot", ...    junction_confidences: (M,)
    components: dictionaries with "bbox" [x1, y1, x2, y2], "type" and "confidence"
    pins, buses: (K, 4) float32 segments   texts: (K, 4) float32 boxes x1 y1 x2 y2
    nets: groups of indices into wires     metadata: "source", "stroke_width" in pixels, and whatever else is known
    """

    image_path: str
    image_shape: tuple[int, int]
    wires: np.ndarray
    wire_confidences: np.ndarray
    junctions: np.ndarray
    junction_types: tuple[str, ...]
    junction_confidences: np.ndarray
    components: tuple[dict, ...] = ()
    pins: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    buses: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    texts: np.ndarray = field(default_factory=lambda: np.zeros((0, 4), np.float32))
    nets: tuple[tuple[int, ...], ...] = ()
    metadata: dict = field(default_factory=dict)

    @classmethod
    def build(cls, *, image_path: str, image_shape: tuple[int, int], wires=(), wire_confidences=None, junctions=(),
              junction_types: Sequence[str] | None = None, junction_confidences=None, components=(), pins=(), buses=(),
              texts=(), nets=(), metadata: dict | None = None) -> Annotation:
        """An annotation from anything array-like; confidences default to 1 and junction types to "T"."""
        wires, junctions = as_segments(wires), as_points(junctions)
        return cls(
            image_path=str(image_path),
            image_shape=(int(image_shape[0]), int(image_shape[1])),
            wires=wires,
            wire_confidences=_confidences(wire_confidences, len(wires)),
            junctions=junctions,
            junction_types=tuple(junction_types) if junction_types is not None else ("T",) * len(junctions),
            junction_confidences=_confidences(junction_confidences, len(junctions)),
            components=tuple(components),
            pins=as_segments(pins),
            buses=as_segments(buses),
            texts=as_segments(texts),
            nets=tuple(tuple(int(i) for i in net) for net in nets),
            metadata=dict(metadata or {}),
        )

    @property
    def stroke_width(self) -> float | None:
        """The sheet's stroke width in pixels, where the annotation knows it."""
        return self.metadata.get("stroke_width")


def _confidences(values, count: int) -> np.ndarray:
    return np.ones(count, np.float32) if values is None else np.asarray(values, np.float32).reshape(count)


def wire_types(wires: np.ndarray, tilt_deg: float = 5.0) -> list[str]:
    """"horizontal", "vertical" or "diagonal" for each of the (N, 4) wires; a scan's tilt is no diagonal."""
    angles = segment_angles(wires)
    flat = np.minimum(angles, 180 - angles) <= tilt_deg
    upright = np.abs(angles - 90) <= tilt_deg
    return np.select([flat, upright], ["horizontal", "vertical"], "diagonal").tolist()


def transform_annotation(annotation: Annotation, matrix: np.ndarray, shape: tuple[int, int]) -> Annotation:
    """The annotation of the same sheet after the affine map `matrix` (2, 3), on an image of `shape` (height, width).

    Wires, pins, buses and text boxes are cut at the new image's edge; what falls outside is left out, and so are the
    nets, whose wire indices no longer hold.
    """
    height, width = shape
    wires = transform_segments(annotation.wires, matrix)
    pieces = [clip_segments(wire[None], width, height) for wire in wires]
    kept = np.array([len(piece) > 0 for piece in pieces], bool)
    points = transform_points(annotation.junctions, matrix)
    inside = ((points > -0.5) & (points < np.array([width, height]) - 0.5)).all(1)
    scale = float(np.sqrt(abs(np.linalg.det(np.asarray(matrix)[:, :2]))))
    boxes = _transform_boxes([component["bbox"] for component in annotation.components], matrix)
    metadata = dict(annotation.metadata)
    if annotation.stroke_width is not None:
        metadata["stroke_width"] = float(annotation.stroke_width) * scale
    return replace(
        annotation,
        image_shape=(int(height), int(width)),
        wires=as_segments(np.concatenate(pieces) if pieces else ()),
        wire_confidences=annotation.wire_confidences[kept],
        junctions=as_points(points[inside]),
        junction_types=tuple(t for t, keep in zip(annotation.junction_types, inside, strict=True) if keep),
        junction_confidences=annotation.junction_confidences[inside],
        components=tuple({**component, "bbox": box.tolist()}
                         for component, box in zip(annotation.components, boxes, strict=True)
                         if _box_meets(box, width, height)),
        pins=clip_segments(transform_segments(annotation.pins, matrix), width, height),
        buses=clip_segments(transform_segments(annotation.buses, matrix), width, height),
        texts=as_segments([b for b in _transform_boxes(annotation.texts, matrix) if _box_meets(b, width, height)]),
        nets=(),
        metadata=metadata,
    )


def _transform_boxes(boxes, matrix: np.ndarray) -> np.ndarray:
    """The upright boxes around the transformed corners of (K, 4) boxes."""
    boxes = as_segments(boxes)
    corners = transform_points(boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2), matrix).reshape(-1, 4, 2)
    return np.concatenate([corners.min(1), corners.max(1)], 1) if len(boxes) else boxes


def _box_meets(box: np.ndarray, width: int, height: int) -> bool:
    return bool(box[2] > 0 and box[3] > 0 and box[0] < width - 1 and box[1] < height - 1)


def drawn_masks(annotation: Annotation) -> tuple[np.ndarray, np.ndarray]:
    """(H, W) bool masks of the wires, as wide as the sheet's strokes, and of the junctions, discs of twice that."""
    stroke_px = max(1.0, annotation.stroke_width or 2.0)
    return (draw_segments(annotation.image_shape, annotation.wires, round(stroke_px)),
            draw_points(annotation.image_shape, annotation.junctions, 2 * stroke_px))


def write_annotation(annotation: Annotation, path: str | Path) -> None:
    """Write `annotation` as JSON, whole or not at all."""
    write_text(path, json.dumps(_to_json(annotation), allow_nan=False, ensure_ascii=False) + "\n")


def _to_json(annotation: Annotation) -> dict:
    wires = [{"start": wire[:2], "end": wire[2:], "type": kind, "confidence": confidence, "length": length}
             for wire, kind, confidence, length in
             zip(_rounded(annotation.wires), wire_types(annotation.wires), _rounded(annotation.wire_confidences, 3),
                 _rounded(segment_lengths(annotation.wires), 1), strict=True)]
    junctions = [{"center": center, "type": kind, "confidence": confidence}
                 for center, kind, confidence in zip(_rounded(annotation.junctions), annotation.junction_types,
                                                     _rounded(annotation.junction_confidences, 3), strict=True)]
    content = {"version": FORMAT_VERSION, "image_path": annotation.image_path,
               "image_shape": list(annotation.image_shape), "wires": wires, "junctions": junctions,
               "components": list(annotation.components)}
    for name in ("pins", "buses", "texts"):
        if len(getattr(annotation, name)):
            content[name] = _rounded(getattr(annotation, name))
    if annotation.nets:
        content["nets"] = [list(net) for net in annotation.nets]
    counts = {"num_wires": len(wires), "num_junctions": len(junctions), "num_components": len(annotation.components)}
    return {**content, "metadata": {**annotation.metadata, **counts}}


def _rounded(values: np.ndarray, digits: int = 2) -> list:
    return np.round(np.asarray(values, np.float64), digits).tolist()


def read_annotation(path: str | Path, image_shape: tuple[int, int] | None = None) -> Annotation:
    """Read and check an annotation file.

    Args:
        path: the JSON file.
        image_shape: (height, width) of the sheet that it should belong to, if known.

    Raises:
        AnnotationError: when the file is missing, no annotation, for another image size, or holds a number that is
            not finite or lies outside the image.
    """
    path = Path(path)
    content = read_json(path)
    if not isinstance(content, dict):
        raise AnnotationError(f"{path}: holds a JSON {type(content).__name__}, not an annotation object")
    try:
        return annotation_from_json(content, image_shape)
    except AnnotationError as error:
        raise AnnotationError(f"{path}: {error}") from None


def read_json(path: Path, max_bytes: int = MAX_FILE_BYTES) -> object:
    """The JSON value that a file of at most `max_bytes` holds; AnnotationError, in one line, when it holds none."""
    return _parsed(path, read_text(path, max_bytes))


def read_text(path: Path, max_bytes: int = MAX_FILE_BYTES) -> str:
    """The text of a UTF-8 file of at most `max_bytes`; AnnotationError, in one line, when it cannot be read."""
    try:
        if path.stat().st_size > max_bytes:
            raise AnnotationError(f"{path}: larger than {max_bytes >> 20} MiB, more than an annotation needs")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AnnotationError(f"{path}: no such annotation file") from None
    except OSError as error:
        raise AnnotationError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise AnnotationError(f"{path}: not UTF-8 text ({str(error)[:80]})") from None


def _parsed(path: Path, text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise AnnotationError(f"{path}: not JSON ({str(error)[:80]})") from None


def annotation_from_json(content: dict, expected_shape: tuple[int, int] | None) -> Annotation:
    """The checked annotation that a JSON object of the form above describes; AnnotationError where it does not."""
    shape = _shape(content.get("image_shape"))
    if expected_shape is not None and shape != tuple(expected_shape):
        raise AnnotationError(f"is for an image of {shape[1]}x{shape[0]} pixels, but the image has "
                              f"{expected_shape[1]}x{expected_shape[0]}; annotate it again")
    wires, junctions = json_objects(content, "wires"), json_objects(content, "junctions")
    components = json_objects(content, "components")
    metadata = content.get("metadata", {})
    if not isinstance(metadata, dict):
        raise AnnotationError("metadata must be an object")
    if "stroke_width" in metadata:
        stroke_px = float(finite_rows([metadata["stroke_width"]], 1, "metadata stroke_width")[0, 0])
        if not 0 <= stroke_px <= MAX_STROKE_PX:
            raise AnnotationError(f"metadata stroke_width must lie in 0..{MAX_STROKE_PX} pixels, got {stroke_px:g}")
    ends = [_as_list(w.get("start")) + _as_list(w.get("end")) for w in wires]
    boxes = _rounded(finite_rows([c.get("bbox") for c in components], 4, "component"), 4)
    shares = _rounded(_shares(components, "component"), 4)
    return Annotation.build(
        image_path=str(content.get("image_path", "")),
        image_shape=shape,
        wires=_inside(finite_rows(ends, 4, "wire"), shape, "wire"),
        wire_confidences=_shares(wires, "wire"),
        junctions=_inside(finite_rows([j.get("center") for j in junctions], 2, "junction"), shape, "junction"),
        junction_types=[str(j.get("type", "T")) for j in junctions],
        junction_confidences=_shares(junctions, "junction"),
        components=[{**component, "bbox": box, "type": str(component.get("type", "")), "confidence": share}
                    for component, box, share in zip(components, boxes, shares, strict=True)],
        nets=_nets(content.get("nets", []), len(wires)),
        metadata=metadata,
        texts=finite_rows(content.get("texts", []), 4, "texts"),
        **{name: _inside(finite_rows(content.get(name, []), 4, name), shape, name) for name in ("pins", "buses")},
    )


def _shape(value: object) -> tuple[int, int]:
    if (not isinstance(value, list) or len(value) != 2
            or not all(type(v) is int and 0 < v <= 1_000_000 for v in value)):
        raise AnnotationError(f"image_shape must be [height, width] in pixels, got {str(value)[:60]}")
    return value[0], value[1]


def json_objects(content: dict, name: str, most: int = MAX_OBJECTS) -> list[dict]:
    """The list of objects, `most` at most, that `content` holds under `name`; AnnotationError for anything else."""
    items = content.get(name, [])
    if not isinstance(items, list):
        raise AnnotationError(f"{name} must be a list, got {type(items).__name__}")
    if len(items) > most:
        raise AnnotationError(f"{name} holds {len(items)} objects, more than the {most} allowed")
    for index, item in enumerate(items):
        if not isinstance(item, dict):
            raise AnnotationError(f"{name} {index} must be an object, got {type(item).__name__}")
    return items


def _as_list(value: object) -> list:
    return value if isinstance(value, list) else [value]


def finite_rows(rows: object, columns: int, name: str) -> np.ndarray:
    """(N, columns) float32 from a list of number lists, every one finite; AnnotationError for anything else."""
    if not isinstance(rows, list):
        raise AnnotationError(f"{name} must be a list, got {type(rows).__name__}")
    values = np.zeros((len(rows), columns), np.float64)
    for index, row in enumerate(rows):
        row = row if isinstance(row, list) else [row]
        if len(row) != columns or not all(type(v) in (int, float) and abs(v) <= 1e9 for v in row):
            raise AnnotationError(f"{name} {index} needs {columns} finite numbers, got {str(row)[:80]}")
        values[index] = row
    return values.astype(np.float32)


def _inside(values: np.ndarray, shape: tuple[int, int], name: str) -> np.ndarray:
    height, width = shape
    points = values.reshape(len(values), values.shape[1] // 2, 2)
    outside = ((points < -EDGE_PX) | (points > np.array([width, height]) - 1 + EDGE_PX)).any((1, 2))
    if outside.any():
        raise AnnotationError(f"{name} {int(np.argmax(outside))} lies outside the {width}x{height} image")
    return values


def _shares(items: list[dict], name: str) -> np.ndarray:
    """The (N,) confidences of annotation objects, 1 where none is stated."""
    values = finite_rows([item.get("confidence", 1.0) for item in items], 1, f"{name} confidence")[:, 0]
    if ((values < 0) | (values > 1)).any():
        raise AnnotationError(f"{name} {int(np.argmax((values < 0) | (values > 1)))}: confidence must lie in 0..1")
    return values


def _nets(value: object, num_wires: int) -> list[list[int]]:
    if not isinstance(value, list):
        raise AnnotationError("nets must be a list of lists of wire numbers")
    for index, net in enumerate(value):
        if not isinstance(net, list) or not all(type(i) is int and 0 <= i < num_wires for i in net):
            raise AnnotationError(f"net {index} must list wires by numbers from 0 to {num_wires - 1}")
    return value


@dataclass(frozen=True)
class BatchSummary:
    """What `create_annotation_batch` did: stems newly annotated, stems annotated before, and (image name, reason)."""

    written: tuple[str, ...]
    kept: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]


UNFINISHED = ".unfinished"
"""A file in a folder of annotations for as long as `create_annotation_batch` has not come to its end there."""


def annotations_finished(output_dir: str | Path) -> bool:
    """Whether `output_dir` is there and no batch was stopped before it had been through all its images."""
    return Path(output_dir).is_dir() and not (Path(output_dir) / UNFINISHED).exists()


def create_annotation_batch(images_dir: str | Path, output_dir: str | Path, min_wire_length: float = 8,
                            border_size: float = 12, threshold: float = 0.12, *, text_filter: str = "none",
                            workers: int = -1, overlay_dir: str | Path | None = None) -> BatchSummary:
    """Annotate every image of a folder by classic detection, on all cores; a stopped batch goes on where it stopped.

    Args:
        images_dir: folder of schematic images.
        output_dir: gets one `STEM.json` an image; a stem that already has one is kept as it is.
        min_wire_length: shortest wire in pixels; never below a few stroke widths, whatever is asked for.
        border_size: width in pixels of the rim of the sheet in which long lines are frame, not wire.
        threshold: a pixel is ink when it is darker than the paper around it by this share of the paper's brightness.
        text_filter: "ocr" leaves out what lies in recognised text (boxes are cached in `output_dir`/.text), "none"
            trusts the shape rules alone.
        workers: processes; -1 for one per core. joblib's other backends apply inside `joblib.parallel_config`.
        overlay_dir: gets one `STEM.png` an image with the annotation drawn on it, and `contact_sheet.png`.

    Raises:
        SheetError: when the folder does not exist, holds no image, or none of its images can be annotated.
        ValueError: when an argument is out of range.
    """
    _check_batch_arguments(min_wire_length, border_size, threshold, text_filter)
    images, doubles = unique_stems(list_images(images_dir))
    output_dir = Path(output_dir)
    output_dir.mkdir(parents=True, exist_ok=True)
    (output_dir / UNFINISHED).touch()
    settings = {"min_wire_length": min_wire_length, "border_size": border_size, "threshold": threshold}
    results = _annotate_all(images, output_dir, settings, text_filter, workers, overlay_dir)
    skipped = [(path.name, f"another image has the stem {path.stem} too") for path in doubles]
    skipped += [(name, reason) for name, outcome, reason in results if outcome == "skipped"]
    for name, reason in sorted(skipped):
        logger.warning("skipped %s: %s", name, reason)
    chosen = {outcome: tuple(sorted(Path(name).stem for name, o, _ in results if o == outcome))
              for outcome in ("written", "kept")}
    logger.info("%d sheets annotated, %d annotated before, %d skipped; annotations in %s", len(chosen["written"]),
                len(chosen["kept"]), len(skipped), output_dir)
    if not chosen["written"] and not chosen["kept"]:
        raise SheetError(f"{images_dir}: none of its {len(images)} images can be annotated; {skipped[0][0]}: "
                         f"{skipped[0][1]}")
    (output_dir / UNFINISHED).unlink(missing_ok=True)
    if overlay_dir is not None:
        _write_contact_sheet(Path(overlay_dir), sorted(chosen["written"] + chosen["kept"]))
    return BatchSummary(chosen["written"], chosen["kept"], tuple(sorted(skipped)))


TEXT_FILTERS = ("none", "ocr")


def _check_batch_arguments(min_wire_length: float, border_size: float, threshold: float, text_filter: str) -> None:
    if not min_wire_length > 0:
        raise ValueError(f"min_wire_length must be above 0 pixels, got {min_wire_length}")
    if not border_size >= 0:
        raise ValueError(f"border_size must be 0 pixels or more, got {border_size}")
    if not 0 < threshold < 1:
        raise ValueError(f"threshold must lie between 0 and 1, got {threshold}")
    if text_filter not in TEXT_FILTERS:
        raise ValueError(f"text_filter must be one of {', '.join(TEXT_FILTERS)}, got {text_filter!r}")


def _annotate_all(images: list[Path], output_dir: Path, settings: dict, text_filter: str, workers: int,
                  overlay_dir: str | Path | None) -> list[tuple[str, str, str]]:
    from joblib import Parallel, delayed
    from tqdm import tqdm

    jobs = (delayed(_annotate_image)(path, output_dir, settings, text_filter, overlay_dir) for path in images)
    done = Parallel(n_jobs=workers, return_as="generator_unordered")(jobs)
    return list(tqdm(done, total=len(images), desc="annotating", unit="sheet"))


def _annotate_image(path: Path, output_dir: Path, settings: dict, text_filter: str,
                    overlay_dir: str | Path | None) -> tuple[str, str, str]:
    """Annotate one image; (its name, "written", "kept" or "skipped", the reason). One image never stops the batch."""
    cv2.setNumThreads(1)  # the batch fills the cores with sheets, not with threads
    target = output_dir / f"{path.stem}.json"
    overlay = None if overlay_dir is None else Path(overlay_dir) / f"{path.stem}.png"
    try:
        if target.exists():
            annotation, outcome = read_annotation(target), "kept"
            if overlay is None or overlay.exists():
                return path.name, outcome, ""
            grey = read_sheet(path)
        else:
            grey, outcome = read_sheet(path), "written"
            annotation = annotate_sheet(grey, path, text_cache=output_dir / ".text" / f"{path.stem}.json"
                                        if text_filter == "ocr" else None, **settings)
            write_annotation(annotation, target)
        if overlay is not None:
            from wire_detection.pictures.overlays import draw_annotation_overlay

            write_png(overlay, draw_annotation_overlay(grey, annotation))
    except Exception as error:  # whatever one sheet does to a library, the others must get their annotation
        reason = " ".join(str(error).split()).removeprefix(f"{path}: ")[:300]
        return path.name, "skipped", reason or type(error).__name__
    return path.name, outcome, ""


def annotate_sheet(grey: np.ndarray, path: str | Path, *, text_cache: Path | None = None, **settings) -> Annotation:
    """The annotation of one sheet `grey` (H, W) uint8; `settings` as for `create_annotation_batch`."""
    from wire_detection.classic.detect import detect_wires
    from wire_detection.classic.ocr import cached_text

    texts = np.zeros((0, 4), np.float32) if text_cache is None else cached_text(grey, text_cache)[:, :4]
    found = detect_wires(grey, text_boxes=texts, **settings)
    return Annotation.build(
        image_path=Path(path).name, image_shape=grey.shape, wires=found.wires, wire_confidences=found.wire_confidences,
        junctions=found.junctions, junction_types=found.junction_types,
        junction_confidences=found.junction_confidences, texts=texts,
        metadata={"source": "hough", "stroke_width": round(found.stroke_width, 3), **settings})


def _write_contact_sheet(overlay_dir: Path, stems: list[str]) -> None:
    from wire_detection.pictures.overlays import draw_contact_sheet, read_overlay

    paths = [path for path in (overlay_dir / f"{stem}.png" for stem in stems) if path.exists()]
    if paths:
        write_png(overlay_dir / "contact_sheet.png", draw_contact_sheet([read_overlay(p) for p in paths],
                                                                        [p.stem for p in paths]))
