"""A review, or the verification of one, as values that JSON knows."""

from typing import Any

from understudy.domain.review import Review
from understudy.store.codec import as_json
from understudy.studio.review.verifying import Verification


def review_record(review: Review) -> dict[str, Any]:
    """Every figure of a review, as the ledger keeps it."""
    record: dict[str, Any] = as_json(Review, review)
    return record


def verification_record(found: Verification) -> dict[str, Any]:
    """What verifying a review found."""
    return {
        "project": found.review.project,
        "number": found.number,
        "verdict": found.review.verdict.value,
        "holds": found.holds,
        "checks": [{"name": each.name, "holds": each.holds, "says": each.says} for each in found.checks],
    }
