"""Judging: a look at the sealed set, what it was answered, and what it showed.

A look is spent once. Whoever asks about the same model over the same sealed photos again is told from the answers that
are stored.
"""

import fcntl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from sys import intern

import numpy as np

from understudy.audit.task_rules import plain_answer
from understudy.domain.arrival import Arrival
from understudy.domain.errors import UnderstudyError
from understudy.domain.evidence import Judgement
from understudy.domain.example import Side
from understudy.domain.project import Project
from understudy.domain.rule import RuleKind
from understudy.stats.judgement import judge
from understudy.stats.later import later_of
from understudy.stats.looks import confidence_of, times_seen
from understudy.stats.replies import judge_replies
from understudy.store.looks import LookRecord
from understudy.studio.examples.facts import facts_for, one_line_rule, table_schema
from understudy.studio.examples.popularity import popular_lists
from understudy.studio.examples.real_examples import labelled_examples
from understudy.studio.examples.sliceable_facts import sliceable
from understudy.studio.judgement.asking import Asking, Heard
from understudy.studio.judgement.champion import champion_in
from understudy.studio.judgement.look_answers import (
    Beside,
    Opened,
    Tested,
    answers_of,
    rival_of,
    with_rule,
)
from understudy.studio.judgement.sealed_answers import SealedAnswers, data_digest, facts_kept, packed, unpacked
from understudy.studio.training.shelf import load_recorded
from understudy.studio.words.phrases import percent, things_of
from understudy.studio.workspace import Workspace

PROVENANCE = "provenance"
"""The fact that says where a photo came from."""


class NothingSealed(UnderstudyError):
    """There is nothing to judge a model by, so no look is spent."""

    @classmethod
    def of(cls, project: Project) -> "NothingSealed":
        """The error for a project, with how something comes to be sealed in it."""
        things = things_of(project)
        share = percent(project.sealed_share)
        alike = f"a {things.one} much like another stays on its side"
        remedy = f"Add more {things.many}: about {share} of new ones are sealed, but {alike}."
        if not project.sealed_share:
            remedy = f"Begin a project that seals a share of its {things.many}: understudy new NAME --sealed-share 0.25"
        return cls(
            fact=f"Nothing is proven yet: no {things.one} is sealed.",
            reason=f"A verdict rests on {things.many} that the model has never seen.",
            remedy=remedy,
        )


@dataclass(frozen=True)
class Looked:
    """A look with what it was answered.

    Attributes:
        answers: What was answered.
        blob: Under which digest the blob store holds that.
        judgement: What it showed.
        fresh: The sealed set was opened for it just now.
    """

    answers: SealedAnswers
    blob: str
    judgement: Judgement
    fresh: bool


def look(workspace: Workspace, project: str, model: Tested, *, progress: Heard, anew: bool = False) -> Judgement:
    """What the sealed set shows about a model; see `looked`."""
    return looked(workspace, project, model, progress=progress, anew=anew).judgement


def looked(workspace: Workspace, project: str, model: Tested, *, progress: Heard, anew: bool = False) -> Looked:
    """Finds the look that was spent on this model over the sealed photos as they are, or spends one.

    The model answers for every sealed photo first; then a new look opens the labels, stores the answers and records
    what they show. It counts from the moment the labels can be read, whatever comes of it.

    Args:
        workspace: Where the project is.
        project: Whose sealed set.
        model: The tested file, as it will answer.
        progress: Told photos done and photos in all, while a look is being spent.
        anew: Spend a look even though nothing has changed.

    Raises:
        UnknownProject: No such project.
        NothingSealed: There is nothing to look at.
        BlobMissing, BlobCorrupt: A photo is no longer there as it came.
        InputFailed: A photo can no longer be read; no look is spent.
        AnswersUnreadable: The stored answers are damaged.
    """
    refuse_unsealed(workspace, project)
    with _one_at_a_time(workspace, project):
        kept = None if anew else stored_look(workspace, project, model.version)
        if kept is None:
            return _open(workspace, project, model, progress)
    answers = answers_in(workspace, str(kept.answers))
    return Looked(answers, str(kept.answers), judgement_of(answers), fresh=False)


def refuse_unsealed(workspace: Workspace, project: str) -> None:
    """Refuses a look at nothing: it would show nothing, and cost the first one that does.

    Raises:
        UnknownProject: No such project.
        NothingSealed: Nothing is sealed.
    """
    if not workspace.ledger.counts(project).sealed:
        raise NothingSealed.of(workspace.ledger.project(project))


@contextmanager
def _one_at_a_time(workspace: Workspace, project: str) -> Iterator[None]:
    """Lets a second review wait for the first, whose look it then shares; the system lets go when a process ends."""
    path = workspace.run_folder(workspace.ledger.project(project).name)
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / f"{path.name}.look.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stored_look(workspace: Workspace, project: str, model: str) -> LookRecord | None:
    """The look that was spent on a model over the sealed photos and labels as they are, or None."""
    spent = [each for each in workspace.ledger.looks(project) if each.model == model and each.answers]
    now = sealed_labels(workspace, project) if spent else {}
    for each in reversed(spent):
        if not changed_since(workspace, project, answers_in(workspace, str(each.answers)), now):
            return each
    return None


def seen_before(workspace: Workspace, project: str, answers: SealedAnswers) -> int:
    """How often at least half of the examples of a look were looked at before it; see `stats.looks`."""
    earlier = (each for each in workspace.ledger.looks(project) if each.number < answers.look and each.answers)
    return times_seen(answers.digests, (answers_in(workspace, str(each.answers)).digests for each in earlier))


