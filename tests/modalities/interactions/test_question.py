"""Questions as bytes."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.finding import FindingKind
from understudy.modalities.interactions.question import (
    MAX_BYTES,
    Event,
    Question,
    QuestionUnreadable,
    item_text,
    question_bytes,
    read_question,
)

_items = st.text(min_size=1, max_size=30).map(item_text).filter(bool)
_numbers = st.none() | st.floats(-1e9, 1e9)
_events = st.builds(Event, _items, _numbers, _numbers)


@given(st.builds(Question, st.text(max_size=20), st.lists(_events, max_size=8).map(tuple), _numbers))
def test_a_question_reads_back_as_it_was(question: Question) -> None:
    """What is kept of a question is all of it, in the same bytes each time."""
    try:
        question_bytes(question).decode()
        question.who.encode()
        [event.item.encode() for event in question.history]
    except UnicodeEncodeError:
        return  # half a character cannot be kept in UTF-8
    assert read_question(question_bytes(question)) == question
    assert question_bytes(read_question(question_bytes(question))) == question_bytes(question)


def test_programs_may_write_events_in_shorter_ways() -> None:
    """A bare item, a short list and an object all say what was taken; a time may be text."""
    history = ["a", 7, ["b", 3], {"item": "c", "when": "1970-01-02"}]
    read = read_question(json.dumps({"history": history}).encode())
    assert read_question(json.dumps({"history": json.dumps(history)}).encode()) == read
    assert read.history == (Event("a"), Event("7"), Event("b", 3.0), Event("c", None, 86400.0))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", FindingKind.EMPTY_FILE),
        (b"\xff\xfe\x00", FindingKind.CORRUPT),
        (b"[" * 100_000, FindingKind.CORRUPT),
        (b"[]", FindingKind.CORRUPT),
        (b'{"history": 3}', FindingKind.CORRUPT),
        (b'{"history": [[]]}', FindingKind.CORRUPT),
        (b'{"history": [[null]]}', FindingKind.CORRUPT),
        (b'{"history": [["a", "much"]]}', FindingKind.CORRUPT),
        (b'{"history": [["a", NaN]]}', FindingKind.CORRUPT),
        (b'{"history": [["a", 1' + b"0" * 400 + b"]]}", FindingKind.CORRUPT),
        (b'{"history": [["a", null, -1' + b"0" * 400 + b"]]}", FindingKind.CORRUPT),
        (b'{"history": [], "asked": 1' + b"0" * 400 + b"}", FindingKind.CORRUPT),
        (b'{"history": [NaN]}', FindingKind.CORRUPT),
        (b'{"history": [[1e999, 5]]}', FindingKind.CORRUPT),
        (b'{"history": [true]}', FindingKind.CORRUPT),
        (b'{"history": [["a", 1, "some day"]]}', FindingKind.CORRUPT),
        (b'{"history": [" ; "], "x": 1}'.replace(b" ; ", b"  "), FindingKind.CORRUPT),
        (b'{"history": [' + b'"a",' * 50_001 + b'"a"]}', FindingKind.TOO_LARGE),
        (b" " * MAX_BYTES + b"{}", FindingKind.TOO_LARGE),
    ],
)
def test_what_is_no_history_is_told_by_kind(data: bytes, kind: FindingKind) -> None:
    """Bytes that are no history are refused with what is the matter, whatever they are."""
    with pytest.raises(QuestionUnreadable) as caught:
        read_question(data)
    assert caught.value.kind is kind
    assert caught.value.remedy


@given(st.binary(max_size=60))
def test_no_bytes_make_reading_fail_otherwise(data: bytes) -> None:
    """Any bytes are a question or are refused."""
    with contextlib.suppress(QuestionUnreadable):
        assert isinstance(read_question(data), Question)


def test_half_a_sign_is_a_question_mark() -> None:
    """A name that was cut within an emoji can be kept and shown, in a history within a text too."""
    for history in (r'["t\ud83d"]', json.dumps(r'["t\ud83d"]')):
        read = read_question(f'{{"who": "\\ud83d", "history": {history}}}'.encode())
        assert (read.who, read.history) == ("?", (Event("t?"),))
    with pytest.raises(QuestionUnreadable):
        read_question(b'{"who": "\xed\xa0\xbd", "history": []}')


def test_an_item_never_holds_what_parts_items() -> None:
    """Items are joined by a semicolon, so none keeps one."""
    assert item_text(" Salt;  Pepper \n") == "Salt, Pepper"
