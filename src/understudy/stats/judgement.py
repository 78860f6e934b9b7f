"""What one look at the sealed set shows about a model."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from understudy.domain.evidence import ClassRecall, Judgement
from understudy.stats.betting import is_proven_better
from understudy.stats.calibration import calibration_error, reliability_bins
from understudy.stats.clusters import clustered_proportion

MOST_MISTAKES = 50


def judge(  # noqa: PLR0913 - the facts of one look, each named by the caller
    *,
    model: str,
    labels: Sequence[str],
    truth: NDArray[np.integer],
    probabilities: NDArray[np.floating],
    groups: Sequence[str],
    digests: Sequence[str],
    threshold: float,
    majority_label: str,
    look: int,
    confidence: float = 0.95,
) -> Judgement:
    """Judges a model by the sealed examples, which had no part in making it.

    Accuracy and each label's recall carry a one-sided bound; when several examples share a group, it is adjusted for
    that. Every answer counts, also where the model would rather have asked a person.

    Args:
        model: The model's version (SHA-256 of its file, in hex).
        labels: The model's labels, in its order, k of them.
        truth: Index of each true label, shape (n,); n may be 0.
        probabilities: Calibrated probabilities, rows that sum to 1, shape (n, k).
        groups: What each example belongs with, n of them.
        digests: Which example it is, n of them.
        threshold: Below this probability the model asks a person, 0..1.
        majority_label: The commonest label among the training examples.
        look: How often this project's sealed labels have been opened, this time included.
        confidence: Coverage of each bound, between 0 and 1.

    Raises:
        ValueError: The arguments contradict each other (shapes, unknown labels, rows that are no probabilities).
    """
    names, true = tuple(labels), np.asarray(truth)
    stated = np.asarray(probabilities, dtype=np.float64).reshape(len(true), -1 if len(true) else len(names))
    _check(names, true, stated, groups, digests, majority_label, look)
    answers = _answers(names, stated)
    top = np.minimum(stated[np.arange(len(true)), answers], 1.0)
    right = answers == true
    confusion = np.zeros((len(names), len(names)), dtype=np.int64)
    np.add.at(confusion, (true, answers), 1)
    bins = reliability_bins(top, right)
    plain = true == names.index(majority_label)
    return Judgement(
        model=model,
        labels=names,
        accuracy=clustered_proportion(right, groups, confidence=confidence),
        recalls=_recalls(names, true, right, groups, confidence),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        reliability=bins,
        calibration_error=calibration_error(bins),
        majority=int(np.sum(plain)),
        asked=int(np.sum(top < threshold)),
        groups=len(set(groups)),
        look=look,
        mistakes=_mistakes(names, true, answers, top, digests),
        better=is_proven_better(right, plain, groups=groups, confidence=confidence),
    )


def _answers(labels: tuple[str, ...], stated: NDArray[np.float64]) -> NDArray[np.int64]:
    """The likeliest label of each row; of equals the first by name, as `domain.answer.answer_from` has it."""
    by_name = np.array(sorted(range(len(labels)), key=labels.__getitem__), dtype=np.int64)
    likeliest: NDArray[np.int64] = by_name[np.argmax(stated[:, by_name], axis=1)]
    return likeliest


def _recalls(
    labels: tuple[str, ...],
    true: NDArray[np.integer],
    right: NDArray[np.bool_],
    groups: Sequence[str],
    confidence: float,
) -> tuple[ClassRecall, ...]:
    """How many examples of each label were recognised, in the order of the labels."""
    members = [np.flatnonzero(true == index) for index in range(len(labels))]
    return tuple(
        ClassRecall(label, clustered_proportion(right[own], [groups[i] for i in own.tolist()], confidence=confidence))
        for label, own in zip(labels, members, strict=True)
    )


def _mistakes(
    labels: tuple[str, ...],
    true: NDArray[np.integer],
    answers: NDArray[np.int64],
    top: NDArray[np.float64],
    digests: Sequence[str],
) -> tuple[tuple[str, str, str, float], ...]:
    """Wrong answers, surest first; equals by digest, so that the order is always the same."""
    wrong = sorted(np.flatnonzero(answers != true).tolist(), key=lambda i: (-top[i], digests[i]))
    return tuple((digests[i], labels[true[i]], labels[answers[i]], float(top[i])) for i in wrong[:MOST_MISTAKES])


def _check(
    labels: tuple[str, ...],
    true: NDArray[np.integer],
    stated: NDArray[np.float64],
    groups: Sequence[str],
    digests: Sequence[str],
    majority_label: str,
    look: int,
) -> None:
    """Refuses arguments that contradict each other."""
    if len(labels) < 2 or len(set(labels)) != len(labels):
        raise ValueError("a model has at least two labels, all different")
    if true.ndim != 1 or stated.shape != (len(true), len(labels)):
        raise ValueError("probabilities need a row for each example and a column for each label")
    if not len(groups) == len(digests) == len(true):
        raise ValueError("groups and digests need one entry for each example")
    if len(true) and (true.min() < 0 or true.max() >= len(labels)):
        raise ValueError("truth names a label that the model does not know")
    if not np.all(np.isfinite(stated)) or np.any(stated < 0) or not np.allclose(stated.sum(axis=1), 1.0, atol=1e-3):
        raise ValueError("each row of probabilities must be non-negative and sum to 1")
    if majority_label not in labels:
        raise ValueError("majority_label is not one of the labels")
    if look < 1:
        raise ValueError("a look is counted from 1")
