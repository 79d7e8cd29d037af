"""A folder of what lies in people's folders: images of every kind, and what only looks like one."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

from tests.helpers.sheets import draw_tiny_sheet

LFS_POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
HTML = b"<!DOCTYPE html>\n<html><head><title>404</title></head><body>Not found</body></html>\n"
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>\n'
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n"

LOCKED_PDF = (
    b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
3 0 obj<</Filter/Standard/V 1/R 2/P -4/O<"""
    + b"00" * 32
    + b">/U<"
    + b"11" * 32
    + b""">>>endobj
trailer<</Root 1 0 R/Encrypt 3 0 R/ID[<00><00>]>>
startxref
0
%%EOF
"""
)


def draw_pdf(*sizes: tuple[float, float], lines: str = "20 60 m 180 60 l S 100 60 m 100 20 l S") -> bytes:
    """A PDF with a page of each size in points; on each are `lines` of 1 point, by default a T, in PDF's operators."""
    content = f"1 w {lines}".encode()
    kids = " ".join(f"{4 + i} 0 R" for i in range(len(sizes)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(sizes)}>>".encode(),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        *(f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {w} {h}]/Contents 3 0 R>>".encode() for w, h in sizes),
    ]
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, text in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj%s endobj\n" % (number, text))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return out.getvalue()


def encode(image: Image.Image, kind: str, **options) -> bytes:
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG whose header states a size, with hardly any pixel behind it."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


def frames(count: int) -> list[Image.Image]:
    """The same sheet, drawn stroke by stroke: only the last frame holds all of it."""
    grey = draw_tiny_sheet(1)[0]
    return [
        Image.fromarray(np.where(np.arange(grey.shape[0])[:, None] < (n + 1) * grey.shape[0] // count, grey, 255))
        for n in range(count)
    ]


def readable_files() -> dict[str, bytes]:
    """Name -> content of files that hold sheets."""
    grey = draw_tiny_sheet(1)[0]
    image = Image.fromarray(grey)
    alpha = np.zeros((*grey.shape, 4), np.uint8)
    alpha[..., 3] = 255 - grey
    tiffs, moving = [Image.fromarray(draw_tiny_sheet(n)[0]) for n in range(3)], frames(3)
    exif = Image.Exif()
    exif[274] = 6
    return {
        "alpha.png": encode(Image.fromarray(alpha), "PNG"),
        "bilevel.tif": encode(image.convert("1"), "TIFF", compression="group4"),
        "bitmap.bmp": encode(image, "BMP"),
        "book.pdf": draw_pdf((200, 100), (200, 100)),
        "cmyk.jpg": encode(image.convert("RGB").convert("CMYK"), "JPEG"),
        "deep.tiff": encode(Image.fromarray(grey.astype(np.uint16) * 257), "TIFF"),
        "deep.png": encode(Image.fromarray(grey.astype(np.uint16) * 257), "PNG"),
        "dot.png": encode(Image.new("L", (1, 1), 255), "PNG"),
        "grey.pgm": encode(image, "PPM"),
        "jfif.jfif": encode(image, "JPEG"),
        "moving.gif": encode(moving[0], "GIF", save_all=True, append_images=moving[1:], optimize=False),
        "no suffix": encode(image, "PNG"),
        "one.pdf": draw_pdf((200, 100)),
        "palette.gif": encode(image.convert("P"), "GIF"),
        "pages.tif": encode(tiffs[0], "TIFF", save_all=True, append_images=tiffs[1:]),
        "really a jpeg.png": encode(image, "JPEG"),
        "really a pdf.png": draw_pdf((200, 100)),
        "turned.jpg": encode(image, "JPEG", exif=exif),
        "web.webp": encode(image, "WEBP"),
    }


def unreadable_files() -> dict[str, tuple[bytes, str]]:
    """Name -> content of files that hold no sheet, and a part of the reason that must be told."""
    whole = encode(Image.fromarray(draw_tiny_sheet(1)[0]), "PNG")
    return {
        "bomb.png": (png_header(60000, 60000), "more than twice the 200000000 pixels allowed"),
        "broken.pdf": (b"%PDF-1.7\nnothing else", "a damaged PDF"),
        "cut.png": (whole[:200], "truncated"),
        "cut.jpg": (encode(Image.fromarray(draw_tiny_sheet(1)[0]), "JPEG")[:100], "Truncated"),
        "drawing.svg": (SVG, "an SVG drawing"),
        "empty.png": (b"", "an empty file"),
        "eps.png": (POSTSCRIPT, "PostScript"),
        "garbage.jpg": (np.random.default_rng(0).bytes(5000), "unknown kind"),
        "huge.pdf": (draw_pdf((14400, 14400)), "--pdf_dpi"),
        "labels.json": (b'{"shapes": []}', "a JSON file"),
        "locked.pdf": (LOCKED_PDF, "a PDF with a password"),
        "page.png": (HTML, "an HTML page"),
        "parts.csv": (b"part,value\nR1,10k\n", "a text file"),
        "photo.heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", "HEIC"),
        "pointer.png": (LFS_POINTER, "a Git LFS pointer"),
        "sheets.zip": (b"PK\x03\x04" + bytes(60), "a ZIP archive"),
        "text.png": (b"no image", "a text file"),
    }


def write_odd_inputs(folder: Path) -> tuple[set[str], dict[str, str]]:
    """Fill `folder`; returns the stems that can be read, and name -> part of the reason of everything that cannot."""
    folder.mkdir(parents=True)
    for name, content in readable_files().items():
        (folder / name).write_bytes(content)
    reasons = {}
    for name, (content, reason) in unreadable_files().items():
        (folder / name).write_bytes(content)
        reasons[name] = reason
    (folder / "a folder.png").mkdir()
    (folder / "loop.png").symlink_to("pool.png")
    (folder / "pool.png").symlink_to("loop.png")
    (folder / "lost.png").symlink_to("nowhere.png")
    os.mkfifo(folder / "pipe.png")
    (folder / "web.png").write_bytes(readable_files()["web.webp"])
    (folder / ".hidden.png").write_bytes(b"")
    reasons |= {
        "a folder.png": "a folder",
        "loop.png": "a link that leads to itself",
        "pool.png": "a link that leads to itself",
        "lost.png": "a link that leads nowhere",
        "pipe.png": "a pipe or device",
        "web.webp": "another image has the stem web too",
    }
    if os.geteuid():
        (folder / "secret.png").write_bytes(readable_files()["alpha.png"])
        (folder / "secret.png").chmod(0)
        reasons["secret.png"] = "permission denied"
    several = {"book.pdf": 2, "pages.tif": 3}
    stems = {Path(name).stem for name in readable_files() if name not in several}
    stems |= {f"{Path(name).stem}_p{n:02}" for name, count in several.items() for n in range(1, count + 1)}
    # two files of these stems: the first by name is read, the others are told
    reasons["deep.tiff"] = "another image has the stem deep too"
    return stems, reasons
