"""What a promise comes to as a claim."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.materials import GOOD, answers, material
from studio.reviews import ALPHA, curve, wrong
from understudy.domain.review import AutomationPromise, ClaimKind, Outcome
from understudy.studio.claims.automation_claims import is_worthwhile, promise_claim
from understudy.studio.judgement.sealed_answers import SealedAnswers
from understudy.studio.review.launch_review import review_of


def by_chance(seed: int, of: int, errs: float) -> SealedAnswers:
    """Answers that are wrong by chance, seldom where they are surest, in training as sealed."""
    draw = np.random.default_rng(seed)
    truth, sure = np.arange(of) % 2, draw.uniform(0.5, 1.0, of)
    said = np.where(draw.uniform(size=of) < errs * 4 * (1 - sure), 1 - truth, truth)
    probabilities = np.empty((of, 2))
    probabilities[np.arange(of), said], probabilities[np.arange(of), 1 - said] = sure, 1 - sure
    stated = draw.uniform(0.5, 1.0, 120)
    right = draw.uniform(size=120) >= errs * 4 * (1 - stated)
    return replace(answers(of, of), truth=truth, probabilities=probabilities, stated=stated, right=right)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([40, 90, 300]), st.sampled_from([0.02, 0.05, 0.1]))
def test_what_meets_its_bar_is_proven(seed: int, of: int, errs: float) -> None:
    """No claim stands open beside a figure that is as good as what is asked: it tells what was tested."""
    review = review_of(material(by_chance(seed, of, errs), GOOD))
    for claim in review.claims:
        if claim.kind is ClaimKind.AUTOMATION and claim.measured is not None and claim.bar is not None:
            assert (claim.measured.upper <= claim.bar) == (claim.outcome is Outcome.PROVEN)


@pytest.mark.parametrize(("share", "worth"), [(0.0, False), (0.0999, False), (0.1, True), (0.5, True)])
def test_a_tenth_answered_alone_is_worth_its_keep(share: float, worth: bool) -> None:
    """A smaller share is not; and where no threshold is promised, nothing is."""
    promised = AutomationPromise(0.05, 0.9, share, share, 1 - ALPHA, curve())
    assert is_worthwhile(promised) is worth
    assert not is_worthwhile(replace(promised, threshold=None))
    assert not is_worthwhile(None)


def test_the_threshold_that_failed_is_told() -> None:
    """The figure and what is needed are those of the test that ended the testing, however good others look."""
    points = curve()
    failed, better = points[17], points[9]
    assert better.error_upper < failed.error_upper
    promise = AutomationPromise(0.05, None, 0.0, 0.0, 1 - ALPHA, points, failed=failed.threshold)
    asked: list[float] = []

    def needs(point: object) -> int:
        asked.append(point.threshold)  # type: ignore[attr-defined]
        return 500

    claim = promise_claim(promise, lambda point: wrong(point.wrong, point.answered), needs)
    assert claim.measured is not None
    assert claim.measured.count == failed.answered
    assert asked == [failed.threshold]
    assert claim.needed == round(500 / failed.share)


def test_what_looks_proven_but_was_never_tested_asks_for_no_more_examples() -> None:
    """A threshold whose own bound keeps the limit needs none to do so; that it was not tested is another reason."""
    points = curve()
    limit = max(point.error_upper for point in points)
    promise = AutomationPromise(limit, None, 0.0, 0.0, 1 - ALPHA, points)
    assert any(0 < point.error < point.error_upper <= limit for point in points)

    def needs(_: object) -> int:
        raise AssertionError("Nobody may be asked how many more examples it takes.")

    claim = promise_claim(promise, lambda point: wrong(point.wrong, point.answered), needs)
    assert claim.measured is not None
    assert claim.needed is None
