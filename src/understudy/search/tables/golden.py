"""Golden answers: whether a model of tables says again what it said when its file was made."""

import math
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from understudy.domain.answer import Answer
from understudy.domain.task import AnswerKind, labels_in
from understudy.search.tables.speech import Speech

TOLERANCE: Final = 0.01
"""How far a golden probability may be off."""
CLOSE: Final = 1e-3
"""How far a golden number may be off, as a share of it or of the target's deviation."""
TIE: Final = 1e-4
"""How far apart two answers may be, in probability or as a share of the dearest mistake, and change places by the last
digit of another machine."""


def same(now: Answer, before: Mapping[str, Any], speech: Speech) -> bool:
    """Whether an answer is the one that was given, but for what machines differ in.

    Args:
        now: The answer.
        before: What `compared` kept of the one that was given.
        speech: How the model answers.

    Raises:
        KeyError, TypeError, ValueError: What was kept is no answer.
    """
    said, stated = str(before["label"]), now.probability
    if speech.task.answers is AnswerKind.NUMBER:
        alike = abs(float(now.label) - float(said)) <= CLOSE * max(abs(float(said)), speech.unit)
    elif speech.task.answers is AnswerKind.LABELS:
        alike = _even(now, said)
    else:
        alike = said in speech.labels and _as_good(now, said, speech)
        stated = dict(now.probabilities).get(said, math.nan)
    return alike and abs(stated - before["probability"]) <= TOLERANCE


def _as_good(now: Answer, said: str, speech: Speech) -> bool:
    """Whether a label might as well be answered: it is as likely as the one that is, or costs as little."""
    given = np.array([probability for _, probability in now.probabilities])
    prices = -given if speech.costs is None else given @ speech.costs
    dearest = 1.0 if speech.costs is None else float(np.abs(speech.costs).max())
    first, second = speech.labels.index(now.label), speech.labels.index(said)
    return bool(abs(prices[first] - prices[second]) <= TIE * dearest)


def _even(now: Answer, said: str) -> bool:
    """Whether all labels that one set has and the other has not are as likely to be there as not."""
    given = dict(now.probabilities)
    differing = set(labels_in(now.label)) ^ set(labels_in(said))
    return all(abs(given.get(label, math.nan) - 0.5) <= TIE for label in differing)
