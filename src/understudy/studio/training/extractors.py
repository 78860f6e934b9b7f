"""Which inputs another extractor can be named for."""

from understudy.domain.errors import UnderstudyError
from understudy.modalities.nouns import noun_of
from understudy.modalities.protocol import HEADS
from understudy.modalities.registry import modality_named


class ExtractorUnused(UnderstudyError):
    """An extractor is named where none has a part in the model."""


def check_extractor(extractor: str | None, modality: str) -> None:
    """Refuses another extractor for inputs that are learned from without one.

    Args:
        extractor: Its name, or None for the built-in one.
        modality: What the inputs are.

    Raises:
        ExtractorUnused: None has a part in the model.
    """
    if extractor is None or modality_named(modality).search == HEADS:
        return
    many = noun_of(modality).many
    raise ExtractorUnused(
        fact=f"{many.capitalize()} take no extractor such as “{extractor}”.",
        reason=f"A model of {many} learns from what stands in their table, and no network looks at them first.",
        remedy="Leave the extractor out: it is for photos, texts, recordings and clips.",
    )
