"""The highest items of a ranker."""

import numpy as np

from understudy.modalities.interactions.question import Event
from understudy.search.recommend.heights import KEPT, heights_of
from understudy.search.recommend.log import LATEST, Catalogue, log_of
from understudy.search.recommend.rankers import Popular


def test_all_that_somebody_had_is_left_out_however_much_it_is() -> None:
    """A ranker looks at the latest events alone, but no item of an earlier one is put high either."""
    items = [f"{at:04}" for at in range(LATEST + 20)]
    catalogue = Catalogue.of(items)
    asked = log_of([[Event(item) for item in items[:-5]]], catalogue, liked_from=None)
    assert len(asked.latest().item) == LATEST
    popular = Popular(np.arange(len(items), 0, -1).astype(np.float32))
    found = heights_of(popular, asked, repeats=False)
    assert {catalogue.items[at] for at in found.items[0][:5]} == set(items[-5:])
    assert not found.heights[0][5:].any()


def _heights(scores: list[float], had: list[int]) -> dict[int, float]:
    catalogue = Catalogue.of([f"{at:04}" for at in range(len(scores))])
    asked = log_of([[Event(catalogue.items[at]) for at in had]], catalogue, liked_from=None)
    found = heights_of(Popular(np.array(scores, np.float32)), asked, repeats=False)
    return dict(zip(found.items[0].tolist(), found.heights[0].tolist(), strict=True))


def test_of_a_small_catalogue_each_item_that_is_left_can_be_listed() -> None:
    """The lowest, too, and the only one; what a ranker says nothing of has no height, nor what somebody had."""
    heights = _heights([5.0, 4.0, 3.0, 1.0], had=[1])
    assert heights[0] == 1.0
    assert heights[0] > heights[2] > heights[3] > 0
    assert heights[1] == 0
    assert _heights([5.0, 4.0, 3.0], had=[0, 1])[2] == 1.0
    assert _heights([-5.0, -4.0, -3.0], had=[2])[0] > 0
    assert _heights([2.0, 1.0, 0.0], had=[])[2] == 0


def test_equally_popular_items_are_all_listed() -> None:
    """Where a catalogue is small enough that none is left out; no score at all says nothing."""
    assert set(_heights([2.0] * 5, had=[1]).values()) == {1.0, 0.0}
    assert not any(_heights([0.0] * 5, had=[]).values())


def test_of_a_large_catalogue_the_last_that_is_kept_has_no_height() -> None:
    """Which of equal ones are kept does not matter so."""
    heights = _heights([float(at + 1) for at in range(KEPT + 5)], had=[])
    assert min(heights.values()) == 0
