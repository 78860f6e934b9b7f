"""Stakes: how much labels and mistakes count while a model of a table is trained."""

from collections import Counter
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from understudy.domain.errors import UnderstudyError
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind
from understudy.domain.wrong_costs import wrong_costs_of
from understudy.studio.words.phrases import name as shown
from understudy.studio.workspace import Workspace

LEAST_WEIGHT, MOST_WEIGHT = 0.001, 1000.0
"""Beyond a thousand to one the examples of other labels no longer count, and arithmetic ends in infinities."""


class BadStakes(UnderstudyError):
    """What is to count cannot, for this project."""


@dataclass(frozen=True)
class Stakes:
    """What counts how much.

    Attributes:
        weights: How much an example of a label counts in learning; 1 for labels that are not named.
        by_costs: The answer is what costs least by the brief, and not what is likeliest.
    """

    weights: tuple[tuple[str, float], ...] = ()
    by_costs: bool = False

    def said(self, workspace: Workspace, project: Project) -> dict[str, Any]:
        """What a table's schema says of them; nothing where all counts the same.

        Raises:
            BadStakes: The project's models cannot heed them, a label is unknown or weighed twice, a weight is out of
                range, or the brief tells no such costs.
        """
        if not self.weights and not self.by_costs:
            return {}
        if project.task.modality != "table" or project.task.answers is not AnswerKind.LABEL:
            raise BadStakes(
                fact="Weights and costs cannot be trained by here.",
                reason=f"Models of tables that answer with one of several labels heed them, and “{project.name}” is "
                "something else.",
                remedy="Leave them out; a review weighs what mistakes cost all the same.",
            )
        labels = tuple(sorted(workspace.ledger.counts(project.name).train))
        for label, weight in self.weights:
            _check(label, weight, labels)
        _check_once(self.weights)
        costs = _costs(workspace, project, labels) if self.by_costs else []
        return {"class_weights": dict(self.weights), "costs": costs}


def _check(label: str, weight: float, labels: tuple[str, ...]) -> None:
    if label not in labels:
        close = get_close_matches(label, labels, n=1, cutoff=0.5)
        raise BadStakes(
            fact=f"“{shown(label)}” is no label of the training examples.",
            reason=f"They bear {', '.join(f'“{shown(each)}”' for each in labels[:8]) or 'none'}.",
            remedy=f"Perhaps “{shown(close[0])}” is meant." if close else "Name one of them.",
        )
    if not LEAST_WEIGHT <= weight <= MOST_WEIGHT:
        raise BadStakes(
            fact=f"“{shown(label)}” cannot count {weight:g} times.",
            reason=f"An example counts from {LEAST_WEIGHT:g} to {MOST_WEIGHT:g} times; beyond that, the examples of "
            "other labels would teach nothing.",
            remedy="Give a number such as 5, or 0.2.",
        )


def _check_once(weights: tuple[tuple[str, float], ...]) -> None:
    repeated = [label for label, times in Counter(label for label, _ in weights).items() if times > 1]
    if repeated:
        said = " and ".join(f"{weight:g}" for label, weight in weights if label == repeated[0])
        raise BadStakes(
            fact=f"“{shown(repeated[0])}” is weighed more than once: {said}.",
            reason="An example of a label counts in one way.",
            remedy="Give each label one weight.",
        )


def _costs(workspace: Workspace, project: Project, labels: tuple[str, ...]) -> list[list[Any]]:
    """What each kind of mistake costs, as (true, said, cost)."""
    latest = workspace.ledger.latest_brief(project.name)
    costs = wrong_costs_of(latest.brief, labels) if latest else None
    if costs is None or not costs.complete or costs.uniform:
        reason = "It has no brief" if costs is None else "Its brief names no cost of every kind of mistake"
        reason = "By its brief all mistakes cost the same" if costs and costs.complete else reason
        raise BadStakes(
            fact=f"“{project.name}” has no costs to answer by.",
            reason=f"{reason}, and only where kinds differ is another answer cheaper than the likeliest.",
            remedy="Say what a mistake costs, and what one costs that is taken for another: "
            f"understudy brief {project.name} --wrong-cost 100 --wrong TRUTH=ANSWER:500",
        )
    kinds = ((true, said) for true in labels for said in labels if true != said)
    return [[true, said, costs.cost(true, said)] for true, said in kinds]
