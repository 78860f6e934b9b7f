"""`understudy predict`: ask a model about inputs."""

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import click

from understudy.cli.answers_file import INPUT, REMARK, AnswersFile, check_ending
from understudy.cli.asked import Where, sources_of
from understudy.cli.histories import Found, Known, Named, known_in, titled
from understudy.cli.remarks import Remarks
from understudy.cli.said import as_json as json_line
from understudy.cli.said import in_words, reasons_in_words
from understudy.cli.source import Asked, Source
from understudy.cli.terminal import Teller, command_line, opened, say, stoppable
from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import NAME_PATTERN
from understudy.domain.task import AnswerKind
from understudy.engine.inference import batched
from understudy.modalities.contained import ModuleFailed, contained
from understudy.modalities.interactions.columns import Columns
from understudy.modalities.table.schema import TableSchema
from understudy.search.loading import load
from understudy.search.model_file import ModelUnreadable
from understudy.search.ready import ReadyModel
from understudy.serving.model import NotTrainedYet
from understudy.store.errors import UnknownProject
from understudy.studio.launch.terms import BY_TRAINING, Alone, alone_from
from understudy.studio.training.shelf import load_recorded
from understudy.studio.workspace import NoWorkspace

AT_ONCE: Final = 64
"""Inputs that are answered together where the answers go to a file."""
INTERACTIONS: Final = "interactions"
TABLE: Final = "table"
MOST_REPEATED: Final = 3
"""Inputs that are repeated where the command is shown the right way round."""


class WrongWayRound(UnderstudyError):
    """A project was named after what it is to be asked about."""

    exit_status = 2


@dataclass
class Words:
    """What is told of answers on a terminal; some of it only once.

    Attributes:
        model: Who answers.
        alone: From how sure on it does so.
        as_json: One JSON object a line instead of words.
    """

    model: ReadyModel
    alone: Alone
    as_json: bool
    _explained: bool = False

    def say(self, named: str, answer: Answer, reasons: Sequence[Reason]) -> None:
        """Tells an answer, and what moved it."""
        if self.as_json:
            say(json_line(named, answer, reasons))
        else:
            task = self.model.description.task
            told = [f"{named}: {in_words(answer, task, self.alone)}"]
            say("\n".join(told + reasons_in_words(answer, reasons, explained=not self._explained)))
            self._explained = self._explained or bool(reasons)
        sys.stdout.flush()


@dataclass
class Tally:
    """What became of inputs whose answers went to a file.

    Attributes:
        path: The file.
        alone: Answers that the model is sure enough of.
        people: Answers that a person should give.
        failed: Inputs without an answer.
        remarked: Answers with a remark.
    """

    path: Path
    alone: int = 0
    people: int = 0
    failed: int = 0
    remarked: int = 0
    _right: float = 0.0
    _lists: bool = False

    def count(self, answer: Answer, remark: str) -> None:
        """Counts an answer, and what there is to remark on it."""
        self.remarked += bool(remark or answer.remarks)
        self.alone += not answer.ask_person
        self.people += answer.ask_person
        self._right += answer.probability
        self._lists = answer.kind is AnswerKind.RANKING

    def __str__(self) -> str:
        count = self.alone + self.people
        if self._lists and count == 1:
            says = f"it holds what comes next with {self._right:.0%}"
            said = [f"{self.path}: 1 list; by what the model says of itself, {says}."]
        elif self._lists:
            says = f"about {round(self._right):,} of them hold what comes next"
            said = [f"{self.path}: {count:,} lists; by what the model says of itself, {says}."]
        elif count == 1:
            said = [f"{self.path}: 1 answer, of which the model is {'sure' if self.alone else 'not sure'} enough."]
        else:
            said = [f"{self.path}: {count:,} answers, {self.alone:,} of which the model is sure enough of."]
        other = "it" if count == 1 else f"the other {self.people:,}"
        said += [f"A person should answer {other}."] if self.people else []
        said += [f"{self._remarked(count)}; the column “{REMARK}” says what."] if self.remarked else []
        said += [f"{self.failed:,} could not be answered; the column “problem” says why."] if self.failed else []
        return " ".join(said)

    def _remarked(self, count: int) -> str:
        which = "It" if count == 1 else f"All {count:,}" if self.remarked == count else f"{self.remarked:,} of them"
        return f"{which} {'has' if self.remarked == 1 else 'have'} a remark"


