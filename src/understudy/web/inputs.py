"""Inputs as pages show them: a picture, a text, a row's cells, a recording, a clip, or somebody's history."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.domain.texts import json_in
from understudy.modalities.abilities import Medium, Playing
from understudy.modalities.contained import media_type_for
from understudy.modalities.nouns import noun_of
from understudy.modalities.protocol import Modality
from understudy.modalities.registry import modality_named
from understudy.studio.words.phrases import name as shown_name
from understudy.web.services import Services

EXCERPT: Final = 160
"""Characters of a text, and cells of a row, that stand where there is little room."""
FEW_CELLS: Final = 5
WHOLE: Final = 20_000
"""Characters of a text that a page shows at most; the whole is behind the link."""
Played = Annotated[bool, Query(description="Made anew where browsers do not show or play what was sent.")]
SANDBOX: Final = {
    "content-security-policy": "default-src 'none'; img-src 'self'; media-src 'self'; sandbox allow-same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=60",
    "accept-ranges": "bytes",
}
"""For the bytes of an input, which nobody here wrote: a browser shows or plays them and runs nothing. Without the same
origin a browser's own player may not fetch what it is to play."""
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


WHOSE = "Who"
"""Stands beside the name of the person whose history is shown."""


@dataclass(frozen=True)
class InputView:
    """One input on a page.

    Attributes:
        kind: The project's modality ("photo", "text", "table", "sound", "video", "interactions").
        href: Where the input itself is.
        medium: What a page shows it as, where that is not by its kind alone.
        unseen: Why it is not shown, where nothing could be made of it that a browser shows or plays.
        text: Of a text: what it says, as far as there is room.
        cells: Of a row or a history: names and values, as far as there is room.
        more: How many characters or cells there are beyond.
        gone: It was deleted, or cannot be read.
    """

    kind: str
    href: str
    medium: Medium | None = None
    unseen: str = ""
    text: str = ""
    cells: Sequence[tuple[str, str]] = ()
    more: int = 0
    gone: bool = False

    @property
    def player(self) -> str:
        """Where a page's player, or whoever opens the input there, finds it."""
        return f"{self.href}?played=true" if self.medium else self.href

    @property
    def called(self) -> str:
        """What stands in a list for what is neither seen nor read there ("A recording")."""
        noun = noun_of(self.kind).article
        return noun[:1].upper() + noun[1:]

    @property
    def brief(self) -> "InputView":
        """The same where there is little room."""
        text = self.text if len(self.text) <= EXCERPT else f"{self.text[:EXCERPT].rstrip()}…"
        return replace(self, text=text, cells=tuple(self.cells[:FEW_CELLS]))


def decision_input(
    services: Services, project: Project, decision: str, digest: str, *, gone: bool = False
) -> InputView:
    """The input of a decision; reads its bytes where a page shows more than a link to them."""
    photo = project.task.modality == "photo"
    href = f"/api/v1/decisions/{decision}/{'photo' if photo else 'input'}"
    view = replace(_empty(project, href), gone=gone)
    return view if gone else _filled(view, lambda: services.input(digest, decision))


def looked_at(services: Services, project: Project, decision: str, digest: str, *, gone: bool = False) -> InputView:
    """The input of a decision where people look at it: said in words where nothing of it can be shown.

    A picture is made before the page is there, and kept for the page's own request. A sound or a film may take long to
    make, and its player says itself that nothing plays.
    """
    view = decision_input(services, project, decision, digest, gone=gone)
    if view.gone or view.medium is not Medium.PICTURE:
        return view
    try:
        data = _played(services, project, digest, services.input(digest, decision))
    except UnderstudyError:
        return replace(view, medium=None, unseen="It cannot be read.")
    if media_type_of(project, data).startswith("image/"):
        return view
    return replace(view, medium=None, unseen="No picture could be made of it.")


def example_input(services: Services, project: Project, digest: str, href: str) -> InputView:
    """The input of an example, whose bytes a page may reach at `href`."""
    return _filled(_empty(project, href), lambda: services.input(digest))


def installed(kind: str) -> Modality | None:
    """The modality; None where the package that offers it is no longer there, and pages show what they can."""
    try:
        return modality_named(kind)
    except UnderstudyError:
        return None


def media_type_of(project: Project, data: bytes) -> str:
    """Under which media type a browser may show or play an input."""
    return media_type_for(modality_named(project.task.modality), data)


async def shown(
    request: Request, services: Services, project: Project, digest: str, data: bytes, *, played: bool
) -> Response:
    """An input as it was sent, or as browsers play it."""
    if played:
        data = await run_in_threadpool(_played, services, project, digest, data)
    return as_sent(request, project, data)


def as_sent(request: Request, project: Project, data: bytes) -> Response:
    """The bytes of an input under their media type, or the piece of them that a player asked for.

    Source:
        RFC 9110, section 14: one range is answered; several, and what is no range, get everything.
    """
    media_type = media_type_of(project, data)
    wanted = _RANGE.fullmatch(request.headers.get("range", "").strip())
    first, last = wanted.groups() if wanted else ("", "")
    if not first and not last:
        return Response(data, media_type=media_type, headers=SANDBOX)
    start = int(first) if first else max(len(data) - int(last), 0)
    end = min(int(last), len(data) - 1) if first and last else len(data) - 1
    if start > end:
        return Response(status_code=416, headers={**SANDBOX, "content-range": f"bytes */{len(data)}"})
    headers = {**SANDBOX, "content-range": f"bytes {start}-{end}/{len(data)}"}
    return Response(data[start : end + 1], status_code=206, media_type=media_type, headers=headers)


def _played(services: Services, project: Project, digest: str, data: bytes) -> bytes:
    """An input as browsers play it, or as it is; blocks."""
    if services.playables is None:
        return data
    return services.playables.of(project.task.modality, digest, data)


def _empty(project: Project, href: str) -> InputView:
    modality = installed(project.task.modality)
    return InputView(project.task.modality, href, modality.shown_as if isinstance(modality, Playing) else None)


def _filled(view: InputView, read: Any) -> InputView:
    try:
        if view.kind == "text":
            said = read().decode("utf-8", "replace")
            return replace(view, text=said[:WHOLE], more=max(len(said) - WHOLE, 0))
        if view.kind in {"table", "interactions"}:
            return replace(view, cells=tuple(_cells(json_in(read().decode("utf-8-sig")))))
    except (UnderstudyError, ValueError, RecursionError):
        return replace(view, gone=True)
    return view


def _cells(row: object) -> list[tuple[str, str]]:
    """A row's columns with their values; of a history, the latest items first."""
    if not isinstance(row, Mapping):
        return [("", _said(row))]
    history = row.get("history")
    if not isinstance(history, list):
        return [(shown_name(str(column)), _said(value)) for column, value in row.items()]
    items = [each if isinstance(each, list) else [each] for each in reversed(history)]
    past = [
        (f"{place} before" if place else "Last", _said(each[0] if each else "")) for place, each in enumerate(items)
    ]
    return [(WHOSE, _said(row.get("who"))), *past]


def _said(value: object) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,g}" if isinstance(value, float) else str(value)[:WHOLE]
