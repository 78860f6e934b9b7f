"""What a brief's figures mean for a review on record."""

from dataclasses import replace

import pytest

from briefs import BLADES
from studio.reviews import launch
from understudy.domain.brief import WrongCost
from understudy.domain.economics import economics_of
from understudy.domain.means import Means
from understudy.studio.review.economics import review_economics

KINDS = (WrongCost("ham", "spam", 20.0), WrongCost("spam", "ham", 5.0))


def test_a_review_reckons_with_its_own_labels() -> None:
    """Where each kind of wrong answer among its labels has a cost, a cost of others plays no part, as in the brief."""
    brief = replace(BLADES, person_cost=0.3, model_cost=0.001, wrong_cost=4.0, wrong_costs=KINDS)
    told = review_economics(launch(("ham", "spam")), brief)
    in_the_brief = economics_of(brief, Means(labels=(("ham", 10), ("spam", 10))))
    assert told.people_cost == in_the_brief.people_cost == pytest.approx(0.45)
    assert (told.bar, told.planning_bar) == (in_the_brief.bar, in_the_brief.planning_bar)


def test_without_a_brief_nothing_is_reckoned() -> None:
    """A review that rests on no brief has no costs."""
    assert review_economics(launch(), None).people_cost is None
