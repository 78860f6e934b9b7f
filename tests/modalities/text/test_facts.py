"""Facts of a text are what a person would count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.modalities.text.facts import LOOKS, ORIGIN, facts_of
from understudy.modalities.text.language import language_of
from understudy.modalities.text.reading import TextUnreadable


def test_a_tweet_is_measured() -> None:
    """Counts and shares of a tweet are those that a person finds."""
    facts = facts_of("RT @ann: SEE https://example.org/a?b=1 &#128557; 😀😀\n<b>now</b>".encode())
    assert (facts["mentions"], facts["urls"], facts["emoji"], facts["line breaks"]) == (1.0, 1.0, 2.0, 1.0)
    assert facts["html"] == 3.0
    assert facts["characters"] == 62.0
    assert 0.1 < float(str(facts["upper case"])) < 0.3
    assert str(facts["text"]).startswith("RT @ann")


@given(st.binary(max_size=120) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_text_has_all_facts(data: bytes) -> None:
    """Whatever text it is, all facts are there, and every share lies between 0 and 1."""
    try:
        facts = facts_of(data)
    except TextUnreadable:
        return
    assert facts.keys() >= ORIGIN | LOOKS | {"language", "text"}
    assert all(0 <= float(str(facts[name])) <= 1 for name in ("upper case", "digits", "punctuation"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my new card, please?", "en"),
        ("Wo ist meine neue Karte geblieben?", "de"),
        ("¿Dónde está mi tarjeta nueva?", "es"),
        ("Où est ma nouvelle carte bancaire ?", "fr"),
        ("Gdzie jest moja nowa karta płatnicza?", "pl"),
        ("我的新卡在哪里？", "zh"),
        ("أين بطاقتي الجديدة؟", "ar"),
        ("ok", None),
        ("👍", None),
        ("12 345", None),
    ],
)
def test_languages_are_told_apart(text: str, language: str | None) -> None:
    """A question in seven languages is told to be in each; what could be any is told to be in none."""
    assert language_of(text) == language
