import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from understudy.domain.errors import UnderstudyError
from understudy.web.asking import LONGEST_KEY, LONGEST_WAIT, Asked, asked_in, wait_of
from understudy.web.body import input_in

from .photos import grey
from .test_body import form


def ask(body: bytes, content_type: str, *, query: str = "", **headers: str) -> Asked:
    pairs = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {
        "type": "http",
        "query_string": query.encode(),
        "headers": [(b"content-type", content_type.encode()), *pairs],
    }
    return asked_in(Request(scope), body, "photo")


def test_a_bare_file_is_asked_about_without_key_subject_or_wait() -> None:
    """Nothing but the photo is needed."""
    assert ask(grey(9), "image/png") == Asked(grey(9), None, None, 0.0)


def test_key_and_subject_come_in_a_form_in_json_or_in_the_address() -> None:
    """Each way to send a photo has room for what the client calls it and whose it is."""
    body, kind = form([("photo", ("a.png", b"x")), ("key", (None, b"order 7")), ("subject", (None, b"Ada"))])
    for asked in (
        ask(body, kind),
        ask(json.dumps({"photo": "eA==", "key": "order 7", "subject": "Ada"}).encode(), "application/json"),
        ask(b"x", "image/png", query="key=order%207&subject=Ada"),
    ):
        assert (asked.data, asked.key, asked.subject) == (b"x", "order 7", "Ada")


def test_the_header_names_the_request_before_all_else() -> None:
    """Idempotency-Key wins over a key in the body, with or without the standard's quotation marks."""
    body = b'{"photo": "eA==", "key": "other"}'
    for given_key in ("order-7", '"order-7"'):
        assert ask(body, "application/json", idempotency_key=given_key).key == "order-7"


def test_the_input_may_be_called_by_a_name_that_fits_every_kind() -> None:
    """“input” is read as “photo” is, in JSON and as a form's field."""
    assert input_in(b'{"input": "eA=="}', "application/json", "photo") == b"x"
    assert input_in(*form([("input", ("b", b"x"))]), "photo") == b"x"


@pytest.mark.parametrize(
    ("query", "prefer", "seconds"),
    [
        ("", "", 0.0),
        ("wait=12", "", 12.0),
        ("wait=0.5", "wait=9", 0.5),
        ("", "wait=9", 9.0),
        ("", "respond-async, wait=9; foo", 9.0),
        ("", 'handling=lenient, WAIT = "7"', 7.0),
        ("", "wait=soon", 0.0),
        ("", "awaited=7", 0.0),
        ("", "wait=999999", LONGEST_WAIT),
    ],
)
def test_a_client_says_how_long_it_waits(query: str, prefer: str, seconds: float) -> None:
    """In the address or as a preference, which is ignored where it makes no sense."""
    assert ask(b"x", "image/png", query=query, prefer=prefer).wait == seconds


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf", "", "1e9"])
def test_a_wait_that_is_none_is_refused(text: str) -> None:
    """What is asked for by name and cannot be is told, not ignored."""
    with pytest.raises(UnderstudyError, match="no number of seconds"):
        wait_of(None, {"wait": text})


@pytest.mark.parametrize("value", [7, ["a"], {"a": 1}, True, "a\nb", "a\x00", "x" * (LONGEST_KEY + 1)])
@pytest.mark.parametrize("name", ["key", "subject"])
def test_a_key_that_is_no_short_text_is_refused(name: str, value: object) -> None:
    """A key that would be dropped silently would let a request be answered twice."""
    with pytest.raises(UnderstudyError, match=f"“{name}” is no text"):
        ask(json.dumps({"photo": "eA==", name: value}).encode(), "application/json")


@given(key=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=LONGEST_KEY))
def test_any_printable_key_is_kept_as_it_is(key: str) -> None:
    """Whatever an order, a form or a row is called."""
    asked = ask(json.dumps({"photo": "eA==", "key": key}).encode(), "application/json")
    assert asked.key in {key, key[1:-1]}
    assert asked.key == key or (key[0] == key[-1] == '"')


def test_a_key_that_no_ledger_holds_is_refused_as_a_key() -> None:
    """Half a surrogate pair in JSON is told of by the field's name."""
    with pytest.raises(UnderstudyError, match="key"):
        ask(b'{"photo": "eA==", "key": "\\ud800"}', "application/json")
