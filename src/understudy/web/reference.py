"""The API's reference as a page, made from its OpenAPI description; it works without a network."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from starlette.concurrency import run_in_threadpool

from understudy.serving.model import NotTrainedYet
from understudy.web.body import OBJECTS
from understudy.web.context import context_of
from understudy.web.errors import error_body
from understudy.web.queue_views import curl_of
from understudy.web.templating import page
from understudy.web.tensors import called

router = APIRouter()

TRITON = """import numpy, tritonclient.http as http

client = http.InferenceServerClient("{host}")
asked = http.InferInput("{called}", [1], "BYTES")
asked.set_data_from_numpy(numpy.array([{element}], dtype=object))
print(client.infer("{project}", [asked]).as_numpy("label"))"""
ELEMENTS = {
    "photo": 'open("photo.jpg", "rb").read()',
    "text": '"What is asked about".encode()',
    "sound": 'open("recording.wav", "rb").read()',
    "video": 'open("clip.mp4", "rb").read()',
    **dict.fromkeys(OBJECTS, 'open("input.json", "rb").read()'),
}
"""One element of a tensor in Python, by the kind of input."""


@dataclass(frozen=True)
class Field:
    """One field of a response ("answer.label")."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    asks: list[tuple[str, str]]
    takes: str
    body: str
    fields: list[Field]
    example: str
    also: list[tuple[str, str]]
    errors: list[tuple[str, str]]


@dataclass(frozen=True)
class Group:
    """Operations that belong together."""

    name: str
    anchor: str
    operations: list[Operation]


@router.get("/docs")
async def reference(request: Request) -> Response:
    """The page."""
    context = context_of(request)
    schema: dict[str, Any] = request.app.openapi()
    projects = await run_in_threadpool(context.services.records.projects)
    name, kind = (projects[0].name, projects[0].task.modality) if projects else ("blade-check", "photo")
    base = str(request.base_url).rstrip("/")
    element = ELEMENTS.get(kind, f'open("{kind}", "rb").read()')
    html = page(
        context.templates,
        "reference.html",
        about=[part.replace("`", "") for part in schema["info"]["description"].split("\n")],
        base=base,
        curl=curl_of(kind, base, name),
        triton=TRITON.format(host=request.base_url.netloc, project=name, called=called(kind), element=element),
        error_example=json.dumps(error_body(NotTrainedYet.named(name)), indent=2, ensure_ascii=False),
        groups=groups(schema),
    )
    return HTMLResponse(html)


def groups(schema: dict[str, Any]) -> list[Group]:
    """Sorts an OpenAPI description's operations by their tags, in the order they first appear."""
    found: dict[str, list[Operation]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            found.setdefault(operation["tags"][0], []).append(_operation(schema, path, method, operation))
    return [
        Group(name[:1].upper() + name[1:], re.sub(r"\W+", "-", name.lower()), operations)
        for name, operations in found.items()
    ]


def _operation(schema: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> Operation:
    responses = operation["responses"]
    content = responses["200"].get("content", {}).get("application/json", {})
    example, body = content.get("example"), operation.get("requestBody", {})
    others = [(status, each["description"]) for status, each in sorted(responses.items()) if status != "200"]
    return Operation(
        anchor=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=" ".join(operation.get("description", "").replace("`", "").split()),
        asks=[(each["name"], each["description"]) for each in operation.get("parameters", []) if each["in"] == "query"],
        takes=", or ".join(body.get("content", {})),
        body=body.get("description", ""),
        fields=list(_fields(schema, content.get("schema", {}), "")),
        example=json.dumps(example, indent=2, ensure_ascii=False) if example else "",
        also=[(status, told) for status, told in others if status < "300"],
        errors=[(status, told) for status, told in others if status >= "300"],
    )


def _fields(schema: dict[str, Any], part: dict[str, Any], prefix: str) -> Iterator[Field]:
    part = _resolved(schema, part)
    for name, child in part.get("properties", {}).items():
        resolved = _resolved(schema, child)
        repeated = resolved.get("type") == "array"
        inner = _resolved(schema, resolved["items"]) if repeated else resolved
        label = f"{prefix}{name}{'[]' if repeated else ''}"
        meaning = child.get("description") or inner.get("description") or ""
        yield Field(label, inner.get("type", "any"), meaning.replace("\n", " "))
        yield from _fields(schema, inner, f"{label}.")


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    for alternative in part.get("anyOf", []):
        if alternative.get("type") != "null":
            return {**_resolved(schema, alternative), "description": part.get("description", "")}
    reference = part.get("$ref")
    if reference is None:
        return part
    found: dict[str, Any] = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return found
