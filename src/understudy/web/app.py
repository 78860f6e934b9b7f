"""The app: routes, what holds for all of them, and the errors in one shape."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from understudy.web import (
    audits,
    brief_api,
    briefs,
    decisions,
    health,
    help_pages,
    inference,
    pages,
    projects,
    reference,
    reviews,
)
from understudy.web.context import Context
from understudy.web.doctor import Doctor
from understudy.web.drawings import Drawings
from understudy.web.failures import install_handlers
from understudy.web.middleware import RequestMetrics, SafeHeaders
from understudy.web.pictures import Pictures
from understudy.web.review_pictures import ReviewPictures
from understudy.web.services import Services
from understudy.web.templating import template_environment

HERE = Path(__file__).parent

ABOUT = """Ask a project's model about a photo; every answer is written down before it is given.

A project is one decision to automate. Its model says a label, how sure it is, and when a person should answer instead.
The same models answer the Open Inference Protocol under `/v2`, where a model bears its project's name."""


def create_app(services: Services) -> FastAPI:
    """Makes the web face of one workspace.

    Args:
        services: The house below; its router is closed when the app stops.

    Returns:
        An ASGI app without state outside itself: two apps in one process do not meet.
    """
    app = FastAPI(
        title="Understudy",
        version=services.version,
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(services),
    )
    app.state.context = Context(
        services=services,
        pictures=Pictures(services.photos, services.router),
        drawings=Drawings(),
        review_pictures=ReviewPictures(),
        doctor=Doctor(services.router),
        templates=template_environment(HERE / "templates"),
    )
    for module in (decisions, projects, brief_api, reviews, inference, health):
        app.include_router(module.router)
    for router in (briefs.router, pages.router, audits.router, reviews.pages, reference.router, help_pages.router):
        app.include_router(router, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    install_handlers(app)
    app.add_middleware(RequestMetrics, registry=services.registry)
    app.add_middleware(SafeHeaders)
    return app


def _lifespan(services: Services) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await services.router.close()

    return lifespan
