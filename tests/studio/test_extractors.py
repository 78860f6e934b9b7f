"""An extractor is refused where it would have no part in the model."""

import pytest

from understudy.studio.extractors import ExtractorUnused, check_extractor


@pytest.mark.parametrize("modality", ["photo", "text", "sound", "video"])
def test_what_a_network_looks_at_may_have_another(modality: str) -> None:
    """Photos, texts, recordings and clips can be looked at by another network."""
    check_extractor("eye.onnx", modality)


@pytest.mark.parametrize(("modality", "many"), [("table", "Rows"), ("interactions", "Histories")])
def test_tables_take_none(modality: str, many: str) -> None:
    """For rows and histories the name is refused instead of being passed over; without one there is nothing to say."""
    check_extractor(None, modality)
    with pytest.raises(ExtractorUnused, match="no network looks at them first") as refused:
        check_extractor("eye.onnx", modality)
    assert refused.value.fact == f"{many} take no extractor such as “eye.onnx”."
