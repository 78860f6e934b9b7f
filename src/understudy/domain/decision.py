"""A decision: one served request, who answered it and how sure they were."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from understudy.domain.answer import Answer


class AnsweredBy(StrEnum):
    """Who gave the answer."""

    MODEL = "model"
    PERSON = "person"
    NOBODY_YET = "nobody-yet"


@dataclass(frozen=True)
class Decision:
    """One served request. Written to the ledger before it is acknowledged; never changed.

    Attributes:
        id: Sortable by time, unguessable.
        project: The project's name.
        input_digest: SHA-256 of the input's bytes, in hex; the blob store holds them under it.
        answer: What the model said.
        answered_by: Who answered; `NOBODY_YET` when the model asks for a person.
        model: The model's version (SHA-256 of its file, in hex).
        at: When it was decided, UTC.
        seconds: From the request's arrival to the answer.
    """

    id: str
    project: str
    input_digest: str
    answer: Answer
    answered_by: AnsweredBy
    model: str
    at: datetime
    seconds: float
