"""Letters of drawn sheets: an own stroke font (angular or rounded) and the TrueType fonts that come with Matplotlib."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np

from wire_detection.drawing.markup import is_markup, runs

CAP_HEIGHT = 6.0
"""Height of a capital in the units of GLYPHS."""
LETTER_GAP = 1.9

# Each glyph: polylines separated by blanks; a point is an x digit (0 to 4) and a y digit (0 baseline to 6 cap height),
# n and m standing for one and two units below the baseline.
GLYPHS = {
    "A": "002640 1333",
    "B": "00063645443303 3342413000",
    "C": "4536160501103041",
    "D": "00063645413000",
    "E": "46060040 0333",
    "F": "460600 0333",
    "G": "45361605011030414323",
    "H": "0006 4046 0343",
    "I": "0006",
    "J": "3631201001",
    "K": "0006 4602 1340",
    "L": "060040",
    "M": "0006234640",
    "N": "00064046",
    "O": "100105163645413010",
    "P": "00063645443303",
    "Q": "100105163645413010 2240",
    "R": "00063645443303 2340",
    "S": "453616050413334241301001",
    "T": "0646 2620",
    "U": "060110304146",
    "V": "062046",
    "W": "0610243046",
    "X": "0046 0640",
    "Y": "062346 2320",
    "Z": "06460040",
    "0": "100105163645413010 0145",
    "1": "152620 1030",
    "2": "05163645440040",
    "3": "051636454433 13334241301001",
    "4": "30360242",
    "5": "460603334241301001",
    "6": "36160501103041423303",
    "7": "064610",
    "8": "13040516364544331302011030414233",
    "9": "43130405163645413010",
    "a": "14344340 421201103041",
    "b": "06003041433404",
    "c": "4334140301103041",
    "d": "46401001031444",
    "e": "02424334140301103041",
    "f": "36261510 0434",
    "g": "444n3m1m 441403011040",
    "h": "0600 0314344340",
    "i": "0004 0506",
    "j": "242n1m0m 2526",
    "k": "0600 3401 1330",
    "l": "060110",
    "m": "0004 03142320 23344340",
    "n": "0004 0314344340",
    "o": "100103143443413010",
    "p": "040m 043443413000",
    "q": "444m 441403011040",
    "r": "0004 031434",
    "s": "43341403123241301001",
    "t": "16112030 0434",
    "u": "040110304144 4440",
    "v": "042044",
    "w": "0410233044",
    "x": "0044 0440",
    "y": "0420 44200m",
    "z": "04440040",
    "-": "0343",
    "_": "0n4n",
    ".": "0001",
    ",": "110n",
    ":": "0001 0304",
    ";": "110n 1314",
    "/": "0046",
    "+": "0343 2125",
    "=": "0242 0444",
    "(": "16050110",
    ")": "06151100",
    "[": "26060020",
    "]": "06262000",
    "{": "26151402131120",
    "}": "06151422131100",
    "*": "1135 1531 0343",
    "#": "1016 3036 0242 0444",
    "%": "0046 0616150506 4030314140",
    "'": "0605",
    '"': "0605 2625",
    "<": "450341",
    ">": "054301",
    "!": "0001 0206",
    "?": "05163645442322 2021",
    "~": "0213233342",
    "&": "40040516251401102042",
    "@": "3414022232353414 4110010516364532",
    "|": "0m06",
    "\\": "0640",
    "$": "453616050413334241301001 2026",
    "°": "0516251405",
    "^": "042644",
    "Ω": "00100405163645443040",
    "Φ": "110204153544423111 2026",
    "β": "0m051625343323 23334231100111",
    "µ": "040m 01103041 4440",
    "±": "0343 2125 0040",
}
_LEVELS = {**{str(k): float(k) for k in range(10)}, "n": -1.0, "m": -2.0}

FONT_FILES = {
    "sans": "DejaVuSans.ttf",
    "sans-bold": "DejaVuSans-Bold.ttf",
    "mono": "DejaVuSansMono.ttf",
    "serif": "DejaVuSerif.ttf",
    "times": "STIXGeneral.ttf",
    "times-italic": "STIXGeneralItalic.ttf",
    "roman": "cmr10.ttf",
    "typewriter": "cmtt10.ttf",
    "oblique": "DejaVuSans-Oblique.ttf",
    "times-bold": "STIXGeneralBol.ttf",
    "times-bold-italic": "STIXGeneralBolIta.ttf",
    "roman-italic": "cmmi10.ttf",
    "roman-sans": "cmss10.ttf",
    "serif-italic": "DejaVuSerif-Italic.ttf",
    "sans-bold-italic": "DejaVuSans-BoldOblique.ttf",
}
ITALICS = {
    "times": "times-italic",
    "times-bold": "times-bold-italic",
    "roman": "roman-italic",
    "serif": "serif-italic",
    "sans": "oblique",
    "sans-bold": "sans-bold-italic",
}
"""The italic fonts of upright ones; other fonts have none and set italics upright."""
STROKE_FONTS = ("round", "angular")

RUN_GAP = 0.08
"""Between the pieces of a text with subscripts, in heights of a capital."""

_TEX_LACKS = '_<>|{}\\"~^'
LACKING = {
    "roman": (_TEX_LACKS, "times"),
    "roman-italic": (_TEX_LACKS + "0123456789()[]+-=*/:;,.'!?&%", "times-italic"),
    "roman-sans": (_TEX_LACKS, "sans"),
    "typewriter": ("", "mono"),
}
"""Fonts in TeX's encoding: the ASCII characters that they draw as others, and the font that takes over a text with one
of these or with any character beyond ASCII."""


@functools.cache
def glyph(character: str, font: str) -> tuple[tuple[np.ndarray, ...], float]:
    """The polylines (N, 2) of a character, y upwards from the baseline, and its width; unknown ones become a box."""
    lines = []
    for word in GLYPHS.get(character, "0006464000").split():
        pairs = [word[i : i + 2] for i in range(0, len(word) - 1, 2)]
        points = np.array([(float(p[0]), _LEVELS[p[1]]) for p in pairs])
        lines.append(_rounded(points) if font == "round" else points)
    width = max(float(line[:, 0].max()) for line in lines)
    return tuple(lines), width


def _rounded(points: np.ndarray) -> np.ndarray:
    """Cut the blunt corners twice (Chaikin 1974), so that a bevel becomes a bow; right and sharp angles stay."""
    for _ in range(2):
        if len(points) < 3:
            return points
        before, here, after = points[:-2], points[1:-1], points[2:]
        a, b = here - before, after - here
        cosine = (a * b).sum(1) / np.maximum(np.hypot(*a.T) * np.hypot(*b.T), 1e-9)
        new = [points[:1]]
        for p, q, r, blunt in zip(before, here, after, cosine > 0.5, strict=True):
            new.append(np.array([q + 0.25 * (p - q), q + 0.25 * (r - q)]) if blunt else q[None])
        points = np.concatenate([*new, points[-1:]])
    return points


def stroke_text(text: str, font: str, slant: float = 0.0) -> tuple[list[np.ndarray], float]:
    """Polylines of a line of text with capitals of height 1, baseline at y = 0, y downwards; and its width."""
    if is_markup(text):
        return _stroke_runs(text, font, slant)
    lines, x = [], 0.0
    gap = LETTER_GAP if font == "round" else 2.2
    for character in text:
        if character == " ":
            x += 3.2 if font == "round" else 4 + gap
            continue
        strokes, width = glyph(character, font)
        if font == "angular":  # one advance for all letters, as vector plotters did
            shift, advance = x + (4 - width) / 2, 4 + gap
        else:
            shift, advance = x, width + gap
        for stroke in strokes:
            lines.append(np.stack([stroke[:, 0] + shift + slant * stroke[:, 1], -stroke[:, 1]], 1) / CAP_HEIGHT)
        x += advance
    return lines, max(x - gap, 0.5) / CAP_HEIGHT


def _stroke_runs(text: str, font: str, slant: float) -> tuple[list[np.ndarray], float]:
    """stroke_text of a text with subscripts."""
    lines, x = [], 0.0
    for run in runs(text):
        written, width = stroke_text(run.text, font, slant)
        lines += [line * run.size + (x, run.shift) for line in written]
        x += width * run.size + RUN_GAP
    return lines, max(x - RUN_GAP, 0.1)


@functools.cache
def _font_path(font: str) -> str:
    import matplotlib

    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / FONT_FILES[font])


@functools.lru_cache(maxsize=256)
def _truetype(font: str, size: int):
    from PIL import ImageFont

    return ImageFont.truetype(_font_path(font), size, layout_engine=ImageFont.Layout.BASIC)


def _able_font(text: str, font: str) -> str:
    """`font`, or the one that takes its place because it lacks a character of `text`."""
    lacking, other = LACKING.get(font, ("", font))
    return font if text.isascii() and not set(lacking) & set(text) else other


@functools.cache
def _cap_share(font: str) -> float:
    """Height of a capital in font sizes."""
    return -_truetype(font, 100).getbbox("H", anchor="ls")[1] / 100


def truetype_mask(text: str, font: str, cap_px: float) -> tuple[np.ndarray, int]:
    """(H, W) uint8 coverage of a line of text whose capitals are `cap_px` high, and the baseline's row."""
    if is_markup(text):
        return _truetype_runs(text, font, cap_px)
    from PIL import Image, ImageDraw

    font = _able_font(text, font)
    face = _truetype(font, max(4, round(cap_px / _cap_share(font))))
    left, top, right, bottom = (int(v) for v in face.getbbox(text, anchor="ls"))
    if right <= left or bottom <= top:
        return np.zeros((1, 1), np.uint8), 0
    image = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(image).text((-left, -top), text, 255, font=face, anchor="ls")
    return np.asarray(image), -top


