"""The fingerprint of a recording: 256 bits that survive another format, another rate, another level.

Bit (u, v) is the sign of coefficient (u, v) of the cosine transform of the whole recording's spectrogram in decibels,
squeezed to 32 bands by 32 moments, for the 16 by 16 lowest frequencies. A change of level moves only the first
coefficient, whose bit says instead whether nothing is to be heard.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
import scipy

SIDE: Final = 32
BITS: Final = 256
ROOT: Final = 16
RANGE: Final = 60.0
"""Decibels below the loudest point down to which differences count: noise that a codec leaves lies below."""
FLAT: Final = 6.0
"""Below this no coefficient says anything: it is silence, or one steady noise."""
NEAR: Final = 40
"""Recordings whose fingerprints differ in at most so many bits are near-identical."""
SURE: Final = 8
"""Those that differ in so few are one beyond doubt."""
_HAIR: Final = 1e-3


def fingerprint_of(spectrogram: npt.NDArray[np.float32]) -> str:
    """Hashes a recording.

    Args:
        spectrogram: All of it, (32 bands, 32 moments), in decibels.

    Returns:
        256 bits as 64 hex digits. The first is set where there is nothing to tell apart.
    """
    values = np.maximum(spectrogram, spectrogram.max() - RANGE).astype(np.float64)
    low = scipy.fft.dctn(values, norm="ortho")[:ROOT, :ROOT].ravel()
    bits = low > _HAIR
    bits[0] = np.abs(low[1:]).max() < FLAT
    if bits[0]:
        bits[1:] = False
    return np.packbits(bits).tobytes().hex()
