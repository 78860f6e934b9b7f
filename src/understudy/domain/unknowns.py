"""What a brief leaves open, and what hangs on each."""

from dataclasses import dataclass

from understudy.domain.brief import Brief, KillCriteria
from understudy.domain.wrong_costs import WrongCosts


@dataclass(frozen=True)
class Unknown:
    """One thing that nobody has said yet.

    Attributes:
        field: The brief's attribute.
        name: What it is, as a person says it ("the cost of a wrong answer").
        hangs: What hangs on it, one sentence.
    """

    field: str
    name: str
    hangs: str


HANGS = {
    "problem": (
        "the problem",
        "Without a problem there is nothing that an answer would make better, so no launch can be worth its risk.",
    ),
    "who": ("who hurts", "Without someone who hurts, nobody will use the answers or miss them."),
    "today": ("how it is solved today", "Without today's way there is nothing to compare the model with."),
    "demand": (
        "demand",
        "Without a sign of demand the data may be gathered for nobody; people who answer behind the page can find out.",
    ),
    "precedent": ("a precedent", "Without an example of it working elsewhere, sponsors see only the risk."),
    "decisions_a_month": (
        "decisions a month",
        "Without the number of decisions no monthly value, payback or loss can be worked out.",
    ),
    "person_cost": (
        "the cost of a person's answer",
        "Without the cost of a person's answer there is no break-even, so only a bar that you ask for can be tested.",
    ),
    "person_error": (
        "people's own error",
        "Until it is known or measured, people count as never wrong, so the bar is stricter than it need be.",
    ),
    "model_cost": (
        "the cost of a model's answer",
        "Until it is known, the model's answers count as free, so the bar may be a little too mild.",
    ),
    "wrong_cost": (
        "the cost of a wrong answer",
        "Without the cost of a wrong answer there is no bar, so nothing can be proven good enough.",
    ),
    "loss_budget": (
        "the loss budget",
        "Without it the largest loss before people take over is shown, but nothing says whether that is too much.",
    ),
    "label_cost": ("the cost of a label", "Without it nobody can say what gathering more examples costs."),
    "minimum_viable": (
        "whether this is a first version",
        "A first version that nobody uses yet should be answered by people before it is automated.",
    ),
    "kill": (
        "what ends the attempt",
        "Without a date, a number of labels or a sum, an attempt that does not work out goes on for ever.",
    ),
}
"""By field: its name, and what hangs on it."""

ASKED_INSTEAD = "Without it only the share right that you ask for is tested; whether that share pays, nobody knows."
OTHER_KINDS = "Some kinds of wrong answer have a cost and others none, so the money cannot be worked out."


def unknowns_of(brief: Brief, wrong: WrongCosts) -> tuple[Unknown, ...]:
    """What the brief leaves open, weightiest first."""
    return tuple(
        Unknown(field, name, _hangs(field, hangs, brief))
        for field, (name, hangs) in HANGS.items()
        if _open(field, brief, wrong)
    )


def _open(field: str, brief: Brief, wrong: WrongCosts) -> bool:
    if field == "kill":
        return brief.kill == KillCriteria()
    if field == "wrong_cost":
        return not wrong.complete
    if field == "label_cost":
        return brief.label_cost is None and brief.person_cost is None
    if field == "precedent":
        return not brief.precedent
    return getattr(brief, field) is None


def _hangs(field: str, hangs: str, brief: Brief) -> str:
    if field != "wrong_cost":
        return hangs
    if brief.wrong_costs:
        return OTHER_KINDS
    return hangs if brief.asked_bar is None else ASKED_INSTEAD
