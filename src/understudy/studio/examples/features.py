"""Features of a project's examples, as the cheapest view sees them; one on which a module fails is named."""

from collections.abc import Callable, Sequence
from functools import partial

from understudy.domain.task import Task
from understudy.modalities.protocol import ReadRows
from understudy.modalities.reading import InputFailed, Reading
from understudy.modalities.registry import modality_named
from understudy.studio.examples.failing import by_name
from understudy.studio.workspace import Workspace


def cheapest_features(
    workspace: Workspace, project: str, task: Task, digests: Sequence[str], progress: Callable[[int, int], None]
) -> ReadRows:
    """Computes what no training has computed before, and tells how the features are read, in the order of the digests.

    Args:
        workspace: Where the project is.
        project: Its name.
        task: What it decides about.
        digests: Of its examples.
        progress: Told examples done and examples in all.

    Raises:
        InputFailed: An example can no longer be read.
        BlobMissing, BlobCorrupt: One is no longer there as it came.
    """
    modality, reading = modality_named(task.modality), Reading()
    encoder = modality.encoder(None)
    view = encoder.views(len(digests), thorough=False)[0]
    inputs = [reading.input(digest, partial(workspace.blobs.get, digest)) for digest in digests]
    try:
        with reading.named(modality, encoder):
            return encoder.features(inputs, view, (view,), workspace.cache / "features", progress)
    except InputFailed as error:
        raise by_name(workspace, project, error) from error
