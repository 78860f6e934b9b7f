"""A look's answers, from what the tested model and its rivals said to the sealed examples."""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from sys import intern
from typing import Protocol

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.evidence import Stretch
from understudy.domain.example import Example
from understudy.domain.fact_rows import FactRows
from understudy.domain.rule import Rule, RuleKind
from understudy.domain.task import BETWEEN_LABELS, AnswerKind, Task, labels_in
from understudy.stats.replies import Replies
from understudy.studio.judgement.sealed_answers import Rival, SealedAnswers, likeliest

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

    @property
    def later(self) -> Sequence[Stretch]:
        """The same by stretches of time, where each was judged by what came before it; else empty."""
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
        digests: Of the sealed examples.
        facts: What is known of each of them without a model.
        ruled: What the rule says to each of them, where no fact tells.
    """

    rule: Rule | None
    plain: str
    digests: Sequence[str] = ()
    facts: FactRows = field(default_factory=lambda: FactRows({}, 0))
    ruled: Sequence[str] = ()

    def told(self, digests: Sequence[str]) -> tuple[str, ...]:
        """What the rule says to some examples where no fact tells; to those that came meanwhile what it says to all."""
        said = dict(zip(self.digests, self.ruled, strict=True)) if self.ruled else {}
        return tuple(said.get(digest, self.plain) for digest in digests) if said else ()

    def known(self, digests: Sequence[str]) -> FactRows:
        """What is known of some examples; nothing of those that came meanwhile."""
        places = {digest: place for place, digest in enumerate(self.digests)}
        nothing = len(self.digests)
        facts = FactRows({name: [*values, None] for name, values in self.facts.columns()}, nothing + 1)
        return facts.some([places.get(digest, nothing) for digest in digests])


@dataclass
class Opened:
    """The sealed examples that a look asks about, a few hundred bytes each.

    Attributes:
        digests: Of each.
        groups: Of each; told apart by number, since what a look was answered outlasts the forgetting of a name.
        truths: What is true of each.
    """

    digests: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    truths: list[str] = field(default_factory=list)
    _numbers: dict[str, str] = field(default_factory=dict)

    def add(self, example: Example) -> None:
        """Adds one that has a label."""
        digest, group = example.digest, example.group
        self.digests.append(digest)
        self.groups.append(digest if group == digest else self._numbers.setdefault(group, str(len(self._numbers) + 1)))
        self.truths.append(intern(str(example.label)))


class Transcript:
    """What a model said to one example after the other, without what no look needs: some dozen bytes each.

    Args:
        model: The model.
        task: What was to be answered.
    """

    def __init__(self, model: Tested, task: Task) -> None:
        self._labels = model.labels
        self._wide = task.answers is AnswerKind.LABEL
        self.said: list[str] = []
        self._strangers = bytearray()
        self._sure, self._ends, self._chances = array("d"), array("d"), array("d")
        self._some_interval = False

    def add(self, answers: Iterable[Answer]) -> None:
        """Adds what it said to the next ones."""
        for each in answers:
            self.said.append(intern(each.label))
            self._strangers.append(each.stranger)
            self._sure.append(each.probability)
            self._some_interval |= each.interval is not None
            self._ends.extend(each.interval or (np.nan, np.nan))
            if self._wide:
                self._chances.extend(chance for _, chance in each.probabilities)

    @property
    def strangers(self) -> npt.NDArray[np.bool_]:
        """Which it took for something unlike all its examples, (n,)."""
        return np.array(self._strangers, np.bool_)

    @property
    def probabilities(self) -> Probabilities:
        """Of one of several labels, rows that sum to 1 exactly, (n, k)."""
        rows = np.array(self._chances, np.float64).reshape(len(self.said), len(self._labels))
        whole: Probabilities = rows / rows.sum(axis=1, keepdims=True)
        return whole

    def replies(self, truths: Sequence[str]) -> Replies:
        """Its answers beside what is true."""
        return Replies(
            said=tuple(self.said),
            truth=tuple(truths),
            sure=np.clip(np.array(self._sure, np.float64), 0.0, 1.0),
            intervals=np.array(self._ends, np.float64).reshape(-1, 2) if self._some_interval else None,
        )


def answers_of(model: Tested, task: Task, look: int, asked: Opened, given: Transcript) -> SealedAnswers:
    """What a look was answered, without what stands beside the model.

    Args:
        model: The tested file.
        task: What was to be answered.
        look: Which look it is.
        asked: The sealed examples.
        given: What it said to each.
    """
    held_out, truths = model.description.out_of_fold, tuple(asked.truths)
    answers = SealedAnswers(
        model=model.version,
        look=look,
        labels=model.labels,
        threshold=model.threshold,
        majority="",
        digests=tuple(asked.digests),
        groups=tuple(asked.groups),
        truth=np.empty(0, np.int64),
        probabilities=np.empty((0, len(model.labels))),
        stated=np.array(held_out.stated, np.float64),
        right=np.array(held_out.right, np.bool_),
        task=task,
        strangers=given.strangers,
        later=tuple(held_out.later),
    )
    if task.answers in {AnswerKind.NUMBER, AnswerKind.RANKING}:
        return replace(answers, labels=(), probabilities=np.empty((0, 0)), replies=given.replies(truths))
    if task.answers is AnswerKind.LABELS:
        met = {label for text in {*truths, *given.said} for label in labels_in(text)}
        labels = _all(model.labels, met)
        return replace(answers, labels=labels, probabilities=np.empty((0, len(labels))), replies=given.replies(truths))
    return _of_labels(answers, model, truths, given)


def _of_labels(answers: SealedAnswers, model: Tested, truths: tuple[str, ...], given: Transcript) -> SealedAnswers:
    """One of several labels: by rows of probabilities, unless the model may also say that it is none of them."""
    labels = _all(model.labels, {*truths, *given.said})
    majority = _majority(model)
    rows = given.probabilities
    if likeliest(model.labels, rows) != tuple(given.said):
        empty, replies = np.empty((0, len(labels))), given.replies(truths)
        return replace(answers, labels=labels, majority=majority, probabilities=empty, replies=replies)
    place = {label: index for index, label in enumerate(labels)}
    return replace(
        answers,
        labels=labels,
        majority=majority,
        truth=np.array([place[truth] for truth in truths], np.int64),
        probabilities=np.hstack([rows, np.zeros((len(rows), len(labels) - len(model.labels)))]),
    )


def _all(known: Sequence[str], met: Iterable[str]) -> tuple[str, ...]:
    """The model's labels in its order, then those that it never learned."""
    return (*known, *sorted(set(met) - set(known)))


