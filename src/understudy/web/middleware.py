"""What holds for every response: headers that keep a browser safe, and how long it took."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from understudy.serving.metrics import SECONDS

SAFE_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "geolocation=(), microphone=(), payment=()",
}


METHODS = frozenset({"GET", "HEAD", "POST", "PUT"})
RAW_HEADERS = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in SAFE_HEADERS.items()]


class SafeHeaders:
    """Adds the headers that every response carries."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                given = {name for name, _ in own}
                message["headers"] = own + [each for each in RAW_HEADERS if each[0] not in given]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class RequestCounts:
    """Counts requests and their time, by route; unknown addresses share one name, so guesses cost no memory.

    Args:
        registry: Where the metrics are registered.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "understudy_http_requests",
            "Requests, by route and status.",
            ["method", "route", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "understudy_http_request_seconds",
            "From a request's head to the end of its response.",
            ["route"],
            buckets=SECONDS,
            registry=registry,
        )
        self._kept: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def served(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one request."""
        # There are only so many kinds, so what counts each is kept: to find it by its labels takes longer than that.
        kind = (method, route, status)
        found = self._kept.get(kind)
        if found is None:
            found = self._requests.labels(method, route, str(status)), self._seconds.labels(route)
            self._kept[kind] = found
        found[0].inc()
        found[1].observe(seconds)


class RequestMetrics:
    """Has every request counted.

    Args:
        app: The app within.
        counts: Where they are counted.
        stopwatch: Monotonic seconds.
    """

    def __init__(self, app: ASGIApp, counts: RequestCounts, stopwatch: Callable[[], float] = time.perf_counter) -> None:
        self._app, self._counts, self._stopwatch = app, counts, stopwatch

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = self._stopwatch()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._counts.served(method, route, status, self._stopwatch() - started)
