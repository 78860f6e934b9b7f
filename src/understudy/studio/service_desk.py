"""The service desk: where a long-lived process brings projects into service, watches them there, and takes reports."""

from collections.abc import Sequence

from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Outcome
from understudy.domain.stage import Stage, StageChange
from understudy.store.errors import UnknownProject
from understudy.studio.launch.breaker_trace import BreakerTraces, Watched
from understudy.studio.launch.history import History, history
from understudy.studio.launch.shadow_evidence import ShadowEvidence, shadow_evidence
from understudy.studio.launch.staging import Proposal, promote, proposals, roll_back
from understudy.studio.launch.why import Why, why
from understudy.studio.people.outcomes import Reported, outcomes_of
from understudy.studio.settings import Told, all_settings, set_setting
from understudy.studio.workspace import Workspace

ASKED_FOR = (Stage.SHADOW, Stage.CANARY, Stage.LIVE)
"""Stages that somebody can ask for; to "wizard" leads a rollback."""


class ServiceDesk:
    """What faces do with projects in service. Threads may share it.

    Args:
        workspace: Where the projects are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._traces = BreakerTraces(workspace.ledger)

    def proposals(self, project: str) -> dict[Stage, Proposal | UnderstudyError]:
        """What could be made of a project now, with what allows or forbids it; see `studio.launch.staging.propose`.

        Raises:
            UnknownProject: No such project.
        """
        try:
            return {**proposals(self._workspace, project)}
        except UnknownProject:
            raise
        except UnderstudyError as error:
            return dict.fromkeys(ASKED_FOR, error)

    def promote(
        self, project: str, to: Stage, *, by: str, reason: str, share: float | None = None, override: bool = False
    ) -> StageChange:
        """Gives a model a stage; see `studio.launch.staging.promote`."""
        return promote(self._workspace, project, to, by=by, reason=reason, share=share, override=override)

    def roll_back(self, project: str, *, by: str, reason: str, to_people: bool = False) -> StageChange:
        """Takes the requests away from the model that answers; see `studio.launch.staging.roll_back`."""
        return roll_back(self._workspace, project, by=by, reason=reason, to_people=to_people)

    def history(self, project: str) -> History:
        """What was live when; see `studio.launch.history.history`."""
        return history(self._workspace, project)

    def shadow(self, project: str, model: str) -> ShadowEvidence | None:
        """What a model showed in its latest shadow stage, or None."""
        return shadow_evidence(self._workspace, project, model)

    def watched(self, project: str) -> list[Watched]:
        """The breakers of the models that answer now, as the ledger tells them."""
        return self._traces.of(project, self._workspace.now())

    def settings(self, project: str) -> list[Told]:
        """Every setting with its value; see `studio.settings.all_settings`."""
        return all_settings(self._workspace, project)

    def set(self, project: str, name: str, text: str, *, by: str) -> Told:
        """Sets one setting; see `studio.settings.set_setting`."""
        return set_setting(self._workspace, project, name, text, by=by)

    def why(self, decision: str) -> Why:
        """All that is known of a decision; see `studio.launch.why.why`."""
        return why(self._workspace, decision)

    def report(
        self, project: str, rows: Sequence[Reported], *, by: str, source: str, new_labels: bool = False
    ) -> list[Outcome | UnderstudyError]:
        """Records what turned out to be true, each row for itself; see `studio.people.outcomes.outcomes_of`."""
        return outcomes_of(self._workspace, project, rows, by=by, source=source, new_labels=new_labels)
