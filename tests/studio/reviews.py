"""Reviews by hand: launch, not yet, stop; with money and without; with labels that try to be markup."""

from dataclasses import replace
from datetime import UTC, datetime

from understudy.domain.brief import Brief, Demand, KillCriteria, WrongCost
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.review import (
    AutomationPoint,
    AutomationPromise,
    Claim,
    ClaimKind,
    LossPromise,
    Measured,
    Outcome,
    Reason,
    ReasonKind,
    Review,
    RuleResult,
    Verdict,
)
from understudy.stats.intervals import lower_bound, upper_bound

AT = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ALPHA = 0.035
TRICKS = (
    "<script>alert(1)</script>",
    '#import "@preview/evil:1.0.0": *',
    "$x^2$ *bold* _it_ @ref `raw` [a](b)",
    "Größe überprüfen: Ölwechsel",
    "عطل في المحرك",
    "תקלה במנוע",
    "{{ 7 * 7 }} {% raw %}",
    "&amp;\"'><img src=x onerror=alert(1)>",
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihungsurkundenbeglaubigung",
    "\x1b[31m\u202erot",
)
BRIEF = Brief(
    problem="Inspectors look at 4,000 blade photos a month and find a crack in one of forty.",
    who="Six inspectors, and the operators who wait nine days for a report.",
    today="Two people look at every photo and write a sheet.",
    demand=Demand.PAID,
    demand_evidence="Two operators paid for a pilot in March.",
    precedent="A railway does it for wheel photos.",
    decisions_a_month=4000,
    person_cost=1.8,
    person_error=0.03,
    model_cost=0.004,
    wrong_cost=60.0,
    wrong_costs=(WrongCost("crack", "healthy", 60.0), WrongCost("healthy", "crack", 12.0)),
    loss_budget=500.0,
    label_cost=1.8,
    asked_bar=0.92,
    kill=KillCriteria(AT.date().replace(year=2027), 6000, 20_000.0),
)


def measured(right: int, of: int, *, alpha: float = ALPHA) -> Measured:
    low, high = lower_bound(right, of, confidence=1 - alpha), upper_bound(right, of, confidence=1 - alpha)
    return Measured(right / of, low, high, of, of, 1 - alpha, "Clopper-Pearson")


def wrong(count: int, of: int) -> Measured:
    return measured(count, of)


def saved(estimate: float, lower: float, upper: float) -> Measured:
    return Measured(estimate, lower, upper, 250, 250, 1 - ALPHA, "betting bound", "EUR")


def outcome(figure: Measured, bar: float | None, *, at_least: bool = True) -> Outcome:
    if bar is None:
        return Outcome.OPEN
    clears, fails = (figure.lower >= bar, figure.upper < bar) if at_least else (figure.upper <= bar, figure.lower > bar)
    return Outcome.PROVEN if clears else Outcome.REFUTED if fails else Outcome.OPEN


def claim(
    kind: ClaimKind,
    figure: Measured,
    bar: float | None,
    *,
    subject: str = "",
    required: bool = False,
    at_least: bool = True,
    needed: int | None = None,
) -> Claim:
    said = outcome(figure, bar, at_least=at_least)
    return Claim(kind, subject, figure, bar, at_least, required, said, needed)


