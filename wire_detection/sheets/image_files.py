"""Sheets as grey images: find them, read any common format, measure their stroke width.

A sheet is a (H, W) uint8 array, ink dark on light paper. Everything after this file sees only that.
"""

from __future__ import annotations

import contextlib
import glob
import warnings
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".pgm", ".ppm", ".pbm"})
MAX_PIXELS = 200_000_000
"""Larger images are refused: at one byte a pixel and several work arrays they would not fit a usual machine."""

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "DIB", "WEBP", "GIF", "PPM")
"""What PIL may take a file for, whatever its name: among the others are some that start programs (EPS)."""

ROWS_AT_A_TIME = 1024
ORIENTATION = 274
SIDEWAYS = (5, 6, 7, 8)
"""Values of the tag ORIENTATION for which width and height change places."""

INK_THRESHOLD = 0.2
"""A pixel is ink when it is darker than the paper around it by this share of the paper's brightness."""

UNKNOWN_STROKE_WIDTH_PX = 2.0
"""The stroke width of a sheet that has no ink to measure."""

NORMAL_STROKE_PX = (1.3, 2.8)
"""Sheets whose stroke width lies in this range keep their scale: resampling would only blur them."""

TARGET_STROKE_PX = 2.0
"""The stroke width to which all other sheets are scaled."""

PREPARATION = (f"grey, paper evened to 0, darkest strokes 1; sheets whose strokes are not {NORMAL_STROKE_PX[0]} to "
               f"{NORMAL_STROKE_PX[1]} px wide are scaled to {TARGET_STROKE_PX} px")
"""What `normalise_sheet` does, in words: a model file states it, and one that was made for another is refused."""


class SheetError(ValueError):
    """An image that cannot be used as a sheet; the message is one line that names the file and the reason."""


def list_images(folder: str | Path) -> list[Path]:
    """The image files directly inside `folder`, sorted by name; hidden files are passed over.

    Raises:
        SheetError: when the folder does not exist or holds no image file.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise SheetError(f"{folder}: no such folder; give --data_dir a folder of schematic images")
    images = sorted(p for p in folder.iterdir()
                    if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file() and not p.name.startswith("."))
    if not images:
        raise SheetError(f"{folder}: holds no image; known kinds are {', '.join(sorted(IMAGE_SUFFIXES))}")
    return images


def find_images(place: str | Path) -> list[Path]:
    """The image file `place`, or the image files of the folder `place`, or those that the pattern `place` matches.

    Raises:
        SheetError: when there are none.
    """
    path = Path(place)
    if path.is_file():
        return [path]
    if path.is_dir():
        return list_images(path)
    found = sorted(p for p in map(Path, glob.glob(str(place), recursive=True))
                   if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file())
    if not found:
        raise SheetError(f"{place}: no such image, folder of images or pattern that matches one")
    return found


def unique_stems(images: list[Path]) -> tuple[list[Path], list[Path]]:
    """Split `images` into the first of each stem and the rest, whose annotation would overwrite the first one's."""
    first: dict[str, Path] = {}
    rest = []
    for path in images:
        if first.setdefault(path.stem, path) is not path:
            rest.append(path)
    return list(first.values()), rest


def read_sheet(path: str | Path) -> np.ndarray:
    """Read an image file as a sheet: (H, W) uint8, ink dark on light.

    8 and 16 bit, palette, CMYK and 1-bit images all work; transparency shows white paper; EXIF rotation is applied;
    light drawings on a dark ground are inverted.

    Raises:
        SheetError: when the file is missing, no image, truncated or larger than MAX_PIXELS.
    """
    with open_image(path) as image:
        turn = image.getexif().get(ORIENTATION, 1)
        grey = _turned(_grey(image), turn)
    return _dark_on_light(grey)


def sheet_shape(path: str | Path) -> tuple[int, int]:
    """(height, width) of the array that `read_sheet` would return, without reading the pixels."""
    with open_image(path) as image:
        shape = image.height, image.width
        return shape[::-1] if image.getexif().get(ORIENTATION, 1) in SIDEWAYS else shape


