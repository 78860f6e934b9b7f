"""Names of projects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.project import NAME_PATTERN, BadName, checked_name, name_from


@given(st.text(max_size=200))
def test_any_text_becomes_a_name_or_is_refused(text: str) -> None:
    """Whatever a folder is called, its project's name is one that addresses can hold, or there is a clear refusal."""
    try:
        name = name_from(text)
    except BadName:
        assert not any(letter.isascii() and letter.isalnum() for letter in text.lower())
        return
    assert NAME_PATTERN.fullmatch(name)
    assert name_from(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My Photos/", "my-photos"),
        ("turbine_blades", "turbine-blades"),
        ("Äpfel 2026", "aepfel-2026"),
        ("Ölwechsel", "oelwechsel"),
        ("O\u0308lwechsel", "oelwechsel"),
        ("ünïcode prüfung", "uenicode-pruefung"),
        ("Straße", "strasse"),
        ("crème brûlée", "creme-brulee"),
    ],
)
def test_names_are_made_of_what_can_be_used(text: str, name: str) -> None:
    """Letters, digits and hyphens between them are kept, in lower case, and others written with them."""
    assert name_from(text) == name


@pytest.mark.parametrize(
    ("name", "meant"), [("Ölwechsel", "oelwechsel"), ("Blade Check", "blade-check"), ("…", "blade-check")]
)
def test_a_refused_name_is_offered_as_it_can_be(name: str, meant: str) -> None:
    """The remedy names what a page would make of it."""
    with pytest.raises(BadName) as refused:
        checked_name(name)
    assert refused.value.remedy == f"Choose a name such as “{meant}”."


@pytest.mark.parametrize("name", ["", "-a", "a-", "A", "a b", "../x", "x" * 65, "a\n"])
def test_what_an_address_cannot_hold_is_refused(name: str) -> None:
    """A name that would break an address, a path or a command is refused."""
    with pytest.raises(BadName):
        checked_name(name)
