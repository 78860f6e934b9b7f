"""Writes the pages of the reference that follow from the code: commands, HTTP, the brief and settings.

The pages that the studio shows itself (findings and reviews) it copies from the reference to where the studio has them.

`.venv/bin/python docs/generate.py` writes them; with `--check` it only fails if one is not what it would write.
"""

import math
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from understudy.cli.main import COMMANDS, cli
from understudy.domain.errors import UnderstudyError
from understudy.domain.settings import DECLARED, Setting
from understudy.domain.unknowns import HANGS
from understudy.studio.brief.questions import STEPS, Kind, Question, questions_of
from understudy.studio.workspace import Workspace
from understudy.web.errors import STATUS, code_of
from understudy.web.reference import Operation, groups
from understudy.web.server import app_over

REFERENCE = Path(__file__).parent / "reference"
SHOWN = Path(__file__).parents[1] / "src" / "understudy" / "web" / "help"
NOTE = "<!-- Written by docs/generate.py. Change the code it follows from, then run it again. -->"

PLAIN_KINDS = {"INTEGER RANGE": "NUMBER", "FLOAT RANGE": "NUMBER", "INTEGER": "NUMBER"}

COMMANDS_HEAD = """\
The command is `understudy`; `make` puts it into `.venv/bin`. Every command works on one workspace: the folder that
`--workspace` names, else the one in the variable `UNDERSTUDY_WORKSPACE`, else `understudy-workspace` in the current
folder. It stands before the command's name: `understudy --workspace blades status`. So do `--ledger` and `--blobs`,
which put the ledger into PostgreSQL and the photos into any store. Every command has `--help`.

What a command says goes to standard output; progress and errors go to standard error. An error says what happened,
why, and what to do.

| exit status | meaning |
|---|---|
| 0 | done |
| 1 | not possible; the error says why (for `understudy predict`: a photo could not be read) |
| 2 | the command was misused |
| 3 | `understudy review` says “not yet”, or the evidence does not allow a stage |
| 4 | `understudy review` says “stop” |
| 130 | stopped by Ctrl-C before anything came of it |
"""

HTTP_HEAD = """\
`understudy serve` answers at `http://127.0.0.1:8700` unless told otherwise. The same reference, with examples for your
own project, is at `/docs` of the running server, and as OpenAPI at `/openapi.json`.

There is no sign-in: whoever reaches the address may ask. [Run it for a team](../how-to/run-it-for-a-team.md) says how
to put one in front. A request may be 32 MiB large, a photo 200 million pixels.

Every answer is a decision, and every decision is in the ledger before it is acknowledged. How to ask in each form is
shown in [Ask the model](../how-to/ask-the-model.md).
"""

ERRORS_HEAD = """## Errors

Under `/api`, every error has one shape; `code` is for programs, the rest for people:

```json
{"error": {"code": "not-trained-yet", "fact": "...", "reason": "...", "remedy": "..."}}
```

Under `/v2` it is the protocol's: `{"error": "..."}`, the three sentences in one text. A 503 carries `Retry-After`.
Codes that are not listed come with 422 and speak about the photo or the project, such as `photo-unreadable`.

| status | code | meaning |
|---|---|---|
"""

BRIEF_HEAD = """\
A brief is what you know about one decision before it is automated. [Write a brief](../how-to/write-a-brief.md) says
how; [Should it be AI?](../explanation/should-it-be-ai.md) says what follows from it. Each question is an option of
`understudy brief PROJECT`, which asks them one by one with `--ask`; the page `/projects/PROJECT/brief` has a field for
each, and a file (`--file`) and the API name it as in the column “in a file”.

Every answer may stay unknown. Nothing is overwritten: each change is a version, with who made it, when and why.
"""

BRIEF_KINDS = """## How answers are written

| kind | read | not read |
|---|---|---|
| money | `2.50`, `1.200,50 €`, `CHF 1'200`, `$20k` | `1.200`: it could be 1200 or 1.2 |
| share | `3%`, `0.03`, `1 in 50` | `3`: it would be 300% |
| a month | `4000/month`, `150 a day`, `50k per year`, `4000` | |
| date | `2027-06-30`, `30.6.2027`, `30 June 2027` | `06/07/2027`: it could be two days |
| label=share, truth=answer:cost, names | one an option on a terminal, one a line in the form, a list in a file | |

All costs of a brief are in one currency; none is converted. In the API, money, shares and counts are numbers, bars of
labels are an object, and kinds of wrong answer are objects of `truth`, `answer` and `cost`.

What cannot be is refused: a cost below zero, a share outside 0% to 100%, a bar of 100% (no number of examples proves
it), a currency that is not three letters. What can be but contradicts something else is kept, shown, and stands against
a launch; see [Contradictions](../explanation/should-it-be-ai.md#contradictions).
"""

