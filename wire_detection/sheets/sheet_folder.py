"""The sheets of a folder, and which of them a name in somebody else's file means."""

from __future__ import annotations

import re
from pathlib import Path

from wire_detection.sheets.image_files import SheetError
from wire_detection.sheets.listing import Page, list_pages


class SheetFolder:
    """The pages of the files directly inside a folder; `skipped` are (name, reason) of what is none.

    Raises:
        SheetError: when the folder does not exist or holds no image.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        listing = list_pages(folder)
        self.pages, self.skipped = listing.pages, listing.skipped
        self._by_stem = {page.stem: page for page in self.pages}
        self._by_name = {page.name: page for page in self.pages}

    def find(self, name: str) -> Page:
        """The page that `name` means, which may come from anywhere: only what follows its last slash counts.

        Raises:
            SheetError: when no page has this name or, with whatever suffix, this stem.
        """
        last = re.split(r"[\\/]", name)[-1]
        page = self._by_name.get(last) or self._by_stem.get(Path(last).stem)
        if page is None:
            raise SheetError(f"is for the image {last[:80]!r}, which {self.folder} does not hold")
        return page
