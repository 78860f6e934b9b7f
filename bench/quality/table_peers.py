"""AutoGluon's side of a split of a table. Runs in an environment of its own, without Understudy."""

import json
import resource
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd
from autogluon.tabular import TabularPredictor


def main(folder: Path) -> None:
    """Reads what is asked, fits under the budget, leaves what was found."""
    asked = json.loads((folder / "asked.json").read_text())
    learned, later = pd.read_csv(folder / "train.csv"), pd.read_csv(folder / "test.csv")
    answer, numbers = asked["answer"], asked["kind"] == "number"
    later = later.drop(columns=[answer])
    kind = "regression" if numbers else "multiclass" if asked["labels"] > 2 else "binary"
    metric = {"regression": "r2", "multiclass": "log_loss", "binary": "roc_auc"}[kind]
    began = time.perf_counter()
    model: Any = TabularPredictor(
        label=answer, problem_type=kind, eval_metric=metric, path=str(folder / "autogluon"), verbosity=0
    ).fit(learned, presets=asked["preset"], time_limit=asked["seconds"], num_cpus=2)
    wall = time.perf_counter() - began
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    given = model.predict(later) if numbers else model.predict_proba(later)
    found = {
        "labels": [] if numbers else [str(name) for name in given.columns],
        "said": given.to_numpy().tolist(),
        "wall": wall,
        "cpu": sum(each.ru_utime + each.ru_stime for each in used),
    }
    shutil.rmtree(folder / "autogluon", ignore_errors=True)
    (folder / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