SETTINGS_HEAD = """\
What a team may set for a project: by `understudy set PROJECT NAME VALUE`, by the form at
`/projects/PROJECT/settings`, or not at all, for every setting has a default. `understudy set PROJECT` lists them. An
empty value sets one back to its default. Running servers follow at once, and who set what and when is kept.

| setting | what it does | default | can be |
|---|---|---|---|
"""

SETTINGS_TAIL = """
The workspace itself is set by options and variables: `--workspace` (`UNDERSTUDY_WORKSPACE`), `--ledger`
(`UNDERSTUDY_LEDGER`) and `--blobs` (`UNDERSTUDY_BLOBS`); see [Run it for a team](../how-to/run-it-for-a-team.md).
"""

METRICS_HEAD = """## Metrics

`GET /metrics` gives these in Prometheus' text format. They count from the server's start.

| metric | kind | meaning |
|---|---|---|
"""


def commands_page() -> str:
    """The page about every command, from click's declarations."""
    lines = ["# Commands", "", NOTE, "", COMMANDS_HEAD, "## understudy", "", *_options(cli)]
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        if command is None:
            raise LookupError(name)
        context = click.Context(command, info_name=f"understudy {name}")
        usage = f"understudy {name} {' '.join(command.collect_usage_pieces(context))}"
        lines += ["", f"## understudy {name}", "", f"```text\n{usage}\n```", "", _prose(command), ""]
        lines += _options(command)
    return "\n".join(lines).rstrip() + "\n"


def http_page(app: Any) -> str:
    """The page about every address, from the OpenAPI description, the errors and the metrics."""
    lines = ["# HTTP", "", NOTE, "", HTTP_HEAD]
    told: dict[tuple[str, ...], tuple[str, bool]] = {}
    for group in groups(app.openapi()):
        lines += [f"## {group.name}", ""]
        for operation in group.operations:
            lines += _operation(operation, told)
    statuses = sorted(STATUS.items(), key=lambda each: (each[1], each[0].__name__))
    lines.append(ERRORS_HEAD + "\n".join(_status(kind, status) for kind, status in statuses))
    lines.append("\n" + METRICS_HEAD + "\n".join(_metrics(app)))
    return "\n".join(lines).rstrip() + "\n"


def brief_page() -> str:
    """The page about every question of a brief, from their declaration."""
    lines = ["# The brief", "", NOTE, "", BRIEF_HEAD]
    for step in STEPS:
        lines += [f"## {step.title}", "", step.about, "", "| question | why | option | in a file | example |"]
        lines += ["|---|---|---|---|---|", *(_question(question) for question in questions_of(step)), ""]
    lines += [BRIEF_KINDS, "## What hangs on what is unknown", "", "| unknown | what hangs on it |", "|---|---|"]
    lines += [f"| {name} | {hangs} |" for name, hangs in HANGS.values()]
    return "\n".join(lines).rstrip() + "\n"


def settings_page() -> str:
    """The page about every setting, from their declaration."""
    return "\n".join(["# Settings", "", NOTE, "", SETTINGS_HEAD + "\n".join(map(_setting, DECLARED)), SETTINGS_TAIL])


def _setting(setting: Setting) -> str:
    default = "off" if setting.default is None else f"`{setting.default:g}`"
    most = "" if math.isinf(setting.most) else f" to {setting.most:g}"
    if setting.secret:
        can_be = "a key as Standard Webhooks has it (`whsec_` and base64); shown once"
    elif not setting.unit:
        can_be = "text"
    else:
        can_be = f"{setting.unit}, {setting.least:g}{most or ' or more'}"
    return f"| `{setting.name}` | {setting.help} | {default} | {can_be} |"


