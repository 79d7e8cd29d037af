"""The sheets of a folder, and which of them a name in somebody else's file means."""

from __future__ import annotations

import re
from pathlib import Path

from wire_detection.sheets.image_files import SheetError, list_images, unique_stems


class SheetFolder:
    """The images directly inside a folder, one for each stem; `skipped` names the others and says why.

    Raises:
        SheetError: when the folder does not exist or holds no image.
    """

    def __init__(self, folder: str | Path):
        self.folder = Path(folder)
        self.images, self.skipped = unique_stems(list_images(folder))
        self._by_stem = {path.stem: path for path in self.images}
        self._by_name = {path.name: path for path in self.images}

    def find(self, name: str) -> Path:
        """The image that `name` means, which may come from anywhere: only what follows its last slash counts.

        Raises:
            SheetError: when no image has this name or, with whatever suffix, this stem.
        """
        last = re.split(r"[\\/]", name)[-1]
        path = self._by_name.get(last) or self._by_stem.get(Path(last).stem)
        if path is None:
            raise SheetError(f"is for the image {last[:80]!r}, which {self.folder} does not hold")
        return path
