"""Why a decision went as it did: who answered, under what, allowed by what, and what became of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from clock import Clock
from studio.launches import AT, FIRST, SECOND, TERMS, change, said
from studio.served import answered, asked, turned_out
from understudy.domain.decision import Because
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.domain.stage import Cause, Stage
from understudy.domain.task import Task
from understudy.store.errors import UnknownDecision
from understudy.studio.launch.why import BECAUSE, why, why_record, why_words
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url, now=Clock()) as opened:
        opened.ledger.create_project(Project("blades", AT))
        yield opened


def words(workspace: Workspace, decision: str) -> str:
    return "\n".join(why_words(why(workspace, decision)))


def test_a_person_answers_at_first(workspace: Workspace) -> None:
    """Before any stage: people answer, and it waits until one does."""
    made = asked(workspace, b"one", key="order 7", subject="Ann")
    told = words(workspace, made.id)
    assert "Asked of blades on 2026-05-04 at 12:00:00 UTC; handed to people after 4 ms." in told
    assert f"Input {made.input_digest}. The client calls the request “order 7”. It is about “Ann”." in told
    assert "A person was to answer, because people answer every request in this stage (wizard)." in told
    assert "No model was asked before the request was acknowledged." in told
    assert "No stage had been asked for yet." in told
    assert told.endswith("It has not ended yet: it waits for a person.")
    Queue(workspace).answer(made.id, QuestionKind.ANSWER, "crack", by="Ada")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=9)
    told = words(workspace, made.id)
    assert "Ada answered and said “crack”, 2026-05-04 12:00:00 UTC." in told
    assert told.endswith("It ended in “crack”, by Ada, 2026-05-04 12:00:08 UTC.")


def test_a_model_answered_and_was_audited(workspace: Workspace) -> None:
    """Version, probability and threshold; the stage and what allowed it; the draw, the audit and the outcome."""
    rests = {"rests_on": "review", "review": {"number": 3, "verdict": "launch"}}
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE, evidence=rests))
    made = answered(workspace, b"one", FIRST, audited=True)
    Queue(workspace).answer(made.id, QuestionKind.AUDIT, "sound", by="Ben")
    turned_out(workspace, made, "sound", by="workshop")
    told = words(workspace, made.id)
    assert "decided in 4 ms." in told
    assert "The model answered, because the stage lets the model answer, and it was sure enough (confident)." in told
    assert "Model a1a1a1a1a1a1 said “crack”, 90% sure; it answers alone from 80% on." in told
    assert "In force was stage change 1. Model a1a1a1a1a1a1 answers alone from 80% sure on" in told
    assert "Ada asked for it: “The pilot begins.” It rests on review 3, which says “launch”." in told
    assert "It was drawn to be checked by a person; the chance to be drawn was 10%. The less sure " in told
    assert "Ben checked, without seeing the model’s answer, and said “sound”" in told
    assert "It turned out to be “sound”, says workshop (api), 2026-05-04 12:00 UTC." in told
    assert "It ended in “crack”, by the model" in told


def test_the_model_behind_has_its_own_threshold(workspace: Workspace) -> None:
    """An answer of the fallback is explained by the fallback's terms, an override by what stood against it."""
    behind = {"fallback": SECOND, "fallback_terms": TERMS.__class__(0.7, 0.1, 0.1)}
    override = {"rests_on": "override", "fact": "There is no brief."}
    workspace.ledger.change_stage(
        "blades", change(1, Stage.CANARY, cause=Cause.OVERRIDDEN, evidence=override, **behind)
    )
    told = words(workspace, answered(workspace, b"one", SECOND).id)
    assert "Model b2b2b2b2b2b2 said “crack”, 90% sure; it answers alone from 70% on." in told
    assert "Ada overrode the evidence" in told


def test_of_what_goes_by_in_time_it_is_said_where_the_seconds_stand(workspace: Workspace) -> None:
    """A model works out what decided when it is asked, so the page is named; of a photo, or once deleted, none is."""
    workspace.ledger.change_stage("blades", change(1, Stage.LIVE))
    found = why(workspace, answered(workspace, b"one", FIRST).id)
    heard = replace(found, task=Task("sound"))
    told = f"Which seconds of the recording decided that, if any, its page tells: /decisions/{found.decision.id}."
    assert told in why_words(heard)
    for other in (found, replace(heard, forgotten=True)):
        assert told not in why_words(other)
    assert told not in why_words(heard, blind=True)


def test_a_forgotten_input_is_said(workspace: Workspace) -> None:
    """The decision stays, with its digest, and says that the input was deleted."""
    made = asked(workspace, b"one", subject="Ann")
    workspace.ledger.erase("blades", [made.input_digest], by="Ada", reason="asked", at=workspace.now())
    told = words(workspace, made.id)
    assert f"Input {made.input_digest}, deleted since." in told
    assert "Ann" not in told


def test_all_of_it_as_json(workspace: Workspace) -> None:
    """The record is plain JSON with the decision, its stage and what people said."""
    workspace.ledger.change_stage("blades", change(1, Stage.SHADOW))
    made = asked(workspace, b"one", because=Because.SHADOW, answer=said("crack", 0.7), model=FIRST)
    Queue(workspace).answer(made.id, QuestionKind.ANSWER, None, by="Ada")
    record = json.loads(json.dumps(why_record(why(workspace, made.id))))
    assert record["decision"]["id"] == made.id
    assert record["stage"]["stage"] == "shadow"
    assert record["opinions"][0]["value"] is None
    assert (record["outcome"], record["resolution"], record["input_forgotten"]) == (None, None, False)


def test_every_because_is_told(workspace: Workspace) -> None:
    """Each reason that a decision can have has its words."""
    assert set(BECAUSE) == set(Because)
    with pytest.raises(UnknownDecision):
        why(workspace, "nobody")