def sealed_labels(workspace: Workspace, project: str) -> dict[str, str]:
    """The label that stands on each sealed example, by digest; what was forgotten still has its own."""
    arrivals = workspace.ledger.arrivals(project)
    return {each.digest: each.label for each in arrivals if each.side is Side.SEALED and each.label}


def changed_since(workspace: Workspace, project: str, answers: SealedAnswers, now: Mapping[str, str]) -> set[str]:
    """Sealed examples that came or got another label since a look; that somebody was forgotten changes none.

    Args:
        workspace: Where the project is.
        project: Its name.
        answers: What the look was answered.
        now: The `sealed_labels` of the project.
    """
    then = dict(zip(answers.digests, answers.true_labels, strict=True))
    apart = {digest for digest in then.keys() | now.keys() if then.get(digest) != now.get(digest)}
    return apart - workspace.ledger.erased(project, sorted(apart)).keys()


def digest_of_sealed(arrivals: Iterable[Arrival]) -> str:
    """Digest of the sealed examples among some and of their labels; tells only whether anything changed."""
    return data_digest((each.digest, each.label) for each in arrivals if each.side is Side.SEALED and each.label)


def answers_in(workspace: Workspace, blob: str) -> SealedAnswers:
    """The answers of a look, from the blob store."""
    return unpacked(workspace.blobs.get(blob))


def judgement_of(answers: SealedAnswers) -> Judgement:
    """What a look showed. Its bounds hold over all looks of the project together with 95% confidence."""
    judgement = _judged(answers)
    asked = int(np.sum(answers.sure < answers.threshold))
    return replace(judgement, asked=asked, later=later_of(answers.later, judgement.accuracy))


def _judged(answers: SealedAnswers) -> Judgement:
    if answers.replies is not None:
        return judge_replies(
            model=answers.model,
            task=answers.task,
            labels=answers.labels,
            replies=answers.replies,
            plain=answers.plain_answers,
            groups=answers.groups,
            digests=answers.digests,
            threshold=answers.threshold,
            look=answers.look,
            confidence=confidence_of(answers.look),
        )
    return judge(
        model=answers.model,
        labels=answers.labels,
        truth=answers.truth,
        probabilities=answers.probabilities,
        groups=answers.groups,
        digests=answers.digests,
        threshold=answers.threshold,
        majority_label=answers.majority,
        look=answers.look,
        confidence=confidence_of(answers.look),
    )


def _open(workspace: Workspace, project: str, model: Tested, progress: Heard) -> Looked:
    ledger = workspace.ledger
    # All that can fail before the look is done before it, so that no look is lost to it.
    champion = champion_of(workspace, project, beside=model.version)
    beside = _beside(workspace, project, model.version)
    asking = Asking(workspace, project, model, champion, progress)
    said = asking.said_to(_labelled_sealed(workspace, project))
    opened = ledger.open_sealed(project, model=model.version, at=workspace.now())
    asked = Opened()
    for example in opened.examples:
        if example.label is not None:
            asked.add(example)
    if asked.digests != said.digests:
        said = asking.said_to(asked.digests)  # some came or went meanwhile
    answers = replace(
        answers_of(model, asking.task, opened.number, asked, said.given),
        champion=None if champion is None or said.rivals is None else rival_of(champion, asking.task, said.rivals),
        facts=facts_kept(beside.known(asked.digests)),
    )
    answers = with_rule(answers, beside)
    judgement = judgement_of(answers)
    blob = workspace.blobs.put(packed(answers))
    ledger.record_answers(project, look=opened.number, blob=blob, at=workspace.now())
    ledger.record_judgement(project, judgement, at=workspace.now())
    return Looked(answers, blob, judgement, fresh=True)


def _labelled_sealed(workspace: Workspace, project: str) -> list[str]:
    """Digests of the sealed examples that have a label, whatever it is, in the order in which a look opens them."""
    labelled = sealed_labels(workspace, project).keys()
    every = workspace.ledger.examples(project, side=Side.SEALED)
    return [each.digest for each in every if each.digest in labelled]


def champion_of(workspace: Workspace, project: str, *, beside: str) -> Tested | None:
    """The other model that answers requests now, if there is one."""
    version = champion_in(workspace.ledger.stage(project), beside=beside)
    record = next((each for each in workspace.ledger.models(project) if each.version == version), None)
    return None if record is None else load_recorded(workspace, record.blob, many=True)


def _beside(workspace: Workspace, project: str, model: str) -> Beside:
    """The one-line rule beside the model, and what is known of each sealed example without a model."""
    ledger, task = workspace.ledger, workspace.ledger.project(project).task
    if not ledger.counts(project).train:
        return Beside(None, "")
    rule = one_line_rule(workspace, project, model)
    sealed = [(each.digest, each.provenance.value) for each in ledger.examples(project, side=Side.SEALED)]
    digests = [digest for digest, _ in sealed]
    table = table_schema(workspace, project)
    grouping = [] if table is None else [column.name for column in table.group]
    facts = sliceable(facts_for(workspace, project, digests), rule.column, grouping)
    facts = facts.beside(PROVENANCE, [came for _, came in sealed])
    if rule.kind is RuleKind.POPULAR:
        return Beside(rule, rule.otherwise, digests, facts, popular_lists(workspace, project, digests))
    taught = [intern(str(each.label)) for each in labelled_examples(ledger, project)]
    return Beside(rule, plain_answer(task, taught), digests, facts)
