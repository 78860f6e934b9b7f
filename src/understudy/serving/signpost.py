"""The signpost: gives each request its name and its way, by the stage of its project."""

import hashlib

from understudy.domain.decision import Because
from understudy.launch.policy import Route, route
from understudy.serving.asking import Ask, Request
from understudy.serving.identity import Mint
from understudy.serving.standings import Standing


class Signpost:
    """Sends requests on their way. Belongs to one event loop, but for `trip`.

    Args:
        mint: Gives requests their time and name.
    """

    def __init__(self, mint: Mint) -> None:
        self._mint = mint
        # A trip is added in one step and never taken out, so that no thread undoes another's; they are few.
        self._tripped: set[tuple[str, str, int]] = set()

    def ask(
        self,
        standing: Standing,
        request: Request,
        started: float,
        *,
        only: bool = False,
        version: str | None = None,
    ) -> Ask:
        """A request with its name and its way.

        Args:
            standing: How its project stands.
            request: What is asked.
            started: When it came, on the stopwatch.
            only: A model's answer is wanted and no decision.
            version: Of the model that shall answer, if any does; None for whichever does.
        """
        at = self._mint.now()
        name = self._mint.name(at)
        way = self.way(standing, request.key or name)
        if version is not None and way.model not in {None, version}:
            way = Route(None, None, way.because or Because.NOT_IN_CANARY, way.dark)
        digest = hashlib.sha256(request.data).hexdigest()
        return Ask(name, request, digest, standing, at, started, way, only)

    def again(self, ask: Ask, standing: Standing) -> Ask:
        """The same request, on the way that it has to go by another standing."""
        return ask.again(standing, self.way(standing, ask.request.key or ask.id))

    def way(self, standing: Standing, key: str) -> Route:
        """Who may answer a request that is called so."""
        tripped = [each for each in standing.versions if (standing.project, each, standing.number) in self._tripped]
        return route(standing.change, key, tripped=tripped)

    def trip(self, project: str, version: str, stage: int) -> None:
        """Sends nobody to a model any more while that stage holds. From any thread."""
        self._tripped.add((project, version, stage))
