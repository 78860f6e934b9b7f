"""What would change a claim that is not proven."""

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.materials import GOOD, answers, material
from understudy.domain.brief import WrongCost
from understudy.domain.review import ClaimKind, Outcome, ReasonKind
from understudy.stats.evidence_needed import FEWEST_GROUPS
from understudy.stats.looks import alpha_of
from understudy.studio.claims.claims import accuracy_claim
from understudy.studio.claims.remedies import addition, claim_remedy
from understudy.studio.claims.review_material import Material
from understudy.studio.claims.words import claim_row
from understudy.studio.judgement.sealed_answers import SealedAnswers
from understudy.studio.review.launch_review import review_of
from understudy.studio.words.phrases import PHOTOS, about

UNEVEN = replace(GOOD, wrong_costs=(WrongCost("crack", "sound", 60.0), WrongCost("sound", "crack", 6.0)))
STRICT = replace(GOOD, class_bars=(("crack", 0.95),), slices=("camera",))


def in_groups(given_: SealedAnswers, largest: int, seed: int) -> SealedAnswers:
    """The same answers, some of which belong together."""
    sizes = np.random.default_rng(seed).integers(1, largest + 1, given_.count)
    groups = np.repeat(np.arange(given_.count), sizes)[: given_.count]
    return replace(given_, groups=tuple(f"g{group}" for group in groups))


@settings(max_examples=20, deadline=None)
@given(
    of=st.integers(20, 160),
    share=st.sampled_from([0.9, 0.95, 0.98, 1.0]),
    knowing=st.booleans(),
    largest=st.integers(1, 4),
    look=st.integers(1, 3),
    brief=st.sampled_from([UNEVEN, replace(UNEVEN, asked_bar=0.95), STRICT, GOOD]),
    seed=st.integers(0, 1000),
)
def test_no_open_claim_asks_for_fewer_than_there_are(
    of: int, share: float, knowing: bool, largest: int, look: int, brief: object, seed: int
) -> None:
    """Whatever is open: what it takes in all is more than what was seen and did not prove it."""
    given_ = in_groups(answers(round(share * of), of, knowing=knowing, look=look), largest, seed)
    for claim in review_of(material(given_, brief)).claims:  # type: ignore[arg-type]
        if claim.needed is None or claim.measured is None:
            continue
        assert claim.outcome is Outcome.OPEN
        assert claim.needed > (of if claim.kind is ClaimKind.AUTOMATION else claim.measured.count)


def test_what_pairs_hold_up_is_told_in_full() -> None:
    """83 of 85 right in 82 groups: at the next look a handful more would prove nothing about the cost."""
    given_ = answers(83, 85, knowing=False)
    pairs = [f"g{place // 2}" if place < 6 else f"s{place}" for place in range(85)]
    uneven = replace(GOOD, person_cost=3.0, wrong_cost=10.0, wrong_costs=(WrongCost("crack", "sound", 40.0),))
    around = material(replace(given_, groups=tuple(pairs)), uneven)
    (claim,) = [each for each in review_of(around).claims if each.kind is ClaimKind.AUTOMATION]
    assert claim.outcome is Outcome.OPEN
    assert claim.needed is not None
    assert claim.needed > 100
    assert around.next_confidence == pytest.approx(1 - alpha_of(2))


def test_one_more_is_told_as_one() -> None:
    """“1 of them is sealed”, and a single one is added, not several."""
    around = material(answers(112, 120))
    (claim,) = [each for each in review_of(around).claims if each.kind is ClaimKind.ACCURACY]
    claim = replace(claim, needed=121)
    assert "Add about 4 more photos: 1 of them is sealed" in claim_remedy(around, claim)
    everything = replace(around.grounds.project, sealed_share=0.0)
    unsealed = replace(around, grounds=replace(around.grounds, project=everything))
    assert claim_remedy(unsealed, claim) == "About 1 more sealed photo would probably show it."


@pytest.mark.parametrize(
    ("of", "missing", "added"),
    [
        (120, 1_500, "6,000"),
        (120, 2_500, "10,000"),
        (120, 2_501, None),
        (3_000, 30_000, "120,000"),
        (3_000, 30_001, None),
    ],
)
def test_nobody_is_told_to_add_more_than_anyone_gathers(of: int, missing: int, added: str | None) -> None:
    """A quarter is sealed: up to 10,000 photos are asked for, or ten times what there is where that is more."""
    around = material(answers(round(0.93 * of), of))
    claim = replace(accuracy_claim(around), outcome=Outcome.OPEN, needed=of + missing)
    told = addition(around, claim)
    assert told.startswith(f"Add about {added} more photos: ") if added else told == ""
    assert added is not None or "More photos alone will hardly show it" in claim_remedy(around, claim)


def clips(right: int, groups: int, each: int) -> Material:
    """So many right of groups of equal size."""
    names = tuple(f"g{place // each}" for place in range(groups * each))
    return material(answers(right, groups * each, knowing=False, groups=names), replace(GOOD, asked_bar=0.95))


def test_where_evidence_rests_on_groups_groups_are_asked_for() -> None:
    """20 groups of 5, one wrong: so many more groups, and how many photos that is; the more there are, the fewer."""
    around = clips(99, 20, 5)
    (claim,) = [each for each in review_of(around).claims if each.kind is ClaimKind.ACCURACY]
    assert claim.needed is not None
    told = claim_remedy(around, claim)
    found = re.fullmatch(
        r"Add photos of about ([\d,]+) more groups \(about ([\d,]+) photos, if each has as many as now\): "
        r"([\d,]+) of those groups are sealed; labelling them costs about €[\d,]+\.",
        told,
    )
    assert found is not None, told
    groups, photos, sealed = (int(each.replace(",", "")) for each in found.groups())
    assert photos == pytest.approx(5 * groups, rel=0.1)
    assert sealed == pytest.approx(math.ceil((claim.needed - 100) / 5), rel=0.1)
    assert groups == pytest.approx(4 * sealed, rel=0.1)
    assert f"in about {about(math.ceil(claim.needed / 5))} groups" in claim_row(claim, "EUR", PHOTOS).needs


@pytest.mark.parametrize("groups", [2, FEWEST_GROUPS - 1])
def test_of_too_few_groups_no_number_is_told(groups: int) -> None:
    """All right, and still nobody can say how many it takes: it says so instead of a number."""
    around = clips(groups * 6, groups, 6)
    (claim,) = [each for each in review_of(around).claims if each.kind is ClaimKind.ACCURACY]
    assert claim.outcome is Outcome.OPEN
    assert claim.needed is None
    assert claim_remedy(around, claim).startswith(
        "Add photos of more groups: how many cannot be told, for fewer than 10"
    )


def test_too_few_and_the_open_claim_ask_for_the_same() -> None:
    """Where even no mistake could prove the bar, groups are missing, and both say how many, or that nobody can."""
    asked = []
    for groups in (2, 12, 24):
        review = review_of(clips(groups * 6, groups, 6))
        few, claim = (
            next(each.remedy for each in review.reasons if each.kind is kind)
            for kind in (ReasonKind.TOO_FEW_EXAMPLES, ReasonKind.CLAIM_OPEN)
        )
        assert few.endswith(f"Or a{claim[1:]}")
        found = re.search(r"photos of about ([\d,]+) more groups \(about ([\d,]+) photos", few)
        assert (found is None) == (groups < FEWEST_GROUPS)
        asked += [] if found is None else [[int(each.replace(",", "")) for each in found.groups()]]
    assert all(photos == pytest.approx(6 * groups, rel=0.1) for groups, photos in asked)
    assert sorted(asked, reverse=True) == asked
