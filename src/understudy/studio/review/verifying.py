"""Verifying a review: is everything still there that it rests on, and does it still give the same figures?"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding
from understudy.domain.review import Review
from understudy.domain.task import number_in
from understudy.search.model_file import TOLERANCE
from understudy.store.codec import as_json
from understudy.store.forgotten_names import FORGOTTEN
from understudy.store.inputs import Erasure
from understudy.studio.claims.review_material import Grounds, Material, double_answers, unpacked_grounds
from understudy.studio.examples.answering import answers_to, chunks
from understudy.studio.judgement.judging import answers_in, changed_since, sealed_labels, seen_before
from understudy.studio.judgement.sealed_answers import SealedAnswers
from understudy.studio.review.launch_review import review_of
from understudy.studio.training.shelf import load_recorded
from understudy.studio.words.phrases import Noun, number, things_of
from understudy.studio.workspace import Workspace

CLOSE = 1e-9
"""How far, relatively, a figure may be off: processors differ in the last digits of a sum."""

MOST_DIFFERENCES = 5
SEALED = "the sealed examples"


class NoReview(UnderstudyError):
    """There is no such review to verify."""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: What ("the figures").
        holds: Whether it is as it should be.
        says: What was found, one sentence.
    """

    name: str
    holds: bool
    says: str


@dataclass(frozen=True)
class Verification:
    """What verifying a review found.

    Attributes:
        number: Which review of the project; 1 is the first.
        review: As it is on record.
        checks: Everything that was looked at.
    """

    number: int
    review: Review
    checks: tuple[Check, ...]

    @property
    def holds(self) -> bool:
        """Everything is as it should be."""
        return all(check.holds for check in self.checks)


@dataclass(frozen=True)
class _Case:
    workspace: Workspace
    project: str
    review: Review
    answers: SealedAnswers
    grounds: Grounds

    @cached_property
    def erasures(self) -> Mapping[str, Erasure]:
        """Of the examples that were answered, those that were forgotten since."""
        return self.workspace.ledger.erasures(self.project, self.answers.digests)


