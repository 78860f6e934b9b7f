"""The express: the one endpoint that programs ask thousands of times a minute, without the framework between.

It runs the same function that stands in the framework's table, and answers with the same headers, errors and counts.
What is left out is what the framework does for every address: matching a hundred routes, solving dependencies, and
four layers of middleware, which together take as long as the answer does.
"""

import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from understudy.domain.errors import UnderstudyError
from understudy.serving.telemetry import Tracing
from understudy.web.errors import UnknownHost, unexpected
from understudy.web.failures import failure
from understudy.web.middleware import RAW_HEADERS, RequestCounts, SafeHeaders
from understudy.web.origin import check_host
from understudy.web.wire import send_whole
from understudy.web.written import Written

log = logging.getLogger(__name__)

BEFORE, AFTER = "/api/v1/projects/", "/decisions"
ROUTE = f"{BEFORE}{{project}}{AFTER}"
LONGEST_NAME = 80
SAFE = b"".join([b"%b: %b\r\n" % each for each in RAW_HEADERS])

Decide = Callable[[str, Request], Awaitable[Response]]


class _Headers(Headers):
    """A request's headers, looked up once by name instead of one after the other for each."""

    def __init__(self, raw: list[tuple[bytes, bytes]]) -> None:
        super().__init__(raw=raw)
        self._first = dict(reversed(raw))

    def __getitem__(self, key: str) -> str:
        return self._first[key.lower().encode("latin-1")].decode("latin-1")

    def get(self, key: str, default: Any = None) -> Any:
        value = self._first.get(key.lower().encode("latin-1"))
        return default if value is None else value.decode("latin-1")


class _Plain(Request):
    """A request whose headers are looked up quickly."""

    @property
    def headers(self) -> Headers:
        if not hasattr(self, "_quick"):
            self._quick = _Headers(self.scope["headers"])
        return self._quick


class Express:
    """Serves one endpoint.

    Args:
        app: The app that it belongs to; requests find their context there.
        decide: Answers.
        counts: Where requests are counted.
        tracing: Traces of requests.
        stopwatch: Monotonic seconds.
    """

    def __init__(
        self,
        app: FastAPI,
        decide: Decide,
        counts: RequestCounts,
        *,
        tracing: Tracing | None = None,
        stopwatch: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._app, self._decide, self._counts = app, decide, counts
        self._tracing, self._stopwatch = tracing or Tracing(), stopwatch

    def takes(self, scope: Scope) -> bool:
        """Whether a request is for this endpoint, in the plain form that nearly all are."""
        if scope["type"] != "http" or scope["method"] != "POST":
            return False
        path: str = scope["path"]
        if not path.startswith(BEFORE) or not path.endswith(AFTER) or scope.get("root_path"):
            return False
        name = path[len(BEFORE) : -len(AFTER)]
        return 0 < len(name) <= LONGEST_NAME and "/" not in name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        started = self._stopwatch()
        scope["app"] = self._app
        request, status = _Plain(scope, receive), 500
        project: str = scope["path"][len(BEFORE) : -len(AFTER)]
        try:
            response = await self._answered(project, request)
            status = response.status_code
            if not (isinstance(response, Written) and send_whole(send, response.head + SAFE, response.body)):
                given = {name for name, _ in response.raw_headers}
                response.raw_headers += [each for each in RAW_HEADERS if each[0] not in given]
                await response(scope, receive, send)
        except ClientDisconnect:
            status = 499
        finally:
            self._counts.served("POST", ROUTE, status, self._stopwatch() - started)

    async def _answered(self, project: str, request: Request) -> Response:
        try:
            if not self._tracing.on:
                return await self._decide(project, request)
            with self._tracing.span(f"POST {ROUTE}", headers=dict(request.headers)):
                return await self._decide(project, request)
        except UnderstudyError as error:
            return failure(request, error)
        except ClientDisconnect:
            raise
        except Exception:
            log.exception("A request failed that should not have")
            return failure(request, unexpected())


class Studio(FastAPI):
    """The app, with the express before everything else once it is set.

    Attributes:
        express: Serves what it takes.
        hosts: Under which names it may be reached; none where every name will do.
    """

    express: Express | None = None
    hosts: frozenset[str] = frozenset()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        """Serves one request."""
        if scope["type"] == "http":
            try:
                check_host(scope, self.hosts)
            except UnknownHost as error:
                scope["app"] = self
                return await SafeHeaders(failure(Request(scope), error))(scope, receive, send)
        if self.express is not None and self.express.takes(scope):
            return await self.express(scope, receive, send)
        if scope["type"] == "http" and scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}  # answered likewise; the server leaves out the body
        # Outside of all that the framework puts around it, so that its own last resort carries the headers too.
        return await SafeHeaders(super().__call__)(scope, receive, send)
