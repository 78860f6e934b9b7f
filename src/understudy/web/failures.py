"""Turns whatever goes wrong into the one shape: JSON for programs, a page for people."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from understudy.domain.errors import UnderstudyError
from understudy.web.context import context_of
from understudy.web.errors import (
    UnknownPage,
    WrongMethod,
    WrongParameter,
    error_body,
    status_of,
    unexpected,
)
from understudy.web.misread import misread
from understudy.web.templating import page

FOR_PROGRAMS = ("/api/", "/v2/", "/healthz", "/readyz", "/metrics", "/openapi.json")


def install_handlers(app: FastAPI) -> None:
    """Sets the app's error handlers."""

    async def known(request: Request, error: Exception) -> Response:
        return failure(request, error if isinstance(error, UnderstudyError) else unexpected())

    async def http(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            return failure(request, unexpected())
        return failure(request, _from_http(request, error), headers=error.headers)

    async def parameters(request: Request, error: Exception) -> Response:
        return failure(request, _from_validation(error))

    async def anything(request: Request, _error: Exception) -> Response:
        return failure(request, unexpected())

    app.add_exception_handler(UnderstudyError, known)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, parameters)
    app.add_exception_handler(Exception, anything)


def failure(request: Request, error: UnderstudyError, *, headers: Mapping[str, str] | None = None) -> Response:
    """The response for an error, in the shape that the address promises."""
    status = status_of(error)
    extra = dict(headers or {})
    if status == 503:
        extra.setdefault("Retry-After", "1")
    path = request.url.path
    if path == "/v2" or path.startswith("/v2/"):
        return JSONResponse({"error": str(error)}, status_code=status, headers=extra)
    if path.startswith(FOR_PROGRAMS):
        return JSONResponse(error_body(error), status_code=status, headers=extra)
    html = page(
        context_of(request).templates,
        "error.html",
        error=error,
        status=status,
        fragment=is_fragment(request),
        back=_back(path),
    )
    return HTMLResponse(html, status_code=status, headers=extra)


def is_fragment(request: Request) -> bool:
    """Whether the page's own script asks for a part to put into the page."""
    return request.headers.get("x-fragment") == "1"


def _back(path: str) -> str | None:
    """Where a form that failed was sent from."""
    return path.removesuffix("/try") if path.endswith("/try") else None


def _from_http(request: Request, error: HTTPException) -> UnderstudyError:
    address = f"{request.method} {request.url.path[:120]}"
    if error.status_code == 404:
        return UnknownPage(
            fact="There is nothing here.",
            reason=f"No page and no part of the API stands at {address}.",
            remedy="Go to the list of projects at /, or to the API's reference at /docs.",
        )
    if error.status_code == 405:
        return WrongMethod(
            fact="This address is not used this way.",
            reason=f"{address} does not exist, though the address does.",
            remedy="See the API's reference at /docs for its methods.",
        )
    return unexpected()


def _from_validation(error: Exception) -> WrongParameter:
    details = error.errors() if isinstance(error, RequestValidationError) else []
    return WrongParameter(
        fact="The request was not understood.",
        reason=misread(details[0]) if details else "It cannot be read.",
        remedy="See the API's reference at /docs for what it takes.",
    )
