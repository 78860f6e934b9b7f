"""`understudy export`: a project's model as a file."""

from pathlib import Path

import click

from understudy.cli.terminal import opened, say
from understudy.domain.errors import UnderstudyError
from understudy.modalities.unreadable import in_words
from understudy.search.parts import looks_like_parts
from understudy.serving.model import NotTrainedYet

ARCHIVE, GRAPH = ".zip", ".onnx"
MISNAMED = {
    ARCHIVE: "Whatever its name says, it is a zip archive, which no ONNX runtime reads; “understudy predict” does.",
    GRAPH: "Whatever its name says, it is an ONNX graph and no zip archive.",
}
"""What is said of a file whose name ends like the other kind's."""


class CannotWrite(UnderstudyError):
    """The file cannot be written."""


@click.command("export", short_help="Write a project's model to a file.")
@click.argument("project")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.pass_context
def command(context: click.Context, project: str, file: Path | None) -> None:
    """Write a project's model to a FILE, or to one that bears the project's name in a folder.

    It is the very file that was judged. Of photos, texts, recordings and clips it is an ONNX graph, which any ONNX
    runtime runs; of rows and recommendations it is a zip archive.
    """
    with opened(context) as workspace:
        record = workspace.ledger.latest_model(project)
        if record is None:
            raise NotTrainedYet.named(project)
        data = workspace.blobs.get(record.blob)
    target, ending = file or Path(), ARCHIVE if looks_like_parts(data) else GRAPH
    target = target / f"{project}{ending}" if target.is_dir() else target
    try:
        target.write_bytes(data)
    except OSError as error:
        raise CannotWrite(
            fact=f"“{target}” cannot be written.",
            reason=f"The system says: {error.strerror}.",
            remedy="Name another file.",
        ) from error
    say(f"{target}: {in_words(len(data))}, SHA-256 {record.version}")
    if target.suffix.lower() in {ARCHIVE, GRAPH} - {ending}:
        say(f"{MISNAMED[ending]} A better name: {target.with_suffix(ending).name}")
