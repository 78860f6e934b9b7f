"""Faults of models: counted where they happen, and soon told to everybody through the ledger."""

import threading
from dataclasses import dataclass

from understudy.serving.model import ModelFault


@dataclass(frozen=True)
class FaultCount:
    """Faults of one kind that one model had since they were told last.

    Attributes:
        project: The project's name.
        model: Version of the model.
        kind: Short name of what happened.
        fact: The last of them in words.
        count: How many, at least 1.
        asked: How many requests this process had asked the model until then.
    """

    project: str
    model: str
    kind: str
    fact: str
    count: int
    asked: int


class Faults:
    """Faults that the ledger does not know yet. Threads may share it; memory is bounded by the kinds there are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str, str], FaultCount] = {}

    def note(self, project: str, model: str, fault: ModelFault, *, asked: int) -> None:
        """Counts one."""
        place = (project, model, fault.kind)
        fact = f"{fault.fact} {fault.noted}"
        with self._lock:
            before = self._found.get(place)
            count = before.count + 1 if before else 1
            self._found[place] = FaultCount(project, model, fault.kind, fact, count, asked)

    def take(self) -> list[FaultCount]:
        """What was counted since it was taken last."""
        with self._lock:
            found, self._found = self._found, {}
        return list(found.values())
