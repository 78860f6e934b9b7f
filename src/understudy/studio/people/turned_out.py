"""What turned out otherwise: outcomes that contradict the label that stood."""

from collections.abc import Mapping, Sequence

from understudy.domain.decision import Decision
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import Project
from understudy.modalities.nouns import noun_of

MOST_NAMED = 3
"""Decisions that the sentence names."""
MOST_KEPT = 50
"""Decisions that the evidence names."""


def contradictions(
    project: Project, outcomes: Sequence[tuple[Decision, str]], stood: Mapping[str, str | None]
) -> tuple[Finding, ...]:
    """One finding about all inputs that turned out otherwise than their labels said, also by an earlier outcome.

    It names decisions and no labels, since some of the inputs may be sealed.

    Args:
        project: Whose task says which labels contradict each other.
        outcomes: Decisions with what turned out to be true of them, in the order they arrived.
        stood: The label that stood of each input that is known, by digest, or None.
    """
    standing, otherwise = dict(stood), list[str]()
    for decision, value in outcomes:
        before = standing.get(decision.input_digest)
        if before is not None and not project.task.right(before, value):
            otherwise.append(decision.id)
        standing[decision.input_digest] = value
    if not otherwise:
        return ()
    noun, count = noun_of(project.task.modality), len(otherwise)
    named = ", ".join(otherwise[:MOST_NAMED]) + (f" and {count - MOST_NAMED:,} more" if count > MOST_NAMED else "")
    what = f"{count:,} {noun.many}" if count > 1 else f"one {noun.one}"
    return (
        Finding(
            FindingKind.CONTRADICTORY_LABELS,
            Severity.MEDIUM,
            "outcomes",
            f"Of {what} it turned out otherwise than was said before: {named}.",
            "What turned out stands now; either people were wrong, or the outcome was reported for another request, or "
            "the same input may turn out either way.",
            "Look at these decisions; a label that is given later stands over the outcome.",
            tuple(otherwise[:MOST_KEPT]),
        ),
    )
