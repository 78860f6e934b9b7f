"""The app: routes, what holds for all of them, and the errors in one shape."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles

from understudy.web import (
    audits,
    brief_api,
    briefs,
    curves,
    decision_page,
    decisions,
    health,
    help_pages,
    history_page,
    inference,
    launch_page,
    outcomes,
    pages,
    projects,
    queue_api,
    queue_page,
    reference,
    reviews,
    settings_page,
)
from understudy.web.context import Context
from understudy.web.doctor import Doctor
from understudy.web.drawings import Drawings
from understudy.web.express import Express, Studio
from understudy.web.failures import install_handlers
from understudy.web.links import Kinds
from understudy.web.live_pictures import LivePictures
from understudy.web.middleware import RequestCounts, RequestMetrics
from understudy.web.pictures import Pictures
from understudy.web.review_pictures import ReviewPictures
from understudy.web.services import Services
from understudy.web.templating import template_environment

HERE = Path(__file__).parent
WARM_SECONDS = 20.0
"""A server waits so long at most for the models in service before it takes requests."""

FOR_PROGRAMS = (
    decisions, outcomes, queue_api, projects, brief_api, reviews, history_page, settings_page, inference, health,
)  # fmt: skip
FOR_PEOPLE = (
    briefs.router, curves.router, pages.router, decision_page.router, audits.router, reviews.pages, queue_page.router,
    launch_page.router, history_page.pages, settings_page.pages, reference.router, help_pages.router,
)  # fmt: skip

ABOUT = """Ask about an input: a model answers at once, or a person will. Every request is written down first.

A project is one decision to automate. Its model says a label and how sure it is; where it may not answer, people do.
The same models answer the Open Inference Protocol under `/v2`, where a model bears its project's name."""


def create_app(services: Services) -> FastAPI:
    """Makes the web face of one workspace.

    Args:
        services: The house below; its router is closed when the app stops, and its backstage runs meanwhile.

    Returns:
        An ASGI app without state outside itself: two apps in one process do not meet.
    """
    app = Studio(
        title="Understudy",
        version=services.version,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(services),
    )
    app.state.context = Context(
        services=services,
        pictures=Pictures(services.input, services.router.explainer),
        drawings=Drawings(),
        review_pictures=ReviewPictures(),
        live_pictures=LivePictures(),
        doctor=Doctor(services.router),
        templates=template_environment(HERE / "templates"),
        kinds=Kinds(services.records.project),
    )
    for module in FOR_PROGRAMS:
        app.include_router(module.router)
    for router in FOR_PEOPLE:
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    install_handlers(app)
    counts = RequestCounts(services.registry)
    app.add_middleware(RequestMetrics, counts=counts)
    app.hosts = services.hosts
    app.express = Express(app, decisions.decide, counts, tracing=services.router.tracing)
    return app


def _lifespan(services: Services) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if services.backstage is not None:
            await services.router.warm(WARM_SECONDS)
            services.backstage.start()
        yield
        if services.backstage is not None:
            await run_in_threadpool(services.backstage.stop)
        await services.router.close()

    return lifespan
