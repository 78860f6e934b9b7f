"""Batches of inputs that differ in length."""

from collections.abc import Sequence

import numpy as np

from understudy.modalities.protocol import Array


def padded(arrays: Sequence[Array]) -> Array:
    """One batch, filled up with zeros.

    Args:
        arrays: Each with a first axis of length 1 and as many axes as the others, all of one kind of number.
    """
    shape = tuple(max(array.shape[axis] for array in arrays) for axis in range(1, arrays[0].ndim))
    batch = np.zeros((len(arrays), *shape), arrays[0].dtype)
    for row, array in enumerate(arrays):
        place: tuple[int | slice, ...] = (row, *(slice(length) for length in array.shape[1:]))
        batch[place] = array[0]
    return batch