def curve(of: int = 250) -> tuple[AutomationPoint, ...]:
    points = []
    for step in range(1, 21):
        answered = of * step // 20
        missed = max(0, (step - 11) * abs(step - 10) // 8)
        high = upper_bound(missed, answered, confidence=1 - ALPHA)
        stated = 0.999 - 0.022 * step
        points.append(
            AutomationPoint(
                stated, answered, missed, answered / of, missed / answered, high, proven=step in range(9, 14)
            )
        )
    return tuple(points)


def promise(share: float = 0.65, *, most_error: float = 0.02, nothing: bool = False) -> AutomationPromise:
    points = curve()
    if nothing:
        return AutomationPromise(most_error, None, 0.0, 0.0, 1 - ALPHA, points)
    chosen = min(points, key=lambda point: abs(point.share - share))
    return AutomationPromise(most_error, chosen.threshold, chosen.share, chosen.share - 0.06, 1 - ALPHA, points)


LOSS = LossPromise(0.5, 0.05, 340, 310.4, 500.0, 144.0)
RULE = RuleResult("brightness above 93 means crack", measured(170, 250), meets_bar=False)
PROVEN = Reason(
    ReasonKind.PROVEN, Verdict.LAUNCH, "Everything that a launch needs is proven.", "So it pays to let it answer.", ""
)
OPEN = Reason(
    ReasonKind.CLAIM_OPEN,
    Verdict.NOT_YET,
    "At least 92% right is not proven.",
    "120 sealed photos are too few to prove it at this rate.",
    "Label about 240 more photos, so that about 60 more are sealed.",
)
STOPPED = Reason(
    ReasonKind.SHIP_THE_RULE,
    Verdict.STOP,
    "The rule “brightness above 93 means crack” already meets your bar.",
    "A rule of one line is cheaper to run, to check and to explain than a model.",
    "Ship the rule.",
)
KEPT = {"model": "ab" * 32, "answers": "cd" * 32, "data": "ef" * 32, "material": "09" * 32}


def review(verdict: Verdict, reasons: tuple[Reason, ...], claims: tuple[Claim, ...], **parts: object) -> Review:
    whole = Review(
        project="blades", brief=1, look=1, alpha=ALPHA, budget=0.05, verdict=verdict, reasons=reasons, claims=claims,
        promise=None, rule=None, loss=None, at=AT, **KEPT,
    )  # fmt: skip
    return replace(whole, **parts)  # type: ignore[arg-type]


def labelled(labels: tuple[str, ...], of: int = 40) -> tuple[Claim, ...]:
    """A recall and a precision for each label."""
    kinds = (ClaimKind.CLASS_RECALL, ClaimKind.CLASS_PRECISION)
    return tuple(
        claim(kind, measured(of - rank % 7, of), 0.8 if rank % 3 else None, subject=label, required=not rank)
        for kind in kinds
        for rank, label in enumerate(labels)
    )


def sliced(values: tuple[str, ...], column: str = "camera") -> tuple[Claim, ...]:
    return tuple(
        claim(ClaimKind.SLICE, measured(58 - 6 * rank, 62), 0.8, subject=f"{column}={value}")
        for rank, value in enumerate(values)
    )


def launch(labels: tuple[str, ...] = ("crack", "healthy"), **parts: object) -> Review:
    """Everything proven, with money, a promise, a loss and slices."""
    claims = (
        claim(ClaimKind.AUTOMATION, wrong(0, 175), 0.02, required=True, at_least=False),
        claim(ClaimKind.SAVING_OVER_PEOPLE, saved(0.93, 0.41, 1.5), 0.0, required=True),
        claim(
            ClaimKind.LOSS_BUDGET, Measured(310.4, 0.0, 310.4, 0, 0, 0.95, "simulation", "EUR"), 500.0, at_least=False
        ),
        claim(ClaimKind.ACCURACY, measured(238, 250), None),
        claim(ClaimKind.SAVING_OVER_RULE, saved(2.1, 1.2, 3.0), None),
        *labelled(labels),
        *sliced(("north", "south", "hangar 7")),
    )
    whole: dict[str, object] = {
        "promise": promise(), "rule": RULE, "loss": LOSS, "people": Measured(0.04, 0.02, 0.07, 180, 90, 0.95, "pairs"),
    }  # fmt: skip
    return review(Verdict.LAUNCH, (PROVEN,), claims, **{**whole, **parts})


def not_yet(**parts: object) -> Review:
    """112 of 120 right where 92% were asked for; no costs."""
    claims = (
        claim(ClaimKind.ACCURACY, measured(112, 120), 0.92, required=True, needed=420),
        *labelled(("crack", "ok"), 30),
    )
    whole = {"promise": promise(nothing=True), "rule": replace(RULE, share_right=measured(80, 120)), **parts}
    return replace(review(Verdict.NOT_YET, (OPEN,), claims), **whole)  # type: ignore[arg-type]


def stop(**parts: object) -> Review:
    """The one-line rule is good enough."""
    claims = (claim(ClaimKind.ACCURACY, measured(117, 120), 0.92, required=True),)
    rule = RuleResult("brightness above 93 means crack", measured(119, 120), meets_bar=True)
    return review(Verdict.STOP, (STOPPED,), claims, **{"rule": rule, **parts})


def without_brief() -> Review:
    """Nobody wrote a brief."""
    reason = Reason(
        ReasonKind.NO_BRIEF, Verdict.NOT_YET, "There is no brief.", "Without one nothing says what is good enough.",
        "Write a brief.",
    )  # fmt: skip
    return review(Verdict.NOT_YET, (reason,), (claim(ClaimKind.ACCURACY, measured(40, 42), None),), brief=None)


def tricky() -> Review:
    """Every label, slice, rule and reason tries to be something else than text."""
    reasons = tuple(Reason(ReasonKind.SERIOUS_FINDING, Verdict.NOT_YET, f"{one} is odd.", one, one) for one in TRICKS)
    base = launch(TRICKS)
    return replace(
        base,
        verdict=Verdict.NOT_YET,
        reasons=reasons,
        claims=(*base.claims, *sliced(TRICKS[:8], column="#emit <b>")),
        rule=RuleResult(" ".join(TRICKS[:3]), measured(170, 250), meets_bar=False),
        findings=(finding(TRICKS[1]),),
    )


def finding(subject: str = "camera", *, severity: Severity = Severity.MEDIUM) -> Finding:
    fact = f"{subject} is answered worse than the rest."
    return Finding(
        FindingKind.WEAK_SLICE, severity, subject, fact, "Few of its photos were there to learn from.", "Add some."
    )
