"""The command `understudy`. Each subcommand's module is imported only when it is run, so help comes at once."""

import importlib
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import click

from understudy.domain.disk import refused
from understudy.domain.errors import UnderstudyError


class NoSuchCommand(UnderstudyError):
    """A command that there is not."""

    exit_status = 2


@dataclass(frozen=True)
class Entry:
    """A subcommand: where it is and what it does, in one line."""

    module: str
    help: str


COMMANDS = {
    "demo": Entry("demo", "Draw photos of turbine blades, train, judge, and show the pages."),
    "train": Entry("train", "Train a model and say what it is worth."),
    "predict": Entry("predict", "Ask a model about photos, texts, rows, recordings or clips."),
    "serve": Entry("serve", "Open the pages and the endpoint."),
    "new": Entry("new", "Begin a project without examples."),
    "brief": Entry("brief", "Say what an idea is worth and how good it has to be."),
    "add": Entry("add", "Add photos, texts, sounds, videos or tables to a project."),
    "columns": Entry("columns", "Show what a table's columns are taken for, or correct it."),
    "label": Entry("label", "Say what an example shows, or correct it."),
    "synthesise": Entry("synthesise", "Make examples up, and measure what they bring."),
    "audit": Entry("audit", "Look for what is wrong with a project's data."),
    "curve": Entry("curve", "Say what more labelled examples would bring."),
    "next": Entry("next", "Say which examples to label next."),
    "review": Entry("review", "Say whether a model may be launched, and why."),
    "promote": Entry("promote", "Let a model work in shadow, as canary or live."),
    "rollback": Entry("rollback", "Give the requests back to the model before, or to people."),
    "answer": Entry("answer", "Answer what waits for people, one by one."),
    "outcomes": Entry("outcomes", "Report what turned out to be true of decisions."),
    "why": Entry("why", "Say why a decision went as it did."),
    "history": Entry("history", "Say what was live when, without a gap."),
    "set": Entry("set", "Set something for a project, or list what is set."),
    "forget": Entry("forget", "Delete inputs for good, by name, subject, origin or age."),
    "status": Entry("status", "Say where every project stands."),
    "export": Entry("export", "Write a project's model to a file."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, in the order of a project's life."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"understudy.cli.{COMMANDS[cmd_name].module}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command, or says which ones there are."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            near = get_close_matches(args[0], COMMANDS, 1)
            raise NoSuchCommand(
                fact=f"There is no command “{args[0]}”.",
                reason=f"The commands are {', '.join(COMMANDS)}.",
                remedy=f"Perhaps “understudy {near[0]}” is meant." if near else "See “understudy --help”.",
            ) from None


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
    Begin with drawn photos:     understudy demo
    Begin with your own files:   understudy train photos/   (a folder for each answer)
    Begin with a table:          understudy train table.csv --target COLUMN
    """,
)
@click.option(
    "--workspace",
    metavar="FOLDER",
    envvar="UNDERSTUDY_WORKSPACE",
    help="Where everything is kept. [default: understudy-workspace in this folder]",
)
@click.option(
    "--ledger",
    metavar="URL",
    envvar="UNDERSTUDY_LEDGER",
    help="Database of the ledger, such as postgresql+psycopg://host/name. [default: a SQLite file in the workspace]",
)
@click.option(
    "--blobs",
    metavar="URL",
    envvar="UNDERSTUDY_BLOBS",
    help="Store of the inputs and models, such as s3://bucket/blobs. [default: a folder in the workspace]",
)
@click.version_option(package_name="understudy", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context, workspace: str | None, ledger: str | None, blobs: str | None) -> None:
    """Take one decision at a time from a problem to a launch that is safe to make."""
    del ledger, blobs  # `cli.terminal.opened` reads them where a command opens the workspace
    context.obj = workspace


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line and exits: 0 done, 1 not possible, 2 misused, 130 stopped by Ctrl-C."""
    status = run(arguments)
    sys.stderr.flush()
    # All is written. To unload the libraries would take time, and abort if one of their threads still runs.
    os._exit(status)


def run(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # File names need not be text, and not every terminal can show every letter.
            stream.reconfigure(errors="backslashreplace")
    status = _run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has had enough, as click has it elsewhere: no word, and not even the rest at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _run(arguments: Sequence[str] | None) -> int:
    try:
        result: Any = cli.main(args=arguments, prog_name="understudy", standalone_mode=False)
    except UnderstudyError as error:
        _say(f"{error.fact}\n{error.reason}\n{error.remedy}")
        return int(getattr(error, "exit_status", 1))
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _say("Stopped.")
        return 130
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except Exception as error:  # noqa: BLE001 - a person is told what to do, whatever it is
        told = refused(error) if isinstance(error, OSError) else None
        _say(_unknown(error) if told is None else f"{told.fact}\n{told.reason}\n{told.remedy}")
        return 1
    return result if isinstance(result, int) else 0


def _unknown(error: Exception) -> str:
    """What is said about an error that nobody foresaw; its traceback goes to a file."""
    with tempfile.NamedTemporaryFile("w", prefix="understudy-", suffix=".log", delete=False, encoding="utf-8") as log:
        traceback.print_exception(error, file=log)
    if isinstance(error, OSError) and error.strerror:
        said = f"The system says: {error.strerror}{f' ({error.filename})' if error.filename else ''}."
        return f"The work broke off.\n{said}\nPut that right and give the same command again; more is in {log.name}."
    met = traceback.format_exception_only(error)[-1].strip()
    return f"The work broke off.\nIt met an error that it does not know: {met}.\nPlease report it with {log.name}."


def _say(text: str) -> None:
    click.echo(text, err=True)
