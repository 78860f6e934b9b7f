"""`understudy predict`: ask a model about photos."""

import json
import sys
from pathlib import Path

import click

from understudy.cli.terminal import opened, say
from understudy.domain.answer import Answer
from understudy.domain.errors import UnderstudyError
from understudy.domain.project import NAME_PATTERN
from understudy.search.loading import load
from understudy.search.ready import ReadyModel
from understudy.serving.model import NotTrainedYet
from understudy.store.errors import UnknownProject
from understudy.studio.shelf import load_recorded
from understudy.studio.workspace import NoWorkspace


class CannotRead(UnderstudyError):
    """A photo's file cannot be read."""


@click.command("predict", short_help="Ask a model about photos.")
@click.argument("model", metavar="PROJECT|MODEL.onnx")
@click.argument("photos", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.pass_context
def command(context: click.Context, model: str, photos: tuple[Path, ...], *, as_json: bool) -> int:
    """Ask a model about photos.

    The model is a PROJECT's, or a file that “understudy export” wrote. A photo that cannot be read is named on
    standard error, the others are answered, and the exit status is 1.
    """
    loaded = _model(context, model)
    failed = False
    for photo in photos:
        try:
            answer = loaded.predict(_bytes(photo))
        except UnderstudyError as error:
            failed = True
            click.echo(f"{photo}: {error}", err=True)
        else:
            say(_line(photo, answer, as_json=as_json))
            sys.stdout.flush()
    return int(failed)


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


def _bytes(photo: Path) -> bytes:
    try:
        return photo.read_bytes()
    except IsADirectoryError as error:
        raise CannotRead(
            fact="It is a folder.",
            reason="Photos are asked about one by one.",
            remedy=f"Name the photos in it, such as {photo}/*.jpg.",
        ) from error
    except OSError as error:
        raise CannotRead(
            fact="It cannot be read.", reason=f"The system says: {error.strerror}.", remedy="Name a photo."
        ) from error


def _line(photo: Path, answer: Answer, *, as_json: bool) -> str:
    if as_json:
        given = {
            "photo": str(photo),
            "label": answer.label,
            "probability": answer.probability,
            "runner_up": answer.runner_up,
            "runner_up_probability": answer.runner_up_probability,
            "ask_person": answer.ask_person,
        }
        return json.dumps(given, ensure_ascii=False)
    return f"{photo}: {answer}"
