"""Reopening: tells, once, when a model that tripped has shown in the dark that it may be promoted again.

Nobody is served by it: a breaker latches, and only a person closes it, by promoting the model.
"""

from collections.abc import Sequence
from datetime import timedelta

from understudy.domain.stage import Event, EventKind, Stage, StageChange
from understudy.serving.apart import for_each
from understudy.store.deliveries import Notice
from understudy.studio.launch.gate import last_trip
from understudy.studio.launch.shadow_evidence import ShadowEvidence, evidence_among, shadow_words
from understudy.studio.workspace import Workspace

CLOSED = "breaker.closed"
"""The name under which receivers hear of it."""
LEASE_SECONDS = 60.0
PAGE = 1_000


class Reopening:
    """Looks at what models that tripped have shown since. Only one process does at a time.

    Args:
        workspace: Where the projects are.
        holder: This process's name.
    """

    def __init__(self, workspace: Workspace, holder: str) -> None:
        self._workspace = workspace
        self._holder = holder
        self._seen: dict[tuple[str, int], int] = {}

    def tick(self) -> None:
        """Tells what is new, of every project that it can. Blocks for a few queries."""
        ledger, now = self._workspace.ledger, self._workspace.now()
        shadows = {name: change for name, change in ledger.standings().items() if change.stage is Stage.SHADOW}
        if not shadows or not ledger.take_lease("reopening", self._holder, now, now + timedelta(seconds=LEASE_SECONDS)):
            return
        for_each(shadows.items(), lambda standing: self._look_at(*standing))

    def _look_at(self, project: str, present: StageChange) -> None:
        stages = self._workspace.ledger.stages(project)
        trip = None if present.model is None else last_trip(stages, present.model)
        if trip is None or present.model is None:
            return
        key, heard = (project, present.number), self._heard(project, present.model)
        if heard == self._seen.get(key, 0):
            return
        self._tell_what_is_new(project, present.model, stages, trip)
        self._seen[key] = heard  # only now: what could not be told is news at the next look, too

    def _tell_what_is_new(self, project: str, model: str, stages: Sequence[StageChange], trip: StageChange) -> None:
        found = evidence_among(self._workspace, project, stages, model)
        if (
            found is not None
            and found.since >= trip.number
            and found.cleared
            and not self._is_told(project, trip, found)
        ):
            self._tell(project, found)

    def _heard(self, project: str, model: str) -> int:
        """Of how many answers in the dark people have told so far."""
        return self._workspace.ledger.shadow_told(project, model, since_stage=0, now=self._workspace.now())

    def _is_told(self, project: str, trip: StageChange, found: ShadowEvidence) -> bool:
        after = 0
        while events := self._workspace.ledger.events(project, after=after, limit=PAGE):
            told = (event for event in events if event.kind is EventKind.CLOSED and event.model == found.model)
            if any(event.at >= trip.at for event in told):
                return True
            after = events[-1].number
        return False

    def _tell(self, project: str, found: ShadowEvidence) -> None:
        ledger, now = self._workspace.ledger, self._workspace.now()
        settings = ledger.settings(project)
        event = Event(EventKind.CLOSED, found.model, f"In shadow: {shadow_words(found)}", now, found.record())
        payload = {
            "project": project,
            "model": found.model,
            "fact": event.fact,
            "now": "It may be promoted again; until somebody does, it answers nobody.",
            "page": f"/projects/{project}/launch",
            "evidence": found.record(),
        }
        channels = (("webhook", settings.webhook_url), ("mail", settings.owner_email))
        notices = [Notice(channel, CLOSED, payload, now) for channel, target in channels if target]
        ledger.record_event(project, event, notices=notices)
