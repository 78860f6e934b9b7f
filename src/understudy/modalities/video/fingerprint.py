"""The fingerprint of a clip: 256 bits that survive another format, another size, another brightness.

Bit (t, u, v) is the sign of coefficient (t, u, v) of the cosine transform of the clip as a block of 16 moments of 16 by
16 grey points, for the 4 by 8 by 8 lowest frequencies. A change of brightness moves only the first, whose bit says
instead whether nothing is to be seen.
"""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

MOMENTS: Final = 16
SIDE: Final = 16
KEPT: Final = (4, 8, 8)
FLAT: Final = 16.0
"""Below this no coefficient says anything: it is black, or one colour throughout."""
NEAR: Final = 40
"""Clips whose fingerprints differ in at most so many bits are near-identical. Measured on clips of cameras: saved
anew in another format, size, rate or brightness up to 20, cropped by 2% up to 42; two of one camera 66 and more."""
SURE: Final = 6
"""Those that differ in so few are one beyond doubt."""
_HAIR: Final = 1e-3


def fingerprint_of(glimpses: npt.NDArray[np.float32]) -> str:
    """Hashes a clip.

    Args:
        glimpses: Small grey pictures from all of it, 0..255, (k, height, width).

    Returns:
        256 bits as 64 hex digits. The first is set where there is nothing to tell apart; the others then count the
        brightness.
    """
    grown = np.repeat(glimpses, -(-MOMENTS // len(glimpses)), axis=0) if len(glimpses) < MOMENTS else glimpses
    edges = np.linspace(0, len(grown), MOMENTS + 1).astype(int)
    moments = np.stack([grown[low:high].mean(axis=0) for low, high in pairwise(edges)])
    factors = (1, SIDE / moments.shape[1], SIDE / moments.shape[2])
    block = scipy.ndimage.zoom(moments, factors, order=1, grid_mode=True, mode="nearest").astype(np.float64)
    low = scipy.fft.dctn(block, norm="ortho")[: KEPT[0], : KEPT[1], : KEPT[2]].ravel()
    bits = low > _HAIR
    bits[0] = np.abs(low[1:]).max() < FLAT
    if bits[0]:
        bits[1:] = np.arange(1, len(bits)) <= block.mean()
    return np.packbits(bits).tobytes().hex()
