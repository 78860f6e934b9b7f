"""What the documentation names exists."""

import re
from pathlib import Path

import click
import pytest
from pages import PAGES, ROOT, code

from understudy.cli.main import COMMANDS, cli

PLACES_OF_ONE_MACHINE = re.compile(r"(?<![\w.])/(work|home|root|tmp|Users)/")
CALL = re.compile(r"\bunderstudy(?: --workspace \S+)? ([a-z]+)(?=\s|$)(.*)")
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*")

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def options_of(name: str | None) -> set[str]:
    """The options of a command; of the command line itself for None."""
    command = cli if name is None else cli.get_command(click.Context(cli), name)
    assert command is not None
    found = {each for parameter in command.params for each in (*parameter.opts, *parameter.secondary_opts)}
    return found | {"--help"}


def everyones_options() -> set[str]:
    return options_of(None).union(*map(options_of, COMMANDS))


def calls(page: Path) -> list[tuple[str, set[str]]]:
    """Commands that a page calls, and the options it gives them."""
    found = [CALL.search(line) for line in code(page) if not line.lstrip().startswith(("import", "from"))]
    return [(call[1], set(FLAG.findall(call[2].split("#")[0]))) for call in found if call]


@pages
def test_every_command_exists(page: Path) -> None:
    """No page calls a command or gives an option that is not there."""
    for name, flags in calls(page):
        assert name in COMMANDS, f"understudy {name}"
        assert flags <= options_of(name), f"understudy {name} {flags - options_of(name)}"


@pages
def test_every_option_exists(page: Path) -> None:
    """An option that a page names by itself belongs to some command."""
    alone = {flag for span in code(page) if span.startswith("--") for flag in FLAG.findall(span)[:1]}
    assert alone - {"--check"} <= everyones_options()


@pages
def test_no_page_knows_one_machine(page: Path) -> None:
    """A page speaks of no folder that only one machine has."""
    assert not PLACES_OF_ONE_MACHINE.search(page.read_text(encoding="utf-8"))
