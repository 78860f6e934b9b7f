"""Extractors by name."""

from pathlib import Path

from understudy.modalities.image.external import External
from understudy.modalities.image.extractor import BuiltIn, Extractor
from understudy.modalities.image.hub_file import HubFile
from understudy.modalities.image.weights import installed_weights, read_torch_arrays


def extractor_named(name: str | None) -> Extractor:
    """The extractor of that name.

    Args:
        name: None for the built-in one; else the path of an ONNX file, or a name on the hub:
            "organisation/name[@revision][:file.onnx]".

    Raises:
        WeightsMissing: The built-in extractor's weights are not installed.
        ExtractorUnusable: The file cannot serve as an extractor.
        HubUnreachable: The hub cannot give it.
    """
    if name is None:
        return BuiltIn(read_torch_arrays(installed_weights()))
    path = Path(name).expanduser()
    on_hub = HubFile.named(name)
    # "models/mine.onnx" looks like both; a file's name is never a repository's.
    if path.exists() or on_hub is None or (on_hub.file is None and name.endswith(".onnx")):
        return External.from_file(path)
    # Deferred because few models come from the hub, and its client takes as long to load as all else here.
    from understudy.modalities.image.hub import external_from_hub  # noqa: PLC0415

    return external_from_hub(name)
