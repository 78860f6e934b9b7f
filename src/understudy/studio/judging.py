"""Judging: a look at the sealed set, and what it showed."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt

from understudy.domain.evidence import Judgement
from understudy.domain.example import Example
from understudy.search.model import Model
from understudy.stats.judgement import judge
from understudy.studio.workspace import Workspace

CHUNK = 64
Probabilities = npt.NDArray[np.float64]


def look(workspace: Workspace, project: str, model: Model, *, progress: Callable[[int, int], None]) -> Judgement:
    """Opens the sealed set, lets a model answer for every photo in it, and records what that showed.

    The look counts from the moment the labels can be read, whatever comes of it.

    Args:
        workspace: Where the project is.
        project: Whose sealed set.
        model: The tested file, as it will answer.
        progress: Told photos done and photos in all.

    Raises:
        UnknownProject: No such project.
        BlobMissing, BlobCorrupt: A photo is no longer there as it came.
    """
    ledger = workspace.ledger
    counts = ledger.counts(project)
    opened = ledger.open_sealed(project, model=model.version, at=workspace.now())
    examples: list[Example] = []
    answers: list[Probabilities] = []
    for chunk in _chunks(opened.examples):
        labelled = [example for example in chunk if example.label is not None]
        photos = [workspace.blobs.get(example.digest) for example in labelled]
        examples += labelled
        answers.append(model.probabilities(photos).astype(np.float64))
        progress(len(examples), counts.sealed)
    labels = _all_labels(model.labels, examples)
    judgement = judge(
        model=model.version,
        labels=labels,
        truth=np.array([labels.index(str(example.label)) for example in examples], np.int64),
        probabilities=_widened(answers, len(model.labels), len(labels)),
        groups=[example.group for example in examples],
        digests=[example.digest for example in examples],
        threshold=model.threshold,
        majority_label=_majority(model),
        look=opened.number,
    )
    ledger.record_judgement(project, judgement, at=workspace.now())
    return judgement


def _chunks(examples: Iterator[Example]) -> Iterator[list[Example]]:
    while chunk := list(islice(examples, CHUNK)):
        yield chunk


def _all_labels(known: Sequence[str], examples: Sequence[Example]) -> tuple[str, ...]:
    """The model's labels, then those that only the sealed set has: whatever it answers there is wrong."""
    unknown = sorted({str(example.label) for example in examples} - set(known))
    return (*known, *unknown)


def _widened(answers: Sequence[Probabilities], known: int, labels: int) -> Probabilities:
    """Rows that sum to 1 exactly, with no probability on labels that the model never learned."""
    given = np.concatenate(answers) if answers else np.empty((0, known))
    given = given / given.sum(axis=1, keepdims=True)
    return np.hstack([given, np.zeros((len(given), labels - known))])


def _majority(model: Model) -> str:
    """The commonest label among the photos that the model learned from; of equals the first."""
    examples = model.description.examples
    return model.labels[examples.index(max(examples))]
