"""The sheets of a folder, and which of them a name in somebody else's file means."""

from __future__ import annotations

import re
from pathlib import Path

from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import Page, list_pages, stem_of


class SheetFolder:
    """The pages of the files in a folder; `skipped` are (name, reason) of what is none; `options` of `find_pages`.

    Raises:
        SheetError: when the folder does not exist or holds no image.
    """

    def __init__(self, folder: str | Path, **options):
        self.folder = Path(folder)
        listing = list_pages(folder, **options)
        self.pages, self.skipped = listing.pages, listing.skipped
        self._by_stem = {page.stem: page for page in self.pages}
        self._by_name = {page.name: page for page in self.pages}
        self._depth = max((page.name.count("/") for page in self.pages), default=0) + 1

    def find(self, name: str) -> Page:
        """The page that `name` means, which may come from anywhere: of its parts the last ones count.

        `C:\\scans\\old\\amp.png` is `old/amp.png`, or else `amp.png`, or else the only `amp.png` in whatever folder.

        Raises:
            SheetError: when no page has this name or, with whatever suffix, this stem; or several in folders below.
        """
        parts = re.split(r"[\\/]", name)
        for tail in ("/".join(parts[i:]) for i in range(max(0, len(parts) - self._depth), len(parts))):
            page = self._by_name.get(tail) or tail and self._by_stem.get(stem_of(tail))
            if page:
                return page
        below = [page for page in self.pages if page.name.rpartition("/")[2] == parts[-1]]
        if len(below) > 1:
            raise SheetError(f"is for the image {parts[-1][:80]!r}: {below[0].name} or {below[1].name}?")
        if not below:
            raise SheetError(f"is for the image {parts[-1][:80]!r}, which {self.folder} does not hold")
        return below[0]
