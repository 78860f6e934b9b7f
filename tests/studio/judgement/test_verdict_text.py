"""Claims about the verdict on a terminal."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.evidence import Judgement, Proportion
from understudy.studio.judgement.circumstances import Circumstances
from understudy.studio.judgement.verdict_text import gauge_text, verdict_text
from understudy.studio.judgement.verdict_words import verdict_words

Judged = Callable[..., Judgement]
Around = Callable[..., Circumstances]


@pytest.mark.parametrize(("right", "of"), [(0, 0), (0, 8), (3, 3), (31, 32), (400, 600)])
@pytest.mark.parametrize("labels", [("crack", "sound"), ("x" * 200, "\x1b[31mred\n\u202e"), tuple(map(str, range(77)))])
def test_no_line_is_wider_than_the_terminal(
    judged: Judged, around: Around, right: int, of: int, labels: tuple[str, ...]
) -> None:
    """80 columns hold every line, and no label smuggles a control character onto the terminal."""
    judgement = judged(right, of, labels=labels)
    text = verdict_text(verdict_words(judgement, around()))
    assert max(map(len, text.splitlines())) <= 80
    assert all(char == "\n" or char.isprintable() for char in text)


def test_the_text_says_what_the_page_says(judged: Judged, around: Around) -> None:
    """Every sentence of the verdict is there, least proven labels first, the rest counted."""
    words = verdict_words(judged(60, 77, labels=[f"label {i}" for i in range(77)]), around())
    text = " ".join(verdict_text(words).split())
    for sentence in (words.headline, words.bound, words.next_step, *(one.text for one in words.paragraphs)):
        assert " ".join(sentence.split()) in text
    assert words.classes[0].sentence in text
    assert "And 67 more labels, better proven than these." in text


def test_the_gauge_draws_bound_estimate_and_bar() -> None:
    """Filled up to the bound, a dot at what was seen, a mark under the bar, and a legend in words."""
    ends, line, marks, legend = gauge_text(Proportion(8, 10, 0.5, 0.95, "m"), bar=0.7, width=20).splitlines()
    assert ends == "0%" + " " * 14 + "100%"
    assert line == "█" * 10 + "─" * 6 + "●" + "···"
    assert marks.index("▲") == 14
    assert legend == "█ proven: 50%   ● seen: 8 of 10   ▲ asked: 70%"


@given(st.floats(0, 1), st.floats(0, 1), st.integers(10, 100))
def test_the_gauge_keeps_its_width(one: float, other: float, width: int) -> None:
    """Whatever the figures, the line is as wide as its ends and holds one dot."""
    lower, estimate = sorted((one, other))
    accuracy = Proportion(round(estimate * 1000), 1000, min(lower, round(estimate * 1000) / 1000), 0.95, "m")
    ends, line, _ = gauge_text(accuracy, width=width).splitlines()
    assert len(ends) == len(line) == width
    assert line.count("●") == 1
