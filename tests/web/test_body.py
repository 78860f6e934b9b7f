import base64
import json
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.errors import UnderstudyError
from understudy.modalities.interactions.question import item_text, read_question
from understudy.web.body import HAD, RATED, SEND_IT_SO, SEND_SO, WHO, from_base64, input_in, sent_in, whole_number
from understudy.web.errors import UnsupportedBody

EVERY_KIND = [*SEND_SO, "points"]
"""The kinds of inputs that Understudy brings, and one that another package adds."""


def form(files: list[tuple[str, tuple[str, bytes]]]) -> tuple[bytes, str]:
    request = httpx.Request("POST", "http://x/", files=files)
    return request.read(), request.headers["content-type"]


def test_of_whoever_is_named_alone_no_history_is_said() -> None:
    """Nothing typed under a name is no empty history: what the project knows of that person counts then."""
    fields = [(WHO, (None, b"ann")), (HAD, (None, b" \r\n"))]
    request = httpx.Request("POST", "http://x/", files=fields)
    assert input_in(request.read(), request.headers["content-type"], "interactions") == b'{"who": "ann"}'


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_any_text_survives_a_form_without_files(text: str) -> None:
    """As `curl -d text=…` and `--data-urlencode` send it, and with what may stand beside it."""
    request = httpx.Request("POST", "http://x/", data={"text": text, "key": "order 7"})
    sent = sent_in(request.read(), request.headers["content-type"], "text")
    assert (sent.data.decode(), sent.fields) == (text, {"key": "order 7"})


def test_a_form_without_files_holds_what_is_typed_and_no_file() -> None:
    """Cells, somebody's history and a row may be typed; a file cannot, and JSON under that type is no form."""
    typed = "application/x-www-form-urlencoded"
    assert input_in(b"cell.age=39&cell.town=A+b", typed, "table") == b'{"age": "39", "town": "A b"}'
    assert input_in(b"history.who=ann", typed, "interactions") == b'{"who": "ann"}'
    assert input_in(b"text=hello", typed, "text") == b"hello"
    for body, kind in ((b"photo=1", "photo"), (b'{"text": "a=b"}', "text"), (b"\xff=1", "text"), (b"a=1", "text")):
        with pytest.raises(UnsupportedBody):
            input_in(body, typed, kind)


@given(photo=st.binary(min_size=1, max_size=300), filename=st.text(min_size=1, max_size=20))
def test_any_bytes_survive_a_form(photo: bytes, filename: str) -> None:
    """Whatever is in the photo, boundaries and line ends included, and whatever its name is."""
    try:
        body, content_type = form([("photo", (filename, photo))])
    except UnicodeEncodeError:
        return
    assert input_in(body, content_type, "photo") == photo


LINES = st.lists(st.text("ab,;=:é ", min_size=1, max_size=12).filter(str.strip), max_size=6)


@given(items=LINES, ratings=st.lists(st.none() | st.floats(0, 10, width=16), min_size=6, max_size=6))
def test_what_somebody_had_is_typed_an_item_a_line(items: list[str], ratings: list[float | None]) -> None:
    """Items come back in order with their ratings; only a number behind the last sign of equality is one."""
    told = [
        f"{item}{RATED}{value:g}" if value is not None else item for item, value in zip(items, ratings, strict=False)
    ]
    fields = [(WHO, (None, b" ann ")), (HAD, (None, "\r\n".join([*told, "", " "]).encode()))]
    request = httpx.Request("POST", "http://x/", files=fields)
    question = read_question(input_in(request.read(), request.headers["content-type"], "interactions"))
    assert question.who == "ann"
    wanted = [(item_text(item), value) for item, value in zip(items, ratings, strict=False)]
    assert [(each.item, each.value) for each in question.history] == [
        (item, None if value is None else float(f"{value:g}")) for item, value in wanted
    ]


def test_somebody_new_had_nothing() -> None:
    """An empty form asks what would be recommended to anybody."""
    fields = [(WHO, (None, b"")), (HAD, (None, b""))]
    request = httpx.Request("POST", "http://x/", files=fields)
    question = read_question(input_in(request.read(), request.headers["content-type"], "interactions"))
    assert (question.who, question.history) == ("", ())


@given(photo=st.binary(min_size=1, max_size=300))
def test_any_bytes_survive_base64(photo: bytes) -> None:
    """Base64 with line breaks, as many tools write it, and data URLs give the bytes back."""
    assert from_base64(base64.encodebytes(photo).decode()) == photo
    assert from_base64("data:image/jpeg;base64," + base64.b64encode(photo).decode()) == photo


