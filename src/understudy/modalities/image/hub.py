"""Extractors from the Hugging Face hub."""

from collections.abc import Callable
from pathlib import Path

from huggingface_hub import hf_hub_download
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

from understudy.domain.errors import UnderstudyError
from understudy.modalities.image.external import External
from understudy.modalities.image.hub_file import HubFile
from understudy.modalities.image.preprocessing import CONFIG

USUAL_FILES = ("onnx/model.onnx", "model.onnx")

Download = Callable[[str, str, str | None], str]
"""Repository, file and revision in; the path of the file's local copy out."""


class HubUnreachable(UnderstudyError):
    """A file could not be had from the hub."""


def external_from_hub(name: str, download: Download | None = None) -> External:
    """Downloads an extractor, or takes it from the local copy of the hub, and reads it.

    Args:
        name: "organisation/name[@revision][:file.onnx]".
        download: How files are had; None asks the hub.

    Raises:
        HubUnreachable: The name is no such name, or the file cannot be had.
        ExtractorUnusable: The file cannot serve as an extractor.
    """
    path, config = files_from_hub(name, CONFIG, download)
    return External.from_file(path, config)


def files_from_hub(name: str, beside: str, download: Download | None = None) -> tuple[Path, Path | None]:
    """Downloads an ONNX file and one that belongs to it, or takes them from the local copy of the hub.

    Args:
        name: "organisation/name[@revision][:file.onnx]".
        beside: Path of the other file in the repository.
        download: How files are had; None asks the hub.

    Returns:
        Where both are; None for the other where there is none.

    Raises:
        HubUnreachable: The name is no such name, or the file cannot be had.
    """
    wanted = HubFile.named(name)
    if wanted is None:
        raise _unreachable(name, "A name on the hub looks like “organisation/name”.")
    fetch, reached = download or _download, True
    for file in (wanted.file,) if wanted.file else USUAL_FILES:
        try:
            path = _fetched(fetch, name, wanted, file)
        except LocalEntryNotFoundError:
            # The hub was tried for half a minute; what lies here already may still serve.
            fetch, reached, path = download or _local, False, None
        if path is not None:
            return path, _perhaps(fetch, name, wanted, beside)
    files = wanted.file or " or ".join(USUAL_FILES)
    raise _unreachable(
        name, f"It has no file {files}." if reached else "The hub cannot be reached, and there is no copy of it here."
    )


def _perhaps(download: Download, name: str, wanted: HubFile, file: str) -> Path | None:
    """The local copy of a file that need not be there."""
    try:
        return _fetched(download, name, wanted, file)
    except LocalEntryNotFoundError:
        return None


def _fetched(download: Download, name: str, wanted: HubFile, file: str) -> Path | None:
    """The local copy; None where there is no such file.

    Raises:
        LocalEntryNotFoundError: The hub cannot be reached, and there is no copy here.
        HubUnreachable: The hub did not give it.
    """
    try:
        return Path(download(wanted.repository, file, wanted.revision))
    except LocalEntryNotFoundError:
        raise
    except EntryNotFoundError:
        return None
    except (HfHubHTTPError, HFValidationError, OSError) as error:
        reason = str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
        raise _unreachable(name, f"The hub did not give it ({reason}).") from error


def _download(repository: str, file: str, revision: str | None) -> str:
    return str(hf_hub_download(repository, file, revision=revision))


def _local(repository: str, file: str, revision: str | None) -> str:
    return str(hf_hub_download(repository, file, revision=revision, local_files_only=True))


def _unreachable(name: str, reason: str) -> HubUnreachable:
    remedy = "Check name and connection, or download the ONNX file and give its path."
    return HubUnreachable(fact=f"The extractor “{name}” cannot be had.", reason=reason, remedy=remedy)
