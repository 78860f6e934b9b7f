"""A question of what comes next: one person's history up to a moment, as the bytes that are kept and sent."""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, TypeGuard

from understudy.domain.finding import FindingKind
from understudy.domain.texts import json_in
from understudy.modalities.protocol import Unreadable

MAX_BYTES: Final = 8_000_000
MOST_EVENTS: Final = 50_000
LONGEST_NAME: Final = 500
LARGEST: Final = sys.float_info.max


class QuestionUnreadable(Unreadable):
    """The bytes are no history of interactions: EMPTY_FILE, CORRUPT or TOO_LARGE."""

    noun = "history"


@dataclass(frozen=True)
class Event:
    """One interaction.

    Attributes:
        item: What was taken.
        value: How it was rated, or None where nobody rates.
        when: Seconds since the epoch, or None where nobody noted it.
    """

    item: str
    value: float | None = None
    when: float | None = None


@dataclass(frozen=True)
class Question:
    """What one person did, to be asked what comes next.

    Attributes:
        who: Whose history it is; may be empty.
        history: Oldest first, where times are known.
        asked: The moment of the question in seconds since the epoch, or None.
        after: What is known to have come after what came next. No model sees it; who is asked about later has it.
    """

    who: str
    history: tuple[Event, ...]
    asked: float | None = None
    after: tuple[Event, ...] = ()


def question_bytes(question: Question) -> bytes:
    """A question as it is kept: UTF-8 JSON, the same bytes for the same question."""
    said: dict[str, Any] = {
        "who": question.who,
        "history": [_told(event) for event in question.history],
    }
    if question.asked is not None:
        said["asked"] = _short(question.asked)
    if question.after:
        said["after"] = [_told(event) for event in question.after]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def read_question(data: bytes) -> Question:
    """Reads what `question_bytes` wrote, or what a program sends.

    An event may also be the bare item, a shorter list, or an object with "item", "value" and "when"; a time may be
    text as ISO 8601 has it.

    Raises:
        QuestionUnreadable: It is none.
    """
    if not data.strip():
        raise QuestionUnreadable(
            FindingKind.EMPTY_FILE,
            "is empty",
            reason="There is nothing in it, not even that nothing was taken so far.",
            remedy='Send {"who": "…", "history": []} for somebody new.',
        )
    if len(data) > MAX_BYTES:
        raise _too_large(f"takes {len(data) / 1e6:,.0f} MB", f"At most {MAX_BYTES / 1e6:.0f} MB are read")
    try:
        given = json_in(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _corrupt("is no JSON") from error
    if not isinstance(given, dict):
        raise _corrupt("is no JSON object")
    events, after = _events(given.get("history", [])), _events(given.get("after", []))
    who = given.get("who")
    asked = _seconds(given.get("asked"), "its “asked”")
    return Question("" if who is None else str(who)[:LONGEST_NAME], events, asked, after)


def _events(given: object) -> tuple[Event, ...]:
    events = _list_in(given)
    if not isinstance(events, list):
        raise _corrupt("has no list of events")
    if len(events) > MOST_EVENTS:
        raise _too_large(f"has {len(events):,} events", f"At most {MOST_EVENTS:,} events are read")
    return tuple(map(_event, events))


def _told(event: Event) -> list[str | float | None]:
    return [event.item, _short(event.value), _short(event.when)]


def _list_in(given: object) -> object:
    """A history that stands as JSON in a text, as in a cell of a table; anything else as it is."""
    if not isinstance(given, str):
        return given
    try:
        return json_in(given)
    except (ValueError, RecursionError):
        return given


def item_text(item: object) -> str:
    """An item's name as it is kept: without blanks around, and without the sign that parts items in a list."""
    text = str(int(item)) if isinstance(item, float) and item.is_integer() else str(item)
    return " ".join(text.replace(";", ",").split())[:LONGEST_NAME]


def moment(text: str) -> float | None:
    """Seconds since the epoch in a text of ISO 8601, UTC where it names no zone; None where it is none."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _event(given: object) -> Event:
    if isinstance(given, dict):
        given = [given.get("item"), given.get("value"), given.get("when")]
    parts = given if isinstance(given, list) else [given]
    if not 1 <= len(parts) <= 3 or not (isinstance(parts[0], str) or _is_number(parts[0])):
        raise _corrupt("has an event without an item")
    item = item_text(parts[0])
    if not item:
        raise _corrupt("has an event without an item")
    value, when = [*parts[1:], None, None][:2]
    return Event(item, _number(value, f"the value of “{item[:40]}”"), _seconds(when, f"the time of “{item[:40]}”"))


def _is_number(given: object) -> TypeGuard[float]:
    """Whether it is a number with an end that a float can hold."""
    return isinstance(given, int | float) and not isinstance(given, bool) and abs(given) <= LARGEST


def _number(given: object, what: str) -> float | None:
    if given is None:
        return None
    if not _is_number(given):
        raise _corrupt(f"has something else than a number as {what}")
    return float(given)


def _seconds(given: object, what: str) -> float | None:
    found = moment(given) if isinstance(given, str) else _number(given, what)
    if given is not None and found is None:
        raise _corrupt(f"has no time as {what}")
    return found


def _short(number: float | None) -> float | int | None:
    return int(number) if number is not None and number.is_integer() and abs(number) < 1e15 else number


def _corrupt(what: str) -> QuestionUnreadable:
    return QuestionUnreadable(
        FindingKind.CORRUPT,
        what,
        reason="A history says who it is of and what was taken, oldest first.",
        remedy='Write it as {"who": "Ann", "history": ["an item", "a later one"]}; where a rating or a time is known, '
        'an item is [item, rating or null, time or null], as in ["tea", 5, "2026-05-31"].',
    )


def _too_large(what: str, most: str) -> QuestionUnreadable:
    return QuestionUnreadable(
        FindingKind.TOO_LARGE,
        what,
        reason=f"{most}, so that no history can fill the memory.",
        remedy="Leave out its oldest part.",
    )
