import html

import httpx
import pytest


def test_the_reference_names_every_operation_of_the_api(client: httpx.Client) -> None:
    """Whatever the API can do stands on the page, with its method, address and meaning."""
    schema = client.get("/openapi.json").json()
    shown = client.get("/docs").text
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"]
            assert operation["description"]
            assert f'<span class="method">{method.upper()}</span> <span class="path">{path}</span>' in shown
    assert len(schema["paths"]) > 15


def test_the_reference_says_how_to_ask(client: httpx.Client) -> None:
    """What may stand in the query of an address, and under which name each kind of input is sent."""
    schema = client.get("/openapi.json").json()
    shown = html.unescape(client.get("/docs").text)
    for methods in schema["paths"].values():
        for operation in methods.values():
            for each in operation.get("parameters", []):
                assert each["in"] != "query" or f"<code>?{each['name']}=</code> {each['description']}" in shown
            assert operation.get("requestBody", {}).get("description", "") in shown
    assert "<code>?played=</code>" in shown
    assert "is sent under its own name" in shown


def test_the_schema_promises_the_one_error_shape(client: httpx.Client) -> None:
    """No operation promises the framework's own error shape."""
    text = client.get("/openapi.json").text
    assert "HTTPValidationError" not in text
    assert "ErrorOut" in text


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/projects/lamp/nothing"])
def test_unknown_addresses_of_the_api_are_errors_in_json(client: httpx.Client, path: str) -> None:
    """A program that mistypes an address gets the shape it knows."""
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "unknown-page"


def test_a_wrong_method_says_so(client: httpx.Client) -> None:
    """405 with the methods that exist."""
    response = client.delete("/api/v1/projects/lamp/decisions")
    assert response.status_code == 405
    assert response.json()["error"]["code"] == "wrong-method"
    assert response.headers["allow"]
