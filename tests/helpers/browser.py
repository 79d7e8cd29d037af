"""A page as a browser without a window shows it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
"""Where the browser lies, None where there is none."""


def browse(page: str, folder: Path, *options: str) -> str:
    """What Chromium says on stdout of the page at this address, with a profile of its own in `folder`."""
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=2000"]
    # a profile of its own, or it would wait for one that somebody uses
    result = subprocess.run(
        [*command, f"--user-data-dir={folder / 'profile'}", *options, page], capture_output=True, text=True, timeout=120
    )
    return result.stdout
