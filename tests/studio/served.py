"""Requests that are on record, as the router leaves them."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from studio.launches import said
from understudy.domain.decision import AnsweredBy, Because, Decision, Draw
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Label, Side
from understudy.domain.opinion import Outcome, Question, QuestionKind
from understudy.serving.identity import Mint
from understudy.store.served import Served
from understudy.studio.people.outcomes import Reported, outcomes_of
from understudy.studio.workspace import Workspace

INLINE = 4_000


def asked(workspace: Workspace, data: bytes, *, double: bool = False, **parts: Any) -> Decision:
    """A request that waits for a person."""
    return record(workspace, data, kinds=[QuestionKind.ANSWER, *([QuestionKind.DOUBLE] if double else [])], **parts)


def answered(
    workspace: Workspace, data: bytes, model: str, *, label: str = "crack", audited: bool = False, **parts: Any
) -> Decision:
    """A request that a model answered, audited or not."""
    drawn = Draw(audited, 0.1, 0.05 if audited else 0.5, 7)
    told: dict[str, Any] = {
        "answer": said(label, 0.9),
        "answered_by": AnsweredBy.MODEL,
        "model": model,
        "because": Because.CONFIDENT,
        "draw": drawn,
    }
    return record(workspace, data, kinds=[QuestionKind.AUDIT] if audited else [], **(told | parts))


def record(workspace: Workspace, data: bytes, *, kinds: Sequence[QuestionKind], **parts: Any) -> Decision:
    """A request with the questions that it leaves for people; small inputs lie in the ledger, larger ones beside it."""
    at, digest = workspace.now(), hashlib.sha256(data).hexdigest()
    present = workspace.ledger.stage("blades")
    values: dict[str, Any] = {
        "id": Mint().name(at),
        "project": "blades",
        "input_digest": digest,
        "answer": None,
        "answered_by": AnsweredBy.NOBODY_YET,
        "model": "",
        "at": at,
        "seconds": 0.004,
        "because": Because.WIZARD,
        "stage": 0 if present is None else present.number,
    }
    made = Decision(**(values | parts))
    due = at + timedelta(hours=1)
    questions = [Question(made.id, kind, made.project, digest, at, due) for kind in kinds]
    if len(data) > INLINE:
        workspace.blobs.put(data)
    (kept,) = workspace.ledger.record_served(
        [
            Served(
                made,
                question=questions[0] if questions else None,
                double=questions[1] if len(questions) > 1 else None,
                data=data if len(data) <= INLINE else None,
                due_at=due if made.draw is not None and made.draw.audited else None,
            )
        ]
    )
    assert isinstance(kept, Decision), kept
    return kept


def label_anew(workspace: Workspace, project: str) -> None:
    """Lets somebody correct the label of one training example."""
    arrivals = list(workspace.ledger.arrivals(project))
    one = next(each for each in arrivals if each.side is Side.TRAIN and each.label)
    other = next(each.label for each in arrivals if each.label and each.label != one.label)
    workspace.ledger.add_label(project, Label(one.digest, other or "", "Ben", workspace.now()))


def turned_out(
    workspace: Workspace,
    made: Decision,
    value: str,
    *,
    by: str,
    source: str = "api",
    new_labels: bool = False,
    project: str | None = None,
) -> Outcome:
    """Reports what was true of one decision; what keeps it from the record is raised."""
    reported = [Reported(1, made.id, value)]
    (result,) = outcomes_of(workspace, project or made.project, reported, by=by, source=source, new_labels=new_labels)
    if isinstance(result, UnderstudyError):
        raise result
    return result
