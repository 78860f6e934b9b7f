"""What reviews of numbers, sets of labels, rankings and refusals are computed from, made by hand."""

from dataclasses import replace
from typing import Any

import numpy as np

from understudy.audit.popularity import Chosen, popular_rule
from understudy.audit.task_rules import plain_answer, rule_of
from understudy.domain.brief import Brief
from understudy.domain.fact_rows import FactRows
from understudy.domain.project import Project
from understudy.domain.rule import Rule
from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task, labels_text, number_text
from understudy.stats.replies import Replies
from understudy.studio.claims.review_material import Material
from understudy.studio.judgement.sealed_answers import SealedAnswers, facts_kept

from .materials import AT, GOOD, material

MINUTES = Task("table", AnswerKind.NUMBER, 10.0, "minutes")
TAGS = Task("text", AnswerKind.LABELS)
FILMS = Task("interactions", AnswerKind.RANKING)
INTENTS = Task("text")


def sealed(task: Task, said: list[str], truth: list[str], **changes: Any) -> SealedAnswers:
    """Sealed answers of any kind; how sure the model was falls along them."""
    count = len(said)
    sure = np.linspace(0.99, 0.6, count)
    right = np.array([task.right(one, other) for one, other in zip(said, truth, strict=True)], np.bool_)
    order = np.argsort(~right, kind="stable")  # the wrong ones are those it is least sure of
    ranked = np.empty(count)
    ranked[order] = sure
    share = float(right.mean()) if count else 1.0
    facts = facts_kept([{"weight": float(place % 10)} for place in range(count)])
    rule = _rule(task, truth, facts) if truth else None
    values: dict[str, Any] = {
        "model": "a" * 64,
        "look": 1,
        "labels": (),
        "threshold": 0.5,
        "majority": _plain(task, truth, rule),
        "digests": tuple(f"{place:064x}" for place in range(count)),
        "groups": tuple(f"g{place}" for place in range(count)),
        "truth": np.empty(0, np.int64),
        "probabilities": np.empty((0, len(changes.get("labels", ())))),
        "stated": np.linspace(0.99, 0.6, 400),
        "right": np.arange(400) < share * 400,
        "rule": rule,
        "facts": facts,
        "task": task,
        "replies": Replies(tuple(said), tuple(truth), ranked),
    }
    return SealedAnswers(**(values | changes))


def _rule(task: Task, truth: list[str], facts: FactRows) -> Rule:
    groups = [str(place) for place in range(len(truth))]
    if task.answers is AnswerKind.RANKING:
        people = [Chosen(frozenset({each}), frozenset(), each) for each in truth]
        return popular_rule(people, groups, again=False, titles={}, seed=0)
    return rule_of(task, truth, facts, groups, seed=0)


def _plain(task: Task, truth: list[str], rule: Rule | None) -> str:
    if task.answers is AnswerKind.RANKING and rule is not None:
        return rule.otherwise
    return plain_answer(task, truth) if truth else ""


def unknowing(answers: SealedAnswers) -> SealedAnswers:
    """The same answers of a model that is as sure of wrong ones as of right ones."""
    if answers.replies is None:
        raise AssertionError
    chance = np.random.default_rng(5)
    sure, share = chance.uniform(0.6, 0.99, answers.count), answers.right.mean()
    stated, right = chance.uniform(0.6, 0.99, 400), chance.uniform(size=400) < share
    return replace(answers, replies=replace(answers.replies, sure=sure), stated=stated, right=right)


def numbers(count: int = 300, *, off: float = 5.0, seed: int = 0, shrunk: float = 1.0, **changes: Any) -> SealedAnswers:
    """Numbers that are off by so much (one deviation), each with an interval that holds 80 in 100.

    Args:
        count: Sealed examples.
        off: Deviation of the errors.
        seed: Of chance.
        shrunk: 1 for a fair model; less for one that answers nearer the middle than it should.
        changes: Other values than the usual ones.
    """
    chance = np.random.default_rng(seed)
    truth = chance.gamma(4.0, 30.0, count)
    said = 120.0 + shrunk * (truth - 120.0) + chance.normal(0.0, off, count)
    texts = [number_text(each) for each in said], [number_text(each) for each in truth]
    kept = sealed(MINUTES, *texts, **changes)
    if kept.replies is None:
        raise AssertionError
    ends = np.stack([said - 1.2816 * off, said + 1.2816 * off], axis=1)
    return replace(kept, replies=replace(kept.replies, intervals=ends))


def sets(count: int = 300, *, wrong: float = 0.05, seed: int = 0) -> SealedAnswers:
    """Sets of up to three labels; so many have one label too many or too few."""
    chance, labels = np.random.default_rng(seed), ("red", "round", "tall")
    held = chance.uniform(size=(count, 3)) < (0.5, 0.3, 0.4)
    given = held.copy()
    for place in np.flatnonzero(chance.uniform(size=count) < wrong):
        given[place, chance.integers(0, 3)] ^= True
    texts = [[labels_text(tuple(np.array(labels)[row])) for row in rows] for rows in (given, held)]
    return sealed(TAGS, *texts, labels=labels)


def rankings(count: int = 300, *, hits: float = 0.6, seed: int = 0) -> SealedAnswers:
    """Lists of five films of forty, in which so many of those that were chosen stand."""
    chance = np.random.default_rng(seed)
    films = np.array([f"film {place:02}" for place in range(40)])
    truth = chance.choice(films, count)
    said = []
    for film in truth:
        others = chance.choice(films[films != film], 5, replace=False)
        if chance.uniform() < hits:
            others[chance.integers(0, 5)] = film
        said.append("; ".join(others))
    return sealed(FILMS, said, truth.tolist())


def refusals(count: int = 300, *, refused: float = 0.9, seed: int = 0) -> SealedAnswers:
    """Two intents and what is neither, a third each; so much of the last is refused, and all else is right."""
    chance = np.random.default_rng(seed)
    labels = ("bill", "card", NONE_OF_THESE)
    truth = [labels[place % 3] for place in range(count)]
    said = ["bill" if each == NONE_OF_THESE and chance.uniform() >= refused else each for each in truth]
    return sealed(INTENTS, said, truth, labels=labels)


def review_material(answers: SealedAnswers, brief: Brief | None = GOOD, **changes: Any) -> Material:
    """What a review of these answers would be computed from."""
    truths = answers.true_labels
    train = tuple((text, truths.count(text)) for text in sorted(set(truths)))
    project = Project("project", AT, task=answers.task)
    return material(answers, brief, **({"project": project, "train": train} | changes))
