"""Linear algebra by one thread."""

import subprocess
import sys

PROGRAM = """
from understudy.engine.linear_algebra import one_thread
from threadpoolctl import threadpool_info

with one_thread():
    import numpy
    import scipy

    scipy.linalg.eigh(numpy.eye(3))
    print(sorted({each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}))
    print(len({each["filepath"] for each in threadpool_info() if each["user_api"] == "blas"}))
"""


def test_the_limit_goes_for_what_is_loaded_meanwhile() -> None:
    """SciPy has a library of its own, which a process that has not used it yet does not know of."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[1]", "2"]
