"""Rasterises a drawing: everything is drawn several times finer than the sheet's pixels and averaged down."""

from __future__ import annotations

import cv2
import numpy as np

from wire_detection.drawing.drawing import Drawing, Stroke, Text
from wire_detection.drawing.lettering import STROKE_FONTS, stroke_text, truetype_mask
from wire_detection.drawing.meetings import Wiring
from wire_detection.drawing.style import Style

_SHIFT = 4
"""Fractional bits of the coordinates that OpenCV is given: sixteenths of a fine pixel."""
PICTURE = "graphic"
"""The kind of stroke that pictures are made of, painted one after the other beneath the circuit."""
DASH = (1.0, 0.7)
"""Length of a dash and of the gap after it, in grid units."""


class Canvas:
    """A sheet of `size` (width, height) pixels; grid point (x, y) lies at pixel (x, y) * style.grid_px + origin."""

    def __init__(self, style: Style, size: tuple[int, int], origin: tuple[float, float]):
        self.style, self.fine = style, style.supersample
        self.size, self.origin = size, np.array(origin, float)
        self.image = np.full((size[1] * self.fine, size[0] * self.fine), style.paper, np.uint8)

    def to_pixels(self, points: np.ndarray) -> np.ndarray:
        """Pixel coordinates of (..., 2) grid points."""
        return np.asarray(points, float) * self.style.grid_px + self.origin

    def _fixed(self, points: np.ndarray) -> np.ndarray:
        """(N, 2) int32 fixed-point places on the fine image; a pixel's centre stays the centre of its fine pixels."""
        fine = (self.to_pixels(points) + 0.5) * self.fine - 0.5
        return np.round(fine * 2**_SHIFT).astype(np.int32)

    def _pen_of(self, kind: str) -> int:
        """OpenCV's thickness for a kind of stroke."""
        return thickness(self.style.widths[kind] * self.style.stroke_px * self.fine)

    def draw(self, drawing: Drawing, wiring: Wiring) -> np.ndarray:
        """Draw everything and return the (H, W) uint8 sheet."""
        for stroke in drawing.strokes:
            if stroke.kind == PICTURE:
                self._picture(stroke)
        for stroke in drawing.strokes:
            if stroke.kind != PICTURE and stroke.fill in ("shade", "paper"):
                self._fill(stroke, self.style.shade if stroke.fill == "shade" else self.style.paper)
        self._lines(drawing, wiring)
        for stroke in drawing.strokes:
            if stroke.kind != PICTURE and stroke.fill == "ink":
                self._fill(stroke, self.style.tones[stroke.kind])
        self._dots(wiring)
        self._texts(drawing.texts)
        return self.finish()

    def finish(self) -> np.ndarray:
        """The sheet at its own resolution."""
        return cv2.resize(self.image, self.size, interpolation=cv2.INTER_AREA)

    def _fill(self, stroke: Stroke, tone: int) -> None:
        cv2.fillPoly(self.image, [self._fixed(stroke.points)], int(tone), cv2.LINE_8, _SHIFT)

    def _picture(self, stroke: Stroke) -> None:
        """A stroke of a picture covers what was drawn of it before."""
        tone = int(self.style.tones[stroke.kind])
        if stroke.fill:
            self._fill(stroke, tone if stroke.fill == "ink" else self.style.paper)
        cv2.polylines(
            self.image,
            [self._fixed(stroke.points)],
            stroke.closed,
            tone,
            self._pen_of(stroke.kind),
            cv2.LINE_8,
            _SHIFT,
        )

    def _lines(self, drawing: Drawing, wiring: Wiring) -> None:
        groups: dict[tuple[str, bool], list[np.ndarray]] = {}
        for stroke in drawing.strokes:
            if stroke.kind == PICTURE:
                continue
            if stroke.kind == "dashed":
                groups.setdefault(("dashed", False), []).extend(self._fixed(d) for d in _dashes(stroke))
            else:
                groups.setdefault((stroke.kind, stroke.closed), []).append(self._fixed(stroke.points))
        for kind, segments in (
            ("wire", wiring.wires),
            ("pin", np.array([(p.x, p.y, p.ix, p.iy) for p in drawing.pins]).reshape(-1, 4)),
        ):
            groups.setdefault((kind, False), []).extend(
                self._fixed(s.reshape(2, 2)) for s in segments if (s[:2] != s[2:]).any()
            )
        groups[("wire", False)].extend(self._fixed(arc) for arc in wiring.arcs)
        for (kind, closed), lines in sorted(groups.items(), key=lambda g: (-self.style.tones[g[0][0]], g[0])):
            cv2.polylines(
                self.image, lines, closed, int(self.style.tones[kind]), self._pen_of(kind), cv2.LINE_8, _SHIFT
            )

    def _dots(self, wiring: Wiring) -> None:
        radius = round(self.style.dot_radius * self.style.stroke_px * self.fine * 2**_SHIFT)
        tone = int(self.style.tones["dot"])
        for point in wiring.junctions[wiring.dotted]:
            x, y = self._fixed(point).tolist()
            if self.style.square_dots:
                corners = [(x - radius, y - radius), (x + radius, y - radius), (x + radius, y + radius)]
                square = np.array([*corners, (x - radius, y + radius)], np.int32)
                cv2.fillPoly(self.image, [square], tone, cv2.LINE_8, _SHIFT)
            else:
                cv2.circle(self.image, (x, y), radius, tone, -1, cv2.LINE_8, _SHIFT)

    def _texts(self, texts: list[Text]) -> None:
        if self.style.font not in STROKE_FONTS:
            for text in texts:
                self._truetype(text)
            return
        groups: dict[tuple[int, int], list[np.ndarray]] = {}
        for text in texts:
            tone = self.style.tones["label" if text.kind == "label" else "text"]
            width = (
                self.style.widths["text"]
                * self.style.stroke_px
                * self.fine
                * np.clip(text.height / self.style.text_height, 0.5, 2.0)
            )
            width *= self.style.heading_weight if text.kind == "heading" else 1.0
            key = tone, thickness(width)
            groups.setdefault(key, []).extend(self._fixed(line) for line in written(text, self.style))
        for (tone, width), lines in groups.items():
            cv2.polylines(self.image, lines, False, int(tone), width, cv2.LINE_8, _SHIFT)

    def _truetype(self, text: Text) -> None:
        tone = self.style.tones["label" if text.kind == "label" else "text"]
        cap = text.height * self.style.grid_px * self.fine
        mask, baseline = truetype_mask(text.text.lstrip("~"), self.style.font, cap)
        if text.text.startswith("~"):
            mask, baseline = _barred(mask, baseline, cap, self.style.stroke_px * self.fine)
        left = -mask.shape[1] * (text.align_x + 1) / 2
        top = -cap * (1 - text.align_y) / 2 + cap - baseline
        x, y = (self.to_pixels(np.array([text.x, text.y])) + 0.5) * self.fine
        if text.vertical:
            mask = np.rot90(mask)
            x0, y0 = round(x + top), round(y - left - mask.shape[0])
        else:
            x0, y0 = round(x + left), round(y + top)
        self._blend(mask, x0, y0, tone)

    def _blend(self, mask: np.ndarray, x0: int, y0: int, tone: int) -> None:
        height, width = self.image.shape
        x1, y1 = min(width, x0 + mask.shape[1]), min(height, y0 + mask.shape[0])
        cut_x, cut_y = max(0, -x0), max(0, -y0)
        if x1 <= x0 + cut_x or y1 <= y0 + cut_y:
            return
        part = self.image[y0 + cut_y : y1, x0 + cut_x : x1]
        cover = mask[cut_y : cut_y + part.shape[0], cut_x : cut_x + part.shape[1]]
        part[cover > 127] = tone


