"""`understudy predict`: ask a model about inputs."""

import json
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import click
import numpy as np

from understudy.cli.terminal import opened, say
from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import NAME_PATTERN
from understudy.domain.task import AnswerKind, labels_in
from understudy.modalities.interactions.question import Event, Question, question_bytes
from understudy.modalities.interactions.reading import read_interactions
from understudy.modalities.table.frame import read_frame
from understudy.search.loading import load
from understudy.search.ready import ReadyModel
from understudy.serving.model import NotTrainedYet
from understudy.store.errors import UnknownProject
from understudy.studio.answer_text import moved_word
from understudy.studio.shelf import load_recorded
from understudy.studio.workspace import NoWorkspace

IN_WORDS: Final = frozenset({"text", "table", "interactions"})
"""Modalities whose inputs may be typed."""
LONGEST: Final = 60
MOST_REASONS: Final = 5


class CannotRead(UnderstudyError):
    """An input's file cannot be read."""


@click.command("predict", short_help="Ask a model about photos, texts, rows, recordings or clips.")
@click.argument("model", metavar="PROJECT|MODEL")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.option("--why", is_flag=True, help="Say what moved each answer.")
@click.pass_context
def command(context: click.Context, model: str, inputs: tuple[str, ...], *, as_json: bool, why: bool) -> int:
    """Ask a model about photos, texts, rows, recordings or clips.

    The model is a PROJECT's, or a file that “understudy export” wrote. An INPUT is a file; of a text it may be the text
    itself; of rows it is a table, or a row as JSON such as '{"age": 39}';
    of interactions the table of who took what.

    An input that cannot be read is named on standard error, the others are answered, and the exit status is 1.
    """
    loaded = _model(context, model)
    failed, remarked = False, set[str]()
    for named, asked in _asked(loaded.description.task.modality, inputs):
        try:
            data = asked()
            answer = loaded.predict(data)
            reasons = (answer.reasons or loaded.explain(data)) if why else ()
        except UnderstudyError as error:
            failed = True
            click.echo(f"{named}: {error}", err=True)
        else:
            _remark(named, answer.remarks, remarked)
            say(_line(named, answer, reasons, as_json=as_json))
            sys.stdout.flush()
    return int(failed)


def _asked(modality: str, inputs: Iterable[str]) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Every input with what names it and how it is read."""
    for given in inputs:
        if modality == "table" and not given.lstrip().startswith("{"):
            yield from _rows(Path(given))
        elif modality == "interactions" and not given.lstrip().startswith("{"):
            yield from _people(Path(given))
        elif modality in IN_WORDS and (given.lstrip().startswith("{") or not _is_file(given)):
            yield _shortened(given), given.encode
        else:
            yield given, partial(_bytes, Path(given))


def _is_file(given: str) -> bool:
    try:
        return Path(given).is_file()
    except OSError:  # longer than a name can be
        return False


def _rows(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """The rows of a table's file, one by one."""
    try:
        rows = list(read_frame(path.name, _bytes(path)).rows())
    except UnderstudyError as error:
        yield str(path), partial(_raise, error)
        return
    if not rows:
        yield str(path), partial(_raise, _no_rows())
    for place, row in enumerate(rows, start=1):
        yield f"{path}, row {place}", partial(_as_json, row)


def _people(path: Path) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """What everybody in a table of interactions had so far, a history each."""
    try:
        taken = read_interactions(path.name, _bytes(path)).taken
    except UnderstudyError as error:
        yield str(path), partial(_raise, error)
        return
    for place, person in enumerate(taken.people):
        mine = np.flatnonzero(taken.who == place)
        events = tuple(
            Event(taken.items[taken.what[at]], _known(taken.value[at]), _known(taken.when[at])) for at in mine
        )
        yield f"{path}, {person}", partial(question_bytes, Question(person, events))


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def _no_rows() -> CannotRead:
    return CannotRead(fact="It has no rows.", reason="There is nothing below its first line.", remedy="Name another.")


def _remark(named: str, remarks: Sequence[str], told: set[str]) -> None:
    """Says on standard error what about an input did not fit; each remark once."""
    for remark in remarks:
        if remark not in told:
            click.echo(f"{named}: {remark}", err=True)
    told.update(remarks)


def _raise(error: UnderstudyError) -> bytes:
    raise error


def _as_json(row: Mapping[str, object]) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode()


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


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


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except IsADirectoryError as error:
        raise CannotRead(
            fact="It is a folder.",
            reason="Files are asked about one by one.",
            remedy=f"Name the files in it, such as {path}/*.jpg.",
        ) from error
    except OSError as error:
        raise CannotRead(
            fact="It cannot be read.", reason=f"The system says: {error.strerror}.", remedy="Name a file."
        ) from error


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
