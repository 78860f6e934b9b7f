"""What examples that were made up brought to a model, as a review says it."""

from understudy.domain.review import Review
from understudy.studio.words.phrases import number


def synthetic_words(review: Review) -> str:
    """What they added, or that nobody measured it; empty where no model learns from any."""
    count, worth = review.synthetic_count, review.synthetic
    if worth is not None:
        sure = "" if worth.gains or worth.upper < 0 else " Whether that is more than chance is open."
        forget = f"understudy forget {review.project} --made-up"
        remedy = "" if worth.gains else f" To train without them, forget them first: {forget}"
        return f"What synthetic examples added, on real training examples: {worth}.{sure} None is ever sealed.{remedy}"
    if not count:
        return ""
    many = "1 synthetic example" if count == 1 else f"{number(count)} synthetic examples"
    they = "it adds" if count == 1 else "they add"
    measure = f"understudy synthesise {review.project} --measure"
    return f"The model learned from {many}; what {they} was not measured. To measure it: {measure}"
