"""Whether the product works: a real prediction for each trained project, and its figures."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.concurrency import run_in_threadpool

from understudy.web.context import context_of

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Does it work?")
async def health(request: Request) -> Response:
    """Asks every trained project's model about a tiny picture; nothing of it is written down.

    200 when all answer, 503 when one fails.
    """
    context = context_of(request)
    names = [project.name for project in await run_in_threadpool(context.services.records.projects)]
    checks = await context.doctor.examine(names)
    healthy = all(check.status != "failing" for check in checks.values())
    body: dict[str, Any] = {
        "status": "ok" if healthy else "failing",
        "projects": {name: {"status": check.status, "detail": check.detail} for name, check in checks.items()},
    }
    return JSONResponse(body, status_code=200 if healthy else 503, headers={"cache-control": "no-store"})


@router.get("/readyz", summary="Can it take requests?")
async def readiness(request: Request) -> Response:
    """200 when the ledger can be read, 503 otherwise."""
    await run_in_threadpool(context_of(request).services.records.projects)
    return JSONResponse({"status": "ready"}, headers={"cache-control": "no-store"})


@router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    """Requests, times, batches, answers: in Prometheus' text format."""
    return Response(generate_latest(context_of(request).services.registry), media_type=CONTENT_TYPE_LATEST)
