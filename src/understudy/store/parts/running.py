"""What keeps a service running: settings, deliveries, leases, workers, and the deletion of people's data."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from secrets import token_bytes
from typing import Any

from understudy.domain.opinion import QuestionKind
from understudy.domain.settings import Settings
from understudy.store import deliveries as delivery_rows
from understudy.store import inputs as input_rows
from understudy.store import leftovers as leftover_rows
from understudy.store import outcomes as outcome_rows
from understudy.store import processes as process_rows
from understudy.store import settings as setting_rows
from understudy.store.deliveries import Delivery, Notice
from understudy.store.inputs import Erasure
from understudy.store.parts.part import Part
from understudy.store.processes import Worker
from understudy.store.settings import SettingChange


class Running(Part):
    """Keeps what a team set, what is to be sent, who is at work, and what was deleted."""

    def set_setting(self, project: str, name: str, value: float | str | None, by: str, at: datetime) -> None:
        """Records that somebody set something.

        Args:
            project: Its name.
            name: One of the declared settings ("audit-hours").
            value: As `Setting.read` gives it; None for its default.
            by: Who set it.
            at: When, UTC.

        Raises:
            BadSetting: There is no such setting.
        """
        setting_rows.change(self._database, project, name, value, by=by, at=at)

    def settings(self, project: str) -> Settings:
        """The settings as they stand."""
        return setting_rows.of(self._database, project)

    def settings_history(self, project: str) -> list[SettingChange]:
        """Every setting that somebody changed, oldest first, without the values of secrets."""
        return setting_rows.history(self._database, project)

    def add_delivery(
        self,
        project: str,
        channel: str,
        event: str,
        payload: Mapping[str, Any],
        at: datetime,
        *,
        due_at: datetime | None = None,
    ) -> int:
        """Records something that is to be delivered, not before `due_at`; returns its number."""
        return delivery_rows.add(self._database, project, Notice(channel, event, payload, at, due_at))

    def due_deliveries(self, now: datetime, limit: int, *, each: int | None = None) -> list[Delivery]:
        """What is to be delivered now, of all projects, the longest due first.

        Args:
            now: UTC.
            limit: So many at most.
            each: And so many at most to one receiver, which is a project's webhook, or the mail server. Then every
                receiver's first comes before any receiver's second. None where that does not matter.
        """
        return delivery_rows.due(self._database, now, limit, each)

    def record_attempt(
        self, delivery: int, *, at: datetime, ok: bool, detail: str, next_at: datetime | None = None
    ) -> None:
        """Records an attempt to deliver.

        Args:
            delivery: The delivery's number.
            at: When, UTC.
            ok: Whether it arrived.
            detail: What the other side said.
            next_at: When it is tried again, UTC; None to give up.

        Raises:
            UnknownDelivery: No delivery has this number.
        """
        delivery_rows.record_attempt(self._database, delivery, at=at, ok=ok, detail=detail, next_at=next_at)

    def take_lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Takes what only one process may have at a time, or prolongs it.

        Args:
            name: Of what is to be had.
            holder: Who takes it; a worker's id.
            now: UTC.
            until: When it is free again by itself, UTC.

        Returns:
            Whether the holder has it now; not while another holds it.
        """
        return process_rows.take_lease(self._database, name, holder, now, until)

    def beat(self, worker: Worker, now: datetime) -> None:
        """Says that a worker lives."""
        process_rows.beat(self._database, worker, now)

    def workers(self, since: datetime) -> list[Worker]:
        """Workers that were heard of since then, the oldest first."""
        return process_rows.living(self._database, since)

    def part(self, worker: Worker) -> None:
        """Says that a worker ends; its leases are free at once."""
        process_rows.part(self._database, worker)

    def erase(
        self, project: str, digests: Sequence[str], by: str, reason: str, at: datetime, secret: bytes | None = None
    ) -> set[str]:
        """Deletes what the ledger holds of inputs, and records that it did.

        Of what was made up, and nobody asked about, nothing is left and nothing recorded: the same may come again.

        Inputs that the ledger keeps itself are deleted, with the facts that were measured of those that no other
        project holds; examples, groups and findings lose their names, decisions their subject. Questions about them
        end without a label, in the name of whoever deleted. Labels, answers and audits stay, so no figure changes. What
        was deleted before and did not come again is not recorded as deleted again.

        Args:
            project: Its name.
            digests: Of the inputs, SHA-256 in hex; 10,000 become one transaction.
            by: Who deletes.
            reason: Why.
            at: When, UTC.
            secret: Examples of one group that are deleted under the same secret still belong together; by default a
                new one. Whoever throws it away makes sure that no name can be guessed from what stands for it.

        Returns:
            Of the digests, those that no other project holds: what the blob store has under them can go too. They are
            among the leftovers until they are struck off.
        """
        return input_rows.erase(
            self._database, project, digests, by=by, reason=reason, at=at, secret=secret or token_bytes()
        )

    def leftovers(self, limit: int) -> list[str]:
        """Digests of inputs that are deleted here, and of which something may lie elsewhere still, at most `limit`.

        In another order each time, so that one that cannot be deleted does not stand before the others for ever.
        """
        return leftover_rows.some(self._database, limit)

    def used_again(self, digests: Collection[str]) -> set[str]:
        """Of some leftovers, those that came again since, to any project, so that they are to stay."""
        return leftover_rows.used_again(self._database, digests)

    def strike_leftovers(self, digests: Collection[str]) -> None:
        """Takes off the list what lies nowhere any more, or came again."""
        leftover_rows.strike(self._database, digests)

    def erased(self, project: str, digests: Sequence[str]) -> dict[str, datetime]:
        """Of some inputs, when they were deleted last, by digest; one that was never deleted is missing.

        What came later than that is there again.
        """
        return input_rows.erased(self._database, project, digests)

    def erased_since(self, project: str, at: datetime) -> set[str]:
        """Digests of the inputs that were deleted at a moment or later."""
        return input_rows.erased_since(self._database, project, at)

    def erasures(self, project: str, digests: Sequence[str]) -> dict[str, Erasure]:
        """Of some inputs, by whom, why and when they were deleted last, by digest; one never deleted is missing."""
        return input_rows.erasures_of(self._database, project, digests)

    def waiting_on(self, project: str, digests: Sequence[str]) -> list[tuple[str, QuestionKind]]:
        """Decisions about some inputs for which a person is still asked, and for what, oldest first."""
        return input_rows.waiting(self._database, project, digests)

    def outcome_values(self, project: str) -> set[str]:
        """Every label that something turned out to be in a project."""
        return outcome_rows.values(self._database, project)

    def inputs_among(self, project: str, digests: Sequence[str]) -> set[str]:
        """Of some digests, those of inputs that the project's decisions or examples are about, deleted or not."""
        return input_rows.among(self._database, project, digests)

    def inputs_asked_about(self, project: str, digests: Sequence[str]) -> set[str]:
        """Of some digests, those of inputs that requests of the project brought and nobody has deleted since."""
        return input_rows.asked_about(self._database, project, digests)

    def inputs_older_than(self, project: str, before: datetime, limit: int) -> list[str]:
        """Digests of inputs that nothing needs any more, at most `limit`.

        All requests that brought them are older, none of them waits for a person, and they are no examples.
        """
        return input_rows.older_than(self._database, project, before, limit)
