"""Finishing: from the trials of a run to how they answer together, and what that is worth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from understudy.domain.task import AnswerKind
from understudy.modalities.table.schema import TableSchema
from understudy.search.margins import Margins
from understudy.search.odds import fit_slope
from understudy.search.out_of_fold import OutOfFold, summed_up
from understudy.search.tables.calibrating import fit_sharpness
from understudy.search.tables.doubt import Doubt, fit_doubt
from understudy.search.tables.encoding import Encoded, Encoding
from understudy.search.tables.fitted import Numbers
from understudy.search.tables.lesson import Truth
from understudy.search.tables.mixture import Mixture, choose
from understudy.search.tables.speech import Speech, costs_of, unweighted, weights_of
from understudy.search.tables.target import Target
from understudy.search.threshold import ALWAYS_ASK, choose_threshold

Flags = npt.NDArray[np.bool_]

EVEN: Final = (0.0, 0.0)
"""Slope and shift by which every set is as likely right as not."""


@dataclass(frozen=True)
class Ties:
    """Which rows belong together.

    Attributes:
        groups: Group of each row.
        stretches: See `Drawn.stretches`.
    """

    groups: npt.NDArray[np.int64]
    stretches: Sequence[tuple[float, npt.NDArray[np.int64]]] = ()


@dataclass(frozen=True)
class Judged:
    """What the finished mixture is worth, on rows while they were held out.

    Attributes:
        speech: How it answers.
        loss: Log loss in nats (mean over labels where several may be there), or root mean squared error in deviations.
        accuracy: Share right.
        out_of_fold: How sure it was, and whether rightly.
    """

    speech: Speech
    loss: float
    accuracy: float
    out_of_fold: OutOfFold

    def unproven(self, given: Numbers, truth: Truth, schema: TableSchema) -> "Judged":
        """The same where nothing was truly held out: a person is always asked, and nothing says how sure it may be.

        Of numbers all that is known is how far apart they are.

        Args:
            given: As in `judged`.
            truth: What was true.
            schema: As in `judged`.
        """
        speech = replace(self.speech, threshold=ALWAYS_ASK, slope=EVEN)
        if truth.task.answers is AnswerKind.NUMBER:
            far = truth.targets[0].values[~np.isnan(given[:, 0])]
            speech = replace(speech, doubt=Doubt((), Margins.of(far, np.ones(len(far)))))
        return Judged(speech, *figures(given, truth, schema, apart=False), OutOfFold())


def figures(given: Numbers, truth: Truth, schema: TableSchema, *, apart: bool) -> tuple[float, float]:
    """Loss and share right of held-out answers; rows that were never held out do not count, all others alike.

    Args:
        given: (n, k) or (n, 1); NaN for rows that never were held out.
        truth: What was true.
        schema: Tells how much labels and mistakes count, which moves what is answered.
        apart: As in `Drawn`; where nothing was truly held out, the figures are those of a guess.
    """
    judged = np.flatnonzero(~np.isnan(given[:, 0]))
    targets = [target.some(judged) for target in truth.targets]
    if truth.task.answers is AnswerKind.LABELS:
        return _set_figures(given[judged], targets, apart=apart)
    if not apart and truth.task.answers is AnswerKind.LABEL:
        return float(np.log(given.shape[1])), 1 / given.shape[1]
    some = given[judged] if apart else np.zeros((len(judged), 1))
    alike = replace(targets[0], weights=np.ones(len(judged)))
    return alike.loss(_plain(some, truth, schema)), float(right_among(some, truth, judged, schema).mean())


def _plain(given: Numbers, truth: Truth, schema: TableSchema) -> Numbers:
    """Probabilities of one label as they would be had all examples counted the same; numbers as they are."""
    if truth.task.answers is AnswerKind.NUMBER:
        return given
    return unweighted(given, weights_of(truth.labels, schema.class_weights))


def _set_figures(given: Numbers, targets: Sequence[Target], *, apart: bool) -> tuple[float, float]:
    """See `figures`; a guess says of each label how common it is, and of sets the commonest."""
    if apart:
        return _mean_loss(given, targets), float(_sets_right(given, targets).mean())
    there = np.stack([target.values == 1 for target in targets], axis=1)
    shares = np.broadcast_to(there.mean(axis=0), there.shape)
    commonest = np.unique(there, axis=0, return_counts=True)[1].max() / len(there)
    return _mean_loss(shares, targets), float(commonest)


def right_among(given: Numbers, truth: Truth, places: npt.NDArray[np.int64], schema: TableSchema) -> Flags:
    """Whether held-out answers are right, as `Task.right` says it of answers as they are kept, (m,).

    Args:
        given: What was said of some rows, (m, k) or (m, 1).
        truth: What was true.
        places: Which rows these are, (m,).
        schema: Tells how much labels and mistakes count: which label is answered depends on both.
    """
    targets = [target.some(places) for target in truth.targets]
    if truth.task.answers is AnswerKind.LABELS:
        return _sets_right(given, targets)
    if truth.task.answers is AnswerKind.NUMBER:
        return _numbers_right(given, truth, places)
    speech = Speech(truth.task, truth.labels, costs=costs_of(truth.labels, schema.costs))
    return np.asarray(speech.said(_plain(given, truth, schema)) == targets[0].values)


def mixture_of(candidates: Sequence[Numbers], truth: Truth) -> Mixture:
    """Chooses among candidates by their held-out answers, on rows that all of them were judged on.

    Args:
        candidates: Each (n, k) or (n, 1); NaN for rows that never were held out.
        truth: What was true.

    Returns:
        The mixture; what it says is of all rows, NaN likewise.
    """
    judged = np.flatnonzero(~np.isnan(np.sum([each[:, 0] for each in candidates], axis=0)))
    some = [each[judged] for each in candidates]
    if truth.task.answers is AnswerKind.LABELS:
        # All labels of a row under one another: the mixture is the same for every label.
        flat = [np.stack([1 - each.T.ravel(), each.T.ravel()], axis=1) for each in some]
        values = np.concatenate([target.values[judged] for target in truth.targets])
        chosen = choose(flat, Target(values, 2, np.ones(len(values))))
    else:
        chosen = choose(some, truth.targets[0].some(judged))
    whole = np.full(candidates[0].shape, np.nan)
    pairs = list(zip(chosen.members, chosen.weights, strict=True))
    whole[judged] = np.sum([weight * some[place] for place, weight in pairs], axis=0)
    return replace(chosen, given=whole)


def judged(
    given: Numbers,
    truth: Truth,
    rows: Encoded,
    encoding: Encoding,
    ties: Ties,
    *,
    schema: TableSchema,
    seed: int,
) -> Judged:
    """Makes the mixture honest and says what it is worth.

    Args:
        given: What the mixture said of rows while held out, (n, k) or (n, 1); NaN for rows that never were.
        truth: What was true.
        rows: All rows.
        encoding: How they were made.
        ties: Which rows belong together.
        schema: Tells how much labels and mistakes count.
        seed: Of what is drawn.
    """
    places = np.flatnonzero(~np.isnan(given[:, 0]))
    some = given[places]
    targets = [target.some(places) for target in truth.targets]
    speech = Speech(truth.task, truth.labels, scale=truth.scale)
    if truth.task.answers is AnswerKind.NUMBER:
        doubt, hardness = fit_doubt(
            rows.some(places),
            some[:, 0],
            targets[0].values,
            ties.groups[places],
            encoding.sizes,
            encoding.numbers,
            seed=seed,
        )
        speech = replace(speech, doubt=doubt)
        stated, right = speech.within(hardness), _numbers_right(some, truth, places)
        loss = targets[0].loss(some)
    elif truth.task.answers is AnswerKind.LABELS:
        right = _sets_right(some, targets)
        plain = np.prod(np.maximum(some, 1 - some), axis=1)
        speech = replace(speech, slope=fit_slope(plain, right))
        stated, loss = speech.stated(some), _mean_loss(some, targets)
    else:
        weights = weights_of(truth.labels, schema.class_weights)
        sharpness = fit_sharpness(unweighted(some, weights), targets[0].values)
        costs = costs_of(truth.labels, schema.costs)
        speech = replace(speech, sharpness=sharpness, costs=costs, weights=weights)
        honest = speech.honest(some)
        said = speech.said(honest)
        stated, right = np.take_along_axis(honest, said[:, None], axis=1)[:, 0], said == targets[0].values
        loss = float(targets[0].losses(honest).mean())
    speech = replace(speech, threshold=choose_threshold(stated, right))
    told = summed_up(stated, right, stretches=[(share, _places_in(places, some)) for share, some in ties.stretches])
    return Judged(speech, loss, float(right.mean()), told)


def _places_in(judged: npt.NDArray[np.int64], some: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Where some rows stand among those that were judged."""
    return np.flatnonzero(np.isin(judged, some))


def _mean_loss(given: Numbers, targets: Sequence[Target]) -> float:
    both = (np.stack([1 - column, column], axis=1) for column in given.T)
    return float(np.mean([target.loss(each) for target, each in zip(targets, both, strict=True)]))


def _sets_right(given: Numbers, targets: Sequence[Target]) -> Flags:
    truth = np.stack([target.values for target in targets], axis=1)
    return np.asarray(((given >= 0.5) == (truth == 1)).all(axis=1))


def _numbers_right(given: Numbers, truth: Truth, places: npt.NDArray[np.int64]) -> Flags:
    if truth.scale is None:
        raise ValueError("numbers are judged by their scale")
    return truth.scale.right(given[:, 0], truth.numbers[places])
