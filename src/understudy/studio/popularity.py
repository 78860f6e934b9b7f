"""The popularity rule of a project whose model lists items, from what its training people chose."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Final

from understudy.audit.popularity import Chosen, Popularity, popular_rule
from understudy.domain.example import Example, Side
from understudy.domain.rule import Rule
from understudy.domain.task import BETWEEN_LABELS
from understudy.modalities.interactions.content import Content
from understudy.modalities.interactions.question import read_question
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
    people = _chosen(workspace, project, learned)
    groups, titles = [each.group for each in learned], titles_of(workspace, project)
    return popular_rule(people, groups, again=_again(workspace, project), titles=titles, seed=SEED)


def popular_lists(workspace: Workspace, project: str, digests: Iterable[str]) -> tuple[str, ...]:
    """What the rule lists for each example: the most popular of what that person does not have."""
    people = _chosen(workspace, project, _learned(workspace, project))
    popularity = Popularity.of(people, again=_again(workspace, project))
    questions = (read_question(workspace.blobs.get(digest)) for digest in digests)
    lists = (popularity.listed({event.item for event in each.history}) for each in questions)
    return tuple(BETWEEN_LABELS.join(each) for each in lists)


def titles_of(workspace: Workspace, project: str) -> Mapping[str, str]:
    """What people call items, by item; empty where no table of items came, and for what is no ranking."""
    kept = workspace.ledger.schema(project) or {}
    digest = kept.get("content")
    return Content.from_bytes(workspace.blobs.get(digest)).names if isinstance(digest, str) else {}


def _again(workspace: Workspace, project: str) -> bool:
    return bool((workspace.ledger.schema(project) or {}).get("repeats"))


def _learned(workspace: Workspace, project: str) -> list[Example]:
    found = (each for each in workspace.ledger.examples(project, side=Side.TRAIN) if each.label is not None)
    return list(islice(found, MOST_COUNTED))


def _chosen(workspace: Workspace, project: str, examples: Sequence[Example]) -> list[Chosen]:
    """What each training person liked, by the same measure as the model learns by."""
    liked_from = (workspace.ledger.schema(project) or {}).get("liked_from")
    found = []
    for example in examples:
        history, following = read_question(workspace.blobs.get(example.digest)).history, str(example.label)
        liked = {each.item for each in history if liked_from is None or each.value is None or each.value >= liked_from}
        found.append(Chosen(frozenset({*liked, following}), frozenset(each.item for each in history), following))
    return found
