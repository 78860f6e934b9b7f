"""Extractors by name."""

from understudy.modalities.image.extractor import BuiltIn, Extractor
from understudy.modalities.image.weights import installed_weights, read_torch_arrays


def extractor_named(name: str | None) -> Extractor:
    """The extractor of that name; None names the built-in one.

    Raises:
        WeightsMissing: The built-in extractor's weights are not installed.
    """
    if name is None:
        return BuiltIn(read_torch_arrays(installed_weights()))
    raise LookupError(name)