@contextlib.contextmanager
def open_image(path: str | Path) -> Iterator:
    """The PIL image of a file of at most MAX_PIXELS; whatever goes wrong while it is open becomes a SheetError."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # MAX_PIXELS is checked below, before any pixel is decoded
    path = Path(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged metadata around good pixels is no concern of the user's
            with Image.open(path, formats=FORMATS) as image:  # JPEG finds out by itself about MPO, two JPEGs in one
                if image.width * image.height > MAX_PIXELS:
                    raise SheetError(f"{path}: {image.width}x{image.height} pixels are more than {MAX_PIXELS} allowed")
                yield image
    except FileNotFoundError:
        raise SheetError(f"{path}: no such file") from None
    except SheetError:
        raise
    except Exception as error:  # a decoder fed with damaged bytes may raise nearly anything
        reason = " ".join(str(error).split()) or type(error).__name__
        raise SheetError(f"{path}: not a readable image ({reason[:120]})") from None


def _turned(grey: np.ndarray, orientation: int) -> np.ndarray:
    """The picture (H, W) as its camera was held: EXIF orientation 1 to 8 (Exif 2.32, tag 274)."""
    if orientation in SIDEWAYS:
        grey = grey.T
    if orientation in (2, 3, 6, 7):
        grey = grey[:, ::-1]
    if orientation in (3, 4, 7, 8):
        grey = grey[::-1]
    return np.ascontiguousarray(grey)


def _grey(image) -> np.ndarray:
    """(H, W) uint8 luminance of a PIL image, transparent parts white; converted in parts, for copies are large."""
    image.load()
    in_shares = image.mode == "F" and image.getextrema()[1] <= 1
    transparent = image.info.get("transparency")
    grey = np.empty((image.height, image.width), np.uint8)
    for top in range(0, image.height, ROWS_AT_A_TIME):
        bottom = min(top + ROWS_AT_A_TIME, image.height)
        part = image.crop((0, top, image.width, bottom))
        if transparent is not None:
            part.info["transparency"] = transparent
        grey[top:bottom] = _grey_part(part, in_shares)
    return grey


def _grey_part(image, in_shares: bool) -> np.ndarray:
    """(H, W) uint8 luminance of a small PIL image, transparent parts white; `in_shares`: its values go from 0 to 1."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float32)
        if in_shares:
            values = values * 65535
        return np.clip(np.nan_to_num(values) / 257, 0, 255).astype(np.uint8)
    if "A" in image.mode or "a" in image.mode or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return np.array(image.convert("L"))


