"""What one input of each modality is called, and what several are."""

from typing import Final

from understudy.domain.noun import InputNoun
from understudy.modalities.registry import ModalityUnusable, UnknownModality, modality_named

_BUILT_IN: Final = {
    "photo": InputNoun("photo", "photos"),
    "text": InputNoun("text", "texts"),
    "table": InputNoun("row", "rows"),
    "sound": InputNoun("recording", "recordings"),
    "video": InputNoun("clip", "clips"),
    "interactions": InputNoun("history", "histories"),
}
"""Those of the built-in modalities, without loading any."""


def noun_of(modality: str) -> InputNoun:
    """The word for the inputs of a modality, as it says itself; one that cannot be asked goes by its name."""
    if modality in _BUILT_IN:
        return _BUILT_IN[modality]
    try:
        offered = modality_named(modality)
    except (UnknownModality, ModalityUnusable):
        return InputNoun(modality, modality if modality.endswith("s") else f"{modality}s")
    return InputNoun(offered.name, offered.plural)
