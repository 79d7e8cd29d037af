"""The net score tells how many true nets are recovered."""

from __future__ import annotations

import numpy as np

from wire_detection.scoring.counts import Share, SheetScores
from wire_detection.scoring.scored_sheet import ScoredSheet
from wire_detection.sheets.nets import connect_nets
from wire_detection.sheets.raster import draw_labels, within

MAIN_COVER = 0.5
"""A predicted net that covers this share of a true one's pixels is its main cover, and may be that of one only."""

FULL_COVER = 0.9
"""A true net is recovered when one predicted net covers this share of its pixels."""

SMALLEST_NET_PX = 4
"""A net of fewer pixels is a sliver that a window's edge has left."""


def net_scores(sheet: ScoredSheet) -> SheetScores:
    tolerances = sheet.tolerances
    true_nets = connect_nets(
        sheet.true_wires, sheet.true_junctions, end_px=0.75, junction_px=1.0, passed=sheet.true_passed
    )
    predicted_nets = connect_nets(
        sheet.predicted_net_wires,
        sheet.predicted_junctions,
        end_px=tolerances.junction_px,
        junction_px=tolerances.junction_px,
        body_px=tolerances.wire_px,
        passed=sheet.predicted_passed,
    )
    true_image = _draw_nets(sheet.shape, sheet.true_wires, true_nets)
    sizes = np.bincount(true_image[true_image >= 0], minlength=true_nets.max(initial=-1) + 1)
    judged = sizes >= SMALLEST_NET_PX
    # where predicted nets cross, one image shows the later net and one the earlier
    images = [_draw_nets(sheet.shape, sheet.predicted_net_wires, predicted_nets, flip) for flip in (False, True)]
    net, cover, count = _covered_pixels(true_image, images, tolerances.wire_px)
    share = count / sizes[net]
    mains = np.bincount(cover[judged[net] & (share >= MAIN_COVER)], minlength=cover.max(initial=-1) + 1)
    full = judged[net] & (share >= FULL_COVER)
    return {
        "net": Share(len(np.unique(net[full & (mains[cover] == 1)])), int(judged.sum())),
        "net_covered": Share(len(np.unique(net[full])), int(judged.sum())),
    }


def _draw_nets(shape: tuple[int, int], wires: np.ndarray, nets: np.ndarray, flip: bool = False) -> np.ndarray:
    order = np.argsort(nets, kind="stable")[:: -1 if flip else 1]
    return draw_labels(shape, wires[order], nets[order])


def _covered_pixels(
    true_image: np.ndarray, predicted_images: list[np.ndarray], tolerance_px: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count how many pixels of which true net lie within the tolerance of which predicted net.

    Args:
        true_image: (H, W) int32 net numbers, -1 where there is none; predicted_images likewise.

    Returns:
        (K,) true nets, (K,) predicted nets, (K,) counts of pixels of the one near the other, all above 0.
    """
    reach = int(tolerance_px)
    around = [
        (y, x) for y in range(-reach, reach + 1) for x in range(-reach, reach + 1) if y * y + x * x <= tolerance_px**2
    ]
    padded = np.pad(true_image, reach, constant_values=-1)
    row_step = padded.shape[1]
    near = within(true_image >= 0, tolerance_px)
    sites = [(image, *np.nonzero(near & (image >= 0))) for image in predicted_images]
    covers = np.concatenate([image[rows, columns] for image, rows, columns in sites]).astype(np.int64)
    places = np.concatenate([(rows + reach) * row_step + columns + reach for _, rows, columns in sites])
    number_of_covers = int(covers.max(initial=0)) + 1
    keys = [np.zeros(0, np.int64)]
    for y, x in around:
        pixels = places + y * row_step + x
        hit = padded.ravel()[pixels] >= 0
        keys.append(np.unique(pixels[hit] * number_of_covers + covers[hit]))
    keys = np.unique(np.concatenate(keys))
    nets = padded.ravel()[keys // number_of_covers].astype(np.int64)
    pairs, counts = np.unique(nets * number_of_covers + keys % number_of_covers, return_counts=True)
    return pairs // number_of_covers, pairs % number_of_covers, counts