@click.command("predict", short_help="Ask a model about photos, texts, rows, recordings or clips.")
@click.argument("model", metavar="PROJECT|MODEL")
@click.argument("inputs", metavar="INPUT...", nargs=-1, required=True)
@click.option("--to", type=click.Path(path_type=Path), metavar="FILE", help="Write the answers into a new CSV.")
@click.option("--text", "column", metavar="COLUMN", help="Where the texts stand in a table of them.")
@click.option("--who", metavar="COLUMN", help="Of interactions: where a table says whose they are.")
@click.option("--what", metavar="COLUMN", help="Of interactions: where a table says what was taken.")
@click.option("--time", "when", metavar="COLUMN", help="Of interactions: where a table says when.")
@click.option("--rating", metavar="COLUMN", help="Of interactions: where a table says how it was liked.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.option("--why", is_flag=True, help="Say what moved each answer.")
@click.pass_context
def command(
    context: click.Context,
    /,
    model: str,
    inputs: tuple[str, ...],
    *,
    to: Path | None,
    column: str | None,
    as_json: bool,
    why: bool,
    **columns: str | None,
) -> int:
    """Ask a model about photos, texts, rows, recordings or clips.

    The model is a PROJECT's, or a file that “understudy export” wrote. An INPUT is a file, or a folder of files; of
    texts it may be a table of them or the text itself; of rows it is a table, or a row as JSON such as '{"age": 39}';
    of interactions a table of who took what, somebody whom the project knows, or what somebody had as JSON, oldest
    first: '{"who": "Ann", "history": ["tea", "cake"]}'.

    With --to, a table comes back with the answers beside its columns, ready for a spreadsheet.

    An input that cannot be read is named on standard error, the others are answered, and the exit status is 1.
    """
    if to is not None and as_json:
        raise click.UsageError("--to and --json are two ways of saying the same; give one of them.")
    if to is not None:
        check_ending(to)
    loaded, known = _model(context, model, inputs, many=to is not None)
    alone = _alone(context, model, loaded) if known else Alone(loaded.threshold, BY_TRAINING)
    before = _text_before(context, model) if known else None
    sources = _sources(loaded, inputs, known, (column, before), Columns(**columns))
    if to is not None:
        return int(_to_file(loaded, alone, inputs, sources, to, why=why))
    failed, remarks, words = False, Remarks(), Words(loaded, alone, as_json)
    single = sum(source.count for source in sources) == 1
    for asked in (each for source in sources for each in source.asked()):
        try:
            data = asked.read()
            with contained(loaded.description.task.modality):
                answer = alone.held(loaded.predict(data))
            reasons = _reasons(loaded, asked, data, answer) if why else ()
        except UnderstudyError as error:
            failed = True
            remarks.note(asked, ())
            click.echo(f"{asked.named}: {error}", err=True)
        else:
            nothing = _no_reasons(loaded) if why and reasons == () else ""
            remarks.note(asked, (asked.remark, *answer.remarks, nothing))
            if single:
                _say_remarks(remarks)
            words.say(asked.named, answer, reasons or ())
    if not single:
        _say_remarks(remarks)
    return int(failed)


def _text_before(context: click.Context, project: str) -> str | None:
    """The column in which texts stood in a project's latest table; None where there was none."""
    with opened(context) as workspace:
        return workspace.ledger.project(project).columns.get("text")


def _sources(
    model: ReadyModel, inputs: Sequence[str], known: Known | None, where: Where, named: Columns
) -> list[Source]:
    """What is asked about; what was seen on opening it is said on standard error."""
    about = model.description
    histories = about.task.modality == INTERACTIONS
    if any(vars(named).values()) and not histories:
        raise click.UsageError(
            "--who, --what, --time and --rating name columns of interactions, and this model answers about others."
        )
    learned: Mapping[str, str] = dict(about.preparation.get("columns") or ()) if histories else {}
    schema = about.preparation.get("schema") if about.task.modality == TABLE else None
    columns = [each.name for each in TableSchema.from_json(schema).seen] if schema else []
    column, before = where
    sources = sources_of(
        about.task.modality,
        inputs,
        column=column,
        before=before,
        named=Named(named, learned),
        known=known,
        columns=columns,
    )
    for given, source in zip(inputs, sources, strict=True):
        for remark in source.remarks:
            click.echo(f"{given}: {remark}", err=True)
    return sources


def _reasons(model: ReadyModel, asked: Asked, data: bytes, answer: Answer) -> tuple[Reason, ...] | None:
    """What moved an answer; None where that cannot be told, which is said, and the answer stands without."""
    try:
        with contained(model.description.task.modality):
            return answer.reasons or model.explain(data)
    except ModuleFailed as error:
        click.echo(f"{asked.named}: What moved the answer is not told. {error.reason}", err=True)
        return None


def _no_reasons(model: ReadyModel) -> str:
    """Why nothing is said to have moved an answer."""
    if model.description.task.modality == "photo":
        return "Which parts of a photo moved an answer is a picture: ask about it on the project's page."
    return "It has no parts, or none that moves the answer by itself."


def _to_file(
    model: ReadyModel, alone: Alone, inputs: Sequence[str], sources: Sequence[Source], path: Path, *, why: bool
) -> bool:
    """Answers everything into a file, and says whether anything could not be answered."""
    if all(source.problem for source in sources):  # a file would hold no answer
        for given, source in zip(inputs, sources, strict=True):
            click.echo(f"{given or 'an empty word'}: {source.problem}", err=True)
        return True
    total, done = sum(source.count for source in sources), 0
    tally = Tally(path)
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
            for asked, data, answer in _answered(model, alone, some):
                if isinstance(answer, UnderstudyError):
                    tally.failed += 1
                    file.failed(asked, answer)
                    click.echo(f"{asked.named}: {answer}", err=True)
                else:
                    tally.count(answer, asked.remark)
                    file.answered(asked, answer, (why and _reasons(model, asked, data, answer)) or ())
            done += len(some)
            told(done, total)
    say(str(tally))
    return tally.failed > 0


def _answered(
    model: ReadyModel, alone: Alone, some: Sequence[Asked]
) -> Iterator[tuple[Asked, bytes, Answer | UnderstudyError]]:
    """Answers for inputs, or why there is none, in their order."""
    read: list[bytes | UnderstudyError] = []
    for asked in some:
        try:
            read.append(asked.read())
        except UnderstudyError as error:
            read.append(error)
    given = iter(_all_said(model, [data for data in read if isinstance(data, bytes)]))
    for asked, data in zip(some, read, strict=True):
        yield (asked, data, _held(alone, next(given))) if isinstance(data, bytes) else (asked, b"", data)


def _all_said(model: ReadyModel, inputs: Sequence[bytes]) -> list[Answer | UnderstudyError]:
    """What a model says to inputs, in order. Where one makes it fail, it is asked about each alone."""
    try:
        with contained(model.description.task.modality):
            return model.predict_all(inputs)
    except ModuleFailed as error:
        return [error] if len(inputs) == 1 else [said for data in inputs for said in _all_said(model, [data])]


def _held(alone: Alone, given: Answer | UnderstudyError) -> Answer | UnderstudyError:
    return given if isinstance(given, UnderstudyError) else alone.held(given)


def _say_remarks(remarks: Remarks) -> None:
    """Says on standard error what about inputs did not fit; each remark once, with all that it holds of."""
    for line in remarks.lines():
        click.echo(line, err=True)


def _model(context: click.Context, named: str, inputs: Sequence[str], *, many: bool) -> tuple[ReadyModel, Known | None]:
    """The model that is asked about inputs; see `_named`.

    Raises:
        WrongWayRound: There is none of that name, and one of the inputs is a project.
    """
    try:
        return _named(context, named, many=many)
    except (ModelUnreadable, UnknownProject) as error:
        project = _project_among(context, named, inputs)
        if project is None:
            raise
        others = [each for each in inputs if each != project]
        more = " …" if len(others) > MOST_REPEATED else ""
        meant = shlex.join(["predict", project, named, *others[:MOST_REPEATED]])
        raise WrongWayRound(
            fact=f"“{named}” is neither a project nor a model.",
            reason=f"“{project}” is a project, and the project comes first.",
            remedy=f"Ask it the other way round: {command_line(meant)}{more}",
        ) from error


def _project_among(context: click.Context, named: str, inputs: Sequence[str]) -> str | None:
    """The first input that is a project's name; None where there is none, or what stands first is one itself."""
    try:
        with opened(context) as workspace:
            known = {project.name for project in workspace.ledger.projects()}
    except UnderstudyError:  # what was wrong with the model is said instead
        return None
    return None if named in known else next((each for each in inputs if each in known), None)


def _named(context: click.Context, named: str, *, many: bool) -> tuple[ReadyModel, Known | None]:
    """A project's model, with who is known in it; where no project has the name, a file's."""
    if not NAME_PATTERN.fullmatch(named):
        return load(named, many=many), None
    try:
        with opened(context) as workspace:
            record = workspace.ledger.latest_model(named)
            if record is None:
                raise NotTrainedYet.named(named)
            loaded = load_recorded(workspace, record.blob, many=many)
            names: Mapping[str, str] = getattr(loaded, "names", {})
            return loaded, partial(_look_up, context, named, names)
    except (NoWorkspace, UnknownProject):
        if Path(named).is_file():
            return load(named, many=many), None
        raise


def _alone(context: click.Context, project: str, model: ReadyModel) -> Alone:
    """From how sure on a project's model answers alone: by its stage, its review or its training."""
    with opened(context) as workspace:
        proven = alone_from(workspace.ledger, project, model.version)
    return proven or Alone(model.threshold, BY_TRAINING)


def _look_up(context: click.Context, project: str, names: Mapping[str, str], person: str) -> Found:
    """Somebody whom the project knows by this name; else whoever had the one item of this title."""
    with opened(context) as workspace:
        found = known_in(workspace, project, person)
    return found if found.asked else replace(found, item=titled(names, person))