def _dark_on_light(grey: np.ndarray) -> np.ndarray:
    """Invert a sheet whose paper is nearer to its darkest than to its brightest tone."""
    darkest, paper, brightest = np.percentile(grey[:: max(1, grey.shape[0] // 1000)], (0.1, 50, 99.9))
    if paper - darkest < brightest - paper or brightest < 128:
        return 255 - grey
    return grey


def darkness(grey: np.ndarray) -> np.ndarray:
    """How much darker than the paper around it each pixel is: (H, W) float32, 0 paper to 1 black.

    The paper's brightness is the grey closing of the sheet at an eighth of its size, so that uneven light and
    shadows of a scan cancel out while strokes, letters and dots (all thinner than a closing's window) remain.
    """
    height, width = grey.shape
    small = cv2.resize(grey, (max(1, width // 8), max(1, height // 8)), interpolation=cv2.INTER_AREA)
    paper = cv2.morphologyEx(cv2.copyMakeBorder(small, 16, 16, 16, 16, cv2.BORDER_REPLICATE), cv2.MORPH_CLOSE,
                             np.ones((15, 15), np.uint8))[16:-16, 16:-16]
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), 4), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.clip(1 - grey.astype(np.float32) / np.maximum(paper, 1), 0, 1)


def ink_mask(grey: np.ndarray, threshold: float = INK_THRESHOLD) -> np.ndarray:
    """(H, W) bool, true where a pixel is darker than the paper around it by more than `threshold` (0 to 1)."""
    return darkness(grey) > threshold


def stroke_width_px(grey: np.ndarray) -> float:
    """The usual width of the sheet's straight strokes, in pixels, to a fraction of a pixel.

    Each cut across a long horizontal or vertical stroke has the width (sum of its darkness) / (its darkest value);
    the answer is the median of the cuts around the most frequent width. UNKNOWN_STROKE_WIDTH_PX without any ink.
    """
    return stroke_width_of(darkness(grey))


def stroke_width_of(dark: np.ndarray) -> float:
    """`stroke_width_px` of a sheet whose `darkness` (H, W) is known already."""
    widths = np.concatenate([_cut_widths(dark), _cut_widths(np.ascontiguousarray(dark.T))])
    if not len(widths):
        return UNKNOWN_STROKE_WIDTH_PX
    counts, edges = np.histogram(widths, bins=np.arange(0.5, 40.5, 0.25))
    smooth = np.convolve(counts, (0.25, 0.5, 0.25), mode="same")
    peak = edges[np.argmax(smooth)] + 0.125
    near = widths[np.abs(widths - peak) <= max(0.5, 0.25 * peak)]
    return float(np.median(near)) if len(near) else UNKNOWN_STROKE_WIDTH_PX


def _cut_widths(dark: np.ndarray, longest_px: int = 40) -> np.ndarray:
    """Widths of the vertical cuts through horizontal strokes of 24 px or more (through all ink when there is none)."""
    ink = (dark > INK_THRESHOLD).astype(np.uint8)
    long_strokes = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 24), np.uint8))
    padded = np.zeros((ink.shape[1], ink.shape[0] + 2), np.int8)
    padded[:, 1:-1] = ink.T
    step = np.diff(padded.ravel())
    starts, ends = np.flatnonzero(step == 1) + 1, np.flatnonzero(step == -1) + 1
    rows = padded.shape[1]
    column, top, bottom = starts // rows, starts % rows - 1, ends % rows - 1
    keep = bottom - top <= longest_px
    if long_strokes.any():
        keep &= long_strokes[(top + bottom) // 2, column] > 0
    column, top, bottom = column[keep], top[keep], bottom[keep]
    if not len(column):
        return np.zeros(0, np.float32)
    values = np.zeros((dark.shape[1], dark.shape[0] + 2), np.float32)
    values[:, 1:-1] = dark.T
    flat = values.ravel()
    first = column * rows + top  # one pixel before the cut: the soft edge belongs to the stroke
    last = column * rows + bottom + 2
    total = np.add.reduceat(flat, np.stack([first, np.minimum(last, len(flat) - 1)], 1).ravel())[::2]
    darkest = np.maximum.reduceat(flat, np.stack([first, np.minimum(last, len(flat) - 1)], 1).ravel())[::2]
    return total / np.maximum(darkest, INK_THRESHOLD)


def normal_scale(stroke_px: float) -> float:
    """The factor by which a sheet of this stroke width is scaled before a network sees it."""
    thinnest, thickest = NORMAL_STROKE_PX
    return 1.0 if thinnest <= stroke_px <= thickest else TARGET_STROKE_PX / stroke_px


def normalise_sheet(grey: np.ndarray, stroke_px: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The sheet as networks see it: even white paper, its darkest strokes black, strokes of a usual width.

    Args:
        grey: (H, W) uint8 sheet.
        stroke_px: its stroke width, measured when not given.

    Returns:
        (h, w) uint8 sheet, and the (2, 3) float64 map from the original's coordinates to the new one's.
    """
    dark = darkness(grey)
    scale = normal_scale(stroke_width_of(dark) if stroke_px is None else stroke_px)
    old_size = np.array(grey.shape[::-1], np.float64)
    if scale != 1:
        size = np.maximum(1, np.round(old_size * scale)).astype(int)
        grey = cv2.resize(grey, size.tolist(), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        dark = darkness(grey)
    x_scale, y_scale = grey.shape[::-1] / old_size
    ink = dark[dark > INK_THRESHOLD]
    black = float(np.percentile(ink[:: max(1, len(ink) // 100_000)], 98)) if len(ink) else 1.0
    black = max(black, 1.25 * INK_THRESHOLD)  # what is barely ink is not blown up to black
    # pixel centres are integers: the image's corner, half a pixel before its first centre, stays in place
    matrix = np.array([[x_scale, 0, (x_scale - 1) / 2], [0, y_scale, (y_scale - 1) / 2]])
    return (255 * (1 - np.clip(dark / black, 0, 1))).astype(np.uint8), matrix
