"""Fingerprints tell near-identical texts from merely similar ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.text.fingerprint import HASHES, NEAR, distance, fingerprint_of, packed

SOME = ["where", "is", "my", "card", "and", "why", "was", "it", "not", "sent", "to", "me", "last", "week"]
WORDS = st.lists(st.sampled_from(SOME), min_size=1)


@given(WORDS, st.sampled_from(["  ", ", ", " – ", "\n", "! "]))
def test_case_spaces_and_punctuation_change_nothing(words: list[str], between: str) -> None:
    """A text in capitals, with other spaces and punctuation, has the same fingerprint."""
    assert fingerprint_of(" ".join(words)) == fingerprint_of(between.join(words).upper() + "?!")


@given(st.text())
def test_any_text_has_one(text: str) -> None:
    """Whatever the text, it has a fingerprint of 64 bytes, and no distance to itself."""
    print_of = fingerprint_of(text)
    assert packed([print_of]).shape == (1, HASHES)
    assert distance(print_of, print_of) == 0


ORDER = "Thank you for your order 123%d, it will be sent on Tuesday."
WAITING = "I still have not received my new card, which was sent two weeks ago."


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (ORDER % 4, ORDER % 5, True),
        (WAITING, f"{WAITING} Thanks", True),
        ("How do I cancel my card?", "How do I cancel a transfer?", False),
        ("Where is my card?", "Is my card on its way?", False),
        ("👍👍", "👎👎", False),
        ("yes", "no", False),
    ],
)
def test_near_is_what_a_person_calls_the_same(one: str, other: str, near: bool) -> None:
    """A changed digit or an added word leaves a long text near itself; another question on the same thing is not."""
    assert (distance(fingerprint_of(one), fingerprint_of(other)) <= NEAR) is near


def test_what_is_no_fingerprint_is_refused() -> None:
    """A fingerprint of another length is refused."""
    with pytest.raises(ValueError, match="128 hex digits"):
        packed(["ab"])
