import json

import httpx
import pytest

from .conftest import Studio
from .photos import grey
from .test_decisions import error_of

ASK = "/api/v1/projects/lamp/decisions"
MANY = "/api/v1/projects/lamp/outcomes"


def decided(client: httpx.Client, level: int = 250) -> str:
    name: str = client.post(ASK, files={"photo": grey(level)}).json()["id"]
    return name


def put(client: httpx.Client, decision: str, value: object, **more: object) -> httpx.Response:
    return client.put(f"/api/v1/decisions/{decision}/outcome", json={"value": value, **more})


def test_what_turned_out_is_recorded_once(studio: Studio, client: httpx.Client) -> None:
    """It stands at the decision's address, with who said so; the same again is fine."""
    decision = decided(client)
    for by in ("Kim", "Lou"):
        response = put(client, decision, "bright", by=by)
        assert response.status_code == 200
        assert (response.json()["value"], response.json()["by"]) == ("bright", "Kim")
    assert studio.ledger.outcome(decision).source == "api"
    assert client.get(f"/api/v1/decisions/{decision}/outcome").json() == response.json()


def test_a_different_truth_is_refused_and_the_first_one_stays(studio: Studio, client: httpx.Client) -> None:
    """Two sources that contradict each other are told so; nothing is overwritten."""
    decision = decided(client)
    put(client, decision, "bright")
    response = put(client, decision, "dark")
    assert response.status_code == 409
    assert error_of(response)["code"] == "outcome-conflict"
    assert studio.ledger.outcome(decision).value == "bright"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "broken-json"),
        (b"", 400, "empty-request"),
        (b"[]", 422, "wrong-parameter"),
        (b'{"value": {}}', 422, "wrong-parameter"),
        (b'{"value": "dark", "by": 7}', 422, "wrong-parameter"),
        (b'{"value": "dark", "by": "model"}', 422, "bad-person"),
        (b'{"value": "  "}', 422, "bad-label"),
        (b'{"value": "a\\u0000b"}', 422, "bad-label"),
        (json.dumps({"value": "x" * 500}).encode(), 422, "bad-label"),
        (b'{"value": "' + b"x" * 30_000 + b'"}', 413, "body-too-large"),
    ],
)
def test_an_outcome_that_is_none_is_refused_in_words(
    studio: Studio, client: httpx.Client, body: bytes, status: int, code: str
) -> None:
    """Each kind of bad report has its status and says what, why and what to do."""
    decision = decided(client)
    response = client.put(f"/api/v1/decisions/{decision}/outcome", content=body)
    assert response.status_code == status
    assert error_of(response)["code"] == code
    assert "photo" not in response.text
    assert studio.ledger.outcome(decision) is None


def test_the_outcome_of_nothing_is_not_found(client: httpx.Client) -> None:
    """An unknown decision, and one of which nothing is known, are clear 404s."""
    assert error_of(put(client, "none", "dark"))["code"] == "unknown-decision"
    assert put(client, "none", "dark").status_code == 404
    response = client.get(f"/api/v1/decisions/{decided(client)}/outcome")
    assert (response.status_code, error_of(response)["code"]) == (404, "no-outcome")


def rows_of(kind: str, rows: list[tuple[str, str]]) -> tuple[bytes, str]:
    """Rows of decisions and values as a body of that kind."""
    objects = [{"decision": decision, "value": value} for decision, value in rows]
    bodies = {
        "object": (json.dumps({"outcomes": objects}), "application/json"),
        "list": (json.dumps(objects), "application/json; charset=utf-8"),
        "lines": ("\n".join(json.dumps(each) for each in objects) + "\n\n", "application/x-ndjson"),
        "csv": ("decision,value\n" + "\n".join(",".join(row) for row in rows) + "\n", "text/csv"),
    }
    return bodies[kind][0].encode(), bodies[kind][1]


@pytest.mark.parametrize("kind", ["object", "list", "lines", "csv"])
def test_many_outcomes_come_in_every_usual_form(studio: Studio, client: httpx.Client, kind: str) -> None:
    """JSON, JSON lines and CSV record the same; the answer says so row by row."""
    decisions = [decided(client) for _ in range(3)]
    body, content_type = rows_of(kind, [(each, "bright") for each in decisions])
    response = client.post(MANY, content=body, params={"by": "Kim"}, headers={"content-type": content_type})
    assert response.status_code == 200
    told = response.json()
    assert (told["recorded"], told["refused"]) == (3, 0)
    assert [row["decision"] for row in told["rows"]] == decisions
    assert {studio.ledger.outcome(each).by for each in decisions} == {"Kim"}


@pytest.mark.parametrize("kind", ["object", "list", "lines", "csv"])
def test_a_bad_row_is_named_and_the_others_are_kept(studio: Studio, client: httpx.Client, kind: str) -> None:
    """Each row is recorded or left out for itself, and none is lost unsaid."""
    good, taken = decided(client), decided(client)
    put(client, taken, "bright")
    foreign = client.post("/api/v1/projects/untrained/decisions", files={"photo": grey(5)}).json()["id"]
    rows = [(good, "bright"), ("nothing", "dark"), (taken, "dark"), (foreign, "dark"), (good, "bright"), (good, "dark")]
    body, content_type = rows_of(kind, rows)
    response = client.post(MANY, content=body, headers={"content-type": content_type})
    assert response.status_code == 207
    told = response.json()
    assert (told["recorded"], told["refused"]) == (2, 4)
    codes = [row["error"] and row["error"]["code"] for row in told["rows"]]
    assert codes == [None, "unknown-decision", "outcome-conflict", "unknown-decision", None, "outcome-conflict"]
    assert [row["status"] for row in told["rows"]] == [200, 404, 409, 404, 200, 409]
    assert studio.ledger.outcome(good).value == "bright"
    assert studio.ledger.outcome(foreign) is None


