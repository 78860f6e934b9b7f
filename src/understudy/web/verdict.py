"""The verdict as the pages show it."""

from dataclasses import dataclass

from markupsafe import Markup

from understudy.domain.evidence import Judgement
from understudy.web.services import Counts


@dataclass(frozen=True)
class Step:
    label: str
    href: str
    why: str


@dataclass(frozen=True)
class Verdict:
    headline: str
    details: list[str]
    step: Step


def headline(judgement: Judgement) -> str:
    a = judgement.accuracy
    return f"{a.successes} of {a.trials} sealed photos right; with 95% confidence at least {int(a.lower * 100)}% of new photos like these."


def verdict_of(name: str, judgement: Judgement | None, counts: Counts, *, trained: bool) -> Verdict:
    step = Step("Try it with a photo", "#try", "A photo it has not seen shows more than a figure.")
    if judgement is None:
        return Verdict("No verdict yet: no model has been trained.", [], step)
    return Verdict(headline(judgement), [], step)


def gauge(judgement: Judgement | None) -> Markup:
    return Markup("")


def reliability(judgement: Judgement) -> Markup:
    return Markup("")


def example() -> dict[str, object]:
    return {"right": 31, "of": 32, "says": "31 of 32 right, so at least 86%.", "gauge": Markup("")}
