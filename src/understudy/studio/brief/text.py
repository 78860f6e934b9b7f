"""A brief as plain text, for a terminal."""

from collections.abc import Iterator

from understudy.domain.scores import Holds
from understudy.domain.task import AnswerKind, Task
from understudy.studio.brief.answers import shown, value_of
from understudy.studio.brief.briefing import Briefed, VersionChanges
from understudy.studio.brief.questions import STEPS, questions_of
from understudy.studio.brief.words import BriefWords, brief_words, score_words
from understudy.studio.words.number_words import measure, right_means
from understudy.studio.words.phrases import name

MARKS = {Holds.MET: "yes", Holds.NOT_MET: "no", Holds.UNKNOWN: "?"}
SHOWN_ROWS = (2, 4, 6, 8, 10)
"""Every fifth of the decisions."""


def brief_text(briefed: Briefed) -> str:
    """Everything a brief says: verdict, next step, bar, money, scores, figures, unknowns."""
    words = brief_words(briefed)
    blocks = [
        [words.headline, words.reason],
        [f"Next: {words.next_step}"],
        list(words.further),
        [text for text in (words.bar, right_means(briefed.means.task), words.value) if text],
        list(_value_table(words)),
        list(_scores(briefed)),
        list(_figures(briefed)),
        list(_unknown(words)),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def history_text(versions: tuple[VersionChanges, ...]) -> str:
    """Every version: who wrote it, when, why, and what it changed."""
    return "\n\n".join("\n".join(_version(each)) for each in versions)


def _value_table(words: BriefWords) -> Iterator[str]:
    if words.rows:
        yield "A month, by the share that the model answers alone:"
        known = bool(words.rows[0].as_people)
        people = f"  {'wrong as people':>15}" if known else ""
        yield f"  {'share':>6}  {'never wrong':>14}{people}  {'just at the bar':>15}"
        for place in SHOWN_ROWS:
            row = words.rows[place]
            people = f"  {row.as_people:>15}" if known else ""
            yield f"  {row.share:>6}  {row.perfect:>14}{people}  {row.at_bar:>15}"


def _scores(briefed: Briefed) -> Iterator[str]:
    for score in briefed.scores.all:
        yield score_words(score)
        for check in score.checks:
            change = f" {check.change}" if check.change else ""
            yield f"  [{MARKS[check.holds]}] {check.name}: {check.reason}{change}"


def _figures(briefed: Briefed) -> Iterator[str]:
    version = briefed.version
    yield "The brief:" if version is None else f"The brief, version {version.number}, by {name(version.by)}:"
    for step in STEPS:
        for question in questions_of(step):
            said = shown(briefed.brief, question.field)
            if question.of_numbers and value_of(briefed.brief, question.field) is None:
                said = _of_examples(briefed.means.task, question.field) or said
            yield f"  {question.label}: {name(said, length=200)}"


def _of_examples(task: Task, field: str) -> str:
    """What holds of numbers where the brief says nothing: what their examples came with."""
    if task.answers is not AnswerKind.NUMBER:
        return ""
    held = measure(task.tolerance, task.unit) if field == "tolerance" else task.unit
    return f"{held}, as the examples were taken in" if held else ""


def _unknown(words: BriefWords) -> Iterator[str]:
    if words.unknown:
        yield "What hangs on what is unknown:"
        yield from (f"  {text}" for text in words.unknown)


def _version(each: VersionChanges) -> Iterator[str]:
    version = each.version
    why = f": {name(version.reason, length=200)}" if version.reason else ""
    yield f"Version {version.number}, {version.at:%Y-%m-%d %H:%M} UTC, by {name(version.by)}{why}"
    for change in each.changes:
        yield f"  {change.label}: {name(change.before, length=120)} → {name(change.after, length=120)}"
