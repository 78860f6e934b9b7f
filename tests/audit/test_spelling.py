"""One thing written in several ways, and what is only written alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import material

from understudy.audit.spelling import dirty_values


def subjects(*levels: str) -> list[str]:
    return [each.subject for each in dirty_values(material([{"x": level} for level in levels * 5]))]


@pytest.mark.parametrize(
    "levels",
    [
        ("A", "A+", "A-", "B", "B+", "B−"),
        ("C", "C#", "C++", "Java"),
        ("C developer", "C++ developer", "C# developer"),
        ("0+", "0-", "AB+", "AB-"),
        ("red", "blue"),
    ],
)
def test_signs_that_tell_apart(levels: tuple[str, ...]) -> None:
    """Marks, blood groups and languages that a sign tells apart are different things."""
    assert subjects(*levels) == []


@pytest.mark.parametrize(
    "levels",
    [
        ("New York", "new-york", "Boston"),
        ("e-mail", "Email", "post"),
        ("D.C.", "dc", "NY"),
        ("A+", "a+", "B"),
        ("A-", "A−", "B"),
        ("snake_case", "snake case", "other"),
        ("#ruby", "Ruby", "go"),
    ],
)
def test_one_thing_in_several_ways(levels: tuple[str, ...]) -> None:
    """Case, spaces, hyphens within words, dots and signs in front make no other thing."""
    assert subjects(*levels) == ["x"]


@given(st.text("aB +-#", min_size=1, max_size=6))
def test_case_never_tells_apart(level: str) -> None:
    """Whatever signs a word holds, in capitals it is the same word."""
    assert bool(subjects(level.lower(), level.upper(), "zz")) == (level.lower().strip() != level.upper().strip())
