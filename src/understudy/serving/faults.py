"""Faults of models: counted where they happen, and soon told to everybody through the ledger."""

import threading
from dataclasses import dataclass, replace
from typing import Final

from understudy.serving.model import ModelFault

TOLD_APART: Final = 100
"""Of so many inputs it is known between two tellings which the faults were; each fault of others counts."""


@dataclass(frozen=True)
class FaultCount:
    """Faults of one kind that one model had since they were told last.

    Attributes:
        project: The project's name.
        model: Version of the model.
        kind: Short name of what happened.
        fact: The last of them in words.
        count: How many, at least 1; those of one and the same input count once.
        asked: How many requests this process had asked the model until then.
        inputs: Marks of the inputs among them; see `ModelFault.input`.
    """

    project: str
    model: str
    kind: str
    fact: str
    count: int
    asked: int
    inputs: tuple[str, ...] = ()

    def then(self, later: "FaultCount") -> "FaultCount":
        """These and later ones of the same kind together."""
        inputs = tuple(dict.fromkeys((*self.inputs, *later.inputs)))
        twice = len(self.inputs) + len(later.inputs) - len(inputs)
        return replace(later, count=self.count + later.count - twice, inputs=inputs[-TOLD_APART:])


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
            found = FaultCount(project, model, fault.kind, fact, 1, asked, (fault.input,) if fault.input else ())
            before = self._found.get(place)
            self._found[place] = before.then(found) if before else found

    def take(self) -> list[FaultCount]:
        """What was counted since it was taken last."""
        with self._lock:
            found, self._found = self._found, {}
        return list(found.values())
