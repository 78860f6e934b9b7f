"""Retention: what a team wants to be forgotten after some days is forgotten, unless people learn from it still."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from understudy.serving.apart import for_each
from understudy.studio.collection.forgetting import clear_leftovers, forget_older
from understudy.studio.workspace import Workspace

BY = "retention"
BECAUSE = ", which is what retention-days allows"
MOST = 100_000
"""Inputs of a project that are forgotten in one hour; what is left waits for the next."""
LEASE_SECONDS = 1800.0


class Retention:
    """Forgets inputs of answered requests that are older than their project's setting allows.

    Args:
        workspace: Where projects are.
        holder: This process's name: only one process forgets at a time.
    """

    def __init__(self, workspace: Workspace, holder: str) -> None:
        self._workspace = workspace
        self._holder = holder

    def tick(self) -> None:
        """Forgets what is due in every project, and deletes what earlier deletions left behind.

        Blocks for as long as that takes.

        Raises:
            Exception: What went wrong with a project, or a group of such, after the others had their turn.
        """
        ledger, now = self._workspace.ledger, self._workspace.now()
        if not ledger.take_lease(BY, self._holder, now, now + timedelta(seconds=LEASE_SECONDS)):
            return
        due: list[Callable[[], None]] = [partial(self._forget, project.name) for project in ledger.projects()]
        for_each([self._clear, *due], lambda work: work())

    def _clear(self) -> None:
        clear_leftovers(self._workspace)

    def _forget(self, project: str) -> None:
        days = self._workspace.ledger.settings(project).retention_days
        if days is not None:
            forget_older(self._workspace, project, days, by=BY, because=BECAUSE, most=MOST)