def with_rule(answers: SealedAnswers, beside: Beside) -> SealedAnswers:
    """The rule, and what would always be said; a list by popularity is no longer than the model's own."""
    rule, plain, ruled = beside.rule, answers.majority or beside.plain, beside.told(answers.digests)
    if rule is not None and rule.kind is RuleKind.POPULAR and answers.replies is not None:
        longest = max((len(each.split(BETWEEN_LABELS)) for each in answers.replies.said), default=0)
        plain, *ruled_short = (BETWEEN_LABELS.join(each.split(BETWEEN_LABELS)[:longest]) for each in (plain, *ruled))
        rule, ruled = replace(rule, otherwise=plain, answers=rule.answers[:longest]), tuple(ruled_short)
    return replace(answers, rule=rule, majority=plain, ruled=ruled)


def rival_of(champion: Tested, task: Task, given: Transcript) -> Rival:
    """The model that answers requests now, with what it said to the same examples."""
    said = tuple(given.said)
    if task.answers is not AnswerKind.LABEL:
        return Rival(champion.version, (), np.empty((0, 0)), said)
    rows = given.probabilities
    return Rival(champion.version, champion.labels, rows, () if likeliest(champion.labels, rows) == said else said)


def _majority(model: Tested) -> str:
    """The commonest label among the photos that the model learned from; of equals the first."""
    examples = model.description.examples
    return model.labels[examples.index(max(examples))]
