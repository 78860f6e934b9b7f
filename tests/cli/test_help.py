"""The command line's own words, and that they come at once."""

import subprocess
import sys

import click
import pytest

from cli.conftest import Give
from understudy.cli.main import COMMANDS, cli

HEAVY = {
    "alembic",
    "altair",
    "fastapi",
    "numpy",
    "onnx",
    "openvino",
    "PIL",
    "scipy",
    "sklearn",
    "sqlalchemy",
    "uvicorn",
}


def loaded(code: str) -> set[str]:
    """Names of the packages that a fresh interpreter has loaded after some code."""
    after = f"{code}\nimport sys; print(*{{name.partition('.')[0] for name in sys.modules}}, file=sys.stderr)"
    return set(subprocess.run([sys.executable, "-c", after], capture_output=True, text=True, check=True).stderr.split())


def test_help_is_light() -> None:
    """`understudy --help` loads nothing that computes, keeps records or serves."""
    assert not loaded("from understudy.cli.main import run; run(['--help'])") & HEAVY


@pytest.mark.parametrize(
    "command", ["demo", "promote", "rollback", "history", "why", "answer", "outcomes", "set", "forget", "status"]
)
def test_the_help_of_a_command_is_light(command: str) -> None:
    """What a command is for is told before anything that does it is loaded."""
    code = f"from understudy.cli.main import run; run(['{command}', '--help'])"
    assert not loaded(code) & HEAVY


@pytest.mark.parametrize(
    ("module", "none_of"),
    [
        ("brief", {"sklearn", "fastapi", "uvicorn", "altair", "alembic", "vl_convert"}),
        ("status", {"sklearn", "fastapi", "uvicorn", "altair", "alembic", "vl_convert"}),
        ("train", {"sklearn", "fastapi", "uvicorn", "altair", "alembic", "vl_convert"}),
        ("predict", {"sklearn", "fastapi", "uvicorn", "altair", "alembic", "vl_convert"}),
        ("serve", {"sklearn", "altair", "alembic", "vl_convert"}),
    ],
)
def test_commands_load_what_they_need(module: str, none_of: set[str]) -> None:
    """A command does not load what only other commands, or the process that trains, use."""
    assert not loaded(f"import understudy.cli.{module}") & none_of


def test_overview(give: Give) -> None:
    """The overview names every command, and where to begin."""
    said = give("--help")
    assert said.status == 0
    for name, entry in COMMANDS.items():
        assert f"  {name} " in said.out
        assert entry.help in said.out
    assert "  Begin with your own files:   understudy train photos/" in said.out
    assert "  Begin with a table:          understudy train table.csv --target COLUMN" in said.out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command(name: str, give: Give) -> None:
    """Each command explains itself and every option; the overview says of it what it says of itself."""
    said = give(name, "--help")
    assert said.status == 0
    command = cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    assert command.short_help == COMMANDS[name].help
    options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
    assert all(option.help for option in options)


def test_nothing_said(give: Give) -> None:
    """Without a command the overview is shown."""
    said = give()
    assert said.status == 2
    assert "Commands:" in said.out + said.err


def test_unknown_command(give: Give) -> None:
    """A command that there is not is misuse, with the list of those there are."""
    said = give("trian", "photos")
    assert said.status == 2
    assert said.err.startswith("There is no command “trian”.\nThe commands are demo, train,")
    assert said.err.endswith("Perhaps “understudy train” is meant.\n")


def test_unknown_option(give: Give) -> None:
    """An option that there is not is misuse."""
    assert give("train", "photos", "--fast").status == 2


def test_version(give: Give) -> None:
    """The version is said."""
    assert give("--version").out.startswith("understudy 0.")


def test_commands_load_what_they_use_when_they_use_it() -> None:
    """No command waits for what trains, answers, draws charts, computes bounds or asks the hub before it needs that."""
    heavy = "openvino", "sklearn", "lightgbm", "altair", "huggingface_hub", "scipy.special", "scipy.sparse", "scipy.fft"
    commands = sorted({f"understudy.cli.{entry.module}" for entry in COMMANDS.values()})
    program = (
        f"import importlib, sys\nfor name in {commands!r}: importlib.import_module(name)\n"
        f"print([name for name in {heavy!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
