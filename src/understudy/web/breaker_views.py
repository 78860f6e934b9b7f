"""A breaker in words: closed or open, what it has seen, what waits, and what was lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from understudy.domain.money import about_money, share_below
from understudy.studio.claims.words import money_bound
from understudy.studio.launch.breaker_trace import Watched
from understudy.studio.launch.service_words import ahead_words
from understudy.studio.launch.words import short
from understudy.studio.words.phrases import number, percent
from understudy.web.live_pictures import LivePicture
from understudy.web.queue_views import lasting
from understudy.web.templating import moment


@dataclass(frozen=True)
class BreakerView:
    """One model's breaker.

    Attributes:
        short: The model's version as it is shown.
        title: Whether it is closed, and what it has seen.
        lede: By what it goes.
        facts: Name and value of each figure.
        ahead: Which audits are answered but not counted yet, in words; empty where there are none.
        trace: The evidence, drawn; None before the first audit was counted.
        spent: What was lost, drawn; None where nobody said what may be.
    """

    short: str
    title: str
    lede: str
    facts: tuple[tuple[str, str], ...]
    ahead: str
    trace: LivePicture | None
    spent: LivePicture | None


def breaker_view(watched: Watched, pictures: Mapping[str, LivePicture], now: datetime) -> BreakerView:
    """Puts a breaker into words."""
    version, terms = short(watched.model), watched.terms
    return BreakerView(
        short=version,
        title=_title(watched),
        lede=(
            f"The breaker trips when audits prove more than {share_below(terms.most_error)} of the answers wrong, when "
            "nobody answers them, when the model fails, or when too much of the loss budget is spent."
        ),
        facts=_facts(watched, now),
        ahead=ahead_words(watched.breaker),
        trace=pictures.get(f"trace-{version}"),
        spent=pictures.get(f"spent-{version}"),
    )


def _title(watched: Watched) -> str:
    """Whether the model may answer, and how much was checked of what it said."""
    breaker = watched.breaker
    seen = len(watched.audits) + len(breaker.ahead)
    may = "The model may answer (its breaker is closed)"
    if not breaker.lets_answer:
        may = f"The model may not answer (its breaker is {breaker.state.value})"
    if not seen:
        return f"{may}; no answers have been checked yet"
    return f"{may}; {number(seen)} {'answer was' if seen == 1 else 'answers were'} checked"


def _facts(watched: Watched, now: datetime) -> tuple[tuple[str, str], ...]:
    breaker, terms = watched.breaker, watched.terms
    waiting = number(breaker.unanswered)
    if watched.next_due is not None:
        late = watched.next_due < now
        span = lasting(now - watched.next_due if late else watched.next_due - now)
        waiting += f"; the first is due {span} ago" if late else f"; the first is due in {span}"
    lines = [
        ("Model", short(watched.model)),
        ("Watched since", moment(watched.since)),
        ("Audited", f"{percent(round(terms.audit_share, 4))} of its answers, drawn at random and answered blind"),
        ("Wrong", f"{breaker.wrong:g} of {number(breaker.mixture.audits)} audits that count"),
        ("Waiting for a person", f"{waiting}; at most {number(breaker.rules.most_waiting)} may wait at once"),
        ("Nobody answered in time", f"{number(breaker.overdue)}; these count as right, and too many of them trip it"),
    ]
    if terms.wrong_cost is not None:
        lines.append(
            ("Lost, in all", f"about {about_money(breaker.meter.lost, terms.currency)}, estimated from audits")
        )
    if terms.most_lost is not None:
        most = money_bound(terms.most_lost, terms.currency, low=False)
        beyond = f"at most {most} is lost to errors beyond those allowed"
        lines.append(("Promised", f"{beyond} before others take over, in 95 of 100 cases"))
    return tuple(lines)
