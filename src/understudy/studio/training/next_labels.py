"""Which examples to label next: those of which the model is unsure and which differ from each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from understudy.audit.columns import columns_of
from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Example, Side
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, labels_in
from understudy.modalities.nouns import noun_of
from understudy.modalities.protocol import HEADS, Modality
from understudy.modalities.registry import modality_named
from understudy.search.ready import ReadyModel
from understudy.serving.model import NotTrainedYet
from understudy.studio.examples.answering import answers_to, chunks
from understudy.studio.examples.facts import facts_for
from understudy.studio.examples.features import cheapest_features
from understudy.studio.training.shelf import load_recorded
from understudy.studio.workspace import Workspace

MOST_ASKED = 2_000
"""Unlabelled examples that the model is asked about; of more, those whose digests come first, which is at random."""
UNSURE_FOR_EACH = 5
"""So many times the examples that are wanted, the least sure ones, are looked at for being different."""

Matrix = npt.NDArray[np.float32]
Array = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]


class NothingToLabel(UnderstudyError):
    """There is no example without a label."""


class LabelNotLearned(UnderstudyError):
    """The model does not know the label that was asked for."""


@dataclass(frozen=True)
class NextLabel:
    """An example that is worth a label.

    Attributes:
        example: Which.
        suspected: What the model takes it for.
        probability: How sure it is of that, 0..1.
        instead: What it would say otherwise.
        instead_probability: How likely it holds that, 0..1.
        distance: How far it is from the nearest one chosen before it, in typical distances between unsure examples;
            0.0 for the first.
    """

    example: Example
    suspected: str
    probability: float
    instead: str
    instead_probability: float
    distance: float


@dataclass(frozen=True)
class NextRound:
    """What to label next.

    Attributes:
        chosen: In the order in which they were chosen: each is worth less once those before it have their labels.
        unlabelled: Examples to learn from that have no label.
        asked: How many of them the model was asked about.
    """

    chosen: tuple[NextLabel, ...]
    unlabelled: int
    asked: int


def next_labels(
    workspace: Workspace,
    project: str,
    *,
    count: int,
    label: str | None = None,
    progress: Callable[[int, int], None],
) -> NextRound:
    """Chooses examples to label; the same examples and model give the same choice.

    The first is the one of which the model is least sure. Each that follows is unsure and far from all before it, so
    that ten photos of one scene do not take ten places. Sealed examples are never chosen, since a set that was picked
    by a model proves nothing about it.

    Args:
        workspace: Where the project is.
        project: Its name.
        count: At most so many, at least 1.
        label: Only examples that are taken for this label.
        progress: Told examples asked about and examples in all.

    Raises:
        UnknownProject: No such project.
        NotTrainedYet: There is no model to be unsure.
        NothingToLabel: Every example to learn from has a label, or nobody labels examples of this kind.
        LabelNotLearned: The model does not know the label.
        InputFailed: An input that was readable on arrival no longer is.
    """
    known = workspace.ledger.project(project)
    if known.task.answers is AnswerKind.RANKING:
        raise _nobody_labels(project)
    record = workspace.ledger.latest_model(known.name)
    if record is None:
        raise NotTrainedYet.named(project)
    model = load_recorded(workspace, record.blob, many=True)
    modality = modality_named(known.task.modality)
    if label is not None and label not in model.labels:
        raise _unknown(label, model.labels)
    unlabelled, total = _unlabelled(workspace, project)
    if not unlabelled:
        raise _nothing(workspace, project, modality)
    answers = _asked(workspace, known.name, model, unlabelled, progress)
    own = np.array([place for place, said in enumerate(answers) if label in (None, *_said(said))], np.int64)
    unsure = _unsure(answers, known.task.answers)
    places, distances = _choose(workspace, known, unlabelled, unsure, own, count)
    rows = zip(places, distances, strict=True)
    chosen = tuple(_told(unlabelled[place], answers[place], distance) for place, distance in rows)
    return NextRound(chosen, total, len(unlabelled))


def unsureness(given: Array) -> Array:
    """How unsure answers are, (n,), 0..1: 1 less the margin between the likeliest label and the next.

    Args:
        given: Probabilities, (n, k), k at least 2.

    Source:
        Margin sampling, Scheffer, Decomain & Wrobel, IDA 2001.
    """
    two = np.sort(given, axis=1)[:, -2:]
    unsure: Array = 1.0 - (two[:, 1] - two[:, 0])
    return unsure


def spread_out(rows: Matrix, weight: Array, count: int) -> tuple[list[int], list[float]]:
    """Chooses rows that weigh much and lie far from each other: greedily, by weight times squared distance.

    Args:
        rows: (n, d).
        weight: (n,), above 0.
        count: At most so many.

    Returns:
        Their places in the order of choice, and each one's distance to the nearest one before it, in units of the
        median distance to the first.

    Source:
        Farthest-first traversal, Gonzalez, Theoretical Computer Science 38 (1985), with the squared distance of
        k-means++ (Arthur & Vassilvitskii, SODA 2007), without its draw.
    """
    chosen = [int(weight.argmax())]
    distances = [0.0]
    nearest = _squared(rows, chosen[0])
    others = nearest[nearest > 0]
    unit = float(np.sqrt(np.median(others))) if len(others) else 1.0
    while len(chosen) < min(count, len(rows)):
        worth = weight * nearest
        worth[chosen] = -1.0
        place = int(worth.argmax())
        distances.append(float(np.sqrt(nearest[place])) / unit)
        chosen.append(place)
        nearest = np.minimum(nearest, _squared(rows, place))
    return chosen, distances


def _unlabelled(workspace: Workspace, project: str) -> tuple[list[Example], int]:
    """The examples that may be asked about, and how many there are in all."""
    every = (each for each in workspace.ledger.examples(project, side=Side.TRAIN) if each.label is None)
    some = list(islice(every, MOST_ASKED))
    return some, len(some) + sum(1 for _ in every)


def _asked(
    workspace: Workspace,
    project: str,
    model: ReadyModel,
    examples: Sequence[Example],
    progress: Callable[[int, int], None],
) -> list[Answer]:
    """What the model says of examples."""
    answers: list[Answer] = []
    for chunk in chunks((each.digest, workspace.blobs.get(each.digest)) for each in examples):
        answers += answers_to(workspace, project, model, chunk)
        progress(len(answers), len(examples))
    return answers


def _said(answer: Answer) -> tuple[str, ...]:
    """The labels that an answer gives."""
    return labels_in(answer.label) if answer.kind is AnswerKind.LABELS else (answer.label,)


def _unsure(answers: Sequence[Answer], kind: AnswerKind) -> Array:
    """How unsure answers are, (n,), 0..1: by the margin between labels, else by the chance of being wrong."""
    if kind is AnswerKind.LABEL:
        # What is unlike all examples is unsure, however clear it seems between the labels.
        strange = np.array([each.unknown for each in answers])
        doubt = unsureness(np.array([[chance for _, chance in each.probabilities] for each in answers], np.float64))
        said = np.array([each.probability - each.runner_up_probability for each in answers], np.float64)
        return np.where(strange, np.maximum(doubt, 1.0 - np.maximum(said, 0.0)), doubt)
    return np.array([1.0 - each.probability for each in answers], np.float64)


def _choose(
    workspace: Workspace, project: Project, examples: Sequence[Example], unsure: Array, own: Indices, count: int
) -> tuple[list[int], list[float]]:
    """Places of the chosen examples, and how far each is from those before it."""
    if not len(own):
        return [], []
    pool = own[np.argsort(-unsure[own], kind="stable")[: UNSURE_FOR_EACH * count]]
    rows = _features(workspace, project, [examples[place] for place in pool])
    if rows is None:
        return [int(place) for place in pool[:count]], [0.0] * len(pool[:count])
    chosen, distances = spread_out(rows, np.maximum(unsure[pool], 1e-6), count)
    return [int(pool[place]) for place in chosen], distances


def _features(workspace: Workspace, project: Project, examples: Sequence[Example]) -> Matrix | None:
    """Standardised features of a few examples, (n, d); None where nothing tells how far they are from each other.

    Those that were computed before come from the cache. Of a table they are its cells.
    """
    digests = [each.digest for each in examples]
    if modality_named(project.task.modality).search == HEADS:
        read = cheapest_features(workspace, project.name, project.task, digests, lambda _done, _total: None)
        rows = read(np.arange(len(digests)))
    else:
        columns = columns_of(facts_for(workspace, project.name, digests))
        told = [np.nan_to_num(each.numbers) if each.quantity else each.code.astype(float) for each in columns]
        if not told:
            return None
        rows = np.stack(told, axis=1).astype(np.float32)
    deviation = rows.std(axis=0)
    standard: Matrix = np.divide(rows - rows.mean(axis=0), deviation, where=deviation > 0, out=np.zeros_like(rows))
    return standard if deviation.any() else None


def _told(example: Example, answer: Answer, distance: float) -> NextLabel:
    second = answer.runner_up, answer.runner_up_probability
    return NextLabel(example, answer.label, answer.probability, *second, distance)


def _squared(rows: Matrix, place: int) -> Array:
    return np.asarray(((rows - rows[place]) ** 2).mean(axis=1), np.float64)


def _unknown(label: str, labels: Sequence[str]) -> LabelNotLearned:
    if not labels:
        return LabelNotLearned(
            fact=f"The model does not take anything for the label “{label}”.",
            reason="It answers with numbers, and knows no labels.",
            remedy="Leave the label out.",
        )
    return LabelNotLearned(
        fact=f"The model does not know “{label}”.",
        reason=f"It tells apart {', '.join(f'“{each}”' for each in labels[:10])}.",
        remedy="Name one of these, or leave the label out.",
    )


def _nothing(workspace: Workspace, project: str, modality: Modality) -> NothingToLabel:
    noun = noun_of(modality.name)
    aside = sum(each.label is None for each in workspace.ledger.examples(project, side=Side.SET_ASIDE))
    rest, such = f"sealed {noun.many} are never picked by a model", ""
    if aside:
        one = aside == 1
        rest = f"{noun.counted(aside)} without {'is' if one else 'are'} set aside, for what belongs with "
        rest += f"{'it' if one else 'them'} is sealed"
        such = " and not like those"
    return NothingToLabel(
        fact=f"Nothing in {project} waits for a label.",
        reason=f"Every {noun.one} to learn from has one, and {rest}.",
        remedy=f"Add {noun.many} without labels{such}: {_unlabelled_come(modality.name)}.",
    )


def _unlabelled_come(modality: str) -> str:
    """In what examples without labels come."""
    rows = "rows of a table that leave the label empty"
    return rows if modality == "table" else f"a folder with no folders in it, or {rows}"


def _nobody_labels(project: str) -> NothingToLabel:
    return NothingToLabel(
        fact=f"Nothing in {project} waits for a label, and nothing ever will.",
        reason="What came next is the label of a history, and comes by itself.",
        remedy="Add what people took since; understudy curve says how much that would probably bring.",
    )
