"""Draws: which answers are audited, in the order in which they were recorded."""

from dataclasses import replace

import pytest

from understudy.domain.answer import Answer
from understudy.domain.decision import Draw
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind
from understudy.store.errors import UnknownProject
from understudy.store.ledger import Ledger
from understudy.store.served import Served

from . import nouns


def drawn(number: int, *, error: float, audited: bool) -> Served:
    """A model's answer, audited or not."""
    served = nouns.audited(number)
    made = replace(served.decision, draw=Draw(audited, 0.25, 0.5, number))
    return replace(served, decision=made, error=error, question=served.question if audited else None)


def test_whoever_goes_on_after_the_last_one_misses_none(ledger: Ledger) -> None:
    """In pages of any size, in the order of recording, with all that a breaker needs."""
    batch = [drawn(number, error=number / 10, audited=number % 2 == 0) for number in range(7)]
    for entry in batch:
        ledger.record_served([entry])
    seen, last = [], 0
    while page := ledger.draws_after("blades", nouns.MODEL, last, since_stage=0, limit=3):
        seen += page
        last = page[-1].seq
    assert [(case.decision, case.draw, case.error, case.answer, case.at) for case in seen] == [
        (entry.decision.id, entry.decision.draw, entry.error, entry.decision.answer, entry.decision.at)
        for entry in batch
    ]


def test_only_the_models_own_draws_since_a_stage(ledger: Ledger) -> None:
    """Another model's, another project's and those of an earlier stage are somebody else's evidence."""
    ledger.create_project(Project("axles", nouns.NOON))
    before = nouns.audited(1)
    ledger.record_served([before, nouns.audited(2, model="other"), nouns.audited(3, project="axles")])
    ledger.change_stage("blades", nouns.change(1))
    after = nouns.audited(4, stage=1)
    ledger.record_served([after])
    for since, expected in ((0, [before, after]), (1, [after]), (2, [])):
        found = ledger.draws_after("blades", nouns.MODEL, 0, since_stage=since, limit=9)
        assert [case.decision for case in found] == [entry.decision.id for entry in expected]
    with pytest.raises(UnknownProject):
        ledger.draws_after("x", nouns.MODEL, 0, since_stage=0, limit=9)


def test_what_is_not_audited_can_be_left_out_unless_it_was_doubtful(ledger: Ledger) -> None:
    """A breaker that learns nothing from sure, unaudited answers need not read them."""
    ledger.record_served(
        [
            drawn(1, error=0.01, audited=False),
            drawn(2, error=0.01, audited=True),
            drawn(3, error=0.2, audited=False),
        ]
    )
    found = ledger.draws_after("blades", nouns.MODEL, 0, since_stage=0, limit=9, beyond=0.1)
    assert [case.decision for case in found] == ["00000002", "00000003"]


def test_what_a_model_said_is_read_alone_for_watching_many(ledger: Ledger) -> None:
    """Label, probability and kind of each answer, in the same order and pages as the draws themselves."""
    kinds = {1: AnswerKind.LABEL, 2: AnswerKind.NUMBER, 3: AnswerKind.RANKING, 4: AnswerKind.LABELS}
    entries = [drawn(number, error=0.1, audited=False) for number in kinds]
    for entry, kind in zip(entries, kinds.values(), strict=True):
        answer = replace(_answer_of(entry), kind=kind, probability=0.25 + 0.1 * len(kind))
        ledger.record_served([replace(entry, decision=replace(entry.decision, answer=answer))])
    seen, last = [], 0
    while page := ledger.said_after("blades", nouns.MODEL, last, since_stage=0, limit=3):
        seen += page
        last = page[-1].seq
    cases = ledger.draws_after("blades", nouns.MODEL, 0, since_stage=0, limit=9)
    assert [(each.seq, each.label, pytest.approx(each.probability, rel=1e-12), each.kind) for each in seen] == [
        (case.seq, case.answer.label, case.answer.probability, case.answer.kind) for case in cases
    ]
    assert ledger.said_after("blades", nouns.MODEL, 0, since_stage=1, limit=9) == []
    with pytest.raises(UnknownProject):
        ledger.said_after("x", nouns.MODEL, 0, since_stage=0, limit=9)


def _answer_of(served: Served) -> Answer:
    assert served.decision.answer is not None
    return served.decision.answer
