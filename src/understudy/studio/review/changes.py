"""What changed since a review was made, so that no old verdict is taken for the present one."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from understudy.domain.arrival import Arrival
from understudy.domain.brief import BriefVersion
from understudy.domain.errors import UnderstudyError
from understudy.domain.example import Label
from understudy.domain.review import Review
from understudy.domain.stage import Stage, StageChange
from understudy.studio.audits.standing import FindingsKept, standing
from understudy.studio.claims.review_material import Grounds, double_answers, unpacked_grounds
from understudy.studio.judgement.champion import champion_in
from understudy.studio.judgement.judging import digest_of_sealed
from understudy.studio.words.phrases import Noun


class Change(StrEnum):
    """What a review read and is no longer as it was."""

    BRIEF = "brief"
    EXAMPLES = "examples"
    FINDINGS = "findings"
    CHAMPION = "model that answers"


class TrainCounts(Protocol):
    """Labelled training examples, by label."""

    @property
    def train(self) -> Mapping[str, int]:
        """How many there are of each label."""
        ...


class Kept(FindingsKept, Protocol):
    """What is read of the ledger. Blocks."""

    def latest_brief(self, project: str) -> BriefVersion | None:
        """The version of the brief that stands, or None."""
        ...

    def stage(self, project: str) -> StageChange | None:
        """The stage that holds, or None before the first."""
        ...

    def counts(self, project: str) -> TrainCounts:
        """How many examples there are, by side and label."""
        ...

    def arrivals(self, project: str) -> Iterator[Arrival]:
        """Every example, without what is in it."""
        ...

    def opinions(self, project: str) -> Iterator[Label]:
        """Everything that was said about training examples."""
        ...

    def labelled_at(self, project: str) -> datetime | None:
        """When a label was given last, or None."""
        ...


class Blobs(Protocol):
    """Where the review's material is. Blocks."""

    def get(self, digest: str) -> bytes:
        """The bytes whose SHA-256 is `digest`."""
        ...


def changes_since(review: Review, ledger: Kept, blobs: Blobs) -> tuple[Change, ...]:
    """What a review of the same model would read otherwise today.

    Args:
        review: As it is on record.
        ledger: Of its workspace.
        blobs: Of its workspace. Material that cannot be read tells nothing here; verifying the review does.
    """
    try:
        grounds = unpacked_grounds(blobs.get(review.material))
    except UnderstudyError:
        grounds = None
    changes = {
        Change.BRIEF: _brief(review, ledger),
        Change.EXAMPLES: _examples(review, grounds, ledger),
        Change.FINDINGS: grounds is not None and set(standing(ledger, review.project)) != set(grounds.findings),
        Change.CHAMPION: grounds is not None and _champion(review, grounds, ledger),
    }
    return tuple(change for change, is_so in changes.items() if is_so)


def change_words(changes: Iterable[Change], things: Noun, review: str = "this review") -> str:
    """In one sentence: "The brief and the photos changed since this review."; empty where nothing has.

    Args:
        changes: What is no longer as it was.
        things: What the project's examples are called.
        review: Since which.
    """
    told = [f"the {things.many if change is Change.EXAMPLES else change.value}" for change in changes]
    if not told:
        return ""
    listed = " and ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)
    return f"{listed[:1].upper()}{listed[1:]} changed since {review}."


def _brief(review: Review, ledger: Kept) -> bool:
    latest = ledger.latest_brief(review.project)
    return (None if latest is None else latest.number) != review.brief


def _champion(review: Review, grounds: Grounds, ledger: Kept) -> bool:
    """Whether another model answers, or none does any more, than the one that this was held against.

    Where the model under review has itself come to answer all, its own launch is no news to it.
    """
    standing = ledger.stage(review.project)
    if standing is not None and standing.stage is Stage.LIVE and standing.model == review.model:
        return False
    return champion_in(standing, beside=review.model) != grounds.champion


def _examples(review: Review, grounds: Grounds | None, ledger: Kept) -> bool:
    """Labels are only ever added, so where none came later nothing has to be compared."""
    last = ledger.labelled_at(review.project)
    if last is None or last < review.at:
        return False
    if digest_of_sealed(ledger.arrivals(review.project)) != review.data:
        return True
    if grounds is None:
        return False
    trained = dict(ledger.counts(review.project).train)
    return trained != dict(grounds.train) or double_answers(ledger.opinions(review.project)) != grounds.pairs
