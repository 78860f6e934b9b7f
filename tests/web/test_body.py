import base64
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.errors import UnderstudyError
from understudy.modalities.interactions.question import item_text, read_question
from understudy.web.body import HAD, RATED, SEND_IT_SO, SEND_SO, WHO, from_base64, input_in, whole_number


def form(files: list[tuple[str, tuple[str, bytes]]]) -> tuple[bytes, str]:
    request = httpx.Request("POST", "http://x/", files=files)
    return request.read(), request.headers["content-type"]


def test_of_whoever_is_named_alone_no_history_is_said() -> None:
    """Nothing typed under a name is no empty history: what the project knows of that person counts then."""
    fields = [(WHO, (None, b"ann")), (HAD, (None, b" \r\n"))]
    request = httpx.Request("POST", "http://x/", files=fields)
    assert input_in(request.read(), request.headers["content-type"]) == b'{"who": "ann"}'


@given(photo=st.binary(min_size=1, max_size=300), filename=st.text(min_size=1, max_size=20))
def test_any_bytes_survive_a_form(photo: bytes, filename: str) -> None:
    """Whatever is in the photo, boundaries and line ends included, and whatever its name is."""
    try:
        body, content_type = form([("photo", (filename, photo))])
    except UnicodeEncodeError:
        return
    assert input_in(body, content_type) == photo


LINES = st.lists(st.text("ab,;=:é ", min_size=1, max_size=12).filter(str.strip), max_size=6)


@given(items=LINES, ratings=st.lists(st.none() | st.floats(0, 10, width=16), min_size=6, max_size=6))
def test_what_somebody_had_is_typed_an_item_a_line(items: list[str], ratings: list[float | None]) -> None:
    """Items come back in order with their ratings; only a number behind the last sign of equality is one."""
    told = [
        f"{item}{RATED}{value:g}" if value is not None else item for item, value in zip(items, ratings, strict=False)
    ]
    fields = [(WHO, (None, b" ann ")), (HAD, (None, "\r\n".join([*told, "", " "]).encode()))]
    request = httpx.Request("POST", "http://x/", files=fields)
    question = read_question(input_in(request.read(), request.headers["content-type"]))
    assert question.who == "ann"
    wanted = [(item_text(item), value) for item, value in zip(items, ratings, strict=False)]
    assert [(each.item, each.value) for each in question.history] == [
        (item, None if value is None else float(f"{value:g}")) for item, value in wanted
    ]


def test_somebody_new_had_nothing() -> None:
    """An empty form asks what would be recommended to anybody."""
    fields = [(WHO, (None, b"")), (HAD, (None, b""))]
    request = httpx.Request("POST", "http://x/", files=fields)
    question = read_question(input_in(request.read(), request.headers["content-type"]))
    assert (question.who, question.history) == ("", ())


@given(photo=st.binary(min_size=1, max_size=300))
def test_any_bytes_survive_base64(photo: bytes) -> None:
    """Base64 with line breaks, as many tools write it, and data URLs give the bytes back."""
    assert from_base64(base64.encodebytes(photo).decode()) == photo
    assert from_base64("data:image/jpeg;base64," + base64.b64encode(photo).decode()) == photo


@given(
    body=st.binary(min_size=1, max_size=200),
    content_type=st.sampled_from(["multipart/form-data; boundary=b", "application/json"]) | st.text(max_size=30),
)
def test_no_body_raises_anything_but_a_clear_error(body: bytes, content_type: str) -> None:
    """Whatever is sent under whatever type, there is a photo or an error in words."""
    with suppress(UnderstudyError):
        assert input_in(body, content_type)


@given(noise=st.binary(max_size=120))
def test_a_damaged_form_raises_nothing_but_a_clear_error(noise: bytes) -> None:
    """A form whose inside is noise is read or refused in words."""
    body = b"--b\r\n" + noise + b"\r\n--b--\r\n"
    with suppress(UnderstudyError):
        assert input_in(body, "multipart/form-data; boundary=b")


def test_a_form_of_very_many_fields_is_refused() -> None:
    """Nobody makes the server keep thousands of fields."""
    with pytest.raises(UnderstudyError):
        input_in(*form([(f"f{place}", ("a", b"x")) for place in range(100)]))


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("0", 0), ("", None), ("-1", None), ("٣", None), ("9" * 99, None)]
)
def test_only_plain_digits_are_a_length(text: str, number: int | None) -> None:
    """Lengths in headers are plain digits of a sane size."""
    assert whole_number(text) == number


def test_json_that_is_told_can_be_copied() -> None:
    """Its quotes are straight, as JSON has them."""
    told = [SEND_IT_SO, *SEND_SO.values()]
    assert not [each for each in told if "{“" in each or "“:" in each]
