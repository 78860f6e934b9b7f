"""The brief's form: its fields as they are shown, and what was sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from understudy.domain.brief import BadBrief, Brief
from understudy.domain.errors import UnderstudyError
from understudy.studio.brief.answers import answer_text, answered
from understudy.studio.brief.questions import QUESTIONS, STEPS, Question, Step, questions_of
from understudy.web.body import read_body
from understudy.web.errors import BodyTooLarge, BrokenForm, EmptyRequest

LARGEST = 400_000
"""Bytes of a form."""

MOST_FIELDS = 60


@dataclass(frozen=True)
class Field:
    """One question as the form shows it.

    Attributes:
        question: What is asked.
        text: What stands in it.
        error: What is wrong with that, or None.
    """

    question: Question
    text: str
    error: UnderstudyError | None

    @property
    def id(self) -> str:
        """Its anchor."""
        return f"brief-{self.question.field.replace('_', '-')}"

    @property
    def described_by(self) -> str:
        """The ids of what explains it."""
        return f"{self.id}-why" + (f" {self.id}-error" if self.error else "")


@dataclass(frozen=True)
class FormStep:
    """Questions that stand together: the usual ones, and those behind a disclosure."""

    step: Step
    number: int
    usual: tuple[Field, ...]
    further: tuple[Field, ...]

    @property
    def open(self) -> bool:
        """The disclosure stands open: something in it is filled in or wrong."""
        return any(field.text or field.error for field in self.further)


async def small_body(request: Request) -> bytes:
    """A request's body of text.

    Raises:
        BodyTooLarge: It is longer than any brief.
        BrokenForm: There is none.
    """
    try:
        return await read_body(request, limit=LARGEST)
    except EmptyRequest as error:
        raise BrokenForm(
            fact="The request was not read.",
            reason="It came without a body.",
            remedy="Send the form from its page; programs send JSON.",
        ) from error
    except BodyTooLarge as error:
        raise BodyTooLarge(
            fact="The brief was not read.",
            reason=f"It is larger than {LARGEST // 1000} kB, which is as large as one may be.",
            remedy="Say it in fewer words.",
        ) from error


def read_form(body: bytes) -> dict[str, str]:
    """The fields of a form as a browser sends it without files.

    Raises:
        BrokenForm: It is no such form.
    """
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, strict_parsing=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise BrokenForm(
            fact="The form was not read.",
            reason="It does not follow the form it claims to have.",
            remedy="Open the page again and send the form from there.",
        ) from error
    return dict(pairs)


def steps_of(brief: Brief, sent: Mapping[str, str], errors: Mapping[str, UnderstudyError]) -> tuple[FormStep, ...]:
    """The form: what was sent, else what the brief says, with what is wrong.

    Args:
        brief: The brief that stands.
        sent: Texts by field.
        errors: What is wrong, by field.
    """

    def fields(questions: tuple[Question, ...]) -> tuple[Field, ...]:
        return tuple(
            Field(each, sent.get(each.field, answer_text(brief, each.field)), errors.get(each.field))
            for each in questions
        )

    return tuple(
        FormStep(
            step,
            number,
            fields(tuple(each for each in questions_of(step) if each.usual)),
            fields(tuple(each for each in questions_of(step) if not each.usual)),
        )
        for number, step in enumerate(STEPS, 1)
    )


def answers_changed(sent: Mapping[str, str], shown: Brief) -> dict[str, str]:
    """The answers that differ from what the form showed, so that two people who change different ones both keep theirs.

    Args:
        sent: Texts by field.
        shown: The brief that the form was made of.
    """
    return {
        question.field: sent[question.field]
        for question in QUESTIONS
        if question.field in sent and _plain(sent[question.field]) != _plain(answer_text(shown, question.field))
    }


def errors_of(changes: Mapping[str, str]) -> dict[str, UnderstudyError]:
    """What is wrong with each answer taken alone, by field."""
    errors: dict[str, UnderstudyError] = {}
    for field, text in changes.items():
        try:
            answered(Brief(), {field: text})
        except BadBrief as error:
            errors[field] = error
    return errors


def _plain(text: str) -> str:
    return "\n".join(line.strip() for line in text.strip().splitlines())
