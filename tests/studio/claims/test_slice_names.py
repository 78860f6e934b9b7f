"""Slices in the names of claims: every fact and value comes back as it is."""

from hypothesis import given
from hypothesis import strategies as st

from studio.materials import answers, material
from understudy.domain.fact_rows import FactRows
from understudy.domain.review import ClaimKind
from understudy.studio.claims.slice_claims import slices_of
from understudy.studio.claims.slice_names import slice_parts, slice_subject
from understudy.studio.claims.words import claim_name
from understudy.studio.review.launch_review import review_of

words = st.text(st.sampled_from("ab=\\\n ") | st.characters())


@given(words, words)
def test_a_slice_is_read_as_it_was_named(fact: str, value: str) -> None:
    """Whatever equals signs and backslashes stand in the fact or the value."""
    assert slice_parts(slice_subject(fact, value)) == (fact, value)


def test_usual_facts_are_named_as_they_are() -> None:
    """Nothing is added where nothing could be mistaken."""
    assert slice_subject("camera", "f=2.8") == "camera=f=2.8"


def test_a_column_with_an_equals_sign_is_told_whole() -> None:
    """A claim about the column “a=b” names it, and its value beside it."""
    given_ = answers(296, 300, facts=FactRows.of({"a=b": "high" if place % 2 else "low"} for place in range(300)))
    names = [claim_name(each) for each in review_of(material(given_)).claims if each.kind is ClaimKind.SLICE]
    assert names == ["Right where a=b is “high”", "Right where a=b is “low”"]
    assert [each.fact for each in slices_of(material(given_))] == ["a=b", "a=b"]
