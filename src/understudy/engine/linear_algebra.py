"""Linear algebra by one thread."""

from collections.abc import Iterator
from contextlib import contextmanager

import scipy
from threadpoolctl import threadpool_limits


@contextmanager
def one_thread() -> Iterator[None]:
    """Keeps linear algebra to one thread meanwhile.

    Matrices of heads are factored fastest so, fits that run side by side need no threads of their own, and sums in one
    order give the same bytes.
    """
    # SciPy brings a library of its own, loaded with its first use; the limit goes for what is loaded already.
    scipy.linalg  # noqa: B018
    with threadpool_limits(1, "blas"):
        yield
