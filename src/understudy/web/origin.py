"""Refuses forms that another site sent in a visitor's name."""

from urllib.parse import urlsplit

from starlette.requests import Request

from understudy.web.errors import CrossSite


def check_origin(request: Request) -> None:
    """Lets a form through that this site or no browser sent.

    A browser names where a form comes from in Sec-Fetch-Site, or at least in Origin; only a program names neither.

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


def _refusal(reason: str) -> CrossSite:
    return CrossSite(
        fact="The form was not accepted.",
        reason=reason,
        remedy="Open the page here and send the form from it; programs name no origin.",
    )