def thickness(width: float) -> int:
    """The thickness that OpenCV 5 must be asked for so that a line is `width` pixels wide, to the nearest odd number.

    It draws 1 for 1, 3 for 2, 5 for 3 and 4, 7 for 5 and 6: odd widths only, and wider than asked for.
    """
    odd = max(1, 2 * round((width - 1) / 2) + 1)
    return max(1, odd - 1)


def _dashes(stroke: Stroke) -> list[np.ndarray]:
    points = np.concatenate([stroke.points, stroke.points[:1]]) if stroke.closed else stroke.points
    pieces = []
    for start, stop in zip(points, points[1:], strict=False):
        length = float(np.hypot(*(stop - start)))
        if length == 0:
            continue
        unit = (stop - start) / length
        for at in np.arange(0, length, sum(DASH)):
            pieces.append(np.array([start + at * unit, start + min(at + DASH[0], length) * unit]))
    return pieces


def _barred(mask: np.ndarray, baseline: float, cap: float, width: float) -> tuple[np.ndarray, float]:
    """A text's mask (H, W) with a bar of `width` above its capitals, and where its baseline lies below the top now."""
    thick = max(1, round(width))
    top = round(baseline - 1.3 * cap - thick / 2)
    mask = np.pad(mask, ((max(0, -top), 0), (0, 0)))
    mask[max(0, top) : max(0, top) + thick] = 255
    return mask, baseline + max(0, -top)


def written(text: Text, style: Style) -> list[np.ndarray]:
    """The polylines of a text in grid units; a leading ~ becomes a bar above the letters."""
    slant = style.heading_slant if text.kind == "heading" else 0.0
    barred = text.text.startswith("~")
    lines, width = stroke_text(text.text.lstrip("~"), style.font, slant)
    if barred:
        lines = [*lines, np.array([(0.0, -1.3), (width, -1.3)])]
    dx, dy = -width * (text.align_x + 1) / 2, (1 + text.align_y) / 2
    moved = [(line + (dx, dy)) * text.height for line in lines]
    if text.vertical:
        moved = [np.stack([line[:, 1], -line[:, 0]], 1) for line in moved]
    return [line + (text.x, text.y) for line in moved]
