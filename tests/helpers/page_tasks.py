"""What processes do with pages in tests; they import it by its name."""

from __future__ import annotations

import os
from multiprocessing import parent_process


def stem_and_process(model, page) -> tuple[str, int]:
    """The stem of the page, and the number of the process."""
    return page.stem, os.getpid()


def die_of_the_second(model, page) -> tuple[str, int]:
    """The same, by a process that ends like a killed one when it gets to the second page."""
    if page.stem == "1" and parent_process() is not None:
        os._exit(9)
    return stem_and_process(model, page)
