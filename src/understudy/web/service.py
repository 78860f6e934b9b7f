"""What the pages need where a project is in service: its stages, its breakers, its settings, what turned out."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Outcome
from understudy.domain.stage import Stage, StageChange
from understudy.studio.launch.breaker_trace import Watched
from understudy.studio.launch.history import History
from understudy.studio.launch.shadow_evidence import ShadowEvidence
from understudy.studio.launch.staging import Proposal
from understudy.studio.launch.why import Why
from understudy.studio.people.outcomes import Reported
from understudy.studio.settings import Told


class Service(Protocol):
    """Where projects are brought into service and watched there. Thread-safe; blocks."""

    def proposals(self, project: str) -> Mapping[Stage, Proposal | UnderstudyError]:
        """What could be made of the project now: shadow, canary and live, each with what allows or forbids it.

        Raises:
            UnknownProject: No such project.
        """
        ...

    def promote(
        self, project: str, to: Stage, *, by: str, reason: str, share: float | None = None, override: bool = False
    ) -> StageChange:
        """Gives a model a stage.

        Raises:
            LaunchRefused: The evidence does not allow it; recorded.
            UnderstudyError: It cannot be asked for like that, or something moved meanwhile.
        """
        ...

    def roll_back(self, project: str, *, by: str, reason: str, to_people: bool = False) -> StageChange:
        """Takes the requests away from the model that answers.

        Raises:
            UnderstudyError: People answer everything already, or who or why was not said.
        """
        ...

    def history(self, project: str) -> History:
        """What was live when, without a gap, and what happened besides."""
        ...

    def shadow(self, project: str, model: str) -> ShadowEvidence | None:
        """What a model showed in its latest shadow stage, or None."""
        ...

    def watched(self, project: str) -> Sequence[Watched]:
        """The breakers of the models that answer now."""
        ...

    def settings(self, project: str) -> Sequence[Told]:
        """Every setting with its value; no secret is shown."""
        ...

    def set(self, project: str, name: str, text: str, *, by: str) -> Told:
        """Sets one setting; an empty text sets it back to its default.

        Raises:
            BadSetting: There is none of that name, or it cannot be that.
        """
        ...

    def why(self, decision: str) -> Why:
        """All that is known of a decision.

        Raises:
            UnknownDecision: There is none.
        """
        ...

    def report(
        self, project: str, rows: Sequence[Reported], *, by: str, source: str, new_labels: bool = False
    ) -> Sequence[Outcome | UnderstudyError]:
        """Records what turned out to be true, each row for itself: in order, what is on record now, or why not."""
        ...
