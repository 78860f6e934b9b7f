"""The specialists of recommendation, tuned over a grid: implicit, and EASE. Runs in an environment of its own.

Told by a folder: `task.json` and matrices that `bench.quality.recommend` wrote. Leaves `lists.npz`, the ten best of
each person under each kind of model, with the settings that were best on the tuning part.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from implicit.als import AlternatingLeastSquares  # type: ignore[import-not-found]
from implicit.bpr import BayesianPersonalizedRanking  # type: ignore[import-not-found]
from implicit.nearest_neighbours import (  # type: ignore[import-not-found]
    BM25Recommender,
    CosineRecommender,
    TFIDFRecommender,
)
from scipy import sparse

LENGTH = 10
EASE_ITEMS = 3000
"""Items up to which EASE is solved: its matrix is dense."""


def weighed(told: Any, how: str) -> Any:
    """Matrices hold 2 for liked and 1 for other events; models see one of three readings."""
    made = told.copy().astype(np.float32)
    made.data = {
        "all": np.ones_like(made.data),
        "liked": (made.data > 1) * 1.0,
        "graded": np.where(made.data > 1, 1, 0.3),
    }[how]
    made.data = made.data.astype(np.float32)
    made.eliminate_zeros()
    return made


def als(seed: int, matrix: Any, asked: Any, *, factors: int, regularization: float, alpha: float) -> Any:
    model = AlternatingLeastSquares(
        factors=factors, regularization=regularization, alpha=alpha, iterations=15, random_state=seed, num_threads=1
    )
    model.fit(matrix, show_progress=False)
    users = np.stack([model.recalculate_user(at, asked[at]) for at in range(asked.shape[0])])
    return users @ model.item_factors.T


def bpr(seed: int, matrix: Any, asked: Any, *, factors: int, learning_rate: float) -> Any:
    model = BayesianPersonalizedRanking(
        factors=factors, learning_rate=learning_rate, iterations=100, random_state=seed, num_threads=1
    )
    model.fit(matrix, show_progress=False)
    return model.user_factors[: asked.shape[0]] @ model.item_factors.T


def near(kind: Any) -> Callable[..., Any]:
    def scores(seed: int, matrix: Any, asked: Any, *, neighbours: int) -> Any:
        del seed
        model = kind(K=neighbours, num_threads=1)
        model.fit(matrix, show_progress=False)
        return (asked @ model.similarity).toarray()

    return scores


def ease(seed: int, matrix: Any, asked: Any, *, penalty: float) -> Any:
    """As cornac.models.EASE solves it, asked with the history."""
    del seed
    gram = (matrix.T @ matrix).toarray().astype(np.float64)
    gram.flat[:: len(gram) + 1] += penalty
    inverse = np.linalg.inv(gram)
    links = -inverse / np.diag(inverse)
    np.fill_diagonal(links, 0)
    return asked @ links


def grid(**axes: list[Any]) -> list[dict[str, Any]]:
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]


NEAR = grid(neighbours=[20, 50, 100, 200, 500])
PEERS: dict[str, tuple[Callable[..., Any], list[dict[str, Any]], bool]] = {
    "implicit ALS": (als, grid(factors=[8, 16, 32, 64], regularization=[0.01, 0.1], alpha=[1, 4, 16]), True),
    "implicit BPR": (bpr, grid(factors=[16, 64], learning_rate=[0.01, 0.05]), False),
    "implicit cosine": (near(CosineRecommender), NEAR, True),
    "implicit TF-IDF": (near(TFIDFRecommender), NEAR, True),
    "implicit BM25": (near(BM25Recommender), NEAR, True),
    "EASE": (ease, grid(penalty=[1, 5, 20, 100, 500]), True),
}
"""What fits and scores, its grid, and whether it can be asked for somebody who was not there when it was fitted."""


def best_items(scores: Any, asked: Any) -> Any:
    """The ten best of each person, without what is in the history."""
    scores = np.asarray(scores, np.float64).copy()
    scores[asked.nonzero()] = -np.inf
    return np.argsort(-scores, axis=1, kind="stable")[:, :LENGTH]


def ndcg(lists: Any, truth: Any) -> float:
    """Mean over people with anything to find."""
    gain = 1 / np.log2(2 + np.arange(LENGTH))
    found = []
    for row, at in zip(lists, range(truth.shape[0]), strict=True):
        wanted = truth.indices[truth.indptr[at] : truth.indptr[at + 1]]
        if len(wanted):
            found.append(np.isin(row, wanted) @ gain / gain[: len(wanted)].sum())
    return float(np.mean(found))


def _matrix(folder: Path, name: str) -> Any:
    kept: Any = sparse.load_npz(folder / f"{name}.npz")
    return kept.tocsr()


def main(folder: Path) -> None:
    warnings.simplefilter("ignore")  # about forms of matrices that implicit itself passes on
    told = json.loads((folder / "task.json").read_text())
    tune, asked_then, truth = (_matrix(folder, f"tune-{each}") for each in ("learned", "asked", "truth"))
    whole, asked = (_matrix(folder, f"test-{each}") for each in ("learned", "asked"))
    lists: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    for name, (scores, choices, folds_in) in PEERS.items():
        if (not folds_in and not told["known"]) or (name == "EASE" and whole.shape[1] > EASE_ITEMS):
            continue
        begun, tried = time.time(), []
        for how, setting in product(("all", "liked", "graded"), choices):
            said = scores(told["seed"], weighed(tune, how), weighed(asked_then, how), **setting)
            tried.append((ndcg(best_items(said, asked_then), truth), how, setting))
        _, how, setting = max(tried, key=lambda each: each[0])
        lists[name] = best_items(scores(told["seed"], weighed(whole, how), weighed(asked, how), **setting), asked)
        settings[name] = {"events": how, **setting, "seconds": round(time.time() - begun, 1)}
    np.savez(folder / "lists.npz", **lists)
    (folder / "settings.json").write_text(json.dumps(settings))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
