"""Moving between stages: a person asks, the evidence allows or refuses, and all servers follow at once."""

from dataclasses import dataclass, replace

from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Severity
from understudy.domain.model import ModelRecord
from understudy.domain.review import Review
from understudy.domain.stage import Cause, Event, EventKind, Stage, StageChange, Terms
from understudy.search.loading import described
from understudy.serving.model import NotTrainedYet
from understudy.serving.notices import event_notices
from understudy.studio.audits.standing import standing
from understudy.studio.claims.promises import bar_of
from understudy.studio.claims.review_material import unpacked_grounds
from understudy.studio.launch.gate import Allowance, Case, LaunchRefused, RestsOn, gate, last_trip
from understudy.studio.launch.shadow_evidence import evidence_among
from understudy.studio.launch.terms import Grounds, grounds_for, terms_at, terms_from
from understudy.studio.review.changes import change_words, changes_since
from understudy.studio.training.shelf import load_recorded
from understudy.studio.words.phrases import things_of
from understudy.studio.workspace import Workspace

USUAL_SHARE = 0.1
"""Of the requests, for which a canary is asked unless told otherwise."""


class BadStage(UnderstudyError):
    """A stage was asked for that cannot be asked for like that."""


class NothingToChange(UnderstudyError):
    """What is asked for holds already."""


class ReasonMissing(UnderstudyError):
    """A stage change has to say who wants it and why."""


class UnknownModel(UnderstudyError):
    """The project has no such model."""


@dataclass(frozen=True)
class Proposal:
    """A stage change that could be made now, with all that would hold in it.

    Attributes:
        present: What holds now, or None while people answer because no stage was ever asked for.
        stage: That would begin.
        model: That it would be about.
        terms: Under which the model would answer.
        fallback: Version of the model that takes over on a trip, or None for people.
        fallback_terms: Under which that one answers.
        share: Of the requests for which the model would be asked, 0..1.
        allowance: Whether the evidence allows it.
    """

    present: StageChange | None
    stage: Stage
    model: ModelRecord
    terms: Terms
    fallback: str | None
    fallback_terms: Terms | None
    share: float
    allowance: Allowance


def propose(
    workspace: Workspace, project: str, to: Stage, *, share: float | None = None, model: str | None = None
) -> Proposal:
    """Works out a stage change without making it: its terms, its rollback target, and what allows or forbids it.

    Args:
        workspace: Where the project is.
        project: Its name.
        to: Shadow, canary or live.
        share: Of the requests, for a canary; 0.1 if not said. Strictly between 0 and 1.
        model: Its version, or the first letters of it; by default the one in shadow or canary unless it tripped, else
            the latest.

    Raises:
        UnknownProject: No such project.
        NotTrainedYet, UnknownModel: There is no model, or none of that version.
        BadStage: The stage is "wizard", or the share cannot be.
        BlobMissing, BlobCorrupt, ModelUnreadable: The model's file is not there as it was made.
    """
    asked = _share(to, share)
    return _proposal(_known(workspace, project, model), to, asked)


def proposals(workspace: Workspace, project: str, *, model: str | None = None) -> dict[Stage, Proposal]:
    """What could be asked for now: shadow, canary and live, each as `propose` works it out, from one reading of all.

    Raises:
        UnderstudyError: As for `propose`.
    """
    known = _known(workspace, project, model)
    return {stage: _proposal(known, stage, _share(stage, None)) for stage in (Stage.SHADOW, Stage.CANARY, Stage.LIVE)}


