"""What `understudy answer` does: the queue on a terminal, question after question, and the same for scripts."""

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from understudy.cli.terminal import Stopped, opened, say
from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import Opinion, Question, QuestionKind
from understudy.domain.task import BETWEEN_LABELS, NONE_OF_THESE, AnswerKind, Task
from understudy.store.codec import as_json
from understudy.studio.answers.answer_text import LONGEST_LABEL
from understudy.studio.answers.known_labels import NEW, chosen_by_place
from understudy.studio.examples.item_titles import item_titles
from understudy.studio.people.inputs import drop_preview, in_words, input_of, preview
from understudy.studio.people.queue import Queue
from understudy.studio.user import whoami
from understudy.studio.words.number_words import answer_words
from understudy.studio.words.phrases import NAME_LENGTH, name, number
from understudy.studio.workspace import Workspace

KEYS = "{how}; s skips, c cannot tell, {undo}q ends."
BY_PLACE = {
    AnswerKind.NUMBER: "A number answers",
    AnswerKind.LABEL: "A number answers",
    AnswerKind.LABELS: "Numbers with commas between them answer, 0 is none of these",
    AnswerKind.RANKING: "What was chosen answers, by its number or its name",
}
"""How one answers; where answers are labels, the number is a label's."""
BY_NAME = {
    AnswerKind.NUMBER: "A number answers",
    AnswerKind.LABEL: "A label answers",
    AnswerKind.LABELS: f"Labels with commas between them answer, or “{NONE_OF_THESE}”",
    AnswerKind.RANKING: "What was chosen answers, by its name",
}
"""The same where a number could be taken for a label."""
WHAT = {
    AnswerKind.LABEL: "There are no labels yet: type what it shows.",
    AnswerKind.LABELS: "There are no labels yet: type those that apply, with ; between them.",
    AnswerKind.RANKING: "Nothing was chosen yet: type what was.",
}
MOST_LISTED = 40
"""Labels or items that are listed; all others can be typed."""
UNDO = "u takes the last answer back, "
ASKS = {
    QuestionKind.ANSWER: "Somebody waits for this answer.",
    QuestionKind.AUDIT: "A check: answer as if nobody had.",
    QuestionKind.DOUBLE: "A second opinion: answer as if nobody had.",
}

LONGEST_SHOWN = 4_000
"""Characters of an input that a terminal shows at most."""


class HalfAnswer(UnderstudyError):
    """An answer without its question, or a question without an answer."""

    exit_status = 2


@dataclass
class Desk:
    """Where one person answers.

    Attributes:
        workspace: Where the questions are.
        project: Its name.
        by: Who answers.
        kinds: What they are asked.
    """

    workspace: Workspace
    project: str
    by: str
    kinds: Sequence[QuestionKind]

    @property
    def queue(self) -> Queue:
        """The queue."""
        return Queue(self.workspace)

    @property
    def task(self) -> Task:
        """What is asked for."""
        return self.queue.task(self.project)

    @property
    def titles(self) -> Mapping[str, str]:
        """What people call the items of a ranking, where that is known."""
        if self.task.answers is not AnswerKind.RANKING:
            return {}
        return item_titles(self.workspace.ledger.schema(self.project), self.workspace.blobs.get)


def answer(
    context: click.Context,
    project: str,
    kinds: Sequence[QuestionKind],
    by: str | None,
    *,
    given: tuple[str | None, str | None] | None,
    plain: bool,
) -> None:
    """Asks a person question after question; or takes one answer, or shows one question, as scripts want it.

    Raises:
        HalfAnswer: A decision without what is said about it, or the other way round.
    """
    if given is not None and None in given:
        raise HalfAnswer(
            fact="Nothing was answered.",
            reason="An answer names its decision and what is said about it.",
            remedy="Give both --decision and --label.",
        )
    with opened(context) as workspace:
        workspace.ledger.project(project)
        desk = Desk(workspace, project, by or whoami(), kinds)
        if given is not None:
            _give(desk, given[0] or "", given[1] or "", plain=plain)
        elif plain:
            _show(desk)
        else:
            _sit(desk)