def _truetype_runs(text: str, font: str, cap_px: float) -> tuple[np.ndarray, int]:
    """truetype_mask of a text with subscripts."""
    placed, x = [], 0.0
    for run in runs(text):
        face = _run_font(run, font)
        mask, baseline = truetype_mask(run.text, face, cap_px * run.size)
        placed.append((mask, round(x), round(run.shift * cap_px) - baseline))
        x += (text_width(run.text, face) * run.size + RUN_GAP) * cap_px
    top = min(y for _, _, y in placed)
    height = max(y + mask.shape[0] for mask, _, y in placed) - top
    whole = np.zeros((height, max(left + mask.shape[1] for mask, left, _ in placed)), np.uint8)
    for mask, left, y in placed:
        part = whole[y - top : y - top + mask.shape[0], left : left + mask.shape[1]]
        np.maximum(part, mask, out=part)
    return whole, -top


def _run_font(run, font: str) -> str:
    return ITALICS.get(font, font) if run.italic else font


@functools.lru_cache(maxsize=4096)
def text_width(text: str, font: str) -> float:
    """Width of a line of text whose capitals have height 1; a leading ~, the sign of a bar, takes no room."""
    text = text.lstrip("~")
    if font in STROKE_FONTS:
        return stroke_text(text, font)[1]
    if is_markup(text):
        widths = [text_width(run.text, _run_font(run, font)) * run.size + RUN_GAP for run in runs(text)]
        return sum(widths) - RUN_GAP
    font = _able_font(text, font)
    return _truetype(font, 100).getlength(text) / (100 * _cap_share(font))
