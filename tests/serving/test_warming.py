"""Models in service are loaded before anybody asks them, and nothing waits for one that cannot be."""

import time
from dataclasses import dataclass

from brightness import Shelf, photo
from understudy.domain.decision import AnsweredBy, Decision
from understudy.domain.stage import Stage
from understudy.serving.asking import Request
from understudy.serving.model import ServedModel
from understudy.serving.router import Router
from understudy.store.errors import LedgerUnavailable

from .house import House


@dataclass
class SlowShelf(Shelf):
    """Takes its time to load a model."""

    seconds: float = 0.4

    def load(self, project: str, version: str) -> ServedModel:
        time.sleep(self.seconds)
        return super().load(project, version)


def test_the_first_request_meets_a_model_that_is_loaded(house: House) -> None:
    """After warming, the first answer waits for nothing to be loaded."""
    house.promote(Stage.LIVE)
    house.shelf = SlowShelf({"lamp": house.model})

    async def scene(router: Router) -> Decision:
        await router.warm(60.0)
        assert house.shelf.loaded == [house.model.version]
        return await router.decide("lamp", Request(photo(250), None, None))

    assert house.play(scene).answered_by is AnsweredBy.MODEL
    assert house.shelf.loaded == [house.model.version]


def test_nothing_waits_for_a_model_that_takes_too_long_or_is_not_there(house: House) -> None:
    """Warming ends after its seconds, and at once where no stage needs a model or the model cannot be loaded."""
    started = time.monotonic()
    house.play(lambda router: router.warm(10.0))
    house.promote(Stage.LIVE, "ff" * 32)
    house.play(lambda router: router.warm(10.0))
    assert time.monotonic() - started < 5
    house.shelf = SlowShelf({"lamp": house.model}, seconds=3.0)
    house.promote(Stage.LIVE)

    async def impatient(router: Router) -> float:
        begun = time.monotonic()
        await router.warm(0.2)
        return time.monotonic() - begun

    assert house.play(impatient) < 2.5


def test_a_ledger_that_does_not_serve_is_no_reason_not_to_start(house: House) -> None:
    """The server starts all the same, and says with each request that its records cannot be reached."""

    class Away:
        def mark(self) -> tuple[int, int]:
            raise LedgerUnavailable(fact="Away.", reason="Away.", remedy="Wait.")

    house.standings._ledger = Away()  # type: ignore[assignment]
    house.play(lambda router: router.warm(10.0))
