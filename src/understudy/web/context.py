"""What every request may reach."""

from dataclasses import dataclass

from jinja2 import Environment
from starlette.requests import Request

from understudy.web.doctor import Doctor
from understudy.web.drawings import Drawings
from understudy.web.links import Kinds
from understudy.web.live_pictures import LivePictures
from understudy.web.pictures import Pictures
from understudy.web.review_pictures import ReviewPictures
from understudy.web.services import Services


@dataclass(frozen=True)
class Context:
    """One app's parts.

    Attributes:
        services: What the app was made of.
        pictures: Thumbnails and overlays.
        drawings: The verdict's pictures.
        review_pictures: The reviews' pictures.
        live_pictures: Pictures of what is in service.
        doctor: Asks the models whether they work.
        templates: The pages' templates.
        kinds: What each project is about.
    """

    services: Services
    pictures: Pictures
    drawings: Drawings
    review_pictures: ReviewPictures
    live_pictures: LivePictures
    doctor: Doctor
    templates: Environment
    kinds: Kinds


def context_of(request: Request) -> Context:
    """The context of the app that serves this request."""
    context: Context = request.app.state.context
    return context
