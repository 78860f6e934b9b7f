"""`understudy export`: a project's model as a file."""

from pathlib import Path

import click

from understudy.cli.terminal import opened, say
from understudy.domain.errors import UnderstudyError
from understudy.serving.model import NotTrainedYet


class CannotWrite(UnderstudyError):
    """The file cannot be written."""


@click.command("export", short_help="Write a project's model to a file.")
@click.argument("project")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_context
def command(context: click.Context, project: str, file: Path | None) -> None:
    """Write a project's model to a FILE, or to PROJECT.onnx in a folder.

    It is the very file that was judged. Any ONNX runtime runs it; its description is in its metadata.
    """
    with opened(context) as workspace:
        record = workspace.ledger.latest_model(project)
        if record is None:
            raise NotTrainedYet.named(project)
        data = workspace.blobs.get(record.blob)
    target = file or Path()
    target = target / f"{project}.onnx" if target.is_dir() else target
    try:
        target.write_bytes(data)
    except OSError as error:
        raise CannotWrite(
            fact=f"“{target}” cannot be written.",
            reason=f"The system says: {error.strerror}.",
            remedy="Name another file.",
        ) from error
    say(f"{target}: {len(data) / 1e6:.1f} MB, SHA-256 {record.version}")
