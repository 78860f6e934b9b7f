"""Why a decision went as it did: who answered, under what, allowed by whom, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from understudy.domain.decision import AnsweredBy, Because, Decision
from understudy.domain.noun import IN_TIME
from understudy.domain.opinion import Opinion, Outcome, QuestionKind, Resolution
from understudy.domain.stage import StageChange
from understudy.domain.task import Task
from understudy.modalities.nouns import noun_of
from understudy.store.codec import as_json
from understudy.studio.launch.words import answers_words, cause_words, rests_words, short
from understudy.studio.words.number_words import answer_name
from understudy.studio.words.phrases import hundredths, name, percent
from understudy.studio.workspace import Workspace

BECAUSE = {
    Because.CONFIDENT: "the stage lets the model answer, and it was sure enough",
    Because.WIZARD: "people answer every request in this stage",
    Because.SHADOW: "the model only works in the dark in this stage",
    Because.NOT_IN_CANARY: "the request is not among the share that the canary is asked for",
    Because.BELOW_THRESHOLD: "the model was not sure enough to answer alone",
    Because.UNLIKE: "nothing like the input is among the examples that the model learned from",
    Because.OVERLOADED: "more was waiting for the model than may wait",
    Because.FAULT: "the model failed, was too slow, or could not be loaded",
    Because.TRIPPED: "the model’s breaker had just opened",
    Because.MOVED: "the stage changed again and again while the request was on its way",
    Because.TRIED: "somebody tried the model on a page, and nobody was served",
}
"""Each of them has its paragraph in docs/reference/stages.md too."""

BLIND = "What was said about it is told once everybody has answered who is to do so without having seen it."

ASKED = {
    QuestionKind.ANSWER: "answered",
    QuestionKind.AUDIT: "checked, without seeing the model’s answer,",
    QuestionKind.DOUBLE: "answered as a second person",
}


@dataclass(frozen=True)
class Why:
    """All that is known of one decision.

    Attributes:
        decision: The decision.
        change: The stage under which it was served; None before the first was asked for.
        opinions: What people said about it, in the order they said it.
        outcome: What turned out to be true, or None.
        resolution: The one answer that the request ended in, or None while it waits.
        forgotten: Its input was deleted.
        task: What its project answers.
    """

    decision: Decision
    change: StageChange | None
    opinions: tuple[Opinion, ...]
    outcome: Outcome | None
    resolution: Resolution | None
    forgotten: bool
    task: Task | None = None


def why(workspace: Workspace, decision_id: str) -> Why:
    """Looks up all that is known of a decision.

    Raises:
        UnknownDecision: There is no such decision.
    """
    ledger = workspace.ledger
    decision = ledger.decision(decision_id)
    changes = ledger.stages(decision.project)
    deleted = ledger.erased(decision.project, [decision.input_digest]).get(decision.input_digest)
    return Why(
        decision=decision,
        change=next((change for change in changes if change.number == decision.stage), None),
        opinions=tuple(ledger.opinions_of(decision.id)),
        outcome=ledger.outcome(decision.id),
        resolution=ledger.resolution(decision.id, workspace.now()),
        forgotten=deleted is not None and deleted >= decision.at,
        task=ledger.project(decision.project).task,
    )


def why_words(found: Why, *, blind: bool = False) -> list[str]:
    """Every step of it, a sentence or two each.

    Args:
        found: What is known.
        blind: A person is still to answer without having seen what others said, so nothing that was said is told.
    """
    return [line for line in _lines(found, blind) if line]


def why_record(found: Why) -> dict[str, Any]:
    """All of it, as plain JSON."""
    return {
        "decision": as_json(Decision, found.decision),
        "why": BECAUSE[found.decision.because],
        "stage": None if found.change is None else as_json(StageChange, found.change),
        "opinions": [as_json(Opinion, each) for each in found.opinions],
        "outcome": None if found.outcome is None else as_json(Outcome, found.outcome),
        "resolution": None if found.resolution is None else as_json(Resolution, found.resolution),
        "input_forgotten": found.forgotten,
    }


def _lines(found: Why, blind: bool) -> Iterator[str]:
    decision = found.decision
    yield f"Asked of {decision.project} on {decision.at:%Y-%m-%d at %H:%M:%S} UTC; {_pace(decision)}."
    yield f"Input {decision.input_digest}{', deleted since' if found.forgotten else ''}.{_called(decision)}"
    yield f"{_who(decision)}, because {BECAUSE[decision.because]} ({decision.because.value})."
    yield BLIND if blind else _model(found)
    yield "" if blind else _part(found)
    yield (
        f"In force was stage change {decision.stage}. {answers_words(found.change)}"
        if found.change
        else ("No stage had been asked for yet.")
    )
    if found.change is not None:
        yield f"{cause_words(found.change)} {rests_words(found.change.evidence)}".strip()
    yield _audit(decision)
    if blind:
        return
    for opinion in found.opinions:
        if opinion.by_deletion:
            continue
        said = "could not tell" if opinion.value is None else f"said “{answer_name(opinion.value, found.task)}”"
        yield f"{name(opinion.by)} {ASKED[opinion.kind]} and {said}, {opinion.at:%Y-%m-%d %H:%M:%S} UTC."
    if found.outcome is not None:
        yield _turned_out(found.outcome, found.task)
    yield _ended(found)


def _pace(decision: Decision) -> str:
    taken = f"{decision.seconds * 1000:.0f} ms" if decision.seconds < 10 else f"{decision.seconds:.0f} s"
    what = "decided in" if decision.answered_by is AnsweredBy.MODEL else "handed to people after"
    return f"{what} {taken}"


def _called(decision: Decision) -> str:
    key = "" if decision.key is None else f" The client calls the request “{name(decision.key)}”."
    return key if decision.subject is None else f"{key} It is about “{name(decision.subject)}”."


def _who(decision: Decision) -> str:
    return {AnsweredBy.MODEL: "The model answered", AnsweredBy.PERSON: "A person answered"}.get(
        decision.answered_by, "A person was to answer"
    )


def _model(found: Why) -> str:
    decision, answer = found.decision, found.decision.answer
    if answer is None:
        return "No model was asked before the request was acknowledged."
    terms = None if found.change is None else found.change.terms
    if found.change is not None and decision.model == found.change.fallback:
        terms = found.change.fallback_terms
    asked = "" if terms is None else f"; it answers alone from {hundredths(terms.threshold)}% on"
    said = answer_name(answer.called, found.task)
    return f"Model {short(decision.model)} said “{said}”, {hundredths(answer.probability)}% sure{asked}."


def _part(found: Why) -> str:
    """Where it stands which part of what goes by in time decided an answer: a model works that out when it is asked."""
    decision, kind = found.decision, "" if found.task is None else found.task.modality
    if kind not in IN_TIME or decision.answer is None or found.forgotten:
        return ""
    return f"Which seconds of the {noun_of(kind).one} decided that, if any, its page tells: /decisions/{decision.id}."


def _audit(decision: Decision) -> str:
    draw = decision.draw
    if draw is None:
        return ""
    drawn = "It was drawn to be checked by a person" if draw.audited else "It was not drawn to be checked by a person"
    chance = f"the chance to be drawn was {percent(round(draw.propensity, 4))}"
    why = " The less sure an answer is, the more often it is checked." if draw.propensity < 1.0 else ""
    return f"{drawn}; {chance}.{why}"


def _turned_out(outcome: Outcome, task: Task | None) -> str:
    at, by = f"{outcome.at:%Y-%m-%d %H:%M} UTC", name(outcome.by)
    return f"It turned out to be “{answer_name(outcome.value, task)}”, says {by} ({outcome.source}), {at}."


def _ended(found: Why) -> str:
    resolution = found.resolution
    deleted = next((each for each in found.opinions if each.by_deletion and each.kind is QuestionKind.ANSWER), None)
    if deleted is not None:
        at = f"{deleted.at:%Y-%m-%d %H:%M:%S} UTC"
        return f"It ended without a label: {name(deleted.by)} deleted its input before anybody had answered, {at}."
    if resolution is None:
        return "It has not ended yet: it waits for a person."
    if resolution.value is None:
        return "It ended without a label: people could not tell."
    by = "the model" if resolution.by == "model" else name(resolution.by)
    answer = found.decision.answer
    value = answer.called if answer is not None and answer.label == resolution.value else resolution.value
    return f"It ended in “{answer_name(value, found.task)}”, by {by}, {resolution.at:%Y-%m-%d %H:%M:%S} UTC."
