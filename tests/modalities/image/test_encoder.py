"""Photos as an encoder sees them."""

from pathlib import Path

import pytest

from onnx_files import conv_pool
from understudy.modalities.image.encoder import MANY_PHOTOS, SOME_PHOTOS, PhotoEncoder, PhotoPreparer, size_of
from understudy.modalities.image.external import External
from understudy.modalities.image.extractor import BuiltIn
from understudy.modalities.image.golden import golden_photos
from understudy.modalities.image.modality import MODALITY
from understudy.modalities.protocol import Part


@pytest.fixture(scope="module")
def built_in() -> BuiltIn:
    return MODALITY.encoder(None).extractor  # type: ignore[return-value]


def widest(encoder: PhotoEncoder, size: int, count: int) -> int:
    views = encoder.views(count, thorough=False)
    return max((part.width for view in views for part in view.parts if size_of(part) == size), default=0)


def test_an_extractor_of_one_size_is_asked_for_that_size_only(tmp_path: Path) -> None:
    """Whatever sizes are wished for, an extractor sees photos at the sizes it can."""
    extractor = External.from_file(conv_pool(tmp_path / "a.onnx", side=32))
    views = PhotoEncoder(extractor).views(10, thorough=True)
    assert [view.parts for view in views] == [(Part("32", extractor.width),)]


def test_the_more_photos_the_less_is_seen_of_each(built_in: BuiltIn) -> None:
    """Of some photos the larger ones are seen by fewer layers, of many not at all; a budget spares nothing."""
    encoder = PhotoEncoder(built_in, (64, 96))
    few, some, many = (widest(encoder, 96, count) for count in (SOME_PHOTOS, SOME_PHOTOS + 1, MANY_PHOTOS + 1))
    assert few > some > many == 0
    assert len({widest(encoder, 64, count) for count in (1, SOME_PHOTOS + 1, MANY_PHOTOS + 1)}) == 1
    every = encoder.views(1, thorough=False)
    assert encoder.views(MANY_PHOTOS + 1, thorough=True) == every


def test_a_preparer_is_made_again_from_what_it_says() -> None:
    """What a model file keeps is enough to prepare photos as before."""
    preparer = PhotoPreparer((64, 96))
    again = MODALITY.preparer(preparer.described(), preparer.assets())
    photo = golden_photos()[0]
    first, second = preparer.arrays(photo), again.arrays(photo)
    assert first.keys() == second.keys() == {"photo_64", "photo_96"}
    assert all((first[name] == second[name]).all() for name in first)
