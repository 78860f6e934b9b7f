"""A look's answers, from what the tested model and its rivals said to the sealed examples."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example
from understudy.domain.rule import Fact, Rule, RuleKind
from understudy.domain.task import BETWEEN_LABELS, AnswerKind, Task, labels_in
from understudy.stats.replies import Replies
from understudy.studio.sealed_answers import Rival, SealedAnswers, likeliest

Probabilities = npt.NDArray[np.float64]


class HeldOut(Protocol):
    """What a model said of training examples while they were held out."""

    @property
    def stated(self) -> Sequence[float]:
        """Probability of each answer."""
        ...

    @property
    def right(self) -> Sequence[bool]:
        """Whether each was right."""
        ...


class Described(Protocol):
    """What a model says of itself."""

    @property
    def examples(self) -> Sequence[int]:
        """Training examples of each label, in the order of its labels."""
        ...

    @property
    def out_of_fold(self) -> HeldOut:
        """Held-out answers."""
        ...


class Tested(Protocol):
    """A model as it will answer, whatever its kind."""

    @property
    def version(self) -> str:
        """SHA-256 of its file, in hex."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can answer; empty where answers are numbers or rankings."""
        ...

    @property
    def threshold(self) -> float:
        """Below this probability a person should answer, 0..1."""
        ...

    @property
    def description(self) -> Described:
        """What its file says of it."""
        ...

    def predict_all(self, inputs: Sequence[bytes]) -> Sequence[Answer | UnderstudyError]:
        """Answers in order; an input that cannot be read gets its error as its entry."""
        ...


@dataclass(frozen=True)
class Beside:
    """What stands beside a model: the one-line rule, and what would be said without looking at anything.

    Attributes:
        rule: The best rule of one line, or None.
        plain: The same answer every time.
        facts: What is known of each sealed example without a model, by digest.
    """

    rule: Rule | None
    plain: str
    facts: dict[str, dict[str, Fact]]


def said_by(model: Tested, inputs: Sequence[bytes]) -> list[Answer]:
    """What a model says to inputs, in order; one that cannot be read any more ends the look."""
    said = []
    for answer in model.predict_all(inputs):
        if isinstance(answer, UnderstudyError):
            raise answer
        said.append(answer)
    return said


def answers_of(
    model: Tested, task: Task, look: int, examples: Sequence[Example], given: Sequence[Answer]
) -> SealedAnswers:
    """What a look was answered, without what stands beside the model.

    Args:
        model: The tested file.
        task: What was to be answered.
        look: Which look it is.
        examples: The sealed examples, each with a label.
        given: What it said to each.
    """
    held_out, truths = model.description.out_of_fold, tuple(str(example.label) for example in examples)
    answers = SealedAnswers(
        model=model.version,
        look=look,
        labels=model.labels,
        threshold=model.threshold,
        majority="",
        digests=tuple(example.digest for example in examples),
        groups=tuple(example.group for example in examples),
        truth=np.empty(0, np.int64),
        probabilities=np.empty((0, len(model.labels))),
        stated=np.array(held_out.stated, np.float64),
        right=np.array(held_out.right, np.bool_),
        task=task,
        strangers=np.array([each.stranger for each in given], np.bool_),
    )
    if task.answers in {AnswerKind.NUMBER, AnswerKind.RANKING}:
        return replace(answers, labels=(), probabilities=np.empty((0, 0)), replies=_replies(truths, given))
    if task.answers is AnswerKind.LABELS:
        met = {label for text in (*truths, *(each.label for each in given)) for label in labels_in(text)}
        labels = _all(model.labels, met)
        return replace(
            answers, labels=labels, probabilities=np.empty((0, len(labels))), replies=_replies(truths, given)
        )
    return _of_labels(answers, model, truths, given)


def _of_labels(
    answers: SealedAnswers, model: Tested, truths: tuple[str, ...], given: Sequence[Answer]
) -> SealedAnswers:
    """One of several labels: by rows of probabilities, unless the model may also say that it is none of them."""
    labels = _all(model.labels, {*truths, *(each.label for each in given)})
    majority = _majority(model)
    rows = _rows(model, given)
    if likeliest(model.labels, rows) != tuple(each.label for each in given):
        empty = np.empty((0, len(labels)))
        return replace(answers, labels=labels, majority=majority, probabilities=empty, replies=_replies(truths, given))
    return replace(
        answers,
        labels=labels,
        majority=majority,
        truth=np.array([labels.index(truth) for truth in truths], np.int64),
        probabilities=np.hstack([rows, np.zeros((len(rows), len(labels) - len(model.labels)))]),
    )


def _replies(truths: tuple[str, ...], given: Sequence[Answer]) -> Replies:
    ends = [each.interval or (np.nan, np.nan) for each in given]
    some = any(each.interval is not None for each in given)
    return Replies(
        said=tuple(each.label for each in given),
        truth=truths,
        sure=np.clip(np.array([each.probability for each in given], np.float64), 0.0, 1.0),
        intervals=np.array(ends, np.float64) if some else None,
    )


def _all(known: Sequence[str], met: Iterable[str]) -> tuple[str, ...]:
    """The model's labels in its order, then those that it never learned."""
    return (*known, *sorted(set(met) - set(known)))


def _rows(model: Tested, given: Sequence[Answer]) -> Probabilities:
    """The probabilities of one of several labels, rows that sum to 1 exactly, (n, k)."""
    rows = np.array([[chance for _, chance in each.probabilities] for each in given], np.float64)
    rows = rows.reshape(len(given), len(model.labels))
    whole: Probabilities = rows / rows.sum(axis=1, keepdims=True)
    return whole


def with_rule(answers: SealedAnswers, beside: Beside) -> SealedAnswers:
    """The rule, and what would always be said; a ranking by popularity is no longer than the model's own."""
    rule, plain = beside.rule, answers.majority or beside.plain
    if answers.task.answers is AnswerKind.RANKING and answers.replies is not None:
        longest = max((len(each.split(BETWEEN_LABELS)) for each in answers.replies.said), default=0)
        plain = BETWEEN_LABELS.join(plain.split(BETWEEN_LABELS)[:longest])
        if rule is not None and rule.kind is RuleKind.MAJORITY:
            rule = replace(rule, otherwise=BETWEEN_LABELS.join(rule.otherwise.split(BETWEEN_LABELS)[:longest]))
    return replace(answers, rule=rule, majority=plain)


def rival_of(champion: Tested, task: Task, given: Sequence[Answer]) -> Rival:
    """The model that was launched last, with what it said to the same examples."""
    said = tuple(each.label for each in given)
    if task.answers is not AnswerKind.LABEL:
        return Rival(champion.version, (), np.empty((0, 0)), said)
    rows = _rows(champion, given)
    return Rival(champion.version, champion.labels, rows, () if likeliest(champion.labels, rows) == said else said)


def _majority(model: Tested) -> str:
    """The commonest label among the photos that the model learned from; of equals the first."""
    examples = model.description.examples
    return model.labels[examples.index(max(examples))]
