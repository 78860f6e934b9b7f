"""The commands that do the one next step, where a command does it: the pages have buttons for the same."""

import shlex
from types import MappingProxyType
from typing import Final

from understudy.domain.project import Project
from understudy.domain.review import ReasonKind, Review, Verdict
from understudy.studio.judgement.circumstances import Awaited

BRIEF: Final = "brief {} --ask"
COMMANDS: Final = MappingProxyType(
    {
        ReasonKind.NO_BRIEF: BRIEF,
        ReasonKind.CONTRADICTION: BRIEF,
        ReasonKind.IMPOSSIBLE_BAR: BRIEF,
        ReasonKind.UNKNOWN_FIGURE: BRIEF,
        ReasonKind.FAKE_IT_FIRST: BRIEF,
        ReasonKind.KILL_CRITERION: BRIEF,
        ReasonKind.LOSS_TOO_LARGE: BRIEF,
        ReasonKind.CHECKS_TOO_DEAR: BRIEF,
        ReasonKind.SERIOUS_FINDING: "audit {}",
        ReasonKind.WORSE_LATER: "promote {} shadow",
        ReasonKind.TOO_FEW_EXAMPLES: "promote {} shadow",
    }
)
"""Where the remedy of a review's first reason can be done; what asks for more examples is done outside."""


def review_command(review: Review) -> str:
    """What does the next step of a review, without "understudy"; empty where no command does, or the step names one."""
    name = shlex.quote(review.project)
    if review.verdict is Verdict.LAUNCH:
        return f"promote {name} canary"
    first = next((each for each in review.reasons if each.verdict is review.verdict and each.remedy), None)
    if first is None or f"understudy {COMMANDS.get(first.kind, '').split(' ')[0]} " in first.remedy:
        return ""
    return COMMANDS.get(first.kind, "").format(name)


def verdict_command(step: str, project: Project) -> str:
    """What does the next step of a verdict, without "understudy"."""
    return (BRIEF if step == Awaited.BRIEF else "review {}").format(shlex.quote(project.name))
