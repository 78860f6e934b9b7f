"""What a brief's figures mean for a review that is on record, told by the labels that the review was about."""

from understudy.domain.brief import Brief
from understudy.domain.economics import Economics, economics_of
from understudy.domain.means import Means
from understudy.domain.review import ClaimKind, Review


def review_economics(review: Review, brief: Brief | None) -> Economics:
    """The economics that a review was made by, as far as they follow from the brief, the labels and people's error.

    Args:
        review: Names its labels in its claims; they say which kinds of wrong answer there are.
        brief: As it stood, or None when there was none.
    """
    labels = [claim.subject for claim in review.claims if claim.kind is ClaimKind.CLASS_PRECISION]
    means = Means(labels=tuple((label, 0) for label in dict.fromkeys(labels)), people_error=review.people)
    return economics_of(brief or Brief(), means)
