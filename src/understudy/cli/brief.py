"""`understudy brief`: what an idea is worth, how good it has to be, and whether it should be AI at all."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from understudy.cli.interview import interview
from understudy.cli.terminal import command_line, opened, say
from understudy.domain.brief import BadBrief, Brief
from understudy.studio.brief.answers import with_entries
from understudy.studio.brief.briefing import briefed, change_brief, history, standing
from understudy.studio.brief.file import answers_from_file, example_file
from understudy.studio.brief.questions import BY_FIELD, QUESTIONS, Kind, Question
from understudy.studio.brief.text import brief_text, history_text
from understudy.studio.examples.facts import unsaid_facts
from understudy.studio.user import whoami
from understudy.studio.words.phrases import name, things_of
from understudy.studio.workspace import NoWorkspace, Workspace

PLAIN = {
    Kind.TEXT: "TEXT",
    Kind.MONEY: "MONEY",
    Kind.SHARE: "SHARE",
    Kind.COUNT: "NUMBER",
    Kind.RATE: "NUMBER[/TIME]",
    Kind.AMOUNT: "NUMBER",
    Kind.DATE: "DAY",
    Kind.CURRENCY: "CODE",
    Kind.BARS: "LABEL=SHARE",
    Kind.COSTS: "TRUTH=ANSWER:MONEY",
    Kind.NAMES: "NAME",
}
"""What an option takes, by the kind of its question."""


def _print_example(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(example_file(), nl=False)
        context.exit()


def _option(question: Question) -> Callable[[Any], Any]:
    """The option of one question."""
    help_text = f"{question.ask} For instance {question.example}."
    if question.kind is Kind.YES_NO:
        return click.option(question.option, question.field, default=None, help=question.ask)
    if question.kind is Kind.CHOICE:
        values = "|".join(value for value, _ in question.choices)
        return click.option(question.option, question.field, metavar=values, help=question.ask)
    again = " May be given again." if question.many else ""
    return click.option(
        question.option, question.field, metavar=PLAIN[question.kind], multiple=question.many, help=help_text + again
    )


def question_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each question of a brief."""
    for question in reversed(QUESTIONS):
        command = _option(question)(command)
    return command


@click.command("brief", short_help="Say what an idea is worth and how good it has to be.")
@click.argument("project")
@question_options
@click.option("--unknown", metavar="FIGURE", multiple=True, help="Take a figure back. May be given again.")
@click.option("--by", metavar="NAME", help="Who says so. [default: you]")
@click.option("--reason", metavar="TEXT", default="", help="Why it is changed; kept with the version.")
@click.option("--ask", is_flag=True, help="Ask question by question; stop at any time and go on later.")
@click.option("--file", type=click.Path(path_type=Path), metavar="TOML", help="Read the answers from a file.")
@click.option("--history", "past", is_flag=True, help="Say what changed, when, by whom and why.")
@click.option(
    "--example",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_example,
    help="Print a file that works.",
)
@click.pass_context
def command(  # noqa: PLR0913 - click gives each option by name
    context: click.Context,
    /,
    project: str,
    *,
    unknown: tuple[str, ...],
    by: str | None,
    reason: str,
    ask: bool,
    file: Path | None,
    past: bool,
    **given: Any,
) -> None:
    """Say what an idea is worth, how good it has to be, and whether it should be AI at all.

    Without options it shows the brief of PROJECT; with options it changes those figures, and a project that is not
    there yet begins. Every figure may stay unknown: then it says what hangs on it. Each change is a version of its
    own, with who made it and why.
    """
    who = by or whoami()
    changing = ask or file is not None or bool(unknown) or any(value not in {None, ()} for value in given.values())
    try:
        with opened(context, create=changing) as workspace:
            if changing:
                present = standing(workspace, project)
                changes = _changes(present, given, unknown, file)
                if changes:
                    change_brief(workspace, project, changes, by=who, reason=reason)
                if ask:
                    interview(workspace, project, by=who)
            _show(workspace, project, past=past)
    except NoWorkspace as error:
        error.remedy = f"Begin with its brief: {command_line(f'brief {project} --ask')}"
        raise


def _show(workspace: Workspace, project: str, *, past: bool) -> None:
    workspace.ledger.project(project)
    if past:
        say(history_text(history(workspace, project)) or "Nothing is written yet.")
        return
    told = briefed(workspace, project)
    say(brief_text(told))
    for line in _unsaid(workspace, project, told.brief):
        say(f"\n{line}")
    if told.version is None:
        say(f"\nTo begin: {command_line(f'brief {project} --ask')}")


def _unsaid(workspace: Workspace, project: str, brief: Brief) -> Iterator[str]:
    """What is said of slices by facts that no example says."""
    count, unsaid = unsaid_facts(workspace, project, brief.slices)
    things = things_of(workspace.ledger.project(project))
    for fact in unsaid:
        yield (
            f"None of {things.counted(count)} that were looked at says “{name(fact)}”, so a slice by it stays "
            f"unproven, and nothing is launched. Take it out: {command_line(f'brief {project} --unknown slices')}"
        )


def _changes(brief: Brief, given: Mapping[str, Any], unknown: tuple[str, ...], file: Path | None) -> dict[str, str]:
    """Typed answers by field: from the file, then from the options, then those taken back."""
    changes = {} if file is None else answers_from_file(file)
    for field, value in given.items():
        if isinstance(value, tuple):
            if value:
                changes[field] = with_entries(brief, field, list(value))
        elif value is not None:
            changes[field] = ("yes" if value else "no") if isinstance(value, bool) else value
    return changes | {_field(name): "unknown" for name in unknown}


def _field(name: str) -> str:
    """The field of a figure that is named as in the file or as an option."""
    plain = name.strip().lower().lstrip("-")
    for question in QUESTIONS:
        if plain in {option.lstrip("-") for option in question.option.split("/")}:
            return question.field
    field = plain.replace("-", "_")
    if field in BY_FIELD:
        return field
    raise BadBrief(
        field=name,
        fact=f"A brief has no “{name[:40]}”.",
        reason=f"Its figures are {', '.join(question.field for question in QUESTIONS)}.",
        remedy="Name one of them.",
    )