def verify(
    workspace: Workspace,
    project: str,
    number: int | None = None,
    *,
    deep: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Verification:
    """Computes a review again from what the ledger and the blob store hold, and compares.

    Args:
        workspace: Where the project is.
        project: Its name.
        number: Which of its reviews, 1 for the first; the latest by default.
        deep: The model also answers every sealed photo again.
        progress: Told photos done and photos in all, while it does.

    Raises:
        UnknownProject: No such project.
        NoReview: It has no such review.
    """
    place, review = _found(workspace.ledger.reviews(project), project, number)
    checks = [
        _readable("the answers", lambda: answers_in(workspace, review.answers)),
        _readable("all else it rests on", lambda: unpacked_grounds(workspace.blobs.get(review.material))),
        _readable("the model", lambda: _model_bytes(workspace, project, review)),
    ]
    if not all(check.holds for check in checks):
        return Verification(place, review, tuple(checks))
    answers = answers_in(workspace, review.answers)
    grounds = unpacked_grounds(workspace.blobs.get(review.material))
    case = _Case(workspace, project, review, answers, grounds)
    checks += [_look(case), _data(case), _brief(case), _people(case), _findings(case), _figures(case)]
    if deep:
        checks.append(_again(case, progress))
    return Verification(place, review, tuple(checks))


def _found(reviews: list[Review], project: str, number: int | None) -> tuple[int, Review]:
    place = len(reviews) if number is None else number
    if not 1 <= place <= len(reviews):
        there = {0: "It has no review yet", 1: "It has one review"}.get(
            len(reviews), f"It has {number_of(len(reviews))}"
        )
        raise NoReview(
            fact=f"There is no {f'review {number}' if number else 'review'} of “{project}” to verify.",
            reason=f"{there}.",
            remedy=f"Make one with: understudy review {project}",
        )
    return place, reviews[place - 1]


def number_of(count: int) -> str:
    """So many reviews, in words."""
    return f"{number(count)} reviews"


def _readable(name: str, read: Callable[[], object]) -> Check:
    try:
        read()
    except UnderstudyError as error:
        return Check(name, False, f"{error.fact} {error.reason}")
    return Check(name, True, "Their bytes still have the digest that the review names.")


def _model_bytes(workspace: Workspace, project: str, review: Review) -> bytes:
    """The model's file; the blob store proves that its bytes have its digest, which is its version."""
    record = next((each for each in workspace.ledger.models(project) if each.version == review.model), None)
    if record is None or record.blob != review.model:
        raise NoReview(
            fact=f"The ledger knows no model {review.model[:12]}.",
            reason="The review names a model that was never recorded.",
            remedy="Restore the workspace from a backup.",
        )
    return workspace.blobs.get(record.blob)


def _look(case: _Case) -> Check:
    kept = next((each for each in case.workspace.ledger.looks(case.project) if each.number == case.review.look), None)
    same = kept is not None and (kept.model, kept.answers) == (case.review.model, case.review.answers)
    same = same and (case.answers.model, case.answers.look) == (case.review.model, case.review.look)
    same = same and case.grounds.times_seen == seen_before(case.workspace, case.project, case.answers)
    told = f"Look {case.review.look} was spent on this model, and these are the answers it was given."
    return Check("the look", same, told if same else "The ledger's looks do not hold what the review names.")


def _data(case: _Case) -> Check:
    """The answers are to the data that the review names; what came or was forgotten since is told, and no fault."""
    if case.answers.data != case.review.data:
        return Check(SEALED, False, "The answers are to other examples or labels than the review names.")
    blobs = case.workspace.blobs
    lost = sum(not blobs.has(digest) for digest in case.answers.digests if digest not in case.erasures)
    if lost:
        gone = "is gone, and nobody deleted it" if lost == 1 else "are gone, and nobody deleted them"
        return Check(SEALED, False, f"{_of_answered(case, lost)} {gone} with “forget”.")
    changed = changed_since(case.workspace, case.project, case.answers, sealed_labels(case.workspace, case.project))
    told = [_forgotten(case)] if case.erasures else []
    if changed:
        told += ["All others are there." if told else "They are all there.", _changed(case, changed)]
    elif told:
        told.append("All others are there with their labels, and no more came.")
    else:
        told.append("Examples and labels are those that were answered, and no others.")
    return Check(SEALED, True, " ".join(told))


def _things(case: _Case) -> Noun:
    return things_of(case.grounds.project)


def _of_answered(case: _Case, count: int) -> str:
    return f"{number(count)} of the {_things(case).counted(case.answers.count)} that were answered"


def _forgotten(case: _Case) -> str:
    """How many of those that were answered were deleted as they may be, and when."""
    days = sorted(f"{each.at:%Y-%m-%d}" for each in case.erasures.values())
    when = f"on {days[0]}" if days[0] == days[-1] else f"between {days[0]} and {days[-1]}"
    was = "was" if len(days) == 1 else "were"
    return f"{_of_answered(case, len(days))} {was} forgotten {when}; what was answered still counts."


def _changed(case: _Case, changed: AbstractSet[str]) -> str:
    things, added = _things(case), len(changed - set(case.answers.digests))
    corrected = things.counted(len(changed) - added)
    return (
        f"Since then {things.counted(added)} came to them and {corrected} got another label, so a review made now "
        "would look anew."
    )


def _brief(case: _Case) -> Check:
    kept, named = case.grounds.brief, case.review.brief
    if kept is None:
        return Check("the brief", named is None, "There was none." if named is None else "It is not in what was kept.")
    on_record = next((each for each in case.workspace.ledger.briefs(case.project) if each.number == kept.number), None)
    same = on_record == kept and named == kept.number
    told = f"Version {kept.number}, by {kept.by}, is on record as it was read."
    return Check("the brief", same, told if same else "The brief on record is not the one that was read.")


def _people(case: _Case) -> Check:
    said = (each for each in case.workspace.ledger.opinions(case.project) if each.at <= case.grounds.at)
    same = double_answers(said) == case.grounds.pairs
    told = f"{number(len(case.grounds.pairs))} examples were answered by two people, as on record."
    return Check("double answers", same, told if same else "The labels on record give other double answers.")


def _findings(case: _Case) -> Check:
    """What stood against a launch then, by the audit that was the latest."""
    ledger, name = case.workspace.ledger, "the findings"
    audit = ledger.latest_data_audit(case.project, at=case.grounds.at)
    taken = {each.identity for each in ledger.acceptances(case.project) if each.at <= case.grounds.at}
    stood = [each for each in audit.findings if each.identity not in taken] if audit is not None else []
    apart = {each.identity for each in stood} ^ {each.identity for each in case.grounds.findings}
    if not apart:
        return Check(name, True, f"{number(len(stood))} stood then, as on record.")
    if _told_without_names(case, stood):
        told = f"{number(len(stood))} {'is' if len(stood) == 1 else 'are'} on record"
        return Check(name, True, f"{told}, without the names of what was forgotten since.")
    return Check(name, False, "The audit on record has other findings than those that were read.")


def _told_without_names(case: _Case, stood: Iterable[Finding]) -> bool:
    """Whether findings differ from those that were read by nothing but what `forget` takes out of them.

    It takes out names, and findings about a forgotten input alone: of these there are no more than inputs that were
    forgotten since, and nothing that is there has their name.
    """
    ledger, left = case.workspace.ledger, list(case.grounds.findings)
    for each in stood:
        same = next((one for one in left if _same_but_for_names(one, each)), None)
        if same is None:
            return False
        left.remove(same)
    digests = [each.digest for each in ledger.arrivals(case.project)]
    since = sum(at >= case.grounds.at for at in ledger.erased(case.project, digests).values())
    named = any(True for each in left for _ in ledger.examples(case.project, called=each.subject))
    return 0 < since >= len(left) and not named


def _same_but_for_names(before: Finding, after: Finding) -> bool:
    parts = ((before.subject, after.subject), (before.fact, after.fact))
    return before.kind is after.kind and all(
        re.fullmatch(".+".join(map(re.escape, now.split(FORGOTTEN))), then, re.DOTALL) for then, now in parts
    )


def _figures(case: _Case) -> Check:
    """The review once more, from the stored answers."""
    again = review_of(Material(case.answers, case.review.answers, case.grounds, case.review.material))
    differ = list(_differences(as_json(Review, case.review), as_json(Review, again), ""))
    if not differ:
        return Check("the figures", True, "Computed again, the review is the same, figure by figure.")
    shown = "; ".join(differ[:MOST_DIFFERENCES])
    more = f"; and {number(len(differ) - MOST_DIFFERENCES)} more" if len(differ) > MOST_DIFFERENCES else ""
    return Check("the figures", False, f"Computed again, these differ: {shown}{more}.")


def _differences(kept: Any, now: Any, place: str) -> Iterator[str]:
    """Where two records differ, as "place: kept, now"."""
    if isinstance(kept, dict) and isinstance(now, dict):
        for key in sorted(kept.keys() | now.keys()):
            yield from _differences(kept.get(key), now.get(key), f"{place}.{key}" if place else str(key))
    elif isinstance(kept, list) and isinstance(now, list) and len(kept) == len(now):
        for index, (one, other) in enumerate(zip(kept, now, strict=True)):
            yield from _differences(one, other, f"{place}[{index}]")
    elif isinstance(kept, float) and isinstance(now, float | int) and not isinstance(now, bool):
        if not math.isclose(kept, now, rel_tol=CLOSE, abs_tol=CLOSE):
            yield f"{place}: {kept}, now {now}"
    elif kept != now:
        yield f"{place}: {str(kept)[:80]}, now {str(now)[:80]}"


def _again(case: _Case, progress: Callable[[int, int], None]) -> Check:
    """The model answers every sealed example once more."""
    model, blobs = load_recorded(case.workspace, case.review.model, many=True), case.workspace.blobs
    digests, worst, others, done = case.answers.digests, 0.0, 0, 0
    there = [place for place, digest in enumerate(digests) if digest not in case.erasures]
    try:
        for chunk in chunks((digests[place], blobs.get(digests[place])) for place in there):
            given = answers_to(case.workspace, case.review.project, model, chunk)
            gap, differing = _compared(case.answers, there[done : done + len(chunk)], given)
            worst, others, done = max(worst, gap), others + differing, done + len(chunk)
            progress(done, len(there))
    except UnderstudyError as error:
        return Check("the model's answers", False, f"{error.fact} {error.reason}")
    asked = f"{_things(case).counted(len(there))}{' that were not forgotten' if case.erasures else ''}"
    told = f"Asked again about {asked}, no probability is off by more than {worst:.2g}"
    if others:
        other = "is another" if others == 1 else "are others"
        return Check("the model's answers", False, f"{told}, and {number(others)} of its answers {other}.")
    return Check("the model's answers", worst <= TOLERANCE, f"{told}; {TOLERANCE} is allowed.")


def _compared(kept: SealedAnswers, places: Sequence[int], given: Sequence[Answer]) -> tuple[float, int]:
    """The largest gap between probabilities, and how many answers are others or have none; of labels, gaps tell."""
    if kept.replies is None:
        told = np.array([[chance for _, chance in each.probabilities] for each in given], np.float64)
        before, alike = kept.probabilities[places, : told.shape[1]], [True] * len(given)
    else:
        told = np.array([[each.probability] for each in given], np.float64)
        before, answers = kept.replies.sure[places, None], kept.answers
        alike = [_alike(each.label, answers[place]) for each, place in zip(given, places, strict=True)]
    gaps = np.abs(told - before).max(axis=1)
    known = np.isfinite(gaps)
    return float(gaps[known].max(initial=0.0)), int(np.sum(~(known & np.array(alike))))


def _alike(one: str, other: str) -> bool:
    """Numbers may differ in the last of the digits that are kept."""
    return one == other or math.isclose(number_in(one), number_in(other), rel_tol=1e-4)
