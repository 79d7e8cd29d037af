r"""Names with subscripts, as figures have them: "$V_{DD}$", "$g_{m1}v_{gs}$", "$\rm M_{1}$".

Between dollars, "_" lowers and "^" raises what follows, one character or a group in braces; letters are italic, as TeX
sets them, but for lowered groups of several letters and for what begins with \rm.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

SCRIPT_SIZE = 0.7
"""Size of what is raised or lowered, as TeX has it."""

LOWERED, RAISED = 0.32, -0.55
"""Shift of a script's baseline downwards, in capitals' heights."""

UPRIGHT = r"\rm "
_PIECES = re.compile(r"[_^](?:\{[^}]*\}|.)|[^_^]+")


@dataclass(frozen=True)
class Run:
    """A piece of a text in one size and slope; shift: of its baseline downwards, in heights of the text's capitals."""

    text: str
    size: float = 1.0
    shift: float = 0.0
    italic: bool = False


def is_markup(text: str) -> bool:
    return len(text) > 2 and text[0] == text[-1] == "$"


@functools.lru_cache(maxsize=4096)
def runs(text: str) -> tuple[Run, ...]:
    """The runs of a text in dollars, in order."""
    inner = text[1:-1]
    slanted = not inner.startswith(UPRIGHT)
    found = []
    for piece in _PIECES.findall(inner.removeprefix(UPRIGHT)):
        if piece[0] in "_^":
            word = piece[1:].strip("{}")
            shift = LOWERED if piece[0] == "_" else RAISED
            found.append(Run(word, SCRIPT_SIZE, shift, slanted and len(word) == 1 and word.isalpha()))
        else:
            found += [Run(part, italic=slanted and part.isalpha()) for part in re.findall(r"[^\W\d_]+|[\W\d_]+", piece)]
    return tuple(found)
