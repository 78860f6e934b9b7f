"""Reviewing as a use case: the launch decision about a project's latest model, from one look at the sealed set.

Asking again costs nothing as long as neither the model nor the sealed photos have changed: the look that was spent is
used again, with the brief and the findings as they are now.
"""

from collections.abc import Iterable
from dataclasses import replace

from understudy.domain.example import Side
from understudy.domain.finding import FindingKind
from understudy.domain.model import ModelRecord
from understudy.domain.review import Review, Verdict
from understudy.studio.audits.auditing import audited, standing_findings, to_nobody
from understudy.studio.audits.examined import Told
from understudy.studio.audits.words import naming
from understudy.studio.claims.review_material import (
    Grounds,
    Material,
    double_answers,
    packed_grounds,
)
from understudy.studio.examples.facts import facts_for
from understudy.studio.judgement.asking import Heard
from understudy.studio.judgement.champion import champion_in
from understudy.studio.judgement.judging import Looked, looked, refuse_unsealed, seen_before
from understudy.studio.judgement.looking import latest_model
from understudy.studio.judgement.sealed_answers import SealedAnswers
from understudy.studio.review.changes import Change, changes_since
from understudy.studio.review.launch_review import review_of
from understudy.studio.training.shelf import load_recorded
from understudy.studio.training.synthetic_worth import known_worth
from understudy.studio.workspace import Workspace


def review(
    workspace: Workspace, project: str, *, progress: Heard, auditing: Told = to_nobody, anew: bool = False
) -> Review:
    """Reviews the latest model and records what came of it; one that says the same of the same is not recorded again.

    Args:
        workspace: Where the project is.
        project: Its name.
        progress: Told photos done and photos in all, while a look is being spent.
        auditing: Told what is done, steps done and steps in all, where the data have to be audited before.
        anew: Spend a look even though nothing has changed.

    Raises:
        UnknownProject: No such project.
        NotTrainedYet: It has no model.
        NothingSealed: There is nothing to judge it by.
        BlobMissing, BlobCorrupt: A photo is no longer there as it came.
    """
    record = latest_model(workspace, project)
    refuse_unsealed(workspace, project)
    model = load_recorded(workspace, record.blob, many=True)
    audited(workspace, project, progress=auditing)
    looking = looked(workspace, project, model, progress=progress, anew=anew)
    said = review_of(_material(workspace, project, record, looking))
    last = workspace.ledger.latest_review(project)
    if last is not None and same_but_for_time(last, said) and not changes_of(workspace, last):
        return last
    workspace.ledger.record_review(project, said)
    return said


def present_review(workspace: Workspace, project: str) -> Review | None:
    """The latest review, if it is about the latest model; else None.

    Raises:
        UnknownProject: No such project.
    """
    record, last = workspace.ledger.latest_model(project), workspace.ledger.latest_review(project)
    return last if last is not None and record is not None and last.model == record.version else None


def changes_of(workspace: Workspace, review: Review) -> tuple[Change, ...]:
    """What changed since a review was made; see `studio.review.changes`."""
    return changes_since(review, workspace.ledger, workspace.blobs)


def same_but_for_time(one: Review, other: Review) -> bool:
    """Whether two reviews say the same from the same evidence, at whatever time each was made."""
    return replace(one, at=other.at, material=other.material) == other


def _material(workspace: Workspace, project: str, record: ModelRecord, looking: Looked) -> Material:
    grounds = grounds_of(workspace, project, record, looking.answers)
    return Material(looking.answers, looking.blob, grounds, workspace.blobs.put(packed_grounds(grounds)))


def grounds_of(workspace: Workspace, project: str, record: ModelRecord, answers: SealedAnswers) -> Grounds:
    """What is known of a project and its model now, besides the answers of a look."""
    ledger = workspace.ledger
    known, counts, brief = ledger.project(project), ledger.counts(project), ledger.latest_brief(project)
    audit = ledger.latest_data_audit(project)
    seen = audit.findings if audit is not None else ()
    return Grounds(
        project=known,
        at=workspace.now(),
        brief=brief,
        findings=tuple(naming(each, project) for each in standing_findings(workspace, project)),
        sensitive=tuple(sorted({each.subject for each in seen if each.kind is FindingKind.SENSITIVE})),
        pairs=double_answers(ledger.opinions(project)),
        train=tuple(counts.train.items()),
        labelled=sum(counts.train.values()) + answers.count,
        seen=_seen(workspace, project, brief.brief.slices if brief else ()),
        launched=any(each.verdict is Verdict.LAUNCH for each in ledger.reviews(project)),
        times_seen=seen_before(workspace, project, answers),
        answer_minutes=ledger.settings(project).answer_minutes,
        synthetic=known_worth(workspace, project) if record.synthetic else None,
        synthetic_count=record.synthetic,
        champion=champion_in(ledger.stage(project), beside=record.version),
    )


def _seen(workspace: Workspace, project: str, columns: Iterable[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Every value of the facts by which the brief asks for slices, as words; numbers are cut elsewhere."""
    wanted = tuple(dict.fromkeys(columns))
    if not wanted:
        return ()
    digests = [each.digest for each in workspace.ledger.examples(project) if each.side is not Side.SET_ASIDE]
    facts = facts_for(workspace, project, digests)
    found = {column: {str(fact) for fact in facts.column(column) if fact is not None} for column in wanted}
    return tuple((column, tuple(sorted(values))) for column, values in found.items())
