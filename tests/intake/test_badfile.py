"""Findings about files that are left out."""

from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.finding import FindingKind
from understudy.domain.texts import is_storable
from understudy.intake.badfile import unreadable, unreadable_rows
from understudy.modalities.protocol import Unreadable
from understudy.modalities.registry import modality_named

ANYTHING = st.text(st.characters(exclude_categories=()))


@given(what=ANYTHING, reason=ANYTHING, remedy=ANYTHING)
def test_what_a_module_says_can_be_kept_and_shown(what: str, reason: str, remedy: str) -> None:
    """Whatever a reason quotes of a file, a finding holds nothing that a ledger or a terminal cannot bear."""
    error = Unreadable(FindingKind.CORRUPT, what, reason=reason, remedy=remedy)
    photos = modality_named("photo")
    for finding in (unreadable("a.jpg", error, photos), unreadable_rows(["a", "b"], error, photos)):
        for words in (finding.fact, finding.reason, finding.remedy):
            assert is_storable(words)
            assert words.isprintable()
