"""What is due and not being tried: one look at the outbox serves many tries, and no receiver waits for another."""

import time
from collections import Counter
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass, field

from understudy.store.deliveries import Delivery

AT_ONCE, EACH = 256, 8
"""Deliveries that are tried together, and of these to one receiver: a project's webhook, or the mail server."""
AHEAD = 8
"""A look tells of so many times what may be tried at once: it ranks all that waits, so not every try pays for one."""
LOOK_SECONDS = 0.5
"""While something is being tried, so often it is looked whether more is due; sooner where a look may have run dry."""


@dataclass
class Known:
    """What one look at the outbox told, in its order: the first to each receiver before any second.

    Attributes:
        left: What is due and not being tried.
        more: Receivers to whom more may be due than the look told of.
        until: When to look again at the latest, by the monotonic clock.
    """

    left: list[Delivery] = field(default_factory=list)
    more: frozenset[str] = frozenset()
    until: float = 0.0

    @classmethod
    def of(cls, due: Sequence[Delivery], trying: Set[int]) -> "Known":
        """From what a look told.

        Args:
            due: As the ledger ranks it.
            trying: What of it is being tried, by its number.
        """
        told = Counter(each.receiver for each in due)
        stretch = EACH if len(due) >= AHEAD * AT_ONCE else AHEAD * EACH
        more = frozenset(receiver for receiver, count in told.items() if count >= stretch)
        return cls([each for each in due if each.id not in trying], more, time.monotonic() + LOOK_SECONDS)

    def dry(self, tries: Collection[Delivery]) -> bool:
        """Whether a receiver could be sent more at once than is known of."""
        busy = Counter(each.receiver for each in tries)
        left = {each.receiver for each in self.left}
        return any(busy[receiver] < EACH and receiver not in left for receiver in self.more)

    def taken(self, tries: Collection[Delivery]) -> list[Delivery]:
        """What may be tried beside what is being tried, in order; nobody waits for others’ slow receivers."""
        busy = Counter(each.receiver for each in tries)
        begun: list[Delivery] = []
        left: list[Delivery] = []
        for delivery in self.left:
            free = busy.total() < AT_ONCE or not busy[delivery.receiver]
            begins = free and busy[delivery.receiver] < EACH
            busy[delivery.receiver] += begins
            (begun if begins else left).append(delivery)
        self.left = left
        return begun
