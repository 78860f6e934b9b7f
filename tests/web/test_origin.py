"""Where requests come from, and to whom they were sent."""

from collections.abc import Iterator

import httpx
import pytest

from .conftest import Studio, serving
from .photos import grey

HEADERS = "content-security-policy", "x-content-type-options", "x-frame-options"


@pytest.fixture(scope="module")
def guarded(studio: Studio) -> Iterator[httpx.Client]:
    """A client of a server that knows its names."""
    hosts = frozenset({"127.0.0.1", "localhost", "blades.example.com"})
    with (
        serving(studio.ledger, studio.blobs, studio.shelf, hosts=hosts) as url,
        httpx.Client(base_url=url, timeout=60) as client,
    ):
        yield client


@pytest.mark.parametrize("host", ["127.0.0.1:8700", "LOCALHOST", "blades.example.com"])
def test_a_request_to_a_name_of_the_server_is_served(guarded: httpx.Client, host: str) -> None:
    """With a port and without; capitals make no difference."""
    assert guarded.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8700", "127.0.0.1.evil.example", "[", "localhost@evil"])
def test_a_request_to_another_name_is_refused_on_every_address(guarded: httpx.Client, host: str) -> None:
    """A page whose name is made to mean this machine reads nothing and asks nothing."""
    for method, path in (("GET", "/"), ("GET", "/api/v1/projects"), ("POST", "/api/v1/projects/lamp/decisions")):
        answered = guarded.request(method, path, headers={"host": host, "origin": f"http://{host}"})
        assert answered.status_code == 421
        assert "--reached-as" in answered.text
        assert all(each in answered.headers for each in HEADERS)


def test_a_server_that_knows_no_names_takes_all(client: httpx.Client) -> None:
    """Where it listens for others, nobody can know what they call it."""
    assert client.get("/healthz", headers={"host": "anything.example"}).status_code == 200


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "http://evil.example"}])
def test_another_site_asks_nothing_in_a_visitors_name(
    studio: Studio, client: httpx.Client, headers: dict[str, str]
) -> None:
    """Neither the endpoint nor the inference protocol writes down what a page elsewhere had a browser send."""
    before = studio.ledger.decision_count("lamp")
    sent = client.post("/api/v1/projects/lamp/decisions", files={"photo": grey(9)}, headers=headers)
    assert (sent.status_code, sent.json()["error"]["code"]) == (403, "cross-site")
    assert client.post("/v2/models/lamp/infer", json={"inputs": []}, headers=headers).status_code == 403
    assert studio.ledger.decision_count("lamp") == before


def test_an_error_that_nobody_expects_carries_the_safe_headers(
    studio: Studio, client: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The framework's last resort stands outside of all else, and is no exception."""

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(studio.ledger, "projects", broken)
    failed = client.get("/")
    assert failed.status_code == 500
    assert all(each in failed.headers for each in HEADERS)
    assert "broken" not in failed.text
