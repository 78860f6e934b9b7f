"""Texts that can be kept, whatever signs their JSON escapes write."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.texts import json_in

TEXTS = st.text(st.characters(codec=None) | st.sampled_from("\ud83d\ude00\\u"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_whatever_json_says_can_be_written_in_utf_8(value: object) -> None:
    """However its signs are escaped, what is read can be encoded; what UTF-8 can carry is read as json reads it."""
    written = json.dumps(value)
    json.dumps(json_in(written), ensure_ascii=False).encode()
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return
    assert json_in(written) == json.loads(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r'"\ud83d\ude00"', "\N{GRINNING FACE}"),
        (r'"cut off \ud83d"', "cut off ?"),
        (r'"\UD83D"'.replace("U", "u"), "?"),
        (r'"\\ud83d"', r"\ud83d"),
        (r'{"\ude00": NaN}', {"?": pytest.approx(float("nan"), nan_ok=True)}),
    ],
)
def test_half_a_sign_is_a_question_mark(written: str, said: object) -> None:
    """A pair is its sign, half of one is “?”, in names too; a backslash that is escaped itself writes no sign."""
    assert json_in(written) == said