def _give(desk: Desk, decision: str, label: str, *, plain: bool) -> None:
    """One answer, as a script gives it."""
    workspace = desk.queue.workspace
    asked = workspace.ledger.open_kinds([decision], workspace.now()).get(decision, frozenset())
    kind = next((each for each in desk.kinds if each in asked), desk.kinds[0])
    value = desk.queue.meant(decision, label) if label else None
    said = desk.queue.answer(decision, kind, value, by=desk.by, typed=False)
    if plain:
        say(json.dumps(as_json(Opinion, said), ensure_ascii=False, indent=2))
    else:
        say(f"Recorded: {_told(said, desk.task)}.")


def _show(desk: Desk) -> None:
    """The next question, as a script reads it; null when nothing waits."""
    question = desk.queue.next(desk.project, desk.by, desk.kinds)
    told: dict[str, Any] | None = None
    if question is not None:
        told = {
            **as_json(Question, question),
            "labels": desk.queue.labels(desk.project),
            "answers": desk.task.answers.value,
            "unit": desk.task.unit,
            "file": str(preview(desk.workspace, desk.task.modality, question.input_digest, question.decision)),
        }
    say(json.dumps(told, ensure_ascii=False, indent=2))


def _sit(desk: Desk) -> None:
    """Question after question, until nothing waits or the person ends it."""
    say(_keys(desk))
    answered = 0
    while True:
        question = desk.queue.next(desk.project, desk.by, desk.kinds)
        if question is None:
            break
        try:
            done = _ask(desk, question)
        finally:
            drop_preview(desk.workspace, question.input_digest)
        if done is None:
            break
        answered += done
    waits = desk.workspace.ledger.queue_counts(desk.project, desk.workspace.now())
    rest = number(waits.answer + waits.audit + waits.double)
    say(f"You answered {number(answered)}. Waiting: {rest}.")


def _keys(desk: Desk) -> str:
    """What may be typed; taking back only where the project gives time for it."""
    undo = desk.workspace.ledger.settings(desk.project).undo_seconds > 0
    return _how(desk.task, desk.queue.labels(desk.project), UNDO if undo else "")


def _how(task: Task, labels: Sequence[str], undo: str = "") -> str:
    by = BY_PLACE if chosen_by_place(labels) else BY_NAME
    return KEYS.format(how=by[task.answers], undo=undo)


def _ask(desk: Desk, question: Question) -> int | None:
    """Asks one question until it is dealt with.

    Returns:
        Answers given, less those taken back; None when the person ends it.
    """
    labels, titles = desk.queue.labels(desk.project), desk.titles
    say()
    say(f"{ASKS[question.kind]} {_shown(desk, question)}")
    say(_choices(desk.task, labels, titles))
    shown = time.monotonic()
    while True:
        typed = _typed()
        if typed is None or typed == "q":
            desk.queue.release(question.decision, question.kind, desk.by)
            return None
        try:
            return _dealt(desk, question, _by_title(typed, labels, titles), labels, time.monotonic() - shown)
        except UnderstudyError as error:
            say(f"{error.fact} {error.remedy}")
            if not _is_still_mine(desk, question):
                return 0


def _dealt(desk: Desk, question: Question, typed: str, labels: Sequence[str], seconds: float) -> int:
    """Does what was typed; see `_ask`.

    Raises:
        UnderstudyError: It cannot be done.
    """
    queue, decision, kind = desk.queue, question.decision, question.kind
    if typed == "s":
        queue.skip(decision, kind, desk.by)
        return 0
    if typed == "u":
        queue.release(decision, kind, desk.by)
        again = queue.undo(desk.by)
        say(f"Taken back. It is asked again: {again.decision}")
        return -1
    value = None if typed == "c" else _meant(desk.task, typed, labels)
    said = queue.answer(decision, kind, value, by=desk.by, seconds=seconds)
    say(f"{_told(said, desk.task)}.{' (u takes it back)' if said.settles_at > said.at else ''}")
    return 1


def _choices(task: Task, labels: Sequence[str], titles: Mapping[str, str]) -> str:
    """What there is to choose from, or what to type."""
    if task.answers is AnswerKind.NUMBER:
        return f"Type the number{f', in {task.unit}' if task.unit else ''}."
    if not labels:
        return WHAT[task.answers]
    rest = f"  and {number(len(labels) - MOST_LISTED)} more" if len(labels) > MOST_LISTED else ""
    numbered = chosen_by_place(labels)
    called = [f"{titles[label]} ({label})" if label in titles else label for label in labels[:MOST_LISTED]]
    shown = [name(each, length=NAME_LENGTH if numbered else LONGEST_LABEL) for each in called]
    listed = [f"{place} {label}" for place, label in enumerate(shown, 1)] if numbered else shown
    none = [f"0 {NONE_OF_THESE}" if numbered else NONE_OF_THESE] if task.answers is AnswerKind.LABELS else []
    return ("" if numbered else "Type it as it stands here: ") + "  ".join([*none, *listed]) + rest


