import base64
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
import tritonclient.http as triton
from tritonclient.utils import InferenceServerException

from .conftest import Studio
from .photos import grey


@pytest.fixture
def server(studio: Studio) -> Iterator[triton.InferenceServerClient]:
    """The client that people use against Triton and KServe."""
    client = triton.InferenceServerClient(studio.address)
    yield client
    client.close()


def question(*photos: bytes) -> list[triton.InferInput]:
    tensor = triton.InferInput("photo", [len(photos)], "BYTES")
    tensor.set_data_from_numpy(np.array(photos, dtype=object))
    return [tensor]


def test_the_server_and_its_models_say_that_they_are_ready(server: triton.InferenceServerClient) -> None:
    """Live, ready; a project is ready, with or without a model, but only with the version that it is about."""
    assert server.is_server_live()
    assert server.is_server_ready()
    assert server.is_model_ready("lamp")
    assert server.is_model_ready("lamp", "ab" * 32)
    assert not server.is_model_ready("lamp", "cd" * 32)
    assert server.is_model_ready("untrained")
    assert not server.is_model_ready("untrained", "ab" * 32)
    assert not server.is_model_ready("nowhere")


def test_metadata_name_the_tensors(server: triton.InferenceServerClient) -> None:
    """A client learns the names, types and shapes of what goes in and out."""
    assert server.get_server_metadata()["extensions"] == ["binary_tensor_data"]
    metadata = server.get_model_metadata("lamp")
    assert metadata["versions"] == ["ab" * 32]
    assert metadata["inputs"] == [{"name": "photo", "datatype": "BYTES", "shape": [-1]}]
    outputs = {output["name"]: (output["datatype"], output["shape"]) for output in metadata["outputs"]}
    assert outputs == {
        "label": ("BYTES", [-1]),
        "probability": ("FP32", [-1]),
        "probabilities": ("FP32", [-1, 2]),
        "ask_person": ("BOOL", [-1]),
        "decision": ("BYTES", [-1]),
        "remarks": ("BYTES", [-1]),
    }
    assert server.get_model_metadata("lamp", "ab" * 32) == metadata


@pytest.mark.parametrize("binary", [True, False])
def test_several_photos_are_answered_in_their_order(
    studio: Studio, server: triton.InferenceServerClient, binary: bool
) -> None:
    """Binary and JSON outputs say the same; each decision is in the ledger; a person will answer the last."""
    outputs = [
        triton.InferRequestedOutput(name, binary_data=binary)
        for name in ("label", "probability", "probabilities", "ask_person", "decision")
    ]
    result = server.infer("lamp", question(grey(250), grey(5), grey(128)), outputs=outputs, request_id="mine")
    labels = [label.decode() if binary else label for label in result.as_numpy("label")]
    assert labels == ["bright", "dark", ""]
    np.testing.assert_allclose(result.as_numpy("probability"), [250 / 255, 250 / 255, 0], rtol=1e-6)
    rows = result.as_numpy("probabilities")
    assert rows.shape == (3, 2)
    np.testing.assert_allclose(rows.sum(axis=1), [1, 1, 0], rtol=1e-6)
    assert result.as_numpy("ask_person").tolist() == [False, False, True]
    response = result.get_response()
    assert (response["model_name"], response["model_version"], response["id"]) == ("lamp", "ab" * 32, "mine")
    for identity in result.as_numpy("decision"):
        kept = studio.ledger.decision(identity.decode() if binary else identity)
        assert kept.project == "lamp"


def test_without_named_outputs_all_come_in_binary(server: triton.InferenceServerClient) -> None:
    """The client's default asks for everything as binary data."""
    result = server.infer("lamp", question(grey(250)))
    assert result.as_numpy("label").tolist() == [b"bright"]
    assert all("binary_data_size" in output["parameters"] for output in result.get_response()["outputs"])


