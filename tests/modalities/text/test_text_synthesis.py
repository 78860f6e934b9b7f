"""Texts made up from templates."""

import numpy as np
import pytest

from understudy.modalities.text.synthesis import BadTemplates, made_texts, read_templates

TEMPLATES = """
# what people write
item = the lamp | my order
refund: I want my {money|cash} back for {item}
refund: Refund {item}{|, please}
delivery: Where is {item}?
"""


def test_templates_are_filled_in_turn() -> None:
    """Labels take turns, slots and choices are filled, and no text comes twice."""
    made = made_texts(read_templates(TEMPLATES), 6, rng=np.random.default_rng(0))
    assert len({text for text, _ in made}) == 6
    assert sorted({label for _, label in made}) == ["delivery", "refund"]
    assert all("{" not in text and "  " not in text for text, _ in made)
    assert all(text.startswith("Where is ") == (label == "delivery") for text, label in made)


def test_there_are_no_more_texts_than_different_ones() -> None:
    """Where all are made, no text is made again."""
    assert len(made_texts(read_templates(TEMPLATES), 500, rng=np.random.default_rng(0))) == 2 * 2 + 2 * 2 + 2


def test_no_text_is_empty() -> None:
    """Where all of a template may be left out, it makes one text less."""
    made = made_texts(read_templates("x: {|yes} {|please}"), 9, rng=np.random.default_rng(0))
    assert sorted(made) == [("please", "x"), ("yes", "x"), ("yes please", "x")]


def test_a_text_that_comes_out_for_two_labels_is_refused() -> None:
    """It would teach neither; the words name it and both labels."""
    with pytest.raises(BadTemplates) as caught:
        made_texts(read_templates("refund: hello\nother: {hello|bye}"), 4, rng=np.random.default_rng(0))
    assert caught.value.fact == "The text “hello” comes out for “refund” and for “other”."


def test_the_seed_decides() -> None:
    """The same seed makes the same texts."""
    first, again = (made_texts(read_templates(TEMPLATES), 4, rng=np.random.default_rng(3)) for _ in range(2))
    assert first == again


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("nothing here", "Line 1 is no template."),
        ("x: buy {thing}", "There is nothing to fill the slot “thing” with."),
        ("x: yes\nx: my {card|plastic is lost", "Line 2 has a brace without its other half."),
        ("x: my card|plastic} is lost", "Line 1 has a brace without its other half."),
        ("x: my {{card|plastic} is lost", "Line 1 has a brace without its other half."),
        ("thing = a {red|blue} | b\nx: {thing}", "Line 1 has a brace within a slot."),
        ("thing = a | b", "There is no template."),
        ("", "There is no template."),
    ],
)
def test_what_is_no_template_is_told(text: str, fact: str) -> None:
    """A file that cannot be used says which line, and how one is written."""
    with pytest.raises(BadTemplates) as caught:
        read_templates(text)
    assert caught.value.fact == fact
