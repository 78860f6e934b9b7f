"""Questions that name somebody and say nothing of what they had: what the project knows of them is filled in."""

import json
from typing import Final

from starlette.concurrency import run_in_threadpool

from understudy.modalities.interactions.question import question_bytes
from understudy.studio.collection.known_people import known_person
from understudy.web.context import Context

INTERACTIONS: Final = "interactions"


async def with_known(context: Context, project: str, data: bytes) -> bytes:
    """The bytes of an input; of a question without a history, with what the project knows of that person.

    All that is known counts, but for what is sealed. A history that is empty says that there was nothing, and stays.

    Raises:
        UnknownProject: No such project.
    """
    if not data.startswith(b"{") or b'"history"' in data or context.kinds.known(project) not in {None, INTERACTIONS}:
        return data
    return await run_in_threadpool(_filled, context, project, data)


def _filled(context: Context, project: str, data: bytes) -> bytes:
    if context.kinds.of(project) != INTERACTIONS:
        return data
    try:
        who = json.loads(data).get("who")
    except (ValueError, RecursionError):
        return data
    if not isinstance(who, str) or not who:
        return data
    services = context.services
    found = known_person(services.records.examples(project, called=who), services.input, who)
    return data if found is None else question_bytes(found.question)
