"""Slips in a brief that only the project or the calendar can tell: an unknown label or slice, a day that has passed.

Only what a version says anew is refused. What became wrong since it was written, such as a day that went by, is kept
and told as a contradiction.
"""

from collections.abc import Collection, Sequence
from datetime import date

from understudy.domain.brief import BadBrief, Brief
from understudy.intake.table import listed
from understudy.modalities.table.schema import nearest
from understudy.studio.answers.known_labels import unknown_words
from understudy.studio.words.phrases import name


def check_anew(before: Brief, after: Brief, *, known: Sequence[str], facts: Collection[str], today: date) -> None:
    """Refuses what a brief says anew and cannot mean.

    Args:
        before: The version that stood.
        after: The one that is to stand.
        known: Labels that were used where examples bear some; empty before there are any, when a brief may name them.
        facts: What is known of the examples, by name; empty before there are any, when a brief may name anything.
        today: The date.

    Raises:
        BadBrief: A label of a cost or a bar was never used, a slice is by what is not known of any example, or the day
            that ends the attempt has passed.
    """
    named = set(labels_named(before))
    strange = [(field, label) for field, label in _named(after) if label not in known and label not in named]
    if known and strange:
        field, label = strange[0]
        stays = "a brief that named another would make it one that people can give and the model learns"
        fact, reason, remedy = unknown_words(label, known, stays=stays, new="add an example of it first")
        raise BadBrief(field=field, fact=fact, reason=reason, remedy=remedy)
    unknown = [fact for fact in after.slices if fact not in facts and fact not in before.slices]
    if facts and unknown:
        raise _unknown_fact(unknown[0], sorted(facts))
    if after.kill.by is not None and after.kill.by != before.kill.by and after.kill.by < today:
        raise BadBrief(
            field="kill_by",
            fact=f"{after.kill.by.isoformat()} has passed.",
            reason="A day that ends the attempt is agreed before it comes, or it ends nothing.",
            remedy=f"Name a day from {today.isoformat()} on, or leave it unknown.",
        )


def _unknown_fact(fact: str, known: Sequence[str]) -> BadBrief:
    return BadBrief(
        field="slices",
        fact=f"“{name(fact)}” is not known of this project's examples.",
        reason=f"Known are {listed(known)}; a slice by anything else is never proven, and nothing would be launched.",
        remedy=nearest(fact, known),
    )


def labels_named(brief: Brief) -> tuple[str, ...]:
    """The labels that a brief names, in its costs and its bars."""
    return tuple(dict.fromkeys(label for _, label in _named(brief)))


def _named(brief: Brief) -> list[tuple[str, str]]:
    """Every label that a brief names, each with its attribute."""
    costs = [("wrong_costs", label) for cost in brief.wrong_costs for label in (cost.truth, cost.answer)]
    return costs + [("class_bars", label) for label, _ in brief.class_bars]