def promote(  # noqa: PLR0913 - the facts of one launch, each named by the caller
    workspace: Workspace,
    project: str,
    to: Stage,
    *,
    by: str,
    reason: str,
    share: float | None = None,
    override: bool = False,
    model: str | None = None,
) -> StageChange:
    """Gives a model a stage, if the evidence allows it or somebody answers for it by name.

    The model's file is loaded and its golden inputs are answered again before anything changes, so what cannot answer
    never takes over. The change takes effect in all of the workspace's servers at once.

    Args:
        workspace: Where the project is.
        project: Its name.
        to: Shadow, canary or live.
        by: Who asks for it.
        reason: Why, in their words.
        share: Of the requests, for a canary.
        override: Do it although the evidence does not allow it; shown for ever.
        model: Its version, or the first letters of it; see `propose`.

    Returns:
        What holds from now on.

    Raises:
        LaunchRefused: The evidence does not allow it; recorded, with its figures.
        ReasonMissing: Who or why was not said.
        NothingToChange: It holds already.
        ModelBroken: The model does not give the answers it gave when it was made.
        StageMoved: Somebody else changed the stage meanwhile.
        UnderstudyError: As for `propose`.
    """
    proposal = propose(workspace, project, to, share=share, model=model)
    _check_new(proposal, project)
    allowance, version = proposal.allowance, proposal.model.version
    if not allowance.allowed and not override:
        fact = f"“{to.value}” was asked for and refused: {allowance.fact}"
        refused = Event(EventKind.REFUSED, version, fact, workspace.now(), allowance.evidence)
        told = event_notices(project, refused, workspace.ledger.settings(project))
        workspace.ledger.record_event(project, refused, notices=told)
        raise LaunchRefused(allowance)
    by, reason = _said(by, reason)
    load_recorded(workspace, proposal.model.blob)
    change = StageChange(
        number=_next(proposal.present),
        stage=to,
        model=version,
        terms=proposal.terms,
        fallback=proposal.fallback,
        fallback_terms=proposal.fallback_terms,
        share=proposal.share,
        cause=Cause.ASKED if allowance.allowed else Cause.OVERRIDDEN,
        by=by,
        reason=reason,
        at=workspace.now(),
        evidence=allowance.evidence,
    )
    return workspace.ledger.change_stage(project, change)


def roll_back(workspace: Workspace, project: str, *, by: str, reason: str, to_people: bool = False) -> StageChange:
    """Takes the requests away from the model that answers: the one before it takes over, or people. Always allowed.

    Args:
        workspace: Where the project is.
        project: Its name.
        by: Who asks for it.
        reason: Why, in their words.
        to_people: People answer everything, even where an earlier model could.

    Returns:
        What holds from now on.

    Raises:
        UnknownProject: No such project.
        ReasonMissing: Who or why was not said.
        NothingToChange: People answer everything already.
        StageMoved: Somebody else changed the stage meanwhile.
    """
    by, reason = _said(by, reason)
    present = workspace.ledger.stage(project)
    if present is None or present.stage is Stage.WIZARD:
        raise NothingToChange(
            fact=f"There is nothing to roll back: people answer every request to “{project}”.",
            reason="No model answers for it.",
            remedy=f"See how it stands: understudy status {project}",
        )
    change = replace(
        _back_from(present, to_people=to_people),
        number=_next(present),
        cause=Cause.ROLLED_BACK,
        by=by,
        reason=reason,
        at=workspace.now(),
        evidence={"from_stage": present.stage.value, "from_model": present.model},
    )
    return workspace.ledger.change_stage(project, change)


def _back_from(present: StageChange, *, to_people: bool) -> StageChange:
    """What a rollback leads to; number, cause and the like are the caller's."""
    people = replace(present, stage=Stage.WIZARD, model=None, terms=None, fallback=None, fallback_terms=None, share=0.0)
    if to_people or present.fallback is None:
        return people
    if present.stage is Stage.SHADOW:  # the model that answers is the fallback; behind it are people
        return replace(present, fallback=None, fallback_terms=None)
    return replace(people, stage=Stage.LIVE, model=present.fallback, terms=present.fallback_terms, share=1.0)


def _fallback(present: StageChange | None, version: str) -> tuple[str | None, Terms | None]:
    """Who takes over when the model is taken away: the model that answers now, else the one behind it, else people."""
    if present is None:
        return None, None
    if present.stage is Stage.LIVE and present.model not in {None, version}:
        return present.model, present.terms
    if present.fallback not in {None, version}:
        return present.fallback, present.fallback_terms
    return None, None


def _chosen(workspace: Workspace, project: str, stages: list[StageChange], named: str | None) -> ModelRecord:
    records = workspace.ledger.models(project)
    if not records:
        raise NotTrainedYet.named(workspace.ledger.project(project).name)
    if named is None:
        named = _on_trial(stages)
        return next((each for each in reversed(records) if each.version == named), records[-1])
    found = [each for each in records if each.version.startswith(named.lower())]
    if named and len({each.version for each in found}) == 1:
        return found[-1]
    raise UnknownModel(
        fact=f"“{project}” has no model “{named[:64]}”." if not found else f"“{named}” could be several models.",
        reason=f"Its latest model is {records[-1].version[:12]}.",
        remedy=f"Name one by the first letters of its version; they are listed by: understudy history {project}",
    )


def _on_trial(stages: list[StageChange]) -> str | None:
    """The model that is in shadow or canary now, unless it tripped there."""
    if not stages or stages[-1].stage not in {Stage.SHADOW, Stage.CANARY} or stages[-1].model is None:
        return None
    tripped = last_trip(stages, stages[-1].model)
    return None if tripped is not None and tripped.number == stages[-1].number else stages[-1].model