def _question(question: Question) -> str:
    example = f"`{question.example}` ({question.kind.value})"
    if question.kind is Kind.CHOICE:
        example = "; ".join(f"`{value}`: {meaning}" for value, meaning in question.choices)
    options = ", ".join(f"`{option}`" for option in question.option.split("/"))
    return f"| {question.ask} | {question.why} | {options} | `{question.field}` | {example} |"


def _prose(command: click.Command) -> str:
    """A command's help, its lines joined to paragraphs."""
    paragraphs = (command.help or "").strip().split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _options(command: click.Command) -> list[str]:
    """A table of a command's options; nothing where it has none."""
    context = click.Context(command)
    rows = []
    for parameter in command.params:
        if isinstance(parameter, click.Option) and (record := parameter.get_help_record(context)):
            names, meaning = (" ".join(text.split()).replace("|", "\\|") for text in record)
            for kind, shown in PLAIN_KINDS.items():
                names = names.replace(kind, shown)
            rows.append(f"| `{names}` | {meaning} |")
    return ["| option | meaning |", "|---|---|", *rows] if rows else []


def _operation(operation: Operation, told: dict[tuple[str, ...], tuple[str, bool]]) -> Iterator[str]:
    """One address; fields that an earlier address gave too are not listed again."""
    heading = f"{operation.method} {operation.path}"
    question = operation.summary.endswith("?")
    yield f"### {heading}"
    yield ""
    yield operation.description if question else f"{operation.summary}. {operation.description}"
    yield ""
    if operation.asks:
        yield "In the query: " + " ".join(f"`{name}` – {meaning}" for name, meaning in operation.asks)
        yield ""
    if operation.takes:
        yield f"Takes {operation.takes.replace('*', chr(92) + '*')}. {operation.body}".rstrip()
        yield ""
    if operation.fields:
        yield from _fields(operation, heading, told)
        yield ""
    if operation.also:
        yield " ".join(f"{status} – {meaning}" for status, meaning in operation.also)
        yield ""
    if operation.errors:
        yield "Errors: " + " ".join(f"{status} – {meaning}" for status, meaning in operation.errors)
        yield ""


def _fields(operation: Operation, heading: str, told: dict[tuple[str, ...], tuple[str, bool]]) -> Iterator[str]:
    first = operation.fields[0].name
    listed = first.endswith("[]")
    names = [field.name.removeprefix(f"{first}.") for field in operation.fields if not (listed and field.name == first)]
    earlier, was_listed = told.setdefault(tuple(names), (heading, listed))
    if earlier != heading:
        how = f", as a list under `{first}`" if listed else ", for one" if was_listed else ""
        yield f"Gives the fields of `{earlier}`{how}."
        return
    yield "| field | type | meaning |"
    yield "|---|---|---|"
    yield from (f"| `{field.name}` | {field.type} | {field.meaning} |" for field in operation.fields)


def _status(kind: type[UnderstudyError], status: int) -> str:
    error = kind.__new__(kind)
    return f"| {status} | `{code_of(error)}` | {(kind.__doc__ or '').strip().splitlines()[0]} |"


def _metrics(app: Any) -> Iterator[str]:
    app.build_middleware_stack()  # the count of requests is registered with it
    for family in app.state.context.services.registry.collect():
        ending = {"counter": "_total"}.get(family.type, "")
        yield f"| `{family.name}{ending}` | {family.type} | {family.documentation} |"


def main(arguments: list[str]) -> int:
    """Writes the pages, or with `--check` returns 1 if they are stale."""
    with tempfile.TemporaryDirectory() as folder, Workspace.open(Path(folder) / "workspace") as workspace:
        pages = {"commands.md": commands_page(), "http.md": http_page(app_over(workspace)), "brief.md": brief_page()}
        pages["settings.md"] = settings_page()
    wanted = {REFERENCE / name: text for name, text in pages.items()}
    wanted |= {SHOWN / name: _present(REFERENCE / name) for name in ("findings.md", "review.md")}
    stale = [path for path, text in wanted.items() if _present(path) != text]
    if "--check" in arguments:
        if stale:
            names = ", ".join(str(path.relative_to(REFERENCE.parents[1])) for path in stale)
            sys.stderr.write(f"{names}: run .venv/bin/python docs/generate.py\n")
        return int(bool(stale))
    for path in stale:
        path.write_text(wanted[path], encoding="utf-8")
    return 0


def _present(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
