"""The highest items of a ranker."""

import numpy as np

from understudy.modalities.interactions.question import Event
from understudy.search.recommend.heights import heights_of
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
