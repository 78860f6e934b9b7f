"""Inputs: the bytes that were asked about, wherever they are kept."""

from understudy.studio.workspace import Workspace


def input_of(workspace: Workspace, digest: str) -> bytes:
    """The bytes of an input: from the ledger if it is small, else from the blob store.

    Raises:
        BlobMissing: They are not there; they were deleted, perhaps.
        BlobCorrupt, BlobStoreUnavailable: They cannot be read.
    """
    kept = workspace.ledger.input(digest)
    return workspace.blobs.get(digest) if kept is None else kept
