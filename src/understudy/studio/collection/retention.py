"""Retention: what a team wants to be forgotten after some days is forgotten, unless people learn from it still."""

from datetime import timedelta

from understudy.studio.collection.forgetting import NothingToForget, forget
from understudy.studio.workspace import Workspace

BY = "retention"
AT_ONCE = 500
"""Inputs that are forgotten in one go."""
MOST_ROUNDS = 200
"""Goes in one hour; what is left waits for the next."""
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
        """Forgets what is due in every project. Blocks for as long as that takes."""
        ledger, now = self._workspace.ledger, self._workspace.now()
        if not ledger.take_lease(BY, self._holder, now, now + timedelta(seconds=LEASE_SECONDS)):
            return
        for project in ledger.projects():
            days = ledger.settings(project.name).retention_days
            if days is not None:
                self._forget(project.name, days)

    def _forget(self, project: str, days: float) -> None:
        before = self._workspace.now() - timedelta(days=days)
        reason = f"older than {days:g} days, which is what retention-days allows"
        for _ in range(MOST_ROUNDS):
            digests = self._workspace.ledger.inputs_older_than(project, before, AT_ONCE)
            if not digests:
                return
            try:
                forget(self._workspace, project, by=BY, reason=reason, digests=digests)
            except NothingToForget:
                return
