"""Popularity as the rule of one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.audit.popularity import Chosen, Popularity, popular_rule
from understudy.domain.rule import RuleKind

ITEMS = "abcdefgh"


def _one(liked: str, had: str, following: str) -> Chosen:
    return Chosen(frozenset(liked), frozenset(had), following)


def test_all_that_people_liked_counts_and_not_what_came_next_alone() -> None:
    """An item that many liked stands before one that came next more often; of equals, what more people had."""
    people = [_one("ax", "a", "x"), _one("ay", "ab", "y"), _one("ax", "ab", "x"), _one("az", "a", "z")]
    assert Popularity.of(people, again=False).items == ("a", "x", "y", "z", "b")
    assert Popularity.of([_one("ax", "ab", "x"), _one("b", "", "b")], again=False).items == ("b", "a", "x")


def test_what_somebody_has_is_not_listed_unless_it_comes_again() -> None:
    """The rule leaves out what a model's lists leave out, and fills up with what comes after it."""
    people = [_one("ab", "a", "b"), _one("ac", "a", "c"), _one("a", "", "a")]
    assert Popularity.of(people, again=False).listed({"a"}, 2) == ("b", "c")
    assert Popularity.of(people, again=True).listed({"a"}, 2) == ("a", "b")


def test_its_accuracy_is_that_of_lists_which_others_made() -> None:
    """Where everybody's next item is nobody else's, popularity is right for none of them."""
    people = [_one(f"x{place}", "x", f"{place}") for place in range(10)]
    rule = popular_rule(people, [str(place) for place in range(10)], again=False, titles={"x": "The X"}, seed=0)
    assert (rule.kind, rule.accuracy) == (RuleKind.POPULAR, 0.0)
    assert rule.answers[0] == ("x", "The X")
    assert rule.answer({}).startswith("x; ")
    with pytest.raises(ValueError, match="at least one"):
        popular_rule([], [], again=False, titles={}, seed=0)


@given(
    st.lists(st.tuples(st.sets(st.sampled_from(ITEMS)), st.sampled_from(ITEMS)), min_size=1, max_size=12),
    st.sets(st.sampled_from(ITEMS)),
)
def test_no_item_that_is_left_out_was_liked_by_more(people: list[tuple[set[str], str]], had: set[str]) -> None:
    """What stands in a list was liked by as many people as any other item that somebody does not have."""
    chosen = [Chosen(frozenset({*liked, following}), frozenset(liked), following) for liked, following in people]
    often = {item: sum(item in each.liked for each in chosen) for item in ITEMS}
    listed = Popularity.of(chosen, again=False).listed(had, 3)
    others = {item for item in ITEMS if often[item]} - had - set(listed)
    assert not set(listed) & had
    assert all(often[one] >= often[other] for one in listed for other in others)
