"""Sealed answers: all that one look at the sealed set was answered, as one blob that never changes.

A review is computed from it, so it can be computed again in a year, and a second review of the same model over the
same sealed photos need not open them anew.
"""

import base64
import gzip
import json
import math
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt

from understudy.domain.errors import UnderstudyError
from understudy.domain.evidence import Stretch
from understudy.domain.fact_rows import FactRows
from understudy.domain.project import PHOTO_LABELS
from understudy.domain.rule import Fact, Rule
from understudy.domain.task import Task
from understudy.stats.replies import Replies
from understudy.store.codec import as_json, from_json

FORMAT = 2
OLDEST_FORMAT = 1
"""Of looks that are still read: those whose answers are the likeliest labels of photos, written so to this day."""
Probabilities = npt.NDArray[np.float64]


class AnswersUnreadable(UnderstudyError):
    """A blob does not hold the answers of a look."""


@dataclass(frozen=True)
class Rival:
    """Another model's answers to the same photos.

    Attributes:
        model: Its version, SHA-256 of its file.
        labels: Its labels, in the order of its probabilities.
        probabilities: Rows that sum to 1, (n, k of its own).
        said: What it says to each where no row of probabilities tells; else empty.
    """

    model: str
    labels: tuple[str, ...]
    probabilities: Probabilities
    said: tuple[str, ...] = ()

    @property
    def answers(self) -> tuple[str, ...]:
        """What it says to each example."""
        return self.said or likeliest(self.labels, self.probabilities)


@dataclass(frozen=True)
class SealedAnswers:
    """What one look was answered.

    Attributes:
        model: The version of the model that answered.
        look: Which look it was; 1 is the first.
        labels: The model's labels in its order, then those that only the sealed set has; k of them.
        threshold: Below this probability the model asks a person.
        majority: The commonest label among the examples it learned from; the median, or the most popular items.
        digests: Of the n sealed examples, rising.
        groups: The group of each.
        truth: Index of each one's label, (n,); (0,) where `replies` tell it.
        probabilities: Rows that sum to 1, (n, k); (0, k) where `replies` tell more.
        stated: How sure the model was of training examples while they were held out, (m,).
        right: Whether it was right about those, (m,).
        champion: The model that answered requests then, on the same photos, or None.
        rule: The best one-line rule of the training examples, or None.
        facts: What is known of each sealed example without a model.
        task: What was to be answered.
        replies: The answers where they are not each the likeliest label: numbers, several labels, rankings, or none of
            the labels; else None.
        strangers: Which inputs the model took for something unlike all its examples, (n,); a person answers these,
            whatever the threshold.
        ruled: What the rule says to each where no fact tells: the most popular that each does not have; else empty.
        later: What it was of training examples by stretches of time, where each was judged by what came before it; else
            empty.
    """

    model: str
    look: int
    labels: tuple[str, ...]
    threshold: float
    majority: str
    digests: tuple[str, ...]
    groups: tuple[str, ...]
    truth: npt.NDArray[np.int64]
    probabilities: Probabilities
    stated: Probabilities
    right: npt.NDArray[np.bool_]
    champion: Rival | None = None
    rule: Rule | None = None
    facts: FactRows = field(default_factory=lambda: FactRows({}, 0))
    task: Task = PHOTO_LABELS
    replies: Replies | None = None
    strangers: npt.NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    ruled: tuple[str, ...] = ()
    later: tuple[Stretch, ...] = ()

    def __post_init__(self) -> None:
        if not self.strangers.size and self.count:
            object.__setattr__(self, "strangers", np.zeros(self.count, np.bool_))

    @property
    def count(self) -> int:
        """Sealed examples."""
        return len(self.digests)

    @property
    def true_labels(self) -> tuple[str, ...]:
        """What is true of each example, as it is kept."""
        if self.replies is not None:
            return self.replies.truth
        return tuple(self.labels[place] for place in self.truth)

    @property
    def answers(self) -> tuple[str, ...]:
        """What the model says to each."""
        if self.replies is not None:
            return self.replies.said
        return likeliest(self.labels, self.probabilities)

    @property
    def sure(self) -> Probabilities:
        """How sure it is of each answer; 0 of a stranger's, which it never gives alone."""
        if self.replies is not None:
            return np.where(self.strangers, 0.0, self.replies.sure)
        likely = np.minimum(self.probabilities.max(axis=1), 1.0) if self.count else np.empty(0)
        return np.where(self.strangers, 0.0, likely)

    @property
    def rule_answers(self) -> tuple[str, ...]:
        """What the rule says to each; empty without a rule."""
        rule = self.rule
        if rule is None or self.ruled:
            return self.ruled
        return tuple(rule.answer({rule.column: fact}) for fact in self.facts.column(rule.column))

    @property
    def plain_answers(self) -> tuple[str, ...]:
        """What would be said to each without a model."""
        return self.ruled or (self.majority,) * self.count

    @property
    def data(self) -> str:
        """See `data_digest`."""
        return data_digest(zip(self.digests, self.true_labels, strict=True))


def likeliest(labels: Sequence[str], probabilities: Probabilities) -> tuple[str, ...]:
    """The likeliest label of each row; of equals the first by name, as an answer that is served has it."""
    if not len(probabilities):
        return ()
    by_name = np.array(sorted(range(len(labels)), key=labels.__getitem__))
    return tuple(labels[place] for place in by_name[np.argmax(probabilities[:, by_name], axis=1)])


