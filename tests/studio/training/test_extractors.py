"""An extractor is refused where it would have no part in the model, and only there."""

from contextlib import nullcontext

import pytest

from understudy.modalities.protocol import HEADS
from understudy.modalities.registry import BUILT_IN, modality_named
from understudy.studio.training.extractors import ExtractorUnused, check_extractor

MANY = {"table": "Rows", "interactions": "Histories"}
"""What is learned from without a network that looks at it."""


@pytest.mark.parametrize("modality", BUILT_IN)
def test_an_extractor_is_refused_where_no_network_looks(modality: str) -> None:
    """What a model's own network looks at can be looked at by another one; for rows and histories the name is refused.

    Without a name there is nothing to refuse.
    """
    looked_at = modality_named(modality).search == HEADS
    assert looked_at is (modality not in MANY)
    check_extractor(None, modality)
    with nullcontext() if looked_at else pytest.raises(ExtractorUnused):
        check_extractor("eye.onnx", modality)


@pytest.mark.parametrize(("modality", "many"), MANY.items())
def test_the_refusal_says_why(modality: str, many: str) -> None:
    """It names the extractor and what is learned from instead of passing it over."""
    with pytest.raises(ExtractorUnused, match="no network looks at them first") as refused:
        check_extractor("eye.onnx", modality)
    assert refused.value.fact == f"{many} take no extractor such as “eye.onnx”."
    assert refused.value.remedy.startswith("Leave the extractor out")
