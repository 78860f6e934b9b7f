"""The answer of a model as its client reads it, written straight into JSON.

It says what `decisions.decision_json` says, letter for letter; a test holds the two together. To build that dictionary
and to have it encoded takes as long as all the rest that this product does for a request between its two ends.
"""

import json
from functools import lru_cache

from starlette.responses import Response

from understudy.domain.answer import Answer
from understudy.domain.decision import Decision
from understudy.domain.task import AnswerKind
from understudy.web.links import PHOTO

_ENCODER = json.JSONEncoder(ensure_ascii=False)
_quoted = lru_cache(maxsize=4096)(_ENCODER.encode)
"""A text in quotation marks; labels, names and versions come again and again."""


def is_plain(answer: Answer) -> bool:
    """Whether an answer holds no more than a label and its probabilities; what holds more is encoded the long way."""
    bare = answer.seconds is None and not (answer.unknown or answer.reasons or answer.remarks)
    return bare and answer.kind is AnswerKind.LABEL


def model_answer(decision: Decision, kind: str) -> bytes:
    """What a client is told whose request a model has answered.

    Args:
        decision: With an answer whose probabilities are numbers.
        kind: The modality of its input.
    """
    answer, here, at = decision.answer, f"/api/v1/decisions/{decision.id}", decision.at.isoformat()
    if answer is None:
        raise ValueError("a model that answers says something")
    label = _quoted(answer.label)
    key = "null" if decision.key is None else _ENCODER.encode(decision.key)
    chances = ",".join([f"{_quoted(each)}:{chance!r}" for each, chance in answer.probabilities])
    return (
        f'{{"id":"{decision.id}","project":{_quoted(decision.project)},"state":"answered","label":{label},'
        f'"answer":{{"label":{label},"probability":{answer.probability!r},"runner_up":{_quoted(answer.runner_up)},'
        f'"runner_up_probability":{answer.runner_up_probability!r}}},"ask_person":false,"answered_by":"model",'
        f'"withheld":false,"model":"{decision.model}","probabilities":{{{chances}}},'
        f'"because":"{decision.because.value}","stage":{decision.stage},"key":{key},'
        f'"at":"{at}","seconds":{decision.seconds!r},"settled_at":"{at}","links":{{"self":"{here}",'
        f'"page":"/decisions/{decision.id}","outcome":"{here}/outcome","input":"{here}/input",{_why(here, kind)}}}}}'
    ).encode()


def _why(here: str, kind: str) -> str:
    """The links by which an answer is explained."""
    if kind == PHOTO:
        return f'"photo":"{here}/photo","regions":"{here}/regions","regions_image":"{here}/regions.png"'
    return f'"reasons":"{here}/reasons"'


class Written(Response):
    """A response of 200 whose JSON is written already; begins with no more headers than it needs."""

    media_type = "application/json"
    body: bytes

    def __init__(self, body: bytes) -> None:
        self.status_code, self.background, self.body = 200, None, body
        self.raw_headers = [
            (b"content-length", str(len(body)).encode("latin-1")),
            (b"content-type", b"application/json"),
        ]

    @property
    def head(self) -> bytes:
        """Its header lines, each with its end."""
        return b"content-length: %d\r\ncontent-type: application/json\r\n" % len(self.body)
