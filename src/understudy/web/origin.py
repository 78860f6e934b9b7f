"""Refuses what another site sent in a visitor's name."""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.types import Scope

from understudy.web.errors import CrossSite, UnknownHost


def check_origin(request: Request) -> None:
    """Lets through what this site or no browser sent.

    A browser names where a request that writes comes from in Sec-Fetch-Site, or at least in Origin; only a program
    names neither.

    Raises:
        CrossSite: Another site sent it.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site in {"same-origin", "none"}:
            return
        raise _refusal(f"The browser says that it comes from a {site} page.")
    origin = request.headers.get("origin")
    if origin is None:
        return
    if origin == "null" or urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower():
        raise _refusal(f"It comes from {origin[:120]}.")


def check_host(scope: Scope, known: Collection[str]) -> None:
    """Lets a request through that was sent to a known name, or by a program that names none; to any, where none is.

    Raises:
        UnknownHost: It was sent to another.
    """
    named = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    if known and named and _bare(named) not in known:
        raise UnknownHost(
            fact="The request was not accepted.",
            reason=f"It was sent to “{named[:120]}”, which is no name of this server.",
            remedy="Use the address that the server printed, or begin it with “--reached-as” and this name.",
        )


def _bare(host: str) -> str:
    """A host without its port, in small letters; empty where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _refusal(reason: str) -> CrossSite:
    return CrossSite(
        fact="The request was not accepted.",
        reason=reason,
        remedy="Send it from a page of this site, or from a program, which names no origin.",
    )
