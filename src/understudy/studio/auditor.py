"""The auditor: where a long-lived process audits data, one project at a time."""

import threading

from understudy.domain.finding import DataAudit, Finding
from understudy.studio.audits.auditing import accept, audit_project
from understudy.studio.examples.harvest import harvest
from understudy.studio.workspace import Workspace


class Auditor:
    """Audits a workspace's projects. Threads may share it; one audit is made at a time.

    Args:
        workspace: Where projects are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._busy = threading.Lock()

    def audit(self, project: str) -> DataAudit:
        """Takes in answers of people and outcomes, and audits a project's data; see `studio.audits.auditing`."""
        with self._busy:
            harvest(self._workspace, project)
            return audit_project(self._workspace, project)

    def accept(self, project: str, identity: str, *, by: str, reason: str) -> Finding:
        """Records who answers for a finding; see `studio.audits.auditing.accept`."""
        return accept(self._workspace, project, identity, by=by, reason=reason)
