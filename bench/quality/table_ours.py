"""Our side of a split of a table, in the folder that `bench.quality.tables` made."""

import hashlib
import json
import resource
import sys
import time
from pathlib import Path

from understudy.domain.answer import Answer
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget, Progress
from understudy.modalities.table.frame import read_frame
from understudy.modalities.table.inferring import infer_schema
from understudy.modalities.table.row import row_bytes
from understudy.search.loading import load_bytes
from understudy.search.tables.lesson import read_lesson
from understudy.search.tables.training import Settings, Training


def main(folder: Path) -> None:
    """Reads what is asked, trains under the budget, leaves what was found."""
    asked = json.loads((folder / "asked.json").read_text())
    began = time.perf_counter()
    rows = list(read_frame("train.csv", folder / "train.csv").rows())
    schema = infer_schema(rows, target=asked["answer"])
    data = [row_bytes(row, schema.seen) for row in rows]
    told = (
        (hashlib.sha256(each).hexdigest(), each, str(row[asked["answer"]]), str(place))
        for place, (each, row) in enumerate(zip(data, rows, strict=True))
    )
    numbers = asked["kind"] == "number"
    task = Task("table", AnswerKind.NUMBER if numbers else AnswerKind.LABEL)
    left = float(asked["seconds"]) - (time.perf_counter() - began)
    first: list[float] = []

    def report(progress: Progress) -> None:
        if progress.stage == "Trying candidates" and progress.done and not first:
            first.append(time.time() - asked["begun"])

    training = Training(
        read_lesson(told, schema),
        task,
        Settings(int(asked["seed"]), Budget(seconds=left), 2),
        folder / "journal",
        report=report,
        stop_requested=lambda: False,
    )
    made = training.run().model
    wall = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    model = load_bytes(made)
    later = read_frame("test.csv", folder / "test.csv").rows()
    answers = [
        each for each in model.predict_all([row_bytes(row, schema.seen) for row in later]) if isinstance(each, Answer)
    ]
    said = [float(a.label) for a in answers] if numbers else [[p for _, p in a.probabilities] for a in answers]
    found = {"labels": list(model.labels), "said": said, "wall": wall, "cpu": used.ru_utime + used.ru_stime}
    found["first"] = first[0] if first else float("inf")
    (folder / "found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
