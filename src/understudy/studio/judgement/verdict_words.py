"""The verdict on a model in plain words; the page and the terminal both say exactly this."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import pi, sqrt

from understudy.domain.evidence import Judgement, NumberFigures, Proportion
from understudy.domain.finding import Finding, Severity
from understudy.domain.task import AnswerKind
from understudy.stats.clusters import effective_trials
from understudy.stats.intervals import beta_bound
from understudy.stats.looks import BUDGET, alpha_of
from understudy.studio.judgement.circumstances import Circumstances
from understudy.studio.judgement.later_words import SAME_TIME, later_words
from understudy.studio.words.number_words import measure, measure_bound, right_means
from understudy.studio.words.phrases import (
    DRAWINGS,
    Noun,
    floor_hundredths,
    floor_percent,
    hundredths,
    name,
    number,
    ordinal,
    percent,
    rough_percent,
    told_confidence,
)

FEW = 10
"""Below this many sealed examples the words warn that they prove little."""

ENOUGH_TO_CALIBRATE = 30
"""Examples that stand alone, or what those of groups are worth."""
FITS = 0.05
"""So far from the share right its mean sureness may lie, and is said to fit."""
MOST_FINDINGS = 3
SET_BY_LATER = (
    "How sure it is was set by what came later than it learned from; here, of its own time, it is right more often."
)
"""Said of a model that learned in the order of time, instead of that it is right more often than it says."""
PLAIN = {
    AnswerKind.LABEL: "Always answering the commonest label",
    AnswerKind.LABELS: "Always answering the commonest set of labels",
    AnswerKind.NUMBER: "Always saying the median of the training examples",
    AnswerKind.RANKING: "Always listing the most popular",
}
"""What needs no model."""


@dataclass(frozen=True)
class Paragraph:
    """One matter in a few sentences.

    Attributes:
        topic: What it is about: "drawn", "right", "numbers", "few", "majority", "calibration", "asked", "groups",
            "looks" or "findings".
        text: Plain text; labels in it are shortened but not escaped for HTML.
    """

    topic: str
    text: str


@dataclass(frozen=True)
class ClassRow:
    """One label's line.

    Attributes:
        label: The label as it is, for links.
        name: The label as it is shown.
        right: Sealed examples of it that were recognised.
        of: Sealed examples of it.
        at_least: Lower bound of its recall in 100, rounded down.
        taken_for: The wrong answer it got most often, as it is shown, or None.
        sentence: All of that in one sentence.
    """

    label: str
    name: str
    right: int
    of: int
    at_least: int
    taken_for: str | None
    sentence: str


@dataclass(frozen=True)
class VerdictWords:
    """Everything the verdict says, in the order of reading.

    Attributes:
        headline: The verdict in one sentence.
        bound: What it proves about new examples, in one or two sentences.
        next_step: The one thing to do now.
        paragraphs: The rest, most important first.
        classes: A line for each label, least proven first.
        accuracy: The figure behind it.
    """

    headline: str
    bound: str
    next_step: str
    paragraphs: tuple[Paragraph, ...]
    classes: tuple[ClassRow, ...]
    accuracy: Proportion


def verdict_words(judgement: Judgement, circumstances: Circumstances) -> VerdictWords:
    """Turns a judgement into words."""
    return VerdictWords(
        headline=_headline(judgement.accuracy, circumstances),
        bound=_bound(judgement, circumstances),
        next_step=circumstances.awaited.value,
        paragraphs=tuple(_paragraphs(judgement, circumstances)),
        classes=class_rows(judgement),
        accuracy=judgement.accuracy,
    )


def class_rows(judgement: Judgement) -> tuple[ClassRow, ...]:
    """A line for each label, least proven first."""
    rows = [_class_row(judgement, index) for index in range(len(judgement.labels))]
    bounds = {one.label: one.recall.lower for one in judgement.recalls}
    return tuple(sorted(rows, key=lambda row: (bounds[row.label], row.of, row.label)))


def tells_calibration(judgement: Judgement | None, model: str | None) -> bool:
    """Whether so much was sealed that a judgement tells whether a model's probabilities can be taken at their word."""
    return judgement is not None and judgement.model == model and _enough(judgement.accuracy)


def _enough(accuracy: Proportion) -> bool:
    return effective_trials(accuracy) >= ENOUGH_TO_CALIBRATE


def calibration_finding(judgement: Judgement) -> str:
    """Whether stated probabilities can be taken at their word, in one sentence."""
    accuracy = judgement.accuracy
    if not _enough(accuracy):
        return "Too little is sealed to tell whether its probabilities can be taken at their word."
    stated = sum(one.count * one.mean_probability for one in judgement.reliability) / accuracy.trials
    worth = effective_trials(accuracy)
    right, tail = worth * accuracy.estimate, (1 - accuracy.confidence) / 2
    if stated < float(beta_bound(right, worth, confidence=1 - tail)):
        return "It is right more often than it says." if judgement.later is None else SET_BY_LATER
    if stated > 1 - float(beta_bound(worth - right, worth, confidence=1 - tail)):
        return "It is surer than it should be."
    if abs(stated - accuracy.estimate) > FITS:
        return "How sure it is and how often it is right lie apart, by no more than chance may bring."
    return "How sure it is fits how often it is right."


