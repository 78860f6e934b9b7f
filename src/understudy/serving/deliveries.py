"""Deliveries: what waits in the ledger is posted or mailed, again and again until it arrives or a day is over."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from typing import Protocol

from understudy.domain.settings import Settings
from understudy.domain.stage import Event, EventKind
from understudy.serving.identity import utc_now
from understudy.serving.mail import MailServer
from understudy.serving.webhooks import Poster, Sent, body_of
from understudy.store.deliveries import Delivery, Notice

log = logging.getLogger(__name__)

FIRST_PAUSE, FACTOR, LONGEST_PAUSE = 5.0, 3.0, 36_000.0
"""Seconds after the first try, how many times as long after each further one, and at most."""
TRIES = 11
"""With these pauses the last try is made after 23 hours and 40 minutes."""
LEASE = "deliveries"
LEASE_SECONDS = 90.0
AT_ONCE = 16
TRY_SECONDS = 40.0
"""A try that takes longer counts as failed, whatever becomes of it."""


class DeliveryLedger(Protocol):
    """The part of the ledger that keeps deliveries. Thread-safe; blocks."""

    def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """What is to be delivered now."""
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
        poster: Posts webhooks.
        now: The present moment, UTC.
    """

    def __init__(
        self,
        ledger: DeliveryLedger,
        worker: str,
        *,
        mail: MailServer | None = None,
        poster: Poster | None = None,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._ledger, self._worker, self._mail, self._now = ledger, worker, mail, now
        self._poster = poster or Poster()
        self._threads = ThreadPoolExecutor(max_workers=AT_ONCE, thread_name_prefix="delivery")

    def tick(self) -> None:
        """Delivers what is due, if no other process does. Blocks for as long as receivers take, within bounds."""
        now = self._now()
        if not self._ledger.due_deliveries(now, 1):
            return
        if not self._ledger.take_lease(LEASE, self._worker, now, now + timedelta(seconds=LEASE_SECONDS)):
            return
        due = self._ledger.due_deliveries(now, AT_ONCE)
        tries = {self._threads.submit(self._send, delivery): delivery for delivery in due}
        wait(tries, timeout=TRY_SECONDS)
        for tried, delivery in tries.items():
            self._record(delivery, _outcome(tried))

    def close(self) -> None:
        """Lets go of threads and connections; what was not delivered waits in the ledger."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._poster.close()

    def _send(self, delivery: Delivery) -> Sent:
        settings, at = self._ledger.settings(delivery.project), self._now()
        name = f"{int(delivery.at.timestamp() * 1000):x}-{delivery.id}"
        if delivery.channel == "webhook":
            if settings.webhook_url is None:
                return Sent(ok=False, detail="No webhook is set any more.", final=True)
            body = body_of(delivery.event, delivery.at, delivery.payload)
            return self._poster.post(settings.webhook_url, settings.webhook_secret or "", name, at, body)
        if settings.owner_email is None:
            return Sent(ok=False, detail="No owner’s address is set any more.", final=True)
        if self._mail is None:
            return Sent(ok=False, detail="No mail server is named in UNDERSTUDY_SMTP.")
        return self._mail.send(settings.owner_email, name, at, delivery.event, delivery.payload)

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


def _outcome(tried: "Future[Sent]") -> Sent:
    if not tried.done():
        return Sent(ok=False, detail=f"It took more than {TRY_SECONDS:g} seconds.")
    error = tried.exception()
    return Sent(ok=False, detail=f"{type(error).__name__}: {error}"[:200]) if error else tried.result()
