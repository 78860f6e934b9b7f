"""The launch page in words: who answers, where the model may go, what forbids it, and what it may cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from understudy.domain.errors import UnderstudyError
from understudy.domain.model import ModelRecord
from understudy.domain.stage import Cause, Stage, StageChange
from understudy.studio.claims.words import alone_words
from understudy.studio.launch.gate import First
from understudy.studio.launch.staging import Proposal
from understudy.studio.launch.words import (
    answers_words,
    cause_words,
    error_words,
    loss_words,
    rests_words,
    rollback_words,
    short,
)
from understudy.studio.words.phrases import percent
from understudy.web.people import Waiting
from understudy.web.queue_views import QueueWords, lasting, queue_words
from understudy.web.templating import moment
from understudy.web.verdict import Step

TITLES = {
    Stage.SHADOW: "Let it work in shadow",
    Stage.CANARY: "Let it answer a share",
    Stage.LIVE: "Let it answer all it is sure of",
}
MEANINGS = {
    Stage.SHADOW: "It answers in the dark while requests are answered as before. Nobody is given its answers; each of "
    "them is evidence.",
    Stage.CANARY: "It answers a share of the requests, chosen by their keys, where it is sure enough. All others are "
    "answered as before.",
    Stage.LIVE: "It answers every request of which it is sure enough; people answer the rest.",
}
AFTER = {Stage.SHADOW: Stage.CANARY, Stage.CANARY: Stage.LIVE}
"""What comes next; from people it goes into the shadow, or past it where a review allows that."""


@dataclass(frozen=True)
class Headline:
    """What the page says first.

    Attributes:
        place: Which stage, and since when.
        headline: Who answers now.
        says: Who wanted that and why, and what it rests on.
        tripped: A breaker brought it about.
        overridden: It was asked for against the evidence.
    """

    place: str
    headline: str
    says: tuple[str, ...]
    tripped: bool
    overridden: bool


@dataclass(frozen=True)
class Gate:
    """One stage that could begin.

    Attributes:
        stage: Its name.
        title: What it would mean, on the button.
        meaning: The same in a sentence.
        present: It holds already, with this model.
        allowed: The evidence allows it.
        next: It is the next step.
        fact: What allows or forbids it.
        reason: Why.
        remedy: What would change that.
        terms: The model, its threshold, its share, in short lines.
        loss: What going wrong may cost; empty in shadow, where nobody is served.
        rollback: Who takes over then.
        share: Of the requests, in percent, for the form; empty where it is not asked.
        first: What to do before, though it is allowed, or None.
        caution: The same in a few sentences.
    """

    stage: str
    title: str
    meaning: str
    present: bool
    allowed: bool
    next: bool
    fact: str
    reason: str
    remedy: str
    terms: tuple[tuple[str, str], ...]
    loss: str
    rollback: str
    share: str
    first: First | None = None
    caution: str = ""


def headline_of(change: StageChange | None, now: datetime) -> Headline:
    """Who answers now, since when and by whom."""
    if change is None:
        says = ("No model was ever given the requests. People’s answers are what it learns from.",)
        return Headline(
            "Stage: wizard, since the beginning", answers_words(None), says, tripped=False, overridden=False
        )
    said = (cause_words(change), rests_words(change.evidence))
    return Headline(
        place=f"Stage: {change.stage.value}, since {moment(change.at)}, {lasting(now - change.at)} ago",
        headline=answers_words(change, versions=False),
        says=tuple(each for each in said if each),
        tripped=change.cause is Cause.TRIPPED,
        overridden=change.cause is Cause.OVERRIDDEN,
    )


def behind(change: StageChange) -> str | None:
    """Who answers after a rollback: a model's version, or None for people."""
    return None if change.stage is Stage.SHADOW else change.fallback


def gates_of(proposals: Mapping[Stage, Proposal | UnderstudyError], change: StageChange | None) -> list[Gate]:
    """Each stage that could begin, with what allows or forbids it."""
    following = _following(proposals, change)
    gates = [_gate(stage, proposal, change, following=following is stage) for stage, proposal in proposals.items()]
    return [_told_once(gate, gates[:place]) for place, gate in enumerate(gates)]


