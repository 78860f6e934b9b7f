"""What a review says of people: what is left to them, and how often they are wrong themselves."""

from understudy.domain.brief import Brief
from understudy.domain.review import ClaimKind, Measured, Review, Verdict
from understudy.stats.shares import corrected_lower
from understudy.studio.claims.words import NO_THRESHOLD
from understudy.studio.words.phrases import floor_percent, hundredths, rough_percent


def people_words(review: Review) -> str:
    """What people do after a review, and how much of it."""
    if review.verdict is not Verdict.LAUNCH:
        return "People go on answering everything."
    promise, loss = review.promise, review.loss
    rest = ""
    if promise is not None and promise.threshold is not None and promise.share < 1:
        why = "is not sure enough of" if hundredths(promise.threshold) > NO_THRESHOLD else "knows nothing like"
        rest = f"People answer the {100 - hundredths(promise.share)}% that the model {why}"
    checks = f"check {rough_percent(loss.audit_share)} of its answers without seeing them" if loss is not None else ""
    told = " and ".join(part for part in (rest, checks if rest else checks and f"People {checks}") if part)
    return f"{told or 'People check some of its answers'}, and take over again when it goes wrong."


def people_error_words(review: Review, brief: Brief | None) -> str:
    """How often people are wrong: measured, else as the brief says; empty where neither tells."""
    people = review.people
    if people is not None:
        about = f"People are wrong in about {rough_percent(people.estimate)} of answers"
        between = f"between {rough_percent(people.lower)} and {rough_percent(people.upper)}"
        told = f"{about}, {between}; measured by double answers."
        return " ".join(part for part in (told, _truly_right(review, people)) if part)
    if brief is not None and brief.person_error is not None:
        about = f"People are wrong in {rough_percent(brief.person_error)} of answers"
        return f"{about}, as the brief says; that was not measured."
    return ""


def _truly_right(review: Review, people: Measured) -> str:
    """What is left of the share right if every label that may be wrong is one that the model repeats."""
    accuracy = next((each.measured for each in review.claims if each.kind is ClaimKind.ACCURACY), None)
    if accuracy is None:
        return ""
    least = corrected_lower(accuracy, people.upper)
    sure = floor_percent(max(0.0, accuracy.confidence + people.confidence - 1))
    return (
        "Labels are people's answers too, and are taken for the truth here; should the model repeat every mistake in "
        f"them, it is truly right at least {floor_percent(least)} of the time ({sure} confidence)."
    )
