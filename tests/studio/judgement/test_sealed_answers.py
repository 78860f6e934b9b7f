"""Sealed answers: one blob, read back exactly."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.kinds import rankings
from understudy.domain.evidence import Stretch
from understudy.domain.project import PHOTO_LABELS
from understudy.domain.rule import Rule, RuleKind
from understudy.domain.task import AnswerKind, Task
from understudy.stats.replies import Replies
from understudy.studio.judgement.sealed_answers import (
    AnswersUnreadable,
    Rival,
    SealedAnswers,
    data_digest,
    facts_kept,
    likeliest,
    packed,
    unpacked,
)

RULE = Rule(RuleKind.THRESHOLD, "brightness", 93.1, "", (("yes", "crack"), ("no", "sound")), "sound", 0.71)


def answers(count: int = 5, *, seed: int = 0, champion: bool = True) -> SealedAnswers:
    """Answers to so many photos, some of them wrong."""
    rng = np.random.default_rng(seed)
    given_probabilities = rng.dirichlet([1, 1, 1], count) if count else np.empty((0, 3))
    facts = [{"brightness": float(value), "camera": None} for value in rng.normal(90, 30, count)]
    return SealedAnswers(
        model="m" * 64,
        look=3,
        labels=("crack", "sound", "Überraschung\n<b>"),
        threshold=0.7,
        majority="sound",
        digests=tuple(f"{place:064d}" for place in range(count)),
        groups=tuple(f"wall {place // 2}" for place in range(count)),
        truth=rng.integers(0, 3, count),
        probabilities=given_probabilities,
        stated=rng.uniform(0.5, 1, 7),
        right=rng.uniform(size=7) < 0.8,
        champion=Rival("c" * 64, ("sound", "crack"), rng.dirichlet([1, 1], count)) if champion and count else None,
        rule=RULE,
        facts=facts_kept(facts),
    )


def test_strangers_are_never_given_alone() -> None:
    """They come back as they were, and no threshold above 0 lets an answer about one of them by."""
    kept = replace(answers(), strangers=np.array([False, True, False, False, True]))
    read = unpacked(packed(kept))
    assert same(read, kept)
    assert read.strangers.tolist() == kept.strangers.tolist()
    assert read.sure[[1, 4]].tolist() == [0.0, 0.0]
    assert (read.sure[[0, 2, 3]] == answers().sure[[0, 2, 3]]).all()


def test_what_came_later_comes_back_as_it_was() -> None:
    """The held-out answers by stretches of time are kept with the look."""
    kept = replace(answers(), later=(Stretch(0.5, 3, 7), Stretch(0.875, 0, 1)))
    assert unpacked(packed(kept)).later == kept.later


def same(one: SealedAnswers, other: SealedAnswers) -> bool:
    """Whether both are equal, to the last bit."""
    return packed(one) == packed(other) and one.digests == other.digests and one.facts == other.facts


@settings(max_examples=40)
@given(count=st.integers(0, 12), seed=st.integers(0, 1000), champion=st.booleans())
def test_it_reads_back_to_the_same_bits(count: int, seed: int, champion: bool) -> None:
    """Whatever was answered comes back exactly, and gives the same bytes again."""
    kept = answers(count, seed=seed, champion=champion)
    read = unpacked(packed(kept))
    assert same(read, kept)
    assert np.array_equal(read.probabilities, kept.probabilities)
    assert np.array_equal(read.stated, kept.stated)
    assert read.answers == kept.answers
    assert read.rule_answers == kept.rule_answers
    assert read.data == kept.data


@settings(max_examples=40)
@given(
    count=st.integers(1, 9),
    seed=st.integers(0, 1000),
    replied=st.booleans(),
    champion_said=st.booleans(),
    task=st.sampled_from([PHOTO_LABELS, Task("text"), Task("table", AnswerKind.NUMBER, 2.5, "€")]),
)
def test_what_the_champion_said_does_not_hang_on_how_the_model_answers(
    *, count: int, seed: int, replied: bool, champion_said: bool, task: Task
) -> None:
    """Its own words come back where it weighs costs and the model does not, so a second review saves as the first."""
    kept, rng = replace(answers(count, seed=seed), task=task), np.random.default_rng(seed)
    said = [tuple(rng.choice(["sound", "crack", "none of these"], count).tolist()) for _ in range(3)]
    if replied:
        own = Replies(said[0], said[1], rng.uniform(size=count))
        kept = replace(kept, truth=np.empty(0, np.int64), probabilities=np.empty((0, 3)), replies=own)
    assert kept.champion is not None
    if champion_said:
        kept = replace(kept, champion=replace(kept.champion, said=said[2]))
    read = unpacked(packed(kept))
    assert same(read, kept)
    assert read.champion is not None
    assert kept.champion is not None
    assert read.champion.said == kept.champion.said
    assert read.champion.answers == kept.champion.answers
    assert read.answers == kept.answers
    assert read.task == kept.task


def test_no_pickle_is_read() -> None:
    """Bytes of any other kind are refused, with a fact, a reason and a remedy."""
    whole = packed(answers())
    for data in (b"", b"\x80\x04.", whole[:-9], whole[20:], b"{}"):
        with pytest.raises(AnswersUnreadable) as refused:
            unpacked(data)
        assert refused.value.remedy


def test_columns_of_different_length_are_refused() -> None:
    """A blob whose parts do not fit each other is not guessed at."""
    broken = replace(answers(), groups=("one",))
    with pytest.raises(AnswersUnreadable):
        unpacked(packed(broken))


def test_the_digest_of_the_data_depends_on_photos_and_labels_alone() -> None:
    """Order plays no role; another label or one more photo does."""
    pairs = [("a", "crack"), ("b", "sound")]
    assert data_digest(pairs) == data_digest(reversed(pairs))
    assert data_digest(pairs) != data_digest([("a", "crack"), ("b", "crack")])
    assert data_digest(pairs) != data_digest([*pairs, ("c", "sound")])
    kept = answers()
    assert kept.data == data_digest(zip(kept.digests, kept.true_labels, strict=True))


def test_equal_probabilities_go_to_the_first_by_name() -> None:
    """The answer is the one that would be served."""
    assert likeliest(("sound", "crack"), np.array([[0.5, 0.5], [0.6, 0.4]])) == ("crack", "sound")


def test_facts_are_kept_as_they_can_be_stored() -> None:
    """Every photo has every fact, unknown where it has none; a number that is none is unknown too."""
    assert list(facts_kept([{"a": math.nan, "b": "x"}, {"c": 2.0}])) == [
        {"a": None, "b": "x", "c": None},
        {"a": None, "b": None, "c": 2.0},
    ]


def test_what_the_rule_lists_for_each_is_kept() -> None:
    """What is popular and each does not have reads back as it was, and is what the model is held against."""
    kept = replace(rankings(4), ruled=("film 01", "film 02", "film 01", "film 03"))
    read = unpacked(packed(kept))
    assert read.rule_answers == read.plain_answers == kept.ruled
    assert packed(read) == packed(kept)
