import json
import struct
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.errors import UnderstudyError
from understudy.web.tensors import OUTPUTS, parse_request


def binary_request(photos: list[bytes], **changes: object) -> tuple[bytes, str]:
    raw = b"".join(struct.pack("<I", len(photo)) + photo for photo in photos)
    tensor = {
        "name": "photo",
        "datatype": "BYTES",
        "shape": [len(photos)],
        "parameters": {"binary_data_size": len(raw)},
        **changes,
    }
    head = json.dumps({"inputs": [tensor]}).encode()
    return head + raw, str(len(head))


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=9))
def test_binary_photos_come_out_as_they_went_in(photos: list[bytes]) -> None:
    """Whatever the bytes, and even where one is empty, each element arrives whole and in order."""
    assert parse_request(*binary_request(photos), "photo").inputs == photos


@given(body=st.binary(max_size=200), header=st.one_of(st.none(), st.integers(-5, 300).map(str), st.text(max_size=9)))
def test_no_bytes_raise_anything_but_a_clear_error(body: bytes, header: str | None) -> None:
    """Garbage is refused in words."""
    with pytest.raises(UnderstudyError):
        parse_request(body, header, "photo")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["photo", "BYTES", "label"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "datatype", "shape", "data", "parameters", "binary_data_size", "inputs"]), inner
        )
    ),
    max_leaves=12,
)


@given(inputs=json_values, outputs=json_values, parameters=json_values)
def test_no_json_raises_anything_but_a_clear_error(inputs: object, outputs: object, parameters: object) -> None:
    """JSON of any shape is read or refused in words."""
    body = json.dumps({"inputs": inputs, "outputs": outputs, "parameters": parameters}).encode()
    with suppress(UnderstudyError):
        assert parse_request(body, None, "photo").inputs


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"shape": [2]}, "The shape says 2 and 1 came."),
        ({"shape": [1, 1]}, "shape is not"),
        ({"shape": [0]}, "1 to 64"),
        ({"shape": [65]}, "1 to 64"),
        ({"datatype": "UINT8"}, "of datatype BYTES"),
        ({"name": "image"}, "not called “photo”"),
        ({"parameters": {"binary_data_size": 3}}, "binary_data_size"),
        ({"parameters": {"binary_data_size": True}}, "binary_data_size"),
        ({"parameters": {}}, "neither binary data nor"),
    ],
)
def test_a_tensor_that_is_not_the_models_is_refused(changes: dict[str, object], reason: str) -> None:
    """Each disagreement is named."""
    with pytest.raises(UnderstudyError) as refused:
        parse_request(*binary_request([b"one"], **changes), "photo")
    assert reason in refused.value.reason


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_binary_data_that_end_early_are_refused(cut: int) -> None:
    """A length that promises more than came is an error, not a shorter photo."""
    raw = (struct.pack("<I", 9) + b"photo")[:-cut] if cut < 5 else b"\x01\x02\x03"
    tensor = {"name": "photo", "datatype": "BYTES", "shape": [1], "parameters": {"binary_data_size": len(raw)}}
    head = json.dumps({"inputs": [tensor]}).encode()
    with pytest.raises(UnderstudyError) as refused:
        parse_request(head + raw, str(len(head)), "photo")
    assert "The binary data end within" in refused.value.reason


def test_half_a_sign_in_a_text_is_left_to_whoever_reads_the_text() -> None:
    """Its bytes come out, though they are no UTF-8, so that the model's own error says what is wrong."""
    tensor = {"name": "text", "datatype": "BYTES", "shape": [1], "data": ["\ud83d"]}
    assert parse_request(json.dumps({"inputs": [tensor]}).encode(), None, "text").inputs == [b"\xed\xa0\xbd"]


def test_all_outputs_come_unless_some_are_named() -> None:
    """A request without outputs wants every one, as JSON."""
    assert parse_request(*binary_request([b"one"]), "photo").outputs == dict.fromkeys(OUTPUTS, False)


def test_an_id_that_no_answer_could_carry_is_refused_before_anybody_is_asked() -> None:
    """Half a surrogate pair is no text of UTF-8, in which the answer would have to repeat it."""
    head = b'{"id": "\\ud800", "inputs": [{"name": "photo", "datatype": "BYTES", "shape": [1], "data": ["aGk="]}]}'
    with pytest.raises(UnderstudyError, match="id"):
        parse_request(head, None, "photo")
