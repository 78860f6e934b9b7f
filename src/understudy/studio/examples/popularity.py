"""The popularity rule of a project whose model lists items, from what its training people chose."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from understudy.audit.popularity import Chosen, Popularity, popular_rule
from understudy.domain.rule import Rule
from understudy.domain.task import BETWEEN_LABELS
from understudy.modalities.interactions.question import Question, read_question
from understudy.studio.examples.item_titles import item_titles
from understudy.studio.examples.real_examples import labelled_examples
from understudy.studio.workspace import Workspace

SEED: Final = 0
MOST_COUNTED: Final = 100_000
"""People whose choices are counted: the first of more by digest, which nobody chose."""


def popular_rule_of(workspace: Workspace, project: str) -> Rule:
    """The rule of a project, its items with the titles that people know them by.

    Raises:
        UnknownProject: No such project.
        ValueError: No training example has a label.
    """
    learned = _learned(workspace, project)
    people, titles = _chosen(workspace, project, learned.values()), titles_of(workspace, project)
    return popular_rule(people, list(learned), again=_again(workspace, project), titles=titles, seed=SEED)


def popular_lists(workspace: Workspace, project: str, digests: Iterable[str]) -> tuple[str, ...]:
    """What the rule lists for each example: the most popular of what that person does not have."""
    people = _chosen(workspace, project, _learned(workspace, project).values())
    popularity = Popularity.of(people, again=_again(workspace, project))
    questions = (read_question(workspace.blobs.get(digest)) for digest in digests)
    lists = (popularity.listed({event.item for event in each.history}) for each in questions)
    return tuple(BETWEEN_LABELS.join(each) for each in lists)


def titles_of(workspace: Workspace, project: str) -> Mapping[str, str]:
    """What people call items, by item."""
    return item_titles(workspace.ledger.schema(project), workspace.blobs.get)


def _again(workspace: Workspace, project: str) -> bool:
    return bool((workspace.ledger.schema(project) or {}).get("repeats"))


def _learned(workspace: Workspace, project: str) -> dict[str, tuple[Question, str]]:
    """By person what they had and what came next; of somebody to whom more was added, the longest history."""
    people: dict[str, tuple[Question, str]] = {}
    for example in islice(labelled_examples(workspace.ledger, project), MOST_COUNTED):
        question = read_question(workspace.blobs.get(example.digest))
        if example.group not in people or len(people[example.group][0].history) < len(question.history):
            people[example.group] = question, str(example.label)
    return people


def _chosen(workspace: Workspace, project: str, learned: Iterable[tuple[Question, str]]) -> list[Chosen]:
    """What each training person liked, by the same measure as the model learns by."""
    liked_from = (workspace.ledger.schema(project) or {}).get("liked_from")
    found = []
    for question, following in learned:
        had = question.history
        liked = {each.item for each in had if liked_from is None or each.value is None or each.value >= liked_from}
        found.append(Chosen(frozenset({*liked, following}), frozenset(each.item for each in had), following))
    return found