def _by_title(typed: str, labels: Sequence[str], titles: Mapping[str, str]) -> str:
    """The item that was meant where the title of one alone was typed; else what was typed."""
    items = [item for item, title in titles.items() if title.casefold() == typed.casefold()]
    return items[0] if len(items) == 1 and typed not in labels else typed


def _meant(task: Task, typed: str, labels: Sequence[str]) -> str:
    """What was meant by what was typed.

    Raises:
        HalfAnswer: It is none of the labels.
    """
    if task.answers is AnswerKind.NUMBER:
        return typed
    if typed.casefold() == NONE_OF_THESE:
        return NONE_OF_THESE
    if task.answers is not AnswerKind.LABELS:
        return _label(task, typed, labels)
    if typed == "0" and chosen_by_place(labels):
        return NONE_OF_THESE
    between = ";" if ";" in typed else ","
    return BETWEEN_LABELS.join(_label(task, part.strip(), labels) for part in typed.split(between) if part.strip())


def _label(task: Task, typed: str, labels: Sequence[str]) -> str:
    """The label that was meant: by its name, by its number where no label is one, or a new one after a plus sign.

    Raises:
        HalfAnswer: It is none of these.
    """
    if typed in labels:
        return typed
    by_name = {label.casefold(): label for label in labels}
    if typed.casefold() in by_name:
        return by_name[typed.casefold()]
    numbered = chosen_by_place(labels)
    if numbered and typed.isdecimal() and 1 <= int(typed) <= len(labels):
        return labels[int(typed) - 1]
    if typed.startswith(NEW) or not labels:
        return typed if task.answers is AnswerKind.RANKING else typed.removeprefix(NEW)
    raise HalfAnswer(
        fact=f"“{typed[:40]}” is none of the labels.",
        reason=f"A label is chosen by its {'number or its name' if numbered else 'name, for labels hold numbers'}.",
        remedy=f"{_how(task, labels)} {NEW}{typed[:40]} adds it as a new one.",
    )


def _shown(desk: Desk, question: Question) -> str:
    """What is asked about: what can be read stands here, of anything else the file to open."""
    kind = desk.task.modality
    called = {"photo": "Picture", "sound": "Recording", "video": "Clip"}.get(kind, "Input")
    try:
        told = in_words(kind, input_of(desk.workspace, question.input_digest, question.decision))
        if told is not None:
            return f"This is asked about:\n\n{indented(told)}\n"
        return f"{called}: {preview(desk.workspace, kind, question.input_digest, question.decision)}"
    except UnderstudyError as error:
        return f"{called}: none, for {error.fact[:1].lower()}{error.fact[1:]}"


def indented(text: str) -> str:
    """A text that somebody sent, set apart; nothing in it can move the cursor or change colours."""
    lines = text[:LONGEST_SHOWN].splitlines()
    clean = ("".join(each if each.isprintable() else " " for each in line) for line in lines)
    more = "\n    …" if len(text) > LONGEST_SHOWN else ""
    return "\n".join(f"    {line}" for line in clean) + more


def _is_still_mine(desk: Desk, question: Question) -> bool:
    try:
        desk.queue.take(question.decision, question.kind, desk.by)
    except UnderstudyError:
        return False
    return True


def _typed() -> str | None:
    """What the person typed; None when the input ended.

    Raises:
        Stopped: They pressed Ctrl-C.
    """
    try:
        text: str = click.prompt("", prompt_suffix="> ", default="", show_default=False)
    except click.Abort:
        if sys.stdin.isatty():
            raise Stopped(fact="Stopped.", reason="What you answered is kept.", remedy="Go on at any time.") from None
        return None
    return text.strip()


def _told(said: Opinion, task: Task) -> str:
    if said.value is None:
        return "Cannot tell"
    return answer_words(said.value, task) if task.answers is AnswerKind.NUMBER else f"“{name(said.value)}”"
