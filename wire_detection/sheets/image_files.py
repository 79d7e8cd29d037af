"""Image files as sheets: find them, read any common format.

A sheet is a (H, W) uint8 array, ink dark on light paper. Everything after this file sees only that.
"""

from __future__ import annotations

import contextlib
import glob
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from wire_detection.defaults import AUTO
from wire_detection.sheets.polarity import dark_on_light, ground_tone

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".pgm", ".ppm", ".pbm"})

MAX_PIXELS = 200_000_000
"""Larger images are refused: at one byte a pixel and several work arrays they would not fit a usual machine."""

PIL_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "DIB", "WEBP", "GIF", "PPM")
"""What PIL may take a file for, whatever its name: among the others are some that start programs (EPS)."""

ROWS_AT_A_TIME = 1024

ORIENTATION = 274

SIDEWAYS = (5, 6, 7, 8)
"""Values of the tag ORIENTATION for which width and height change places."""


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
    images = sorted(
        p for p in folder.iterdir() if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file() and not p.name.startswith(".")
    )
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
    found = sorted(
        p
        for p in map(Path, glob.glob(str(place), recursive=True))
        if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file()
    )
    if not found:
        raise SheetError(f"{place}: no such image, folder of images or pattern that matches one")
    return found


def unique_stems(images: list[Path]) -> tuple[list[Path], list[tuple[str, str]]]:
    """The first of `images` for each stem, and (file name, reason) of the rest, which are skipped.

    What is written of an image is named by its stem: that of `scan.jpg` would overwrite that of `scan.png`.
    """
    first: dict[str, Path] = {}
    skipped = []
    for path in images:
        if first.setdefault(path.stem, path) is not path:
            skipped.append((path.name, f"another image has the stem {path.stem} too"))
    return list(first.values()), skipped


def read_image(path: str | Path, polarity: str = AUTO) -> np.ndarray:
    """Read an image file as a sheet: (H, W) uint8, ink dark on light.

    8 and 16 bit, palette, CMYK and 1-bit images all work; transparent ones are laid on the ground that shows them; EXIF
    rotation is applied; light strokes on a dark ground are inverted, or those that `polarity` says (one of POLARITIES).

    Raises:
        SheetError: when the file is missing, no image, truncated or larger than MAX_PIXELS.
    """
    with open_image(path) as image:
        turn = image.getexif().get(ORIENTATION, 1)
        grey = _turned(_grey(image), turn)
    return dark_on_light(grey, polarity)


def sheet_of_array(pixels: np.ndarray) -> np.ndarray:
    """Take pixels for a sheet, as `read_image` does those of a file: (H, W) uint8, ink dark on light.

    Args:
        pixels: (H, W) grey, (H, W, 3) RGB or (H, W, 4) RGBA, uint8.

    Raises:
        SheetError: when the array has another shape or type, or holds no pixel.
    """
    from PIL import Image

    is_picture = pixels.ndim == 2 or pixels.ndim == 3 and pixels.shape[2] in (3, 4)
    if pixels.dtype != np.uint8 or not pixels.size or not is_picture:
        raise SheetError(
            f"an array of {pixels.dtype} and shape {pixels.shape} is no image; give uint8 (H, W), (H, W, 3 or 4)"
        )
    return dark_on_light(_grey(Image.fromarray(pixels)))


def sheet_shape(path: str | Path) -> tuple[int, int]:
    """(height, width) of the array that `read_image` would return, without reading the pixels."""
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
            with Image.open(path, formats=PIL_FORMATS) as image:  # JPEG finds out by itself about MPO, two JPEGs in one
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
    """(H, W) uint8 luminance of a PIL image; converted in parts, for copies are large."""
    image.load()
    in_shares = image.mode == "F" and image.getextrema()[1] <= 1
    ground = _ground(image)
    grey = np.empty((image.height, image.width), np.uint8)
    for top, part in _parts(image):
        grey[top : top + part.height] = _grey_part(part, in_shares, ground)
    return grey


def _parts(image) -> Iterator[tuple[int, object]]:
    """The first row and the picture of each strip of ROWS_AT_A_TIME rows of a PIL image."""
    transparent = image.info.get("transparency")
    for top in range(0, image.height, ROWS_AT_A_TIME):
        part = image.crop((0, top, image.width, min(top + ROWS_AT_A_TIME, image.height)))
        if transparent is not None:
            part.info["transparency"] = transparent
        yield top, part


def _is_transparent(image) -> bool:
    return "A" in image.mode or "a" in image.mode or "transparency" in image.info


def _ground(image) -> int:
    """The tone on which a PIL image with transparent parts is laid; white for all others."""
    if not _is_transparent(image):
        return 255
    tones = np.zeros(256)
    for _, part in _parts(image):
        grey, alpha = (np.asarray(channel).ravel() for channel in part.convert("LA").split())
        tones += np.bincount(grey, alpha / 255, minlength=256)
    return ground_tone(tones / (image.width * image.height))


def _grey_part(image, in_shares: bool, ground: int) -> np.ndarray:
    """(H, W) uint8 luminance of a small PIL image on the tone `ground`; `in_shares`: its values go from 0 to 1."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float32)
        if in_shares:
            values = values * 65535
        return np.clip(np.nan_to_num(values) / 257, 0, 255).astype(np.uint8)
    if _is_transparent(image):
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, (ground,) * 3), image)
    return np.array(image.convert("L"))
