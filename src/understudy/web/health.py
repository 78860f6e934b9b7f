"""Whether the product works: a real prediction for each trained project, living workers, and its figures."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool

from understudy.web.context import Context, context_of

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Does it work?")
async def health(request: Request) -> Response:
    """Asks every trained project's model about a tiny picture; nothing of it is written down.

    200 when all that answer clients do, every worker that was started lives and what goes on behind the answers goes
    on; 503 otherwise.
    """
    context = context_of(request)
    names = [project.name for project in await run_in_threadpool(context.services.records.projects)]
    checks = await context.doctor.examine(names)
    behind, going = await _backstage(context)
    healthy = going and all(check.status != "failing" for check in checks.values())
    body: dict[str, Any] = {
        "status": "ok" if healthy else "failing",
        "projects": {name: {"status": check.status, "detail": check.detail} for name, check in checks.items()},
        **behind,
    }
    return JSONResponse(body, status_code=200 if healthy else 503, headers={"cache-control": "no-store"})


@router.get("/readyz", summary="Can it take requests?")
async def readiness(request: Request) -> Response:
    """200 when the ledger can be read, 503 otherwise."""
    await run_in_threadpool(context_of(request).services.records.projects)
    return JSONResponse({"status": "ready"}, headers={"cache-control": "no-store"})


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    """Requests, times, decisions, faults, stages, breakers and queues, in Prometheus' text format.

    Where several workers serve, what they counted is added up, whichever of them is asked.
    """
    services = context_of(request).services
    if services.exposition is None:
        return Response(generate_latest(services.registry), media_type=CONTENT_TYPE_LATEST)
    return Response(await run_in_threadpool(services.exposition), media_type=CONTENT_TYPE_LATEST)


async def _backstage(context: Context) -> tuple[dict[str, Any], bool]:
    """What goes on behind the answers, and whether all of it does; nothing where nothing was to."""
    backstage = context.services.backstage
    if backstage is None:
        return {}, True
    vitals = await run_in_threadpool(backstage.vitals)
    ages = {name: round(age, 1) for name, age in vitals.ages.items()}
    told = {
        "workers": {"alive": vitals.workers, "started": vitals.expected},
        "chores": {name: {"seconds": age, "dead": name in vitals.dead} for name, age in ages.items()},
    }
    return told, vitals.ok
