"""`understudy predict`: ask a model about inputs."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import click

from understudy.cli.answers_file import INPUT, AnswersFile
from understudy.cli.asked import Asked, Source, sources_of
from understudy.cli.terminal import Teller, opened, say, stoppable
from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import NAME_PATTERN
from understudy.domain.task import AnswerKind, labels_in
from understudy.engine.inference import batched
from understudy.search.loading import load
from understudy.search.ready import ReadyModel
from understudy.serving.model import NotTrainedYet
from understudy.store.errors import UnknownProject
from understudy.studio.answer_text import moved_word
from understudy.studio.shelf import load_recorded
from understudy.studio.workspace import NoWorkspace

AT_ONCE: Final = 64
"""Inputs that are answered together where the answers go to a file."""
MOST_REASONS: Final = 5


@click.command("predict", short_help="Ask a model about photos, texts, rows, recordings or clips.")
@click.argument("model", metavar="PROJECT|MODEL")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="Write the answers into a new CSV.")
@click.option("--text", "column", metavar="COLUMN", help="Where the texts stand in a table of them.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.option("--why", is_flag=True, help="Say what moved each answer.")
@click.pass_context
def command(
    context: click.Context,
    model: str,
    inputs: tuple[str, ...],
    *,
    to: Path | None,
    column: str | None,
    as_json: bool,
    why: bool,
) -> int:
    """Ask a model about photos, texts, rows, recordings or clips.

    The model is a PROJECT's, or a file that “understudy export” wrote. An INPUT is a file; of texts it may be a table
    of them or the text itself; of rows it is a table, or a row as JSON such as '{"age": 39}';
    of interactions the table of who took what.

    With --to, a table comes back with the answers beside its columns, ready for a spreadsheet.

    An input that cannot be read is named on standard error, the others are answered, and the exit status is 1.
    """
    if to is not None and as_json:
        raise click.UsageError("--to and --json are two ways of saying the same; give one of them.")
    loaded = _model(context, model)
    sources = sources_of(loaded.description.task.modality, inputs, column=column)
    if to is not None:
        return int(_to_file(loaded, sources, to, why=why))
    failed, remarked = False, set[str]()
    for asked in (each for source in sources for each in source.asked()):
        try:
            data = asked.read()
            answer = loaded.predict(data)
            reasons = _reasons(loaded, data, answer) if why else ()
        except UnderstudyError as error:
            failed = True
            click.echo(f"{asked.named}: {error}", err=True)
        else:
            _remark(asked.named, answer.remarks, remarked)
            say(_line(asked.named, answer, reasons, as_json=as_json))
            sys.stdout.flush()
    return int(failed)


def _reasons(model: ReadyModel, data: bytes, answer: Answer) -> tuple[Reason, ...]:
    return answer.reasons or model.explain(data)


def _to_file(model: ReadyModel, sources: Sequence[Source], path: Path, *, why: bool) -> bool:
    """Answers everything into a file, and says whether anything could not be answered."""
    total, done, alone, failed = sum(source.count for source in sources), 0, 0, 0
    columns = [name for source in sources for name in (source.columns or (INPUT,))]
    every = (each for source in sources for each in source.asked())
    stopped = stoppable(f"The answers so far stand in {path}.", "To have the others too, ask about them again.")
    with (
        stopped,
        AnswersFile(path, model.description.task.answers, columns, why=why) as file,
        Teller().showing() as teller,
    ):
        told = teller.counting("Answering")
        for some in batched(every, AT_ONCE):
            for asked, data, answer in _answered(model, some):
                if isinstance(answer, UnderstudyError):
                    failed += 1
                    file.failed(asked, answer)
                    click.echo(f"{asked.named}: {answer}", err=True)
                else:
                    alone += not answer.ask_person
                    file.answered(asked, answer, _reasons(model, data, answer) if why else ())
            done += len(some)
            told(done, total)
    say(_told_of(path, alone, done - failed - alone, failed))
    return failed > 0


def _answered(model: ReadyModel, some: Sequence[Asked]) -> Iterator[tuple[Asked, bytes, Answer | UnderstudyError]]:
    """Answers for inputs, or why there is none, in their order."""
    read: list[bytes | UnderstudyError] = []
    for asked in some:
        try:
            read.append(asked.read())
        except UnderstudyError as error:
            read.append(error)
    given = iter(model.predict_all([data for data in read if isinstance(data, bytes)]))
    for asked, data in zip(some, read, strict=True):
        yield (asked, data, next(given)) if isinstance(data, bytes) else (asked, b"", data)


def _told_of(path: Path, alone: int, people: int, failed: int) -> str:
    said = [f"{path}: {alone + people:,} answers, {alone:,} of which the model is sure enough of."]
    said += [f"A person should answer the other {people:,}."] if people else []
    said += [f"{failed:,} could not be answered; the column “problem” says why."] if failed else []
    return " ".join(said)


def _remark(named: str, remarks: Sequence[str], told: set[str]) -> None:
    """Says on standard error what about an input did not fit; each remark once."""
    for remark in remarks:
        if remark not in told:
            click.echo(f"{named}: {remark}", err=True)
    told.update(remarks)


def _model(context: click.Context, named: str) -> ReadyModel:
    """A project's model; where no project has the name, a file's."""
    if not NAME_PATTERN.fullmatch(named):
        return load(named)
    try:
        with opened(context) as workspace:
            record = workspace.ledger.latest_model(named)
            if record is None:
                raise NotTrainedYet.named(named)
            return load_recorded(workspace, record.blob)
    except (NoWorkspace, UnknownProject):
        if Path(named).is_file():
            return load(named)
        raise


def _line(named: str, answer: Answer, reasons: Sequence[Reason], *, as_json: bool) -> str:
    if as_json:
        given = {
            "input": named,
            "label": answer.label,
            "probability": answer.probability,
            "runner_up": answer.runner_up,
            "runner_up_probability": answer.runner_up_probability,
            "ask_person": answer.ask_person,
        }
        beside = {"interval": answer.interval, "seconds": answer.seconds, "unknown": answer.unknown or None}
        given |= {name: value for name, value in beside.items() if value is not None}
        given |= {"labels": labels_in(answer.label)} if answer.kind is AnswerKind.LABELS else {}
        given |= {"remarks": answer.remarks} if answer.remarks else {}
        if reasons:
            given["reasons"] = [{"what": each.what, "push": each.push} for each in reasons]
        return json.dumps(given, ensure_ascii=False)
    told = [f"{named}: {answer}"]
    told += [f"  {moved_word(each.push, answer.kind)}: {each.what}" for each in reasons[:MOST_REASONS]]
    return "\n".join(told)
