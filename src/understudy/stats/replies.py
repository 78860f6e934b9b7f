"""What one look shows where answers are kept as texts: numbers, several labels at once, rankings, or none of these.

Right is what the task calls right (`Task.right`), so accuracy, its bound, calibration and mistakes mean the same as for
one of several labels, and everything behind them works unchanged.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from understudy.domain.evidence import ClassRecall, Judgement, NumberFigures
from understudy.domain.task import AnswerKind, Task, labels_in, number_in
from understudy.stats.betting import is_proven_better
from understudy.stats.calibration import calibration_error, reliability_bins
from understudy.stats.clusters import clustered_proportion
from understudy.stats.judgement import MOST_MISTAKES
from understudy.stats.number_figures import number_figures

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Replies:
    """Answers to n examples, as they are kept.

    Attributes:
        said: What was answered to each.
        truth: What was so.
        sure: The probability that each answer is right, 0..1, (n,).
        intervals: The interval that came with each number, (n, 2), not a number where none came; None where none did.
    """

    said: tuple[str, ...]
    truth: tuple[str, ...]
    sure: NDArray[np.float64]
    intervals: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        count = len(self.said)
        if len(self.truth) != count or self.sure.shape != (count,):
            raise ValueError("answers, truths and probabilities need one entry for each example")
        if self.intervals is not None and self.intervals.shape != (count, 2):
            raise ValueError("an interval has two ends")

    def right(self, task: Task) -> Flags:
        """Whether each answer is right, (n,)."""
        return right_of(task, self.said, self.truth)


def right_of(task: Task, said: Sequence[str], truth: Sequence[str]) -> Flags:
    """Whether each of some answers is right, (n,).

    Raises:
        ValueError: They differ in number.
    """
    return np.array([task.right(one, other) for one, other in zip(said, truth, strict=True)], np.bool_)


def has_label(task: Task, texts: Sequence[str], label: str) -> Flags:
    """Whether each of some answers or truths is, or holds, a label, (n,)."""
    if task.answers is AnswerKind.LABELS:
        return np.array([label in labels_in(text) for text in texts], np.bool_)
    return np.array([text == label for text in texts], np.bool_)


def numbers_of(texts: Sequence[str]) -> NDArray[np.float64]:
    """The numbers in texts, (n,); not a number where there is none."""
    return np.array([number_in(text) for text in texts], np.float64)


def judge_replies(  # noqa: PLR0913 - the facts of one look, each named by the caller
    *,
    model: str,
    task: Task,
    labels: Sequence[str],
    replies: Replies,
    plain: Sequence[str],
    groups: Sequence[str],
    digests: Sequence[str],
    threshold: float,
    look: int,
    confidence: float = 0.95,
) -> Judgement:
    """Judges a model by the sealed examples, which had no part in making it.

    Args:
        model: The model's version (SHA-256 of its file, in hex).
        task: What was to be answered, and what counts as right.
        labels: The labels there are, in the model's order; none where answers are numbers or rankings.
        replies: What it answered, n of them; n may be 0.
        plain: What would be answered to each without a model, n of them.
        groups: What each example belongs with, n of them.
        digests: Which example it is, n of them.
        threshold: Below this probability the model asks a person, 0..1.
        look: How often this project's sealed labels have been opened, this time included.
        confidence: Coverage of each bound, between 0 and 1.

    Raises:
        ValueError: The arguments contradict each other.
    """
    if not len(groups) == len(digests) == len(plain) == len(replies.said):
        raise ValueError("plain answers, groups and digests need one entry for each example")
    if look < 1:
        raise ValueError("a look is counted from 1")
    right = replies.right(task)
    bins = reliability_bins(replies.sure, right)
    usual = right_of(task, plain, replies.truth)
    return Judgement(
        model=model,
        labels=tuple(labels),
        accuracy=clustered_proportion(right, groups, confidence=confidence),
        recalls=_recalls(task, labels, replies, groups, confidence),
        confusion=_confusion(task, labels, replies),
        reliability=bins,
        calibration_error=calibration_error(bins),
        majority=int(usual.sum()),
        asked=int(np.sum(replies.sure < threshold)),
        groups=len(set(groups)),
        look=look,
        mistakes=_mistakes(replies, right, digests),
        task=task,
        numbers=_numbers(task, replies, plain, groups, confidence),
        better=is_proven_better(right, usual, groups=groups, confidence=confidence),
    )


def _recalls(
    task: Task, labels: Sequence[str], replies: Replies, groups: Sequence[str], confidence: float
) -> tuple[ClassRecall, ...]:
    """Of the examples that have a label, how many were given it, among others perhaps."""
    found = []
    for label in labels:
        own = np.flatnonzero(has_label(task, replies.truth, label)).tolist()
        given = has_label(task, [replies.said[place] for place in own], label)
        recall = clustered_proportion(given, [groups[place] for place in own], confidence=confidence)
        found.append(ClassRecall(label, recall))
    return tuple(found)


def _confusion(task: Task, labels: Sequence[str], replies: Replies) -> tuple[tuple[int, ...], ...]:
    if task.answers is not AnswerKind.LABEL:
        return ()
    place = {label: index for index, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)), np.int64)
    for truth, said in zip(replies.truth, replies.said, strict=True):
        counts[place[truth], place[said]] += 1
    return tuple(tuple(int(count) for count in row) for row in counts)


def _mistakes(replies: Replies, right: Flags, digests: Sequence[str]) -> tuple[tuple[str, str, str, float], ...]:
    """Wrong answers, surest first; equals by digest, so that the order is always the same."""
    wrong = sorted(np.flatnonzero(~right).tolist(), key=lambda place: (-replies.sure[place], digests[place]))
    return tuple(
        (digests[place], replies.truth[place], replies.said[place], float(replies.sure[place]))
        for place in wrong[:MOST_MISTAKES]
    )


def _numbers(
    task: Task, replies: Replies, plain: Sequence[str], groups: Sequence[str], confidence: float
) -> NumberFigures | None:
    if task.answers is not AnswerKind.NUMBER:
        return None
    return number_figures(
        numbers_of(replies.said),
        numbers_of(replies.truth),
        replies.intervals,
        usual=number_in(plain[0]) if plain else float("nan"),
        groups=groups,
        confidence=confidence,
    )
