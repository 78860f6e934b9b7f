"""Inputs: the bytes that were asked about, wherever they are kept."""

from pathlib import Path

from understudy.modalities.image.preview import upright
from understudy.studio.workspace import Workspace

SIDE = 1024
"""Longest side of a preview, in pixels."""


def input_of(workspace: Workspace, digest: str, decision: str) -> bytes:
    """The bytes that a decision is about: from the ledger if it is small, else from the blob store.

    Raises:
        BlobMissing: They are not there; they were deleted, perhaps.
        BlobCorrupt, BlobStoreUnavailable: They cannot be read.
    """
    kept = workspace.ledger.input(decision)
    return workspace.blobs.get(digest) if kept is None else kept


def preview(workspace: Workspace, digest: str, decision: str) -> Path:
    """Writes a picture of a decision's input that any viewer can open, encoded anew, and returns where it is.

    It lies among what can be made again; `drop_preview` takes it away when it is no longer looked at.

    Raises:
        BlobMissing, BlobCorrupt, BlobStoreUnavailable: The input cannot be read.
        PhotoUnreadable: It is no photo.
    """
    place = _place(workspace, digest)
    place.parent.mkdir(parents=True, exist_ok=True)
    upright(input_of(workspace, digest, decision), SIDE).save(place, "JPEG", quality=90)
    return place


def drop_preview(workspace: Workspace, digest: str) -> None:
    """Deletes what `preview` wrote, if it is there."""
    _place(workspace, digest).unlink(missing_ok=True)


def _place(workspace: Workspace, digest: str) -> Path:
    return workspace.cache / "previews" / f"{digest}.jpg"
