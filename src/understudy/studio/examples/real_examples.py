"""Real examples: of all that a model learns from, what its rule, an audit and a measurement go by."""

from collections.abc import Iterator

from understudy.domain.example import Example, Provenance, Side
from understudy.store.ledger import Ledger


def labelled_examples(ledger: Ledger, project: str) -> Iterator[Example]:
    """Labelled training examples that nobody made up; all of them while the real ones have no two answers.

    Raises:
        UnknownProject: No such project.
    """
    every = (each for each in ledger.examples(project, side=Side.TRAIN) if each.label is not None)
    return (each for each in every if not is_made_up(each)) if real_ones_suffice(ledger, project) else every


def real_ones_suffice(ledger: Ledger, project: str) -> bool:
    """Whether there is something to tell apart without those that were made up."""
    if not ledger.counts(project).synthetic:
        return True
    answers = (each.label for each in real_examples(ledger, project))
    first = next(answers, None)
    return any(answer != first for answer in answers)


def real_examples(ledger: Ledger, project: str) -> Iterator[Example]:
    """Labelled training examples that nobody made up."""
    every = ledger.examples(project, side=Side.TRAIN)
    return (each for each in every if each.label is not None and not is_made_up(each))


def is_made_up(example: Example) -> bool:
    """Whether somebody made an example up, so that nothing may be judged by it."""
    return example.provenance is Provenance.SYNTHETIC
