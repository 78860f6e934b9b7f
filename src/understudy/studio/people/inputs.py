"""Inputs: the bytes that were asked about, wherever they are kept."""

import mimetypes
from io import BytesIO
from pathlib import Path
from typing import Final

from understudy.domain.texts import json_in
from understudy.modalities.abilities import Medium, Playing
from understudy.modalities.contained import contained, media_type_for
from understudy.modalities.image.preview import upright
from understudy.modalities.registry import modality_named
from understudy.studio.workspace import Workspace

SIDE = 1024
"""Longest side of a preview, in pixels."""
PREVIEWS: Final = "previews"
"""Folder in a workspace's cache of what was made of inputs for people to look at, each under its input's digest."""


def input_of(workspace: Workspace, digest: str, decision: str) -> bytes:
    """The bytes that a decision is about: from the ledger if it is small, else from the blob store.

    Raises:
        BlobMissing: They are not there; they were deleted, perhaps.
        BlobCorrupt, BlobStoreUnavailable: They cannot be read.
    """
    kept = workspace.ledger.input(decision)
    return workspace.blobs.get(digest) if kept is None else kept


def in_words(modality: str, data: bytes) -> str | None:
    """An input that can be read on a terminal: a text, a row, a history; None for what has to be seen or heard."""
    if modality == "text":
        return data.decode("utf-8", "replace")
    if modality not in {"table", "interactions"}:
        return None
    try:
        row = json_in(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return data.decode("utf-8", "replace")
    if not isinstance(row, dict):
        return str(row)
    return "\n".join(f"{column}: {'–' if value in (None, '') else value}" for column, value in row.items())


def preview(workspace: Workspace, modality: str, digest: str, decision: str) -> Path:
    """Writes a decision's input into a file that a viewer or player can open, and returns where it is.

    A photo is encoded anew, and a picture made of what is none. It lies among what can be made again; `drop_preview`
    takes it away when it is no longer looked at.

    Raises:
        BlobMissing, BlobCorrupt, BlobStoreUnavailable: The input cannot be read.
        Unreadable: It is no input of this kind.
    """
    data = input_of(workspace, digest, decision)
    folder = workspace.cache / PREVIEWS
    folder.mkdir(parents=True, exist_ok=True)
    if modality == "photo":
        place = folder / f"{digest}.jpg"
        upright(data, SIDE).save(place, "JPEG", quality=90)
        return place
    kind = modality_named(modality)
    if isinstance(kind, Playing) and kind.shown_as is Medium.PICTURE:
        with contained(modality):
            data = _pictured(kind, data)
    ending = mimetypes.guess_extension(media_type_for(kind, data).partition(";")[0]) or ""
    place = folder / f"{digest}{ending}"
    place.write_bytes(data)
    return place


def _pictured(modality: Playing, data: bytes) -> bytes:
    made = BytesIO()
    return made.getvalue() if modality.playable(data, made) else data


def drop_preview(workspace: Workspace, digest: str) -> None:
    """Deletes what `preview` wrote, if it is there."""
    for place in (workspace.cache / PREVIEWS).glob(f"{digest}*"):
        place.unlink(missing_ok=True)
