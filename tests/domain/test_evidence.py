"""Evidence: a share and its bound."""

from understudy.domain.evidence import Proportion


def test_nothing_counted_is_no_share() -> None:
    """With no trials the observed share is 0, not an error."""
    assert Proportion(0, 0, 0.0, 0.95, "Clopper-Pearson").estimate == 0.0


def test_a_share_is_what_was_seen() -> None:
    """31 of 32 is the share it looks like."""
    assert Proportion(31, 32, 0.86, 0.95, "Clopper-Pearson").estimate == 31 / 32
