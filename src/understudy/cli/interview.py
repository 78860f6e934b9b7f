"""The interview: the brief's questions one by one on the terminal, each answer saved as it is given."""

from collections.abc import Iterator

import click

from understudy.cli.terminal import Stopped, command_line, say
from understudy.domain.brief import BadBrief
from understudy.domain.task import AnswerKind
from understudy.studio.brief.answers import UNKNOWN, shown, value_of
from understudy.studio.brief.briefing import briefed, change_brief, standing
from understudy.studio.brief.questions import QUESTIONS, STEPS, Question
from understudy.studio.workspace import Workspace

REASON = "interview"


def interview(workspace: Workspace, project: str, *, by: str) -> None:
    """Asks what the brief does not say yet, and again what contradicts something; all of it, if nothing is left.

    Args:
        workspace: Where the project is.
        project: Its name; begins with the first answer.
        by: Who answers.

    Raises:
        Stopped: Somebody pressed Ctrl-C or the input ended; what was answered is saved.
    """
    asked = list(_open(workspace, project)) or [question for question in QUESTIONS if question.usual]
    say(f"{len(asked)} questions. Enter or “unknown” leaves one open; Ctrl-C stops, and what you said is kept.")
    step = None
    for number, question in enumerate(asked, 1):
        if question.step is not step:
            step = question.step
            say(f"\n{STEPS.index(step) + 1}. {step.title}. {step.about}")
        _ask(workspace, project, question, f"{number}/{len(asked)}", by=by)
    say()


def _open(workspace: Workspace, project: str) -> Iterator[Question]:
    """What contradicts something, the usual questions without an answer, and those of numbers where answers are some.

    The currency has an answer.
    """
    brief, known = standing(workspace, project), [each for each in workspace.ledger.projects() if each.name == project]
    numbers = any(each.task.answers is AnswerKind.NUMBER for each in known)
    unsettled = {field for each in known for field in _unsettled(workspace, each.name)}
    for question in QUESTIONS:
        said = value_of(brief, question.field) not in {None, ()}
        asked = question.usual or (numbers and question.of_numbers)
        if question.field in unsettled if said else asked and question.field != "currency":
            yield question


def _unsettled(workspace: Workspace, project: str) -> Iterator[str]:
    """The answers that contradict one another or what is known."""
    for one in briefed(workspace, project).economics.contradictions:
        for field in one.fields:
            yield from ("kill_by", "kill_labels", "kill_money") if field == "kill" else (field,)


def _ask(workspace: Workspace, project: str, question: Question, place: str, *, by: str) -> None:
    """Asks until the answer can be read, and saves it."""
    brief = standing(workspace, project)
    present = shown(brief, question.field) if value_of(brief, question.field) not in {None, ()} else ""
    say(f"\n{place}  {question.ask}")
    say(f"     {question.why}")
    for value, meaning in question.choices:
        say(f"     {value}: {meaning}")
    hint = f"now {present}; “unknown” takes it back" if present else f"for instance {question.example}"
    while True:
        try:
            text = click.prompt(f"     ({hint})", default="", show_default=False, prompt_suffix=" > ")
        except click.Abort:
            raise Stopped(
                fact="Stopped.",
                reason="Each answer so far is saved.",
                remedy=f"To go on: {command_line(f'brief {project} --ask')}",
            ) from None
        if not text.strip() or (text.strip().lower() in UNKNOWN and not present):
            return
        try:
            change_brief(workspace, project, {question.field: text.replace(";", "\n") if question.many else text},
                         by=by, reason=REASON)  # fmt: skip
        except BadBrief as error:
            say(f"     {error.fact} {error.reason} {error.remedy}")
        else:
            return
