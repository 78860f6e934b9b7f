"""Encoders by name."""

from pathlib import Path
from typing import Final

from understudy.modalities.image.hub_file import HubFile
from understudy.modalities.text.encoder import TextEncoder
from understudy.modalities.text.external import TOKENIZER, external_from_file
from understudy.modalities.text.features import MiniLM
from understudy.modalities.text.tokens import tokens_of
from understudy.modalities.text.weights import WEIGHTS, installed_file, read_safetensors

LONGEST: Final = 256
"""Tokens after which the built-in encoder cuts a text, as its makers do."""


def encoder_named(name: str | None) -> TextEncoder:
    """The encoder of that name.

    Args:
        name: None for the built-in one; else the path of an ONNX file with its tokenizer.json beside it, or a name on
            the hub: "organisation/name[@revision][:file.onnx]".

    Raises:
        WeightsMissing: The built-in encoder's weights are not installed.
        EncoderUnusable, ExtractorUnusable: The file cannot serve as an encoder.
        HubUnreachable: The hub cannot give it.
    """
    if name is None:
        tokenizer = installed_file(TOKENIZER).read_bytes()
        return TextEncoder(MiniLM(read_safetensors(installed_file(WEIGHTS))), tokens_of(tokenizer, LONGEST))
    path = Path(name).expanduser()
    on_hub = HubFile.named(name)
    # "models/mine.onnx" looks like both; a file's name is never a repository's.
    if path.exists() or on_hub is None or (on_hub.file is None and name.endswith(".onnx")):
        return TextEncoder(*external_from_file(path))
    # Deferred because few models come from the hub, and its client takes as long to load as all else here.
    from understudy.modalities.image.hub import files_from_hub  # noqa: PLC0415

    return TextEncoder(*external_from_file(*files_from_hub(name, TOKENIZER)))
