"""Examples that a page shows: a photo encoded anew, everything else as it came."""

from typing import Annotated

from fastapi import Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from understudy.web.context import context_of
from understudy.web.decisions import FOR_A_MINUTE
from understudy.web.inputs import shown

Side = Annotated[int, Query(ge=32, le=1024, description="Longest side of a photo, in pixels.")]


async def example_shown(request: Request, project: str, digest: str, *, side: int, played: bool) -> Response:
    """The input of an example that a page may show.

    Args:
        request: Asks for it.
        project: Its project's name.
        digest: SHA-256 of the input.
        side: Longest side of a photo, in pixels.
        played: Made anew where browsers do not play it.
    """
    context = context_of(request)
    found = await run_in_threadpool(context.services.records.project, project)
    if found.task.modality == "photo":
        return Response(await context.pictures.thumbnail(digest, side), media_type="image/jpeg", headers=FOR_A_MINUTE)
    data = await run_in_threadpool(context.services.input, digest)
    return await shown(request, context.services, found, digest, data, played=played)
