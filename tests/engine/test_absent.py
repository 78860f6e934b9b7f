"""Packages can be kept from a library that would load them for nothing."""

import importlib
import subprocess
import sys
import threading

import pytest

from understudy.engine.absent import absent


def test_what_is_absent_cannot_be_loaded_until_it_is_over() -> None:
    """Within it a package is not installed, as its importers see it, and afterwards it is."""
    sys.modules.pop("wave", None)
    with absent("wave"), pytest.raises(ModuleNotFoundError, match="wave"):
        importlib.import_module("wave")
    assert importlib.import_module("wave").__name__ == "wave"
    with absent("wave"):
        assert importlib.import_module("wave").__name__ == "wave", "what is loaded already stays"


def test_other_threads_see_no_difference() -> None:
    """Another thread can load meanwhile what is absent for this one."""
    sys.modules.pop("wave", None)
    found: list[str] = []
    other = threading.Thread(target=lambda: found.append(importlib.import_module("wave").__name__))
    with absent("wave"):
        other.start()
        other.join()
    assert found == ["wave"]


def test_trees_of_tables_load_neither_scikit_learn_nor_pandas() -> None:
    """To grow trees, keep them and answer with them takes nothing that only other users of LightGBM need."""
    program = """
import sys
import numpy as np
from understudy.search.tables.boosting import Boosting
from understudy.search.tables.encoding import Encoded, Feature
from understudy.search.tables.fitted import Task
from understudy.search.tables.portfolio import FAMILIES, planned, Size
from understudy.search.tables.target import Target
numbers = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
rows, target = Encoded(numbers, np.zeros((200, 0), np.int32)), Target(numbers[:, 0] > 0, 2, np.ones(200))
task = Task(rows, target, rows, target, (), (Feature("a", "a"), Feature("b", "b")), 0, 1, lambda: None)
tree = next(each for each in planned(Size(200, 2, 2, thorough=False)) if each.family == "trees")
trees = FAMILIES["trees"].fit(task, tree.setting)
again = FAMILIES["trees"].read(trees.arrays())
assert np.array_equal(again.answers(rows), trees.answers(rows))
print([name for name in ("lightgbm", "sklearn", "pandas") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['lightgbm']"
