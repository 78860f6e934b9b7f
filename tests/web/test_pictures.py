import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from understudy.serving.latest import Latest
from understudy.web.pictures import spotlight, upright

from .photos import grey, sideways


def test_a_photo_keeps_its_proportions_and_is_never_enlarged() -> None:
    """Small photos keep their size, large ones shrink in proportion, and the camera's turn is applied."""
    assert upright(grey(9, size=(40, 20)), 100).size == (40, 20)
    assert upright(grey(9, size=(400, 200)), 100).size == (100, 50)
    assert upright(sideways(), 100).size == (30, 60)
    assert upright(grey(9, size=(900, 1)), 100).size == (100, 1)


def test_light_stays_where_hiding_a_patch_matters() -> None:
    """The patch with the largest drop keeps its brightness; the others are dimmed."""
    drops = np.zeros((4, 4), np.float32)
    drops[0, 0] = 0.4
    shown = np.asarray(spotlight(Image.new("RGB", (80, 80), "white"), drops))
    assert shown[5, 5].min() > 240
    assert shown[70, 70].max() < 160


def test_a_photo_in_which_nothing_matters_is_dim_all_over() -> None:
    """When hiding changes next to nothing, no patch is lit as if it decided."""
    drops = np.full((4, 4), -0.1, np.float32)
    drops[2, 2] = 1e-6
    shown = np.asarray(spotlight(Image.new("RGB", (80, 80), "white"), drops))
    assert shown.max() - shown.min() < 3


@given(hnp.arrays(np.float32, hnp.array_shapes(min_dims=2, max_dims=2, max_side=9)))
def test_any_grid_gives_a_picture_of_the_photos_size(drops: np.ndarray) -> None:
    """Whatever numbers a model returns, infinities included, the overlay is a picture."""
    assert spotlight(Image.new("RGB", (21, 13), "grey"), drops).size == (21, 13)


@given(st.lists(st.integers(0, 9)), st.integers(1, 5))
def test_the_memory_keeps_what_was_used_last(keys: list[int], size: int) -> None:
    """It never holds more than its size, and always the entry put last."""
    memory: Latest[int, int] = Latest(size)
    for key in keys:
        memory.put(key, key * 2)
        assert memory.get(key) == key * 2
        assert len(memory) <= size
    recent = list(dict.fromkeys(reversed(keys)))[:size]
    assert all(memory.get(key) == key * 2 for key in recent)
