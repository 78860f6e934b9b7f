"""The product's own words, explained where they stand, and times told in one way."""

from understudy.web.templating import brief_digests, dated
from understudy.web.terms import TERMS, explained


def test_each_word_is_explained_once_and_nothing_else_changes() -> None:
    """The first of each bears its explanation; markup in the text stays text."""
    told = str(explained("Stage: canary. <b>The breaker</b> of the canary"))
    assert told.count('class="term"') == 2
    assert all(f"({TERMS[word]})" in told for word in ("canary", "breaker"))
    assert "&lt;b&gt;The " in told
    assert str(explained("nothing to explain, scanary")) == "nothing to explain, scanary"


def test_times_are_told_as_pages_tell_them() -> None:
    """With seconds or without; what is no time stays as it is."""
    assert dated("Tripped on 2026-03-02 at 09:14 UTC: x") == "Tripped on 2 March 2026, 09:14 UTC: x"
    assert dated("Said, 2026-03-02 09:14:59 UTC.") == "Said, 2 March 2026, 09:14 UTC."
    assert dated("2026-99-02 09:14 UTC") == "2026-99-02 09:14 UTC"


def test_digests_are_shown_short() -> None:
    """The whole one stands in the title, and markup around it stays text."""
    digest = "ab" * 32
    assert str(brief_digests(f"<i> {digest}.")) == f'&lt;i&gt; <code title="{digest}">abababababab…</code>.'