def step_of(
    project: str,
    gates: Sequence[Gate],
    model: ModelRecord | None,
    waiting: Waiting,
    now: datetime,
    *,
    briefed: bool = True,
) -> Step:
    """The one thing to do now; its words are about the same as its button."""
    here = f"/projects/{project}"
    if model is None:
        return Step(
            "How to train", f"{here}#try", "Before a model can be launched, one has to learn from your examples."
        )
    following = next((gate for gate in gates if gate.next), None)
    words = queue_words(waiting, now)
    if following is not None and following.first is not None:
        return _before(following, here, words)
    if following is not None and following.allowed:
        return Step(following.title, f"#to-{following.stage}", following.fact)
    if following is not None:
        return _towards(following, here, words, briefed=briefed)
    if words.waiting:
        return Step("Answer the queue", f"{here}/queue", f"{words.headline} {words.says}".strip())
    return Step("See what was asked", f"{here}#history", "Nothing has to be done now.")


def _before(gate: Gate, here: str, words: QueueWords) -> Step:
    """What to do before a gate that is open."""
    if gate.first is First.REVIEW:
        return Step("Review again", f"{here}/review", gate.caution)
    if words.waiting:
        return Step("Answer the queue", f"{here}/queue", gate.caution)
    return Step("See what was asked", f"{here}#history", gate.caution)


def _towards(gate: Gate, here: str, words: QueueWords, *, briefed: bool) -> Step:
    """What opens a gate that is shut."""
    if not gate.terms:
        return Step("See what is wrong with the model", f"#to-{gate.stage}", gate.fact)
    if not briefed:
        return Step("Write the brief", f"{here}/brief", gate.fact)
    if words.waiting:
        says = "Each answer shows whether the model would have been right."
        return Step("Answer the queue", f"{here}/queue", f"{words.headline} {says}")
    return Step("See what is missing", f"#to-{gate.stage}", gate.fact)


def _told_once(gate: Gate, before: Sequence[Gate]) -> Gate:
    """The gate; what stands against an earlier one as well is not told a second time."""
    same = next(
        (
            each
            for each in before
            if not each.allowed and not each.present and (each.fact, each.reason) == (gate.fact, gate.reason)
        ),
        None,
    )
    if gate.allowed or same is None:
        return gate
    return replace(gate, fact=f"The same stands against it as against {same.stage}.", reason="", remedy="")


def _following(proposals: Mapping[Stage, Proposal | UnderstudyError], change: StageChange | None) -> Stage | None:
    if change is not None and change.stage is not Stage.WIZARD:
        return AFTER.get(change.stage)
    canary = proposals.get(Stage.CANARY)
    return Stage.CANARY if isinstance(canary, Proposal) and canary.allowance.allowed else Stage.SHADOW


def _gate(stage: Stage, proposal: Proposal | UnderstudyError, change: StageChange | None, *, following: bool) -> Gate:
    if isinstance(proposal, UnderstudyError):
        told = (proposal.fact, proposal.reason, proposal.remedy)
        return Gate(stage.value, TITLES[stage], MEANINGS[stage], False, False, following, *told, (), "", "", "")
    terms, allowance = proposal.terms, proposal.allowance
    lines = [("Model", short(proposal.model.version)), ("Answers", alone_words(terms.threshold))]
    if stage is not Stage.SHADOW:
        lines += [("Audited", f"{percent(round(terms.audit_share, 4))} of its answers, drawn at random")]
    return Gate(
        stage=stage.value,
        title=TITLES[stage],
        meaning=MEANINGS[stage],
        present=change is not None and change.stage is stage and change.model == proposal.model.version,
        allowed=allowance.allowed,
        next=following,
        fact=allowance.fact,
        reason=allowance.reason,
        remedy=allowance.remedy,
        terms=tuple(lines),
        loss="" if stage is Stage.SHADOW else f"{loss_words(terms)} {error_words(terms)}",
        rollback=f"If it goes wrong, {rollback_words(proposal.fallback)}.",
        share=f"{proposal.share * 100:g}" if stage is Stage.CANARY else "",
        first=allowance.first,
        caution=allowance.caution,
    )