@given(
    body=st.binary(min_size=1, max_size=200),
    content_type=st.sampled_from(["multipart/form-data; boundary=b", "application/json"]) | st.text(max_size=30),
    kind=st.sampled_from(EVERY_KIND),
)
def test_no_body_raises_anything_but_a_clear_error(body: bytes, content_type: str, kind: str) -> None:
    """Whatever is sent under whatever type, there is a photo or an error in words."""
    with suppress(UnderstudyError):
        assert input_in(body, content_type, kind)


@given(noise=st.binary(max_size=120))
def test_a_damaged_form_raises_nothing_but_a_clear_error(noise: bytes) -> None:
    """A form whose inside is noise is read or refused in words."""
    body = b"--b\r\n" + noise + b"\r\n--b--\r\n"
    with suppress(UnderstudyError):
        assert input_in(body, "multipart/form-data; boundary=b", "table")


def test_a_form_of_very_many_fields_is_refused() -> None:
    """Nobody makes the server keep thousands of fields."""
    with pytest.raises(UnderstudyError):
        input_in(*form([(f"f{place}", ("a", b"x")) for place in range(100)]), "photo")


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


CALLED = {
    "photo": {"photo", "file", "input"},
    "sound": {"sound", "file", "input"},
    "video": {"video", "file", "input"},
    "text": {"text", "file", "input"},
    "table": {"row", "cell.age", "file", "input"},
    "interactions": {WHO, HAD, "file", "input"},
}
"""What an input of a kind may be called in a form."""
NAMES = sorted(set().union(*CALLED.values()))


@given(kind=st.sampled_from(EVERY_KIND), names=st.lists(st.sampled_from(NAMES), min_size=1, max_size=3))
def test_one_input_of_the_kind_is_read_and_nothing_else_is_dropped(kind: str, names: list[str]) -> None:
    """A form with several inputs, or with one that is called another kind, is refused; fields of one input are one."""
    whole = set(names) <= {WHO, HAD} and len(set(names)) == len(names)
    fine = (len(names) == 1 or whole) and set(names) <= CALLED.get(kind, set(names))
    body, content_type = form([(name, (None, b"x")) for name in names])
    if fine:
        assert b"x" in input_in(body, content_type, kind)
        return
    with pytest.raises(UnderstudyError, match=r"inputs came|another kind|more than once"):
        input_in(body, content_type, kind)


JSON_FIELDS = {"photo": "eA==", "sound": "eA==", "video": "eA==", "file": "eA==", "text": "x", "row": '"x"'}


@given(kind=st.sampled_from(EVERY_KIND), names=st.sets(st.sampled_from(sorted(JSON_FIELDS)), min_size=1, max_size=3))
def test_json_holds_one_input_of_the_kind(kind: str, names: set[str]) -> None:
    """What is sent as JSON is held to the same; a field that is null counts as none."""
    others = dict.fromkeys(JSON_FIELDS.keys() - names)
    body = json.dumps({**others, **{name: JSON_FIELDS[name] for name in names}}).encode()
    if len(names) == 1 and names <= CALLED.get(kind, names):
        assert b"x" in input_in(body, "application/json", kind)
        return
    with pytest.raises(UnderstudyError, match=r"inputs came|another kind"):
        input_in(body, "application/json", kind)


@pytest.mark.parametrize("kind", ["photo", "sound", "video", "text"])
def test_an_object_is_no_text_and_no_file(kind: str) -> None:
    """Where an input is no object, one is refused instead of being taken for a text."""
    with pytest.raises(UnderstudyError, match="no text under"):
        input_in(b'{"input": {"text": "hello"}}', "application/json", kind)


@pytest.mark.parametrize(
    ("kind", "media", "taken"),
    [
        ("photo", "image/png", True),
        ("sound", "audio/wav", True),
        ("sound", "video/webm", True),
        ("video", "audio/mp4", True),
        ("points", "image/x", True),
        ("text", "image/png", False),
        ("table", "audio/wav", False),
        ("photo", "video/mp4", False),
        ("sound", "image/png", False),
    ],
)
def test_a_bare_file_of_another_kind_is_refused(kind: str, media: str, taken: bool) -> None:
    """By its media type; what holds sound may hold pictures too, so these two are one here."""
    if taken:
        assert input_in(b"x", media, kind) == b"x"
        return
    with pytest.raises(UnsupportedBody, match=media):
        input_in(b"x", media, kind)
