"""A review as text for a terminal, with a gauge of characters."""

import textwrap
from collections.abc import Iterator

from understudy.domain.evidence import Proportion
from understudy.domain.review import Claim, ClaimKind, Review
from understudy.studio.claims.words import SAVINGS, ClaimRow
from understudy.studio.judgement.verdict_text import gauge_text, step_text
from understudy.studio.review.words import ReviewWords

WIDTH = 80
GAUGE = 72
MOST_CLAIMS = 24
MOST_NAME = 44


def review_text(words: ReviewWords, review: Review, *, width: int = WIDTH, command: str = "") -> str:
    """Sets a review in lines of at most `width` characters; plain text without control characters.

    Args:
        words: The review in words.
        review: The same in figures.
        width: Characters in a line.
        command: What does the next step, on a line of its own, however long; empty where no command does.
    """
    blocks = [_wrapped(words.headline, width), _wrapped(words.says, width), _gauge(review, width)]
    blocks.append(step_text(words.next_step, command, width))
    blocks.append(_listed("Why:", [reason.text for reason in words.reasons], width))
    blocks.append(_claims(words.claims, width))
    blocks.append(_listed("Where it is worse:", [f"{each.fact} {each.remedy}" for each in review.findings], width))
    blocks += [_wrapped(text, width) for text in _paragraphs(words)]
    blocks.append(_listed("What would change it:", words.changes, width))
    return "\n\n".join(block for block in blocks if block) + "\n"


def accuracy_of(review: Review) -> Claim | None:
    """The claim about all answers, or None when nothing was measured."""
    return next((each for each in review.claims if each.kind is ClaimKind.ACCURACY and each.measured), None)


def _gauge(review: Review, width: int) -> str:
    claim = accuracy_of(review)
    if claim is None or claim.measured is None:
        return ""
    seen = claim.measured
    share = Proportion(round(seen.estimate * seen.count), seen.count, seen.lower, seen.confidence, seen.method)
    bar = claim.bar if claim.bar is not None and 0.0 < claim.bar < 1.0 else None
    return gauge_text(share, bar=bar, width=min(GAUGE, width - 2))


def _claims(every: tuple[ClaimRow, ...], width: int) -> str:
    """A line for each claim, what a launch needs first; slices that nobody asked for are only counted."""
    rows = [row for row in every if row.required or row.kind is not ClaimKind.SLICE]
    if not rows:
        return ""
    name = min(MOST_NAME, max(len(row.name) for row in rows[:MOST_CLAIMS]))
    lines = [_claim(row, name, width) for row in rows[:MOST_CLAIMS]]
    left = len(every) - len(lines)
    more = [f"And {left} more, slices among them, in the report and with --json."] if left > 0 else []
    return "\n".join(["Claims (* a launch needs it):", *lines, *more])


def _claim(row: ClaimRow, name: int, width: int) -> str:
    mark = "*" if row.required else " "
    told = ", ".join(part for part in (row.shown, row.bound if row.bound != row.shown else "") if part)
    asked = f"; {'' if row.kind in SAVINGS else 'asked '}{row.bar}: {row.word}" if row.bar else ""
    title = row.name if len(row.name) <= name else row.name[: name - 1] + "…"
    return _wrapped(f"{mark} {title.ljust(name)}  {told}{asked}", width, hang="    ")


def _paragraphs(words: ReviewWords) -> Iterator[str]:
    """The rest, each matter in a few sentences; what does not apply is empty."""
    yield " ".join(part for part in (words.promise, words.worth) if part)
    yield words.rule
    yield words.loss
    yield words.people
    yield words.people_error
    yield words.synthetic
    yield words.looks


def _listed(title: str, items: list[str] | tuple[str, ...], width: int) -> str:
    if not items:
        return ""
    lines = [textwrap.fill(item, width, initial_indent="- ", subsequent_indent="  ") for item in items]
    return "\n".join([title, *lines])


def _wrapped(text: str, width: int, *, hang: str = "") -> str:
    return textwrap.fill(text, width, subsequent_indent=hang)