def test_outputs_may_be_mixed(server: triton.InferenceServerClient) -> None:
    """One output as binary data beside another as JSON, and those not named do not come."""
    outputs = [
        triton.InferRequestedOutput("label", binary_data=False),
        triton.InferRequestedOutput("probability", binary_data=True),
    ]
    result = server.infer("lamp", question(grey(250)), outputs=outputs)
    assert result.as_numpy("label").tolist() == ["bright"]
    assert result.as_numpy("probability").dtype == np.float32
    assert result.as_numpy("decision") is None


def test_a_named_version_answers_or_nobody_does(studio: Studio, server: triton.InferenceServerClient) -> None:
    """A version that no longer answers is refused, and nothing is written down."""
    assert server.infer("lamp", question(grey(1)), model_version="ab" * 32).as_numpy("label").tolist() == [b"dark"]
    before = studio.ledger.decision_count("lamp")
    with pytest.raises(InferenceServerException, match="does not answer for this project"):
        server.infer("lamp", question(grey(1)), model_version="cd" * 32)
    assert studio.ledger.decision_count("lamp") == before


def test_errors_are_one_text_as_the_protocol_has_it(studio: Studio, server: triton.InferenceServerClient) -> None:
    """The client raises with the fact, the reason and the remedy in its message."""
    with pytest.raises(InferenceServerException, match="There is no project") as unknown:
        server.infer("nowhere", question(grey(1)))
    assert unknown.value.status() == "404"
    before = studio.ledger.decision_count("lamp")
    with pytest.raises(InferenceServerException, match="This is no photo"):
        server.infer("lamp", question(grey(1), b"nonsense"))
    assert studio.ledger.decision_count("lamp") == before
    with pytest.raises(InferenceServerException, match="none of label"):
        server.infer("lamp", question(grey(1)), outputs=[triton.InferRequestedOutput("mood")])


def test_json_alone_serves_a_client_without_the_binary_extension(client: httpx.Client) -> None:
    """Base64 texts as the input's data are answered as JSON."""
    data = [base64.b64encode(grey(level)).decode() for level in (250, 5)]
    request = {"inputs": [{"name": "photo", "datatype": "BYTES", "shape": [2], "data": data}]}
    response = client.post("/v2/models/lamp/infer", json=request)
    outputs = {output["name"]: output for output in response.json()["outputs"]}
    assert outputs["label"]["data"] == ["bright", "dark"]
    assert outputs["probabilities"]["shape"] == [2, 2]
    assert len(outputs["probabilities"]["data"]) == 4
    assert "inference-header-content-length" not in response.headers


def test_a_project_without_a_model_leaves_every_row_to_people(
    studio: Studio, server: triton.InferenceServerClient
) -> None:
    """The same clients are served from day one: no label, no probability, and the id to look at later."""
    assert server.get_model_metadata("untrained")["versions"] == []
    result = server.infer("untrained", question(grey(250), grey(5)))
    assert result.as_numpy("label").tolist() == [b"", b""]
    assert result.as_numpy("ask_person").tolist() == [True, True]
    assert "model_version" not in result.get_response()
    for identity in result.as_numpy("decision"):
        assert studio.ledger.decision(identity.decode()).because == "wizard"


@pytest.mark.parametrize("length", ["x", "-1", "99999", "9" * 30])
def test_a_wrong_header_length_is_refused(client: httpx.Client, length: str) -> None:
    """A length that is none, or reaches beyond the body, is a clear error."""
    response = client.post("/v2/models/lamp/infer", content=b"{}", headers={"inference-header-content-length": length})
    assert response.status_code == 422
    assert "Inference-Header-Content-Length" in response.json()["error"]


def test_an_empty_request_is_refused_in_the_protocols_shape(client: httpx.Client) -> None:
    """An error under /v2 is an object with one text."""
    response = client.post("/v2/models/lamp/infer")
    assert response.status_code == 400
    assert list(response.json()) == ["error"]
    assert isinstance(response.json()["error"], str)
    assert isinstance(client.get("/v2/none").json()["error"], str)
