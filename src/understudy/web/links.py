"""Where everything about a decision is found: only what there is, by the kind of its input."""

import threading
from collections.abc import Callable
from typing import Final

from understudy.domain.project import Project

PHOTO: Final = "photo"
AT_ONCE: Final = frozenset({PHOTO, "text", "table", "interactions"})
"""Inputs that do not go by in time; of all others an answer may rest on some seconds."""


class Kinds:
    """What each project is about, read once: that never changes. Threads may share it.

    Args:
        project: Gives a project by its name; blocks.
    """

    def __init__(self, project: Callable[[str], Project]) -> None:
        self._project, self._lock = project, threading.Lock()
        self._known: dict[str, str] = {}

    def known(self, project: str) -> str | None:
        """The project's modality if it is in memory. Never blocks."""
        return self._known.get(project)

    def of(self, project: str) -> str:
        """The project's modality. Blocks where it is not in memory.

        Raises:
            UnknownProject: No such project.
        """
        kind = self._known.get(project)
        if kind is None:
            kind = self._project(project).task.modality
            with self._lock:
                self._known[project] = kind
        return kind


def links_of(decision: str, kind: str, *, explained: bool) -> dict[str, str]:
    """The addresses of what belongs to a decision.

    Args:
        decision: Its id.
        kind: The modality of its input.
        explained: A model said something that may be told, so what moved it can be asked for.
    """
    here = f"/api/v1/decisions/{decision}"
    links = {
        "self": here,
        "page": f"/decisions/{decision}",
        "outcome": f"{here}/outcome",
        "input": f"{here}/input",
    }
    if kind == PHOTO:
        links["photo"] = f"{here}/photo"
        return links | ({"regions": f"{here}/regions", "regions_image": f"{here}/regions.png"} if explained else {})
    return links | ({"reasons": f"{here}/reasons"} if explained else {})
