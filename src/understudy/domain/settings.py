"""What a team may set for a project: declared once, shown as command, form and manual."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from understudy.domain.errors import UnderstudyError


class BadSetting(UnderstudyError):
    """There is no such setting, or it cannot have this value."""


@dataclass(frozen=True)
class Setting:
    """One thing that can be set.

    Attributes:
        name: For commands and addresses ("audit-hours").
        help: What it does, one sentence.
        default: Its value while nobody has set it; None where it is then off.
        unit: What a number counts ("hours"), "share" for 0..1, or empty for text.
        least: Smallest number allowed.
        most: Largest number allowed.
        secret: Its value is never shown.
    """

    name: str
    help: str
    default: float | str | None
    unit: str = ""
    least: float = 0.0
    most: float = math.inf
    secret: bool = False

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.replace("-", "_")

    def read(self, text: str) -> float | str | None:
        """The value that a person typed; an empty text sets it back to its default.

        Raises:
            BadSetting: It is no number, or out of range.
        """
        text = text.strip()
        if not text:
            return self.default
        if not self.unit:
            return text
        try:
            per_cent = self.unit == "share" and text.endswith("%")
            number = float(text.removesuffix("%")) / 100 if per_cent else float(text)
        except ValueError:
            number = math.nan
        if not self.least <= number <= self.most:
            allowed = f"{self.least:g} or more" if math.isinf(self.most) else f"{self.least:g} to {self.most:g}"
            kind = "a share" if self.unit == "share" else f"a number of {self.unit}"
            example = f"{self.default:g}" if isinstance(self.default, float) else f"{self.least:g}"
            raise BadSetting(
                fact=f"“{self.name}” cannot be “{text[:40]}”.",
                reason=f"It is {kind}: {allowed}.",
                remedy=f"Give a number, for example {example}{' or 5%' if self.unit == 'share' else ''}.",
            )
        return number


DECLARED = (
    Setting("owner-email", "Who is written to when a breaker trips.", None),
    Setting("webhook-url", "Where answers and events are posted to, signed.", None),
    Setting(
        "webhook-secret",
        "The key that posts are signed with; made when a webhook is set, and shown then.",
        None,
        secret=True,
    ),
    Setting("answer-minutes", "Within which people should answer a request.", 60.0, "minutes", 0.1, 100_000),
    Setting(
        "audit-hours",
        "Within which an audit has to be answered; later the breaker trips.",
        24.0,
        "hours",
        0.001,
        10_000,
    ),
    Setting(
        "most-audits-waiting",
        "More audits than this may not wait, and fewer where a loss budget says so; else the breaker trips.",
        200.0,
        "audits",
        1,
        100_000,
    ),
    Setting("double-share", "Of people's answers, given by a second person too.", 0.05, "share", 0, 1),
    Setting(
        "undo-seconds", "For which a person can take an answer back before its client gets it.", 8.0, "seconds", 0, 3600
    ),
    Setting(
        "claim-minutes",
        "For which a question that somebody has in hand is offered to nobody else.",
        5.0,
        "minutes",
        0.05,
        1440,
    ),
    Setting("cannot-tell-limit", "So many people who cannot tell end a request without a label.", 2.0, "people", 1, 10),
    Setting(
        "hold-seconds", "For which a client may hold its connection until a person answers.", 30.0, "seconds", 0, 300
    ),
    Setting("model-seconds", "Within which a model must answer; else people do.", 5.0, "seconds", 0.01, 600),
    Setting("fault-limit", "So many faults of a model within a minute trip its breaker.", 5.0, "faults", 1, 10_000),
    Setting(
        "retention-days",
        "After which inputs of answered requests are deleted, unless they became examples.",
        None,
        "days",
        1,
        36_500,
    ),
)


@dataclass(frozen=True)
class Settings:
    """A project's settings as they stand; see `DECLARED` for what each means."""

    owner_email: str | None = None
    webhook_url: str | None = None
    webhook_secret: str | None = None
    answer_minutes: float = 60.0
    audit_hours: float = 24.0
    most_audits_waiting: float = 200.0
    double_share: float = 0.05
    undo_seconds: float = 8.0
    claim_minutes: float = 5.0
    cannot_tell_limit: float = 2.0
    hold_seconds: float = 30.0
    model_seconds: float = 5.0
    fault_limit: float = 5.0
    retention_days: float | None = None


def setting_named(name: str) -> Setting:
    """The declaration of one setting.

    Raises:
        BadSetting: There is none of that name.
    """
    for setting in DECLARED:
        if setting.name == name:
            return setting
    raise BadSetting(
        fact=f"There is no setting “{name[:60]}”.",
        reason=f"The settings are {', '.join(each.name for each in DECLARED)}.",
        remedy="Name one of these.",
    )


def settings_from(values: Mapping[str, Any]) -> Settings:
    """Settings from recorded values by name; names that are no longer declared are left out."""
    known = {each.name for each in fields(Settings)}
    given = {name.replace("-", "_"): value for name, value in values.items()}
    return Settings(**{name: value for name, value in given.items() if name in known and value is not None})