def test_rows_that_cannot_be_read_are_named_by_their_place(client: httpx.Client) -> None:
    """A line that is no JSON, or no row, stands in the answer where it stood in the request."""
    good = json.dumps({"decision": decided(client), "value": "bright"})
    half = '{"decision": "\\ud83d", "value": "bright"}'
    body = f'{good}\n{{"decision": 7}}\nnonsense\n"text"\n{half}\n{good}'.encode()
    response = client.post(MANY, content=body, headers={"content-type": "application/jsonl"})
    assert response.status_code == 207
    assert [row["status"] for row in response.json()["rows"]] == [200, 422, 422, 422, 422, 200]
    assert [row["row"] for row in response.json()["rows"]] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"{", "application/json", 400, "broken-json"),
        (b"{}", "application/json", 400, "broken-json"),
        (b"7", "application/json", 400, "broken-json"),
        (b"", "text/csv", 400, "empty-request"),
        (b"a,b\n1,2\n", "text/csv", 422, "source-unreadable"),
        (b"x", "text/html", 415, "unsupported-body"),
        (b"x", "", 415, "unsupported-body"),
        (b"x" * 300_001, "text/csv", 413, "body-too-large"),
    ],
)
def test_a_body_that_is_no_list_of_outcomes_is_refused(
    client: httpx.Client, body: bytes, content_type: str, status: int, code: str
) -> None:
    """Nothing of it is recorded, and the error says what to send."""
    response = client.post(MANY, content=body, headers={"content-type": content_type} if content_type else {})
    assert response.status_code == status
    assert error_of(response)["code"] == code


def test_an_unknown_project_has_no_outcomes(client: httpx.Client) -> None:
    """The name is checked before anything is read."""
    response = client.post("/api/v1/projects/nowhere/outcomes", content=b"[]")
    assert (response.status_code, error_of(response)["code"]) == (404, "unknown-project")


def test_another_site_cannot_report(studio: Studio, client: httpx.Client) -> None:
    """A page elsewhere cannot put words into a visitor's mouth."""
    decision = decided(client)
    headers = {"sec-fetch-site": "cross-site"}
    assert (
        client.put(f"/api/v1/decisions/{decision}/outcome", json={"value": "dark"}, headers=headers).status_code == 403
    )
    assert client.post(MANY, json=[], headers=headers).status_code == 403
    form = client.post(f"/decisions/{decision}/outcome", data={"value": "dark", "by": "Kim"}, headers=headers)
    assert form.status_code == 403
    assert studio.ledger.outcome(decision) is None


def test_a_decision_s_page_takes_its_outcome(studio: Studio, client: httpx.Client) -> None:
    """By a form without script; the page then says what turned out, and a contradiction keeps what was typed."""
    decision = decided(client)
    assert f'action="/decisions/{decision}/outcome"' in client.get(f"/decisions/{decision}").text
    wrong = client.post(f"/decisions/{decision}/outcome", data={"value": "dark", "by": ""})
    assert wrong.status_code == 422
    assert 'value="dark"' in wrong.text
    response = client.post(f"/decisions/{decision}/outcome", data={"value": "dark", "by": "Kim"}, follow_redirects=True)
    assert "It turned out to be “dark”" in response.text
    assert studio.ledger.outcome(decision).source == "page"
    conflict = client.post(f"/decisions/{decision}/outcome", data={"value": "bright", "by": "Kim"})
    assert (conflict.status_code, studio.ledger.outcome(decision).value) == (409, "dark")


def test_a_label_nobody_used_has_to_be_meant(client: httpx.Client) -> None:
    """One that is misspelt is refused with the labels there are; “new_labels” says that it is none; no table is 422."""
    first, second = decided(client), decided(client, 240)
    slip = put(client, first, "brigth")
    assert (slip.status_code, error_of(slip)["code"]) == (422, "unknown-label")
    assert "“bright”" in error_of(slip)["reason"]
    rows = [{"decision": first, "value": "dim"}]
    assert client.post(MANY, json={"outcomes": rows}).json()["rows"][0]["status"] == 422
    assert client.post(MANY, json={"outcomes": rows, "new_labels": True}).json()["recorded"] == 1
    assert put(client, second, "dusky", new_labels=True).status_code == 200
    torn = client.post(MANY, content=b"\x00\x9c\r\x01\n", headers={"content-type": "text/csv"})
    assert torn.status_code == 422


def test_no_row_of_a_table_is_lost_however_many_are_wrong(client: httpx.Client) -> None:
    """Each row with too many cells stands in the answer by its own line."""
    body = f"decision,value\n{decided(client)},bright\na,b,c\nd,e,f,g\nnobody,dark\nh,i,j\n".encode()
    told = client.post(MANY, content=body, headers={"content-type": "text/csv"}).json()
    assert (told["recorded"], told["refused"]) == (1, 4)
    assert [row["row"] for row in told["rows"]] == [2, 3, 4, 5, 6]
    assert "as many cells" in told["rows"][1]["error"]["reason"]


def test_a_quote_that_is_never_closed_keeps_no_good_row_from_being_recorded(client: httpx.Client) -> None:
    """It is a remark beside the rows, and no mistake of ours."""
    body = f'decision,value\n{decided(client)},bright\n"nobody,dark\n'.encode()
    answered = client.post(MANY, content=body, headers={"content-type": "text/csv"})
    told = answered.json()
    assert answered.status_code == 207
    assert told["recorded"] == 1
    assert told["remarks"]
    assert all(set(each) == {"fact", "reason", "remedy"} for each in told["remarks"])
