"""The queue in words: what waits, since when, and what was said last."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from understudy.domain.opinion import Opinion, Question
from understudy.studio.words.phrases import Noun, name
from understudy.web.body import OBJECTS
from understudy.web.inputs import installed
from understudy.web.people import Waiting
from understudy.web.templating import count

EMPTY = "Nothing waits for you. What comes in stands here within seconds while this page is open."
SENT = {
    "photo": "photo=@photo.jpg",
    "text": '"text=What is asked about"',
    "sound": "sound=@recording.wav",
    "video": "video=@clip.mp4",
}
"""How an input is sent as a form field, by its kind."""
AS_JSON = "-H 'Content-Type: application/json' -d @input.json"


def curl_of(modality: str, base: str, project: str) -> str:
    """How a program asks, as a command to copy."""
    how = AS_JSON if modality in OBJECTS else f"-F {SENT.get(modality) or _file_of(modality)}"
    return f"curl {how} {base}/api/v1/projects/{project}/decisions"


def _file_of(kind: str) -> str:
    """A file of a kind that another package offers, under the kind's name, with one of its endings if known."""
    modality = installed(kind)
    ending = min(modality.suffixes, default="") if modality is not None else ""
    return shlex.quote(f"{kind}=@{kind}{ending}")


REQUESTS = Noun("request", "requests")


@dataclass(frozen=True)
class QueueWords:
    """What stands on the queue's page first.

    Attributes:
        headline: How many wait, and since when, in one sentence.
        says: What is late, or empty.
        waiting: How many wait in all.
    """

    headline: str
    says: str
    waiting: int


@dataclass(frozen=True)
class Said:
    """What a person said last, while they can take it back.

    Attributes:
        id: The opinion's.
        text: In words.
        left: Seconds for which it can be taken back.
    """

    id: str
    text: str
    left: float


def queue_words(counts: Waiting, now: datetime, things: Noun = REQUESTS) -> QueueWords:
    """What waits, in words; `things` is what the project's inputs are called."""
    waiting = counts.answer + counts.audit + counts.double
    if not waiting:
        return QueueWords("Nothing waits for an answer.", "", 0)
    verb = f"{things.one} waits" if waiting == 1 else f"{things.many} wait"
    since = f", {'' if waiting == 1 else 'the oldest '}for {lasting(now - counts.oldest)}" if counts.oldest else ""
    return QueueWords(f"{count(waiting)} {verb} for an answer{since}.", _late(counts.overdue, waiting), waiting)


def empty_words(waiting: Sequence[Question], who: str, now: datetime) -> str:
    """Why somebody is offered nothing, though it may wait: it is in others' hands, or theirs alone to answer.

    Args:
        waiting: What waits, in hand or not.
        who: Who is offered nothing.
        now: UTC.
    """
    if not waiting:
        return EMPTY
    ends = [each.claimed_until for each in waiting if each.claimed_by != who and each.claimed_until]
    held = sorted(until for until in ends if until > now)
    if not held:
        return "What waits is for others: you have skipped it, or have had your say. New requests stand here at once."
    mine = "" if len(held) == len(waiting) else " You have skipped the rest, or have had your say."
    until = f"{held[0]:%H:%M} UTC"
    if len(held) == 1:
        whose = "It is in another’s hands" if not mine else "One is in another’s hands"
        return f"{whose} until {until}; if it is not answered by then, it comes here.{mine}"
    whose = f"All {count(len(held))} are" if not mine else f"{count(len(held))} are"
    return f"{whose} in others’ hands until {until} or later; what is not answered by then comes here.{mine}"


def said_of(opinion: Opinion | None, now: datetime) -> Said | None:
    """What was said last, or None where it can no longer be taken back."""
    if opinion is None or opinion.settles_at <= now:
        return None
    text = "You could not tell." if opinion.value is None else f"You said “{name(opinion.value)}”."
    return Said(opinion.id, text, (opinion.settles_at - now).total_seconds())


def lasting(span: timedelta) -> str:
    """A duration in its two largest words at most ("under a minute", "14 minutes", "3 hours", "2 days")."""
    minutes = int(max(0.0, span.total_seconds()) // 60)
    for size, word in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            number = minutes // size
            return f"{count(number)} {word}{'' if number == 1 else 's'}"
    return "under a minute"


def _late(overdue: int, waiting: int) -> str:
    if not overdue:
        return ""
    if waiting == 1:
        return "It is overdue."
    return f"{count(overdue)} of them {'is' if overdue == 1 else 'are'} overdue; overdue ones come first."
