"""Claims about the verdict in plain words."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.kinds import numbers, rankings, refusals, sets
from understudy.domain.evidence import Judgement, Later
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import Project
from understudy.stats.calibration import calibration_error, reliability_bins
from understudy.studio.judgement.circumstances import Awaited, Circumstances
from understudy.studio.judgement.judging import judgement_of
from understudy.studio.judgement.verdict_text import verdict_text
from understudy.studio.judgement.verdict_words import (
    PLAIN,
    VerdictWords,
    calibration_finding,
    class_rows,
    gap_by_chance,
    tells_calibration,
    verdict_words,
)
from understudy.studio.words.number_words import measure
from understudy.studio.words.phrases import real_things

Judged = Callable[..., Judgement]
Around = Callable[..., Circumstances]


def paragraph(words: VerdictWords, topic: str) -> str:
    """The text on one topic, or nothing."""
    return next((one.text for one in words.paragraphs if one.topic == topic), "")


def everything(words: VerdictWords) -> str:
    """All sentences of a verdict."""
    rows = [row.sentence for row in words.classes]
    return " ".join([words.headline, words.bound, words.next_step, *(one.text for one in words.paragraphs), *rows])


def test_a_verdict_says_what_was_seen_and_what_that_proves(judged: Judged, around: Around) -> None:
    """The figure, what it counts, and how sure it is; no bar, for a review alone knows one."""
    words = verdict_words(judged(31, 32), around())
    assert words.headline == "31 of 32 sealed photos right."
    assert words.bound == "With 95% confidence, at least 86 of 100 new photos like these."


@pytest.mark.parametrize("awaited", Awaited)
def test_what_is_awaited_comes_next(judged: Judged, around: Around, awaited: Awaited) -> None:
    """Whatever the figures: the brief, or the review."""
    for right in (0, 3, 32):
        assert verdict_words(judged(right, 32), around(awaited=awaited)).next_step == awaited.value


def test_nothing_sealed(judged: Judged, around: Around) -> None:
    """Without sealed photos there is no figure, only the next step."""
    words = verdict_words(judged(0, 0), around())
    assert words.headline == "Nothing is proven yet: no photo is sealed."
    assert words.classes[0].sentence == "crack: none is sealed, so nothing is known."
    assert not re.search(r"\d+ of \d", words.headline + words.bound)


def test_all_wrong(judged: Judged, around: Around) -> None:
    """Nothing right proves nothing, and is not called few."""
    words = verdict_words(judged(0, 8), around())
    assert words.headline == "Nothing is proven: none of 8 sealed photos right."
    assert paragraph(words, "few") == ""
    assert "at least 0" not in words.bound


def test_a_tiny_sealed_set_is_called_tiny(judged: Judged, around: Around) -> None:
    """3 of 3 proves 36%, said in so many words."""
    assert paragraph(verdict_words(judged(3, 3), around()), "few").startswith("3 of 3 right proves only 36%")
    assert paragraph(verdict_words(judged(31, 32), around()), "few") == ""


def test_drawn_photos_are_no_evidence(judged: Judged, around: Around) -> None:
    """Headline, bound and a paragraph of their own say that the photos are drawn."""
    words = verdict_words(judged(31, 32), around(drawn=True))
    assert words.headline == "31 of 32 sealed drawings right."
    assert words.bound.endswith("This says nothing about real photos.")
    assert words.paragraphs[0].topic == "drawn"
    assert "no evidence about real ones" in words.paragraphs[0].text


def test_the_rule_of_the_commonest_label_is_held_against_the_model(judged: Judged, around: Around) -> None:
    """Clearly better, not proven better, and worse are three different sentences."""
    assert "clearly better" in paragraph(verdict_words(judged(31, 32), around()), "majority")
    rare = [0] * 28 + [1] * 4
    unsure = paragraph(verdict_words(judged(30, 32, truth=rare), around()), "majority")
    assert "right for 28 of these 32; the model is not proven to be better" in unsure
    assert "does better than the model" in paragraph(verdict_words(judged(20, 32, truth=rare), around()), "majority")
    equal = paragraph(verdict_words(judged(28, 32, truth=rare), around()), "majority")
    assert "right for 28 of these 32; the model is not proven to be better" in equal


def test_groups_must_prove_more_to_be_clearly_better(judged: Judged, around: Around) -> None:
    """Where photos share groups, a paired count of photos is not enough."""
    groups = [str(i // 8) for i in range(32)]
    assert "not proven" in paragraph(verdict_words(judged(24, 32, groups=groups), around()), "majority")
    assert "clearly better" in paragraph(verdict_words(judged(24, 32), around()), "majority")


@pytest.mark.parametrize(
    ("right", "of", "sure", "said"),
    [
        (8, 8, 0.9, "Too little is sealed"),
        (92, 100, 0.9, "fits how often"),
        (14, 32, 0.57, "lie apart, by no more than chance may bring"),
        (70, 100, 0.95, "surer than it should be"),
        (99, 100, 0.7, "right more often than it says"),
    ],
)
def test_calibration_is_judged_only_beyond_chance(judged: Judged, right: int, of: int, sure: float, said: str) -> None:
    """A gap is called one only where the interval of what was seen excludes what was stated."""
    assert said in calibration_finding(judged(right, of, sure=sure))


def test_a_gap_in_parts_is_held_against_what_chance_makes(judged: Judged, around: Around) -> None:
    """That it fits is said of the whole, and how far parts lie apart beside what chance alone would make of them."""
    told = paragraph(verdict_words(judged(92, 100, sure=0.9), around()), "calibration")
    assert told == (
        "How sure it is fits how often it is right. That is on the whole: on average it was 90% sure, and 92 of 100 "
        "were right. Sorted by how sure it was, in 1 part, the two lie 2 points apart on average; were each part "
        "just right, chance would still bring about 2."
    )


def test_what_chance_makes_of_parts_is_what_an_honest_model_shows(judged: Judged) -> None:
    """Of 66 answers that are right as often as they say, the mean gap in parts is as told, within a fifth."""
    rng, seen = np.random.default_rng(0), list[float]()
    stated = np.linspace(0.5, 0.99, 66)
    for _ in range(400):
        bins = reliability_bins(stated, rng.random(66) < stated)
        seen.append(calibration_error(bins))
    told = gap_by_chance(replace(judged(50, 66), reliability=bins))
    assert told == pytest.approx(np.mean(seen), rel=0.2)


def test_a_judgement_tells_of_its_own_model_and_of_enough(judged: Judged) -> None:
    """Nothing is told of another model's probabilities, nor from fewer sealed examples than asked, or few groups."""
    enough, few = judged(28, 30), judged(28, 29)
    assert tells_calibration(enough, enough.model)
    assert not tells_calibration(enough, "another")
    assert not tells_calibration(few, few.model)
    assert not tells_calibration(None, enough.model)
    grouped = judged(28, 30, groups=[str(place // 10) for place in range(30)])
    assert not tells_calibration(grouped, grouped.model)
    assert "Too little is sealed" in calibration_finding(grouped)


@pytest.mark.parametrize("worse", [True, False])
def test_where_times_are_known_what_is_proven_is_of_the_models_own_time(
    judged: Judged, around: Around, worse: bool
) -> None:
    """The bound says so, what the order of time showed stands beside it, and nobody is reassured by the sealed ones."""
    words = verdict_words(replace(judged(99, 100, sure=0.7), later=Later(160, 400, worse)), around())
    assert "of 100 photos like these, which are from the same time as those it learned from. Of" in words.bound
    assert "it was right for 160 of 400 (40%)." in words.bound
    assert ("expect that" in words.bound) == worse
    assert "new photos" not in words.bound
    assert paragraph(words, "calibration").startswith("How sure it is was set by what came later")


def test_looks_are_counted(judged: Judged, around: Around) -> None:
    """The first look is not remarked on; later ones say what each may spend, and that all keep one budget."""
    assert paragraph(verdict_words(judged(31, 32), around()), "looks") == ""
    second = paragraph(verdict_words(judged(31, 32, look=2), around()), "looks")
    assert second.startswith("This is the 2nd look at the sealed photos.")
    assert "at most 5% of the time" in second
    assert "the first 3.5%, this one 0.75%, the next 0.25%." in second
    thirtieth = paragraph(verdict_words(judged(31, 32, look=30), around()), "looks")
    assert "at most 5% of the time" in thirtieth
    assert "this one 0.0017%" in thirtieth


def test_a_looks_own_confidence_is_told_as_that_of_all_looks(judged: Judged, around: Around) -> None:
    """A bound that one look made stricter is spoken of with the 95% that all looks together keep."""
    words = verdict_words(judged(31, 32, confidence=0.9925), around())
    assert words.bound.startswith("With 95% confidence, at least 80 of 100")
    assert words.accuracy.confidence == 0.9925


def test_groups_and_questions_to_people_are_told(judged: Judged, around: Around) -> None:
    """Never more separate photos than groups; nothing is said where there is nothing to say."""
    words = verdict_words(judged(64, 64, groups=[str(i // 8) for i in range(64)], threshold=0.95), around())
    assert "come from 8 groups" in paragraph(words, "groups")
    assert "counts them as about 8 separate ones" in paragraph(words, "groups")
    assert paragraph(words, "asked").startswith("For each of the 64 photos it would have asked a person")
    assert "by the threshold of its training (a review may prove another)" in paragraph(words, "asked")
    plain = verdict_words(judged(31, 32), around())
    assert (paragraph(plain, "groups"), paragraph(plain, "asked")) == ("", "")


def test_serious_findings_are_told_and_others_counted(judged: Judged, around: Around) -> None:
    """At most three facts with their remedies; the rest is a number."""
    serious = [
        Finding(FindingKind.CORRUPT, Severity.HIGH, f"p{i}", f"Photo {i} is corrupt.", "Cut off.", "Upload it again.")
        for i in range(4)
    ]
    light = Finding(FindingKind.TWIN, Severity.LOW, "t", "Two are twins.", "Same bytes.", "Nothing to do.")
    told = paragraph(verdict_words(judged(31, 32), around(findings=[*serious, light])), "findings")
    assert told.startswith(
        "5 things were noted as the photos came in, 4 of them serious. Photo 0 is corrupt. Upload it again."
    )
    assert "Photo 3" not in told
    assert told.endswith("1 more is listed with the findings.")
    calm = paragraph(verdict_words(judged(31, 32), around(findings=[light])), "findings")
    assert calm == "1 thing was noted as the photos came in, not a serious one."
    medium = replace(light, severity=Severity.MEDIUM)
    two = paragraph(verdict_words(judged(31, 32), around(findings=[light, medium, light])), "findings")
    assert two == "3 things were noted as the photos came in, none of them serious; 1 of them should be looked at."
    one = paragraph(verdict_words(judged(31, 32), around(findings=[medium])), "findings")
    assert one == "1 thing was noted as the photos came in, not a serious one; it should be looked at."


def test_rows_come_least_proven_first(judged: Judged) -> None:
    """Each label's line holds its tally, its bound rounded down, and what it was taken for."""
    rows = class_rows(judged(29, 32, truth=[0] * 16 + [1] * 16))
    assert [row.label for row in rows] == ["sound", "crack"]
    assert rows[0].sentence == "sound: 13 of 16 recognised, at least 58 of 100; most often taken for crack."
    assert rows[1].taken_for is None


@given(
    right=st.integers(0, 40),
    wrong=st.integers(0, 40),
    drawn=st.booleans(),
    looks_and_groups=st.tuples(st.integers(1, 5), st.integers(1, 4)),
)
def test_the_tone_holds_whatever_the_figures(
    judged: Judged,
    around: Around,
    right: int,
    wrong: int,
    drawn: bool,
    looks_and_groups: tuple[int, int],
) -> None:
    """Sentences, no exclamation marks, no doubled spaces, no "1 photos", no forecast, no bound above the proven one."""
    of, (look, together) = right + wrong, looks_and_groups
    judgement = judged(right, of, look=look, groups=[str(i // together) for i in range(of)])
    words = verdict_words(judgement, around(drawn=drawn))
    text = everything(words)
    assert "!" not in text
    assert "  " not in text
    assert not re.search(r"(?<![\d,])1 (more )?(sealed )?(photos|drawings)\b", text)
    assert all(sentence.endswith(".") for sentence in [words.headline, words.bound, words.next_step])
    assert "more sealed" not in text  # which only a review reckons, so that there is one number for it
    promised = re.search(r"at least ([\d.]+)", words.headline + words.bound)
    assert promised is None or float(promised[1].rstrip(".")) / 100 <= judgement.accuracy.lower + 1e-12


WHERE = {"numbers": numbers(), "sets": sets(), "rankings": rankings(), "refusals": refusals()}


@pytest.mark.parametrize("kind", WHERE)
def test_a_verdict_of_every_kind_says_what_right_means_and_what_needs_no_model(kind: str) -> None:
    """Numbers, sets, rankings and refusals: the tally, the rival that looks at nothing, and never a photo."""
    answers = WHERE[kind]
    judged = judgement_of(answers)
    project = Project("project", datetime(2026, 5, 4, tzinfo=UTC), task=answers.task)
    words = verdict_words(judged, Circumstances(project, Awaited.BRIEF, things=real_things(project)))
    paragraphs = {each.topic: each.text for each in words.paragraphs}
    assert f"{judged.accuracy.successes} of 300" in words.headline
    assert paragraphs["majority"].startswith(PLAIN[answers.task.answers])
    assert ("numbers" in paragraphs) == (kind == "numbers")
    assert ("right" in paragraphs) == (kind != "refusals")
    assert len(words.classes) == len(judged.labels)
    assert "photo" not in verdict_text(words)


def test_numbers_tell_errors_with_bounds_and_intervals() -> None:
    """Median, nine in ten, the median of the training examples, and how many truths the intervals held."""
    judged = judgement_of(WHERE["numbers"])
    assert judged.numbers is not None
    assert judged.numbers.held is not None
    project = Project("project", datetime(2026, 5, 4, tzinfo=UTC), task=judged.task)
    words = verdict_words(judged, Circumstances(project, Awaited.BRIEF, things=real_things(project)))
    text = next(each.text for each in words.paragraphs if each.topic == "numbers")
    assert f"off by at most {measure(judged.numbers.median, 'minutes')} (new ones by at most " in text
    assert f"they held it in {judged.numbers.held} of 300" in text
