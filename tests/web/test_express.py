"""The endpoint that is asked most gives the same with and without the framework between."""

import httpx
import pytest

from understudy.web.express import Express
from understudy.web.middleware import SAFE_HEADERS

from .conftest import Studio
from .photos import grey

ASK = "/api/v1/projects/lamp/decisions"
CHANGING = {"id", "at", "seconds", "settled_at", "links", "draw"}


def scope(path: str, method: str = "POST", **more: object) -> dict[str, object]:
    return {"type": "http", "method": method, "path": path, **more}


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        (scope(ASK), True),
        (scope("/api/v1/projects/a%20b/decisions"), True),
        (scope(ASK, "GET"), False),
        (scope(f"{ASK}/"), False),
        (scope("/api/v1/projects//decisions"), False),
        (scope("/api/v1/projects/a/b/decisions"), False),
        (scope(f"/api/v1/projects/{'a' * 81}/decisions"), False),
        (scope(ASK, root_path="/under"), False),
        ({"type": "lifespan"}, False),
    ],
)
def test_it_takes_the_plain_form_of_one_address(asked: dict[str, object], taken: bool) -> None:
    """Whatever is anything else goes the usual way."""
    express = Express.__new__(Express)
    assert express.takes(asked) is taken


@pytest.mark.parametrize(
    "sent",
    [
        {"files": {"photo": grey(250)}},
        {"files": {"photo": grey(140)}},
        {"content": b"nonsense", "headers": {"content-type": "image/png"}},
        {"content": b"", "headers": {"content-type": "image/png"}},
        {"content": b"{", "headers": {"content-type": "application/json"}},
        {"content": b"x" * 400_000, "headers": {"content-type": "image/png"}},
        {"content": b"x", "headers": {"content-type": "text/plain"}},
        {"files": {"photo": grey(250)}, "params": {"wait": "soon"}},
    ],
)
@pytest.mark.parametrize("project", ["lamp", "nowhere"])
def test_answers_errors_and_headers_are_the_same(
    studio: Studio, client: httpx.Client, sent: dict[str, object], project: str
) -> None:
    """Status, headers and body are those of the framework's own way, which a trailing root path forces."""
    studio.app.express, express = None, studio.app.express
    try:
        usual = client.post(f"/api/v1/projects/{project}/decisions", **sent)
    finally:
        studio.app.express = express
    quick = client.post(f"/api/v1/projects/{project}/decisions", **sent)
    assert quick.status_code == usual.status_code
    passing = {"date", "content-length", "location"}
    assert {name: value for name, value in quick.headers.items() if name not in passing} == {
        name: value for name, value in usual.headers.items() if name not in passing
    }
    assert set(SAFE_HEADERS) <= set(quick.headers)
    one, other = quick.json(), usual.json()
    assert {name: one[name] for name in one.keys() - CHANGING} == {
        name: other[name] for name in other.keys() - CHANGING
    }


def test_it_counts_as_the_framework_s_way_does(studio: Studio, client: httpx.Client) -> None:
    """Both ways count under the same route, method and status."""
    line = 'understudy_http_requests_total{method="POST",route="/api/v1/projects/{project}/decisions",status="200"}'

    def count() -> float:
        found = [each for each in client.get("/metrics").text.splitlines() if each.startswith(line)]
        return float(found[0].split()[-1]) if found else 0.0

    before = count()
    client.post(ASK, files={"photo": grey(250)})
    studio.app.express, express = None, studio.app.express
    try:
        client.post(ASK, files={"photo": grey(251)})
    finally:
        studio.app.express = express
    assert count() == before + 2