@dataclass(frozen=True)
class _Known:
    """What a proposal is made of."""

    stages: list[StageChange]
    record: ModelRecord
    grounds: Grounds
    case: Case


def _known(workspace: Workspace, project: str, model: str | None) -> _Known:
    ledger = workspace.ledger
    stages = ledger.stages(project)
    record = _chosen(workspace, project, stages, model)
    told = described(workspace.blobs.get(record.blob))
    grounds = grounds_for(workspace, project, record.version, told.labels, told.threshold)
    review, reviews = grounds.review, ledger.reviews(project)
    case = Case(
        project=project,
        model=record.version,
        briefed=grounds.brief is not None,
        most_error=None if (bar := bar_of(grounds.economics)) is None else 1.0 - bar,
        review=review,
        number=0 if review is None else reviews.index(review) + 1,
        serious=() if review is None else _serious_since(workspace, review),
        tripped=last_trip(stages, record.version),
        shadow=evidence_among(workspace, project, stages, record.version),
        changed="" if review is None else _changed_since(workspace, review),
    )
    return _Known(stages, record, grounds, case)


def _changed_since(workspace: Workspace, review: Review) -> str:
    """What changed since a review, in a sentence; empty where nothing has."""
    things = things_of(workspace.ledger.project(review.project))
    return change_words(changes_since(review, workspace.ledger, workspace.blobs), things, "the last review")


def _serious_since(workspace: Workspace, review: Review) -> tuple[str, ...]:
    """Grave findings that stand now and that a review had not seen, whatever their figures were then."""
    try:
        findings = unpacked_grounds(workspace.blobs.get(review.material)).findings
    except UnderstudyError:
        findings = ()  # what cannot be read was not seen; verifying the review tells why
    seen = {(each.kind, each.subject) for each in findings}
    grave = [each for each in standing(workspace.ledger, review.project) if each.severity is Severity.HIGH]
    return tuple(each.fact for each in grave if (each.kind, each.subject) not in seen)


def _proposal(known: _Known, to: Stage, share: float) -> Proposal:
    stages, record, grounds = known.stages, known.record, known.grounds
    allowance = gate(known.case, to)
    begun = _begun(stages, known.case) if allowance.rests_on is RestsOn.SHADOW else None
    terms = terms_from(grounds) if begun is None else terms_at(grounds, begun.threshold, begun.most_error)
    present = stages[-1] if stages else None
    fallback, fallback_terms = _fallback(present, record.version)
    return Proposal(present, to, record, terms, fallback, fallback_terms, share, allowance)


def _begun(stages: list[StageChange], case: Case) -> Terms | None:
    """The terms that were shown to hold in shadow."""
    since = 0 if case.shadow is None else case.shadow.since
    return next((change.terms for change in stages if change.number == since), None)


def _share(to: Stage, share: float | None) -> float:
    if to is Stage.WIZARD:
        raise BadStage(
            fact="Nobody is promoted to “wizard”.",
            reason="There people answer every request, and that is what a rollback leads to.",
            remedy="Roll back: understudy rollback PROJECT --to-people",
        )
    if share is not None and (to is not Stage.CANARY or not 0.0 < share < 1.0):
        raise BadStage(
            fact="That share cannot be.",
            reason="Only a canary answers a share of the requests, more than none and fewer than all.",
            remedy="Give a share such as 0.1 for canary, and none for shadow or live.",
        )
    return {Stage.SHADOW: 0.0, Stage.CANARY: USUAL_SHARE if share is None else share}.get(to, 1.0)


def _said(by: str, reason: str) -> tuple[str, str]:
    by, reason = by.strip(), reason.strip()
    if by and reason:
        return by, reason
    raise ReasonMissing(
        fact="It was not said who wants this, or why." if not by else "It was not said why.",
        reason="A stage change is kept for ever, with who asked for it and their reason.",
        remedy="Give a reason of a sentence, and your name.",
    )


def _check_new(proposal: Proposal, project: str) -> None:
    """Sees that something would change."""
    present = proposal.present
    same = present is not None and present.stage is proposal.stage and present.model == proposal.model.version
    if same and present is not None and present.share == proposal.share and present.terms == proposal.terms:
        raise NothingToChange(
            fact=f"“{project}” is in stage “{proposal.stage.value}” with this model already.",
            reason="It is the same model, under the same terms.",
            remedy=f"See how it stands: understudy status {project}",
        )


def _next(present: StageChange | None) -> int:
    return 1 if present is None else present.number + 1
