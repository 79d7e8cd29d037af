"""The tone of thin strokes says what is paper, and what shows the strokes of a transparent picture."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.helpers.circuit import circuit
from wire_detection.sheets.image_files import read_image
from wire_detection.sheets.polarity import ground_tone, has_light_strokes


def test_a_photograph_in_poor_light_has_dark_strokes_still():
    """Paper of tone 70 with ink of tone 21 is nearer to black than to white throughout."""
    dark = np.where(circuit() == 0, 21, 70).astype(np.uint8)
    assert not has_light_strokes(dark)
    assert has_light_strokes(91 - dark)


def test_dense_lettering_does_not_turn_the_sheet_over():
    """Bars of 2 px with gaps of 3 px: the gaps are thinner than any window, but they are most of the tone."""
    grey = np.full((200, 200), 255, np.uint8)
    for x in range(20, 180, 5):
        grey[20:180, x : x + 2] = 0
    assert not has_light_strokes(grey) and has_light_strokes(255 - grey)


def test_half_a_dark_ground_does_not_outvote_the_strokes():
    grey = circuit()
    grey[:, :70] = 30
    assert not has_light_strokes(grey)


def tones(**shares: float) -> np.ndarray:
    result = np.zeros(256)
    for tone, share in shares.items():
        result[int(tone[1:])] = share
    return result


@pytest.mark.parametrize(
    ("visible", "ground"),
    [
        (tones(t255=0.05), 0),  # white strokes alone
        (tones(t0=0.05), 255),  # black strokes alone
        (tones(t0=0.02, t255=0.10), 255),  # black strokes around shapes filled with white
        (tones(t240=0.7, t0=0.05), 240),  # a page with transparent corners
        (tones(), 255),
    ],
)
def test_a_transparent_picture_lies_on_the_ground_that_shows_it(visible, ground):
    assert ground_tone(visible) == ground


@pytest.mark.parametrize("stroke", [0, 255])
def test_strokes_on_transparency_read_as_dark_on_light(tmp_path, stroke):
    layers = np.zeros((*circuit().shape, 4), np.uint8)
    layers[..., :3], layers[..., 3] = stroke, 255 - circuit()
    Image.fromarray(layers).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_image(tmp_path / "a.png"), circuit())
