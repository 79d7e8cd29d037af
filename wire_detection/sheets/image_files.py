"""Image files as sheets: read any common format.

A sheet is a (H, W) uint8 array, ink dark on light paper. Nearly everything after this file sees only that; what reads
wires sees the colours of its `Picture` too.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from wire_detection.defaults import AUTO
from wire_detection.sheets.file_kinds import name_irregular, name_kind, read_head
from wire_detection.sheets.picture import Picture, has_colours
from wire_detection.sheets.polarity import ground_tone, is_light_on_dark

MAX_PIXELS = 200_000_000
"""Larger images are refused: at one byte a pixel and several work arrays they would not fit a usual machine."""

PIL_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "DIB", "WEBP", "GIF", "PPM")
"""What PIL may take a file for, whatever its name: among the others are some that start programs (EPS)."""

ROWS_AT_A_TIME = 1024

ORIENTATION = 274

COLOURLESS = ("1", "L", "LA", "La")
"""Modes of PIL images that hold a tone alone; those of 16 and 32 bits do too."""

SIDEWAYS = (5, 6, 7, 8)
"""Values of the tag ORIENTATION for which width and height change places."""


class SheetError(ValueError):
    """An image that cannot be used as a sheet; the message is one line that names the file and the reason."""


def read_image(path: str | Path, frame: int = 0, polarity: str = AUTO) -> np.ndarray:
    """Read one picture of an image file, number `frame` from 0, as a sheet: (H, W) uint8, ink dark on light.

    8 and 16 bit, palette, CMYK and 1-bit images all work; transparent ones are laid on the ground that shows them; EXIF
    rotation is applied; light strokes on a dark ground are inverted, or those that `polarity` says (one of POLARITIES).

    Raises:
        SheetError: when the file is missing, no image, truncated or larger than MAX_PIXELS.
    """
    with open_image(path, frame) as image:
        return sheet_of_image(image, polarity)


def read_picture(path: str | Path, frame: int = 0, polarity: str = AUTO) -> Picture:
    """Read what `read_image` reads, and its colours."""
    with open_image(path, frame) as image:
        return picture_of_image(image, polarity)


def sheet_of_image(image, polarity: str = AUTO) -> np.ndarray:
    """Take an open PIL image for a sheet, as `read_image` does that of a file."""
    grey = _turned(_grey(image, _ground(image)), image.getexif().get(ORIENTATION, 1))
    return 255 - grey if is_light_on_dark(grey, polarity) else grey


def picture_of_image(image, polarity: str = AUTO) -> Picture:
    """Take an open PIL image for a sheet with its colours, as `read_picture` does that of a file."""
    turn, ground = image.getexif().get(ORIENTATION, 1), _ground(image)
    grey = _turned(_grey(image, ground), turn)
    is_light = is_light_on_dark(grey, polarity)
    colours = _colours(image, ground)
    if colours is not None:
        colours = _turned(255 - colours if is_light else colours, turn)
    return Picture(255 - grey if is_light else grey, colours)


def picture_of_array(pixels: np.ndarray) -> Picture:
    """Take pixels for a picture, as `read_picture` does those of a file.

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
    return picture_of_image(Image.fromarray(pixels))


def sheet_shape(path: str | Path, frame: int = 0) -> tuple[int, int]:
    """Measure (height, width) of the array that `read_image` would return, without reading the pixels."""
    with open_image(path, frame) as image:
        shape = image.height, image.width
        return shape[::-1] if image.getexif().get(ORIENTATION, 1) in SIDEWAYS else shape


@contextlib.contextmanager
def open_image(path: str | Path, frame: int = 0) -> Iterator:
    """Open the PIL image of a file of at most MAX_PIXELS; whatever goes wrong while it is open becomes a SheetError."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow refuses twice as many before we see a size; check_size does the rest
    path = Path(path)
    if irregular := name_irregular(path):
        raise SheetError(f"{path}: {irregular}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # damaged metadata around good pixels is no concern of the user's
            with Image.open(path, formats=PIL_FORMATS) as image:  # JPEG finds out by itself about MPO, two JPEGs in one
                check_size(path, image)
                if frame:
                    image.seek(frame)
                    check_size(path, image)
                yield image
    except SheetError:
        raise
    except Exception as error:  # a decoder fed with damaged bytes may raise nearly anything
        raise SheetError(f"{path}: {_reason(path, error)}") from None


def check_size(path: Path, image) -> None:
    """Raise SheetError when a PIL image has more than MAX_PIXELS."""
    if image.width * image.height > MAX_PIXELS:
        raise SheetError(f"{path}: {image.width}x{image.height} pixels are more than {MAX_PIXELS} allowed")


def _reason(path: Path, error: Exception) -> str:
    """Say why the file cannot be read: what it is instead of an image, or what its decoder says."""
    from PIL import Image, UnidentifiedImageError

    if isinstance(error, PermissionError):
        return "cannot be opened (permission denied)"
    if isinstance(error, Image.DecompressionBombError):
        return f"more than twice the {MAX_PIXELS} pixels allowed"
    if isinstance(error, UnidentifiedImageError):
        return f"not a readable image ({name_kind(read_head(path)) or 'damaged, or of an unknown kind'})"
    return f"not a readable image ({(' '.join(str(error).split()) or type(error).__name__)[:120]})"


def _turned(pixels: np.ndarray, orientation: int) -> np.ndarray:
    """The picture (H, W, ...) as its camera was held: EXIF orientation 1 to 8 (Exif 2.32, tag 274)."""
    if orientation in SIDEWAYS:
        pixels = pixels.swapaxes(0, 1)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _colours(image, ground: int) -> np.ndarray | None:
    """(H, W, 3) uint8 RGB of a PIL image on the tone `ground`; None where it has no colours."""
    if image.mode in COLOURLESS or image.mode.startswith(("I", "F")):
        return None
    colours = np.empty((image.height, image.width, 3), np.uint8)
    for top, part in _parts(image):
        colours[top : top + part.height] = np.asarray(_opaque(part, ground).convert("RGB"))
    return colours if has_colours(colours) else None


def _grey(image, ground: int) -> np.ndarray:
    """(H, W) uint8 luminance of a PIL image on the tone `ground`; converted in parts, for copies are large."""
    image.load()
    in_shares = image.mode == "F" and image.getextrema()[1] <= 1
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
    if image.mode.startswith(("I", "F")):
        values = np.asarray(image, np.float32)
        if in_shares:
            values = values * 65535
        return np.clip(np.nan_to_num(values) / 257, 0, 255).astype(np.uint8)
    return np.array(_opaque(image, ground).convert("L"))


def _opaque(image, ground: int):
    """A small PIL image as it looks on the tone `ground`."""
    from PIL import Image

    if not _is_transparent(image):
        return image
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, (ground,) * 3), image)
