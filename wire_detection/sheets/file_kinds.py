"""What a file is that is no image, in words that its owner understands."""

from __future__ import annotations

import errno
import stat
from pathlib import Path

HEAD_BYTES = 4096
"""So much of a file is looked at: HTML pages begin with comments and licences, and still say what they are by then."""

NAMED_BY_START = (
    (b"version https://git-lfs.github.com/spec/", "a Git LFS pointer, not the file itself: run git lfs pull"),
    (b"/annex/objects/", "a git-annex pointer, not the file itself: run git annex get"),
    (b"%PDF-", "a PDF, and not an image"),
    (b"%!PS", "PostScript: save it as PDF or PNG"),
    (b"\xc5\xd0\xd3\xc6", "PostScript: save it as PDF or PNG"),
    (b"PK\x03\x04", "a ZIP archive or an office document: unpack it, or save it as PDF"),
    (b"\xd0\xcf\x11\xe0", "an old office document: save it as PDF"),
    (b"\x1f\x8b", "a compressed file: unpack it"),
    (b"BZh", "a compressed file: unpack it"),
    (b"\xfd7zXZ", "a compressed file: unpack it"),
    (b"7z\xbc\xaf", "a compressed archive: unpack it"),
    (b"Rar!", "a compressed archive: unpack it"),
    (b"AT&TFORM", "a DjVu document: convert it to PDF"),
    (b"8BPS", "a Photoshop file: save it as PNG"),
    (b"gimp xcf", "a GIMP file: export it as PNG"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture: save it as PNG"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture: save it as PNG"),
    (b"\xff\x0a", "a JPEG XL picture: save it as PNG"),
    (b"\x00\x00\x01\x00", "an icon: save it as PNG"),
    (b"\xd7\xcd\xc6\x9a", "a Windows metafile: save it as PNG"),
    (b"AC10", "an AutoCAD drawing: plot it as PDF"),
    (b"(kicad_sch", "a KiCad schematic: plot it as PDF"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
"""First bytes of a file -> what it is; further kinds that take more than a comparison stand in `name_kind`."""

PICTURES_IN_BOXES = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF"}
"""Brand of an ISO base media file (ISO/IEC 14496-12) -> the kind of picture in it; all other brands are films."""


def name_kind(head: bytes) -> str:
    """Say what a file that begins with `head` is, or "" when it cannot be told."""
    if not head:
        return "an empty file"
    for start, name in NAMED_BY_START:
        if head.startswith(start):
            return name
    if head[4:8] == b"ftyp":
        picture = PICTURES_IN_BOXES.get(head[8:12])
        return f"a picture of the kind {picture}: save it as PNG" if picture else "a film"
    return _name_text(head)


def _name_text(head: bytes) -> str:
    """Say what a text file that begins with `head` is, or "" when it is none."""
    text = head.removeprefix(b"\xef\xbb\xbf").strip().lower()
    if b"\0" in text:
        return ""
    if b"<svg" in text:
        return "an SVG drawing: export it as PDF or PNG"
    if text.startswith(b"<!doctype html") or b"<html" in text:
        return "an HTML page, perhaps of an error, saved in place of the image"
    if text.startswith(b"<?xml"):
        return "an XML file"
    if text.startswith((b"{", b"[")):
        return "a JSON file"
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # unless the head only ends within a letter
            return ""
    return "a text file"


def name_irregular(path: Path) -> str:
    """Say why `path` is nothing to open: a folder, a broken link, a device; "" for a regular file.

    What is no regular file must not be opened: reading a pipe waits for ever.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "a link that leads nowhere" if path.is_symlink() else "no such file"
    except OSError as error:
        if error.errno == errno.ELOOP:
            return "a link that leads to itself"
        return f"cannot be looked at ({(error.strerror or str(error)).lower()})"
    if stat.S_ISDIR(mode):
        return "a folder"
    return "" if stat.S_ISREG(mode) else "a pipe or device"


def read_head(path: Path) -> bytes:
    """Read the first HEAD_BYTES bytes of a regular file."""
    with open(path, "rb") as file:
        return file.read(HEAD_BYTES)
