"""Deliveries: what waits in the ledger is posted or mailed, again and again until it arrives or a day is over."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from understudy.domain.settings import Settings
from understudy.domain.stage import Event, EventKind
from understudy.serving.due import AHEAD, AT_ONCE, EACH, Known
from understudy.serving.identity import utc_now
from understudy.serving.mail import MailServer
from understudy.serving.webhooks import MOST_SAID, Poster, Sent, body_of
from understudy.store.deliveries import Delivery, Notice

log = logging.getLogger(__name__)

FIRST_PAUSE, FACTOR, LONGEST_PAUSE = 5.0, 3.0, 36_000.0
"""Seconds after the first try, how many times as long after each further one, and at most."""
TRIES = 11
"""With these pauses the last try is made after 23 hours and 40 minutes."""
LEASE = "deliveries"
LEASE_SECONDS = 90.0
TRY_SECONDS = 40.0
"""A try that takes longer is broken off, however busily the receiver talks."""


class DeliveryLedger(Protocol):
    """The part of the ledger that keeps deliveries. Thread-safe; blocks."""

    def due_deliveries(self, now: datetime, limit: int, *, each: int | None = None) -> Sequence[Delivery]:
        """What is to be delivered now; see `Ledger.due_deliveries`."""
        ...

    def record_attempt(
        self, delivery: int, *, at: datetime, ok: bool, detail: str, next_at: datetime | None = None
    ) -> None:
        """Records one try; without `next_at` there is no other."""
        ...

    def settings(self, project: str) -> Settings:
        """What the project's team has set."""
        ...

    def record_event(self, project: str, event: Event, *, notices: Sequence[Notice] = ()) -> Event:
        """Records an event."""
        ...

    def take_lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Takes or prolongs a lease; False where another has it."""
        ...


def pause_after(tries: int) -> float | None:
    """Seconds to wait after so many tries that failed, at least 1; None when it is given up."""
    return None if tries >= TRIES else min(FIRST_PAUSE * FACTOR ** (tries - 1), LONGEST_PAUSE)


class Deliverer:
    """Delivers what is due, one process at a time. Belongs to one thread.

    Args:
        ledger: Where deliveries wait.
        worker: This process's name, for the lease.
        mail: Where mail is handed in; None where no server was named.
        now: The present moment, UTC.
    """

    def __init__(
        self,
        ledger: DeliveryLedger,
        worker: str,
        *,
        mail: MailServer | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger, self._worker, self._mail, self._now = ledger, worker, mail, now
        self._leased_at: datetime | None = None
        self._known = Known()
        self._letters = ThreadPoolExecutor(max_workers=EACH, thread_name_prefix="mail")

    def tick(self) -> None:
        """Delivers until nothing is due, if no other process does. Blocks for as long as receivers take."""
        if not self._ledger.due_deliveries(self._now(), 1) or not self._leased():
            return
        loop = asyncio.new_event_loop()
        try:
            loop.run_until_complete(self._deliver())
        finally:
            loop.close()  # unlike `asyncio.run`, this waits for no name that is still being looked up

    async def _deliver(self) -> None:
        """Tries what is due and what becomes due meanwhile, so that nobody waits for the slowest."""
        tries: dict[asyncio.Task[Sent], Delivery] = {}
        self._known = Known()
        async with Poster() as poster:
            try:
                while self._begin(poster, tries):
                    wait = max(0.0, self._known.until - time.monotonic())
                    done, _ = await asyncio.wait(tries, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
                    for each in done:
                        self._record(tries.pop(each), each.result())
            finally:
                for each in tries:
                    each.cancel()
                await asyncio.gather(*tries, return_exceptions=True)

    def _begin(self, poster: Poster, tries: dict[asyncio.Task[Sent], Delivery]) -> bool:
        """Begins to try what is due and not being tried; whether anything is."""
        if not self._leased():
            self._known = Known.of([], trying=set())
            return bool(tries)
        if not tries or self._known.dry(tries.values()) or time.monotonic() >= self._known.until:
            due = self._ledger.due_deliveries(self._now(), AHEAD * AT_ONCE, each=AHEAD * EACH)
            self._known = Known.of(due, trying={delivery.id for delivery in tries.values()})
        for delivery in self._known.taken(tries.values()):
            tries[asyncio.get_running_loop().create_task(self._try(poster, delivery))] = delivery
        return bool(tries)

    def _leased(self) -> bool:
        now, lasts = self._now(), timedelta(seconds=LEASE_SECONDS)
        if self._leased_at is not None and now < self._leased_at + lasts / 3:
            return True
        taken = self._ledger.take_lease(LEASE, self._worker, now, now + lasts)
        self._leased_at = now if taken else None
        return taken

    async def _try(self, poster: Poster, delivery: Delivery) -> Sent:
        """What became of one try, which is broken off when it takes too long."""
        try:
            async with asyncio.timeout(TRY_SECONDS):
                return await self._send(poster, delivery)
        except TimeoutError:
            return Sent(ok=False, detail=f"It took more than {TRY_SECONDS:g} seconds.")
        except Exception as error:  # noqa: BLE001 - whatever it is, the next try may go well
            return Sent(ok=False, detail=f"{type(error).__name__}: {error}"[:MOST_SAID])

    async def _send(self, poster: Poster, delivery: Delivery) -> Sent:
        settings, at = self._ledger.settings(delivery.project), self._now()
        name = f"{int(delivery.at.timestamp() * 1000):x}-{delivery.id}"
        if delivery.channel == "webhook":
            if settings.webhook_url is None:
                return Sent(ok=False, detail="No webhook is set any more.", final=True)
            body = body_of(delivery.event, delivery.at, delivery.payload)
            return await poster.post(settings.webhook_url, settings.webhook_secret or "", name, at, body)
        if settings.owner_email is None:
            return Sent(ok=False, detail="No owner’s address is set any more.", final=True)
        if self._mail is None:
            return Sent(ok=False, detail="No mail server is named in UNDERSTUDY_SMTP.")
        letter = (settings.owner_email, name, at, delivery.event, delivery.payload)
        send = partial(self._mail.send, *letter, seconds=TRY_SECONDS)
        return await asyncio.get_running_loop().run_in_executor(self._letters, send)

    def _record(self, delivery: Delivery, sent: Sent) -> None:
        at, tries = self._now(), delivery.attempts + 1
        pause = None if sent.ok or sent.final else pause_after(tries)
        next_at = None if pause is None else at + timedelta(seconds=pause)
        self._ledger.record_attempt(delivery.id, at=at, ok=sent.ok, detail=sent.detail, next_at=next_at)
        if not sent.ok and next_at is None:
            fact = f"A {delivery.channel} about “{delivery.event}” was given up after {tries} tries: {sent.detail}"
            evidence = {"delivery": delivery.id, "tries": tries, "channel": delivery.channel, "detail": sent.detail}
            self._ledger.record_event(delivery.project, Event(EventKind.UNDELIVERED, "", fact, at, evidence))
            log.warning("%s of %s: %s", delivery.event, delivery.project, fact)