def _headline(accuracy: Proportion, circumstances: Circumstances) -> str:
    things = _things(circumstances)
    if not accuracy.trials:
        return f"Nothing is proven yet: no {things.one} is sealed."
    if not accuracy.successes:
        return f"Nothing is proven: none of {number(accuracy.trials)} sealed {_plural(accuracy.trials, things)} right."
    tally = f"{number(accuracy.successes)} of {number(accuracy.trials)}"
    return f"{tally} sealed {_plural(accuracy.trials, things)} right."


def _bound(judgement: Judgement, circumstances: Circumstances) -> str:
    things, accuracy = _things(circumstances), judgement.accuracy
    if not accuracy.trials:
        return f"A verdict rests on {things.many} that the model has never seen."
    least = floor_hundredths(accuracy.lower)
    more = f" This says nothing about real {circumstances.things.many}." if circumstances.project.drawn else ""
    like = f"new {things.many} like these"
    if judgement.later is not None:
        more += f" {later_words(judgement.later, things)}"
        like = f"{things.many} like these, which are {SAME_TIME}"
    if not least:
        return f"So few right answers say nothing certain about new {things.many}." + more
    confidence = percent(told_confidence(accuracy.confidence))
    return f"With {confidence} confidence, at least {least} of 100 {like}." + more


def _class_row(judgement: Judgement, index: int) -> ClassRow:
    recall, label = judgement.recalls[index].recall, judgement.labels[index]
    given = judgement.confusion[index] if judgement.confusion else ()
    wrong = {other: count for other, count in enumerate(given) if other != index and count}
    often = max(wrong, key=lambda other: (wrong[other], -other), default=None)
    taken_for = None if often is None else name(judgement.labels[often])
    least = floor_hundredths(recall.lower)
    sentence = f"{name(label)}: none is sealed, so nothing is known."
    if recall.trials:
        mistaken = f"; most often taken for {taken_for}" if taken_for is not None else ""
        tally = f"{number(recall.successes)} of {number(recall.trials)}"
        sentence = f"{name(label)}: {tally} recognised, at least {least} of 100{mistaken}."
    return ClassRow(label, name(label), recall.successes, recall.trials, least, taken_for, sentence)


def _paragraphs(judgement: Judgement, circumstances: Circumstances) -> Iterator[Paragraph]:
    """The matters that apply, most important first."""
    matters = {
        "drawn": _drawn(circumstances),
        "right": right_means(judgement.task),
        "numbers": _numbers(judgement),
        "few": _few(judgement.accuracy, circumstances),
        "majority": _majority(judgement),
        "calibration": _calibration(judgement),
        "asked": _asked(judgement, circumstances),
        "groups": _groups(judgement, circumstances),
        "looks": _looks(judgement, circumstances),
        "findings": _findings(circumstances),
    }
    return (Paragraph(topic, text) for topic, text in matters.items() if text)


def _drawn(circumstances: Circumstances) -> str:
    if not circumstances.project.drawn:
        return ""
    many = circumstances.things.many
    return f"These {many} are drawn, so they are no evidence about real ones. They show how Understudy works, no more."


def _numbers(judgement: Judgement) -> str:
    """How far off numbers are, with bounds where enough are sealed for one, and whether their intervals hold."""
    found, unit = judgement.numbers, judgement.task.unit
    if found is None:
        return ""
    half = f"Half of the answers are off by at most {measure(found.median, unit)}{_bounded(found.median_upper, unit)}"
    most = f"nine in ten by at most {measure(found.large, unit)}{_bounded(found.large_upper, unit)}"
    usual = f"Always saying the median would be off by {measure(found.usual, unit)} in half of them."
    return " ".join(part for part in (f"{half}; {most}.", usual, _held(found, judgement.accuracy.trials)) if part)


def _bounded(upper: float | None, unit: str) -> str:
    return "" if upper is None else f" (new ones by at most {measure_bound(upper, unit, low=False)})"


def _held(found: NumberFigures, trials: int) -> str:
    if found.held is None or found.held_lower is None:
        return ""
    share = f"{number(found.held)} of {number(trials)}"
    return f"The intervals that come with answers are to hold the truth in 80 of 100; they held it in {share}."


def _few(accuracy: Proportion, circumstances: Circumstances) -> str:
    if not accuracy.successes or accuracy.trials >= FEW:
        return ""
    return (
        f"{accuracy.successes} of {accuracy.trials} right proves only {floor_percent(accuracy.lower)}: with so few "
        f"sealed {_things(circumstances).many}, a much worse model could have had the same luck."
    )


def _majority(judgement: Judgement) -> str:
    accuracy = judgement.accuracy
    if not accuracy.trials:
        return ""
    rule = f"{PLAIN[judgement.task.answers]} would be right for {number(judgement.majority)} of these"
    rule += f" {number(accuracy.trials)}"
    if accuracy.successes < judgement.majority:
        return f"{rule}: that rule of one line does better than the model."
    if judgement.better:
        return f"{rule}; the model is clearly better than that."
    return f"{rule}; the model is not proven to be better than that."


