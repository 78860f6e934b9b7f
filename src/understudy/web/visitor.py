"""Who sits before the page: asked once, kept in a cookie. It is no sign-in; it only says whose answers are whose."""

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import Response

from understudy.domain.errors import UnderstudyError
from understudy.domain.texts import is_storable

COOKIE = "understudy-name"
LONGEST = 80
YEAR = 365 * 24 * 3600
TAKEN = frozenset({"model", "breaker", "nobody", "nobody-yet"})
"""What the product calls itself where somebody's name may stand."""


class BadPerson(UnderstudyError):
    """A person cannot be called this."""


def visitor_of(request: Request) -> str | None:
    """The name that the visitor gave, or None."""
    try:
        return checked_person(unquote(request.cookies.get(COOKIE, "")))
    except BadPerson:
        return None


def remember(response: Response, name: str, *, secure: bool) -> None:
    """Keeps the name on the visitor's device; no script and no other site gets to see it."""
    response.set_cookie(COOKIE, quote(name), max_age=YEAR, path="/", httponly=True, samesite="lax", secure=secure)


def checked_person(text: str) -> str:
    """A name as it is kept: on one line, without blanks around it.

    Raises:
        BadPerson: It is empty, too long, the product's own, or holds what no file can carry.
    """
    name = " ".join(text.split())
    if not name or len(name) > LONGEST or not is_storable(name) or not name.isprintable():
        raise _bad(name, f"A name has 1 to {LONGEST} letters.")
    if name.lower() in TAKEN:
        raise _bad(name, "Where somebody's name stands, that word means that no person answered.")
    return name


def _bad(name: str, reason: str) -> BadPerson:
    return BadPerson(
        fact=f"“{name[:40]}” cannot be your name here." if name else "There is no name yet.",
        reason=reason,
        remedy="Type the name that your colleagues know you by.",
    )
