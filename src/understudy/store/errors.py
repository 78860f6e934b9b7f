"""What can go wrong between the product and its records."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from difflib import get_close_matches
from typing import Final

from sqlalchemy.exc import DontWrapMixin

from understudy.domain.disk import MAKE_ROOM, MAKE_WRITABLE
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import BadName, name_from

CLOSE: Final = 0.6
"""How alike a name must be, 0..1, to be offered for one that is not there; letters may stand the wrong way round."""

PRIMARY: Final = 0xFF
"""The part of SQLite's code that says what kind of error it is."""


class LedgerUnavailable(UnderstudyError):
    """The database cannot be opened, read or written."""


class LedgerTooNew(UnderstudyError):
    """The database was written by a later version of the product."""


class UnknownProject(UnderstudyError):
    """No project has this name."""


class ProjectExists(UnderstudyError):
    """A project has this name already."""


class UnknownExample(UnderstudyError):
    """The project holds no such example."""


class SealedLabels(UnderstudyError):
    """Someone asked for a label that only a look may show."""


class UnknownLook(UnderstudyError):
    """A judgement names a look that was not recorded for its model."""


class JudgementExists(UnderstudyError):
    """A look has another judgement already."""


class UnknownDecision(UnderstudyError):
    """No decision has this id."""


class DecisionExists(UnderstudyError):
    """A decision with this id was recorded before."""


class KeyReused(UnderstudyError):
    """A client gave two different requests the same key."""


class StageMoved(UnderstudyError):
    """The stage changed while something was decided under the one before."""


class UnknownQuestion(UnderstudyError):
    """No person was asked this."""


class AlreadyAnswered(UnderstudyError):
    """The question has its answer, or this person has had their say on it."""


class ClaimedByOther(UnderstudyError):
    """Somebody else has the question in hand."""


class UnknownOpinion(UnderstudyError):
    """No opinion has this id."""


class NotYours(UnderstudyError):
    """An opinion is taken back by somebody who did not give it."""


class Settled(UnderstudyError):
    """An opinion holds by now and cannot be taken back."""


class OutcomeConflict(UnderstudyError):
    """A decision has another outcome already."""


class UnknownDelivery(UnderstudyError):
    """No delivery has this number."""


class UnstorableText(UnderstudyError, DontWrapMixin):
    """A text that not every database can hold."""


class NaiveTime(UnderstudyError, DontWrapMixin):
    """A time without a time zone."""


def unstorable(text: str) -> UnstorableText:
    """The error for a text that holds a NUL or half of a surrogate pair."""
    return UnstorableText(
        fact=f"The text {ascii(text)[:80]} cannot be kept.",
        reason="It holds a NUL or a broken character, which no file in UTF-8 can carry.",
        remedy="Rename the file, or write the text without it, then try again.",
    )


def no_zone(moment: datetime) -> NaiveTime:
    """The error for a time that names no moment."""
    return NaiveTime(
        fact=f"The time {moment.isoformat()} has no time zone.",
        reason="The ledger keeps moments, and without a zone a time names none.",
        remedy="Pass a time in UTC.",
    )


def unknown_decision(decision: str) -> UnknownDecision:
    """The error for an id that no decision has."""
    return UnknownDecision(
        fact=f"There is no decision “{decision[:80]}”.",
        reason="No request was acknowledged with this id.",
        remedy="Use the id that came with the answer.",
    )


def unknown_project(name: str, known: Iterable[str]) -> UnknownProject:
    """The error for a name that no project has, with the names that come close."""
    names = sorted(known)
    close = get_close_matches(name, names, n=3, cutoff=CLOSE)
    if close:
        reason = f"It may be meant for {' or '.join(f'“{other}”' for other in close)}."
    else:
        reason = "No project's name comes close." if names else "There is no project yet."
    begin = f"begin it with “understudy new {_nameable(name)}”"
    remedy = (
        f"Use {'that name' if len(close) == 1 else 'one of these names'}, or {begin}."
        if close
        else f"See what there is with “understudy status”, or {begin}."
    )
    return UnknownProject(fact=f"There is no project “{name}”.", reason=reason, remedy=remedy)


def _nameable(name: str) -> str:
    """The name, or one like it that a project can bear."""
    try:
        return name_from(name)
    except BadName:
        return "NAME"


def unavailable(action: str, error: BaseException, *, read_only: bool = False) -> LedgerUnavailable:
    """The error for a database that does not serve, with the driver's own words as its reason.

    Args:
        action: What was tried.
        error: What the driver raised.
        read_only: It lies where nothing can be written, whatever the driver says.
    """
    told = getattr(error, "orig", None) or error
    said = str(told).strip().splitlines()
    code = getattr(told, "sqlite_errorcode", None) or 0
    remedy = "Check that its address is right, its disk has room, and no other program holds it; then try again."
    if read_only or code & PRIMARY == sqlite3.SQLITE_READONLY:
        remedy = MAKE_WRITABLE
    elif code & PRIMARY == sqlite3.SQLITE_FULL:
        remedy = MAKE_ROOM
    return LedgerUnavailable(
        fact=f"The ledger cannot be {action}{', as it lies on a disk that is read-only' if read_only else ''}.",
        reason=f"The database says: {said[0].rstrip('.') if said else type(error).__name__}.",
        remedy=remedy,
    )


def no_driver() -> LedgerUnavailable:
    """The error for a database whose driver is not installed."""
    return LedgerUnavailable(
        fact="The ledger cannot be opened.",
        reason="What reaches this kind of database is not installed.",
        remedy="For PostgreSQL, run “pip install 'understudy[postgres]'” and begin the address with postgresql+psycopg://.",
    )