def _calibration(judgement: Judgement) -> str:
    trials = judgement.accuracy.trials
    if not _enough(judgement.accuracy):
        return calibration_finding(judgement) if trials else ""
    stated = sum(one.count * one.mean_probability for one in judgement.reliability) / trials
    return (
        f"{calibration_finding(judgement)} That is on the whole: on average it was {hundredths(stated)}% sure, and "
        f"{number(judgement.accuracy.successes)} of {number(trials)} were right. {_in_parts(judgement)}"
    )


def _in_parts(judgement: Judgement) -> str:
    """How far the two lie apart in stretches of sureness, beside what chance makes of an honest model's."""
    gap, chance = round(judgement.calibration_error * 100), round(gap_by_chance(judgement) * 100)
    parts = len(judgement.reliability)
    said = f"Sorted by how sure it was, in {parts} {'part' if parts == 1 else 'parts'}"
    return (
        f"{said}, the two lie {gap} {'point' if gap == 1 else 'points'} apart on average; were each part just right, "
        f"chance would still bring about {chance}."
    )


def gap_by_chance(judgement: Judgement) -> float:
    """Mean gap between sureness and share right, 0..1, that parts so small have where every probability is right.

    A share of n answers lies off what it is drawn from by sqrt(2 p (1 - p) / (pi n)) on average; where answers come in
    groups, n is what they are worth.
    """
    trials = judgement.accuracy.trials
    worth = effective_trials(judgement.accuracy) / trials
    off = (
        one.count / trials * sqrt(2 * one.mean_probability * (1 - one.mean_probability) / (pi * one.count * worth))
        for one in judgement.reliability
        if one.count
    )
    return sum(off)


def _asked(judgement: Judgement, circumstances: Circumstances) -> str:
    if not judgement.asked:
        return ""
    things = _things(circumstances)
    trials, unsure = judgement.accuracy.trials, ", by the threshold of its training (a review may prove another)"
    if judgement.asked == trials:
        each = f"the {things.one}" if trials == 1 else f"each of the {things.counted(trials)}"
        return f"For {each} it would have asked a person{unsure}; its answer counts here."
    tally = f"{number(judgement.asked)} of the {things.counted(trials)}"
    return f"For {tally} it would have asked a person{unsure}; its answer counts here."


def _groups(judgement: Judgement, circumstances: Circumstances) -> str:
    accuracy = judgement.accuracy
    if judgement.groups >= accuracy.trials:
        return ""
    things, worth = _things(circumstances), int(effective_trials(accuracy))
    many = f"The {things.counted(accuracy.trials)} come from {number(judgement.groups)} "
    many += "group, and " if judgement.groups == 1 else "groups, and "
    if not accuracy.successes:
        return many + "those of one group resemble each other."
    as_many = f"about {number(worth)} separate ones" if worth > 1 else "hardly more than one"
    return many + f"those of one group resemble each other, so the bound counts them as {as_many}."


def _looks(judgement: Judgement, circumstances: Circumstances) -> str:
    if judgement.look < 2:
        return ""
    spent = [alpha_of(each) for each in (1, judgement.look, judgement.look + 1)]
    first, this, after = map(rough_percent, spent)
    return (
        f"This is the {ordinal(judgement.look)} look at the sealed {_things(circumstances).many}. So that all looks "
        f"together, however many, promise too much at most {rough_percent(BUDGET)} of the time, each has a part of "
        f"that: the first {first}, this one {this}, the next {after}. The smaller the part, the stricter the bound."
    )


def _findings(circumstances: Circumstances) -> str:
    findings = circumstances.findings
    if not findings:
        return ""
    serious = [one for one in findings if one.severity is Severity.HIGH]
    things = f"{number(len(findings))} thing{' was' if len(findings) == 1 else 's were'}"
    seen = f"{things} noted as the {circumstances.things.many} came in"
    if not serious:
        none = "not a serious one" if len(findings) == 1 else "none of them serious"
        return f"{seen}, {none}{_to_look_at(findings)}."
    told = " ".join(f"{name(one.fact, length=160)} {name(one.remedy, length=160)}" for one in serious[:MOST_FINDINGS])
    rest = len(serious) - MOST_FINDINGS
    more = f" {number(rest)} more {'is' if rest == 1 else 'are'} listed with the findings." if rest > 0 else ""
    return f"{seen}, {number(len(serious))} of them serious. {told}{more}"


def _to_look_at(findings: Sequence[Finding]) -> str:
    """How many findings that are not serious ask for a look all the same."""
    count = sum(one.severity is Severity.MEDIUM for one in findings)
    if len(findings) == 1:
        return "; it should be looked at" if count else ""
    return f"; {number(count)} of them should be looked at" if count else ""


def _things(circumstances: Circumstances) -> Noun:
    """What the examples are called; drawn ones are never called by the name of real ones."""
    return DRAWINGS if circumstances.project.drawn else circumstances.things


def _plural(count: int, things: Noun) -> str:
    return things.one if count == 1 else things.many