def data_digest(labelled: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the sealed examples' digests and labels: the same sealed data, the same digest."""
    digest = sha256()
    for pair in sorted(labelled):
        digest.update(json.dumps(pair).encode() + b"\n")
    return digest.hexdigest()


def packed(answers: SealedAnswers) -> bytes:
    """The answers as bytes; the same answers give the same bytes."""
    champion = answers.champion
    record = {
        "format": OLDEST_FORMAT,
        "model": answers.model,
        "look": answers.look,
        "labels": answers.labels,
        "threshold": answers.threshold,
        "majority": answers.majority,
        "digests": answers.digests,
        "groups": answers.groups,
        "truth": answers.truth.tolist(),
        "probabilities": _array(answers.probabilities),
        "out_of_fold": {"stated": _array(answers.stated), "right": "".join("01"[int(each)] for each in answers.right)},
        "champion": champion
        and {"model": champion.model, "labels": champion.labels, "probabilities": _array(champion.probabilities)},
        "rule": answers.rule and as_json(Rule, answers.rule),
        "facts": dict(answers.facts.columns()),
    }
    if answers.ruled:
        record["ruled"] = answers.ruled
    if answers.later:
        record["later"] = [as_json(Stretch, each) for each in answers.later]
    if answers.strangers.any():
        record["strangers"] = np.flatnonzero(answers.strangers).tolist()
    beyond = _beyond_likeliest(answers)
    if beyond:
        record |= {"format": FORMAT} | beyond
    return gzip.compress(json.dumps(record, ensure_ascii=False, sort_keys=True, allow_nan=False).encode(), mtime=0)


def unpacked(data: bytes) -> SealedAnswers:
    """Reads what `packed` wrote, exactly.

    Raises:
        AnswersUnreadable: It is something else.
    """
    try:
        return _read(json.loads(gzip.decompress(data)))
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise AnswersUnreadable(
            fact="The stored answers of a look cannot be read.",
            reason=f"They are damaged, or were written by a later version ({type(error).__name__}).",
            remedy="Restore the workspace from a backup, or review the model anew with --again.",
        ) from error


def _read(record: dict[str, Any]) -> SealedAnswers:
    if not OLDEST_FORMAT <= record["format"] <= FORMAT:
        raise ValueError(f"format {record['format']} instead of {FORMAT}")
    digests, champion, rule = tuple(record["digests"]), record["champion"], record["rule"]
    held_out, rival_said = record["out_of_fold"], tuple(record.get("champion_said") or ())
    answers = SealedAnswers(
        model=record["model"],
        look=record["look"],
        labels=tuple(record["labels"]),
        threshold=record["threshold"],
        majority=record["majority"],
        digests=digests,
        groups=tuple(record["groups"]),
        truth=np.array(record["truth"], np.int64),
        probabilities=_values(record["probabilities"]),
        stated=_values(held_out["stated"]),
        right=np.array([sign == "1" for sign in held_out["right"]], np.bool_),
        champion=champion
        and Rival(champion["model"], tuple(champion["labels"]), _values(champion["probabilities"]), rival_said),
        rule=rule and from_json(Rule, rule),
        facts=FactRows(record["facts"], len(digests)),
        task=from_json(Task, record.get("task", {})),
        replies=_replies(record.get("replies")),
        strangers=np.isin(np.arange(len(digests)), record.get("strangers", [])),
        ruled=tuple(record.get("ruled", ())),
        later=tuple(from_json(Stretch, each) for each in record.get("later", ())),
    )
    _check(answers)
    return answers


def _check(answers: SealedAnswers) -> None:
    told = {len(answers.truth), len(answers.probabilities)} if answers.replies is None else {len(answers.replies.said)}
    if {answers.count, len(answers.groups)} != told or answers.probabilities.shape[1:] != (len(answers.labels),):
        raise ValueError("the columns differ in length")
    if answers.stated.shape != answers.right.shape:
        raise ValueError("the held-out answers differ in length")


def _beyond_likeliest(answers: SealedAnswers) -> dict[str, Any]:
    """What rows of probabilities about photos do not tell; the model and the champion each have their own."""
    beyond: dict[str, Any] = {}
    if answers.task != PHOTO_LABELS:
        beyond["task"] = as_json(Task, answers.task)
    if answers.replies is not None:
        beyond["replies"] = _replies_record(answers.replies)
    if answers.champion is not None and answers.champion.said:
        beyond["champion_said"] = answers.champion.said
    return beyond


def _replies_record(replies: Replies) -> dict[str, Any]:
    return {
        "said": replies.said,
        "truth": replies.truth,
        "sure": _array(replies.sure),
        "intervals": None if replies.intervals is None else _array(replies.intervals),
    }


def _replies(kept: dict[str, Any] | None) -> Replies | None:
    if kept is None:
        return None
    ends = kept["intervals"]
    intervals = None if ends is None else _values(ends)
    return Replies(tuple(kept["said"]), tuple(kept["truth"]), _values(kept["sure"]), intervals)


def _array(values: Probabilities) -> dict[str, Any]:
    """Numbers as the very bits they are."""
    bits = np.ascontiguousarray(values, "<f8").tobytes()
    return {"shape": list(values.shape), "bits": base64.b64encode(bits).decode()}


def _values(kept: dict[str, Any]) -> Probabilities:
    bits = base64.b64decode(kept["bits"], validate=True)
    if len(bits) != 8 * math.prod(kept["shape"]):
        raise ValueError("numbers are missing")
    return np.frombuffer(bits, "<f8").astype(np.float64).reshape(kept["shape"])


def facts_kept(facts: Sequence[Mapping[str, Fact]]) -> FactRows:
    """Facts as they can be stored: every row has every column, and a number that is none is nothing."""
    columns = FactRows.of(facts).columns()
    return FactRows({name: [_finite(fact) for fact in values] for name, values in columns}, len(facts))


def _finite(fact: Fact) -> Fact:
    return None if isinstance(fact, float) and not math.isfinite(fact) else fact
