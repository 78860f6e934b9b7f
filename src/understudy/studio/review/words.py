"""A review in plain words; the page, the terminal and the report all say exactly this.

Everything here is plain text. Labels in it are shortened and freed of control marks, but whatever writes HTML must
escape it.
"""

from dataclasses import dataclass

from understudy.domain.brief import Brief
from understudy.domain.money import about_money, money
from understudy.domain.project import Project
from understudy.domain.review import (
    ClaimKind,
    LossPromise,
    Outcome,
    Reason,
    ReasonKind,
    Review,
    RuleResult,
    Verdict,
)
from understudy.modalities.nouns import noun_of
from understudy.studio.claims.words import ClaimRow, alone_words, claim_row, money_bound, right_of
from understudy.studio.judgement.later_words import SAME_TIME, later_words
from understudy.studio.review.budget_words import broken_budget_words
from understudy.studio.review.economics import review_economics
from understudy.studio.review.people_words import people_error_words, people_words
from understudy.studio.review.promise_words import of_those, promise_words
from understudy.studio.review.share_words import in_hundred
from understudy.studio.review.synthetic_words import synthetic_words
from understudy.studio.review.worth_words import worth_words
from understudy.studio.words.number_words import right_means
from understudy.studio.words.phrases import (
    PHOTOS,
    Noun,
    hundredths,
    name,
    number,
    ordinal,
    percent,
    rough_percent,
    things_of,
)

OPENINGS = {Verdict.LAUNCH: "Launch", Verdict.NOT_YET: "Not yet", Verdict.STOP: "Stop"}
ABOUT_A_FIGURE = (ReasonKind.PROVEN, ReasonKind.CLAIM_OPEN, ReasonKind.CLAIM_REFUTED, ReasonKind.TOO_FEW_EXAMPLES)
ORDINARY = frozenset(
    {"a", "all", "an", "at", "both", "each", "every", "everything", "few", "for", "from", "if", "in", "it", "its"}
    | {"no", "none", "nothing", "of", "on", "one", "only", "people", "so", "some", "that", "the", "there", "these"}
    | {
        "right",
        "wrong",
        "saved",
        "lost",
        "they",
        "this",
        "those",
        "to",
        "two",
        "what",
        "when",
        "with",
        "without",
        "you",
        "your",
    }
)
"""First words that lose their capital after a colon; all others may be names."""


@dataclass(frozen=True)
class ReasonWords:
    """One reason, as it is read.

    Attributes:
        kind: Which.
        verdict: What it speaks for.
        fact: What is so.
        why: Why it matters.
        remedy: What would change it; empty when nothing has to.
        text: All three.
    """

    kind: ReasonKind
    verdict: Verdict
    fact: str
    why: str
    remedy: str
    text: str


@dataclass(frozen=True)
class ReviewWords:
    """Everything a review says, in the order of reading.

    Attributes:
        verdict: What it says.
        headline: The verdict in one sentence.
        says: What that means for new examples, in one or two sentences.
        next_step: The one thing to do now.
        reasons: Why, weightiest first.
        claims: A line for each claim, required ones first.
        promise: What it may answer alone, and what people do; empty without one.
        worth: What that is worth in money; empty when a cost is unknown.
        loss: What going wrong may cost; empty when costs are unknown.
        people: What people do after a launch, one or two sentences.
        people_error: How often people are wrong; empty when nobody knows.
        rule: The one-line rule beside the model; empty when none was tried.
        looks: How often the sealed set was opened, and what that costs.
        changes: What would change the verdict, one sentence each.
        synthetic: What synthetic examples added; empty where none were learned from.
    """

    verdict: Verdict
    headline: str
    says: str
    next_step: str
    reasons: tuple[ReasonWords, ...]
    claims: tuple[ClaimRow, ...]
    promise: str
    worth: str
    loss: str
    people: str
    people_error: str
    rule: str
    looks: str
    changes: tuple[str, ...]
    synthetic: str = ""


def review_words(review: Review, brief: Brief | None, project: Project) -> ReviewWords:
    """Turns a review into words.

    Args:
        review: The launch decision.
        brief: The brief as it stood (`review.brief`), or None when there was none.
        project: Whose model it is; drawn examples are never called by the name of real ones.
    """
    noun = things_of(project)
    economics = review_economics(review, brief)
    claims = tuple(claim_row(claim, economics.currency, noun) for claim in review.claims)
    return ReviewWords(
        verdict=review.verdict,
        headline=headline(review, economics.currency),
        says=_says(review, noun, project),
        next_step=next_step(review),
        reasons=tuple(_reason(reason) for reason in review.reasons),
        claims=claims,
        promise=promise_words(review.promise, economics),
        worth=worth_words(review, economics),
        loss=loss_words(review.loss, economics.currency),
        people=people_words(review),
        people_error=people_error_words(review, brief),
        rule=rule_words(review.rule, noun),
        looks=_looks(review, noun),
        changes=_changes(review, claims),
        synthetic=synthetic_words(review),
    )


def headline(review: Review, currency: str) -> str:
    """The verdict in one sentence."""
    opening = OPENINGS[review.verdict]
    decisive = next((one for one in review.reasons if one.verdict is review.verdict), None)
    told = _figure(review, currency) if decisive is None or decisive.kind in ABOUT_A_FIGURE else ""
    if told:
        return f"{opening}: {told}"
    return f"{opening}: {after_colon(shown(decisive.fact))}" if decisive is not None else f"{opening}."


def next_step(review: Review) -> str:
    """The one thing to do now."""
    if review.verdict is Verdict.LAUNCH:
        return _launched(review)
    remedies = [one.remedy for one in review.reasons if one.verdict is review.verdict and one.remedy]
    if remedies:
        return shown(remedies[0])
    return "Leave the decision to people." if review.verdict is Verdict.STOP else "Gather more examples."


def loss_words(loss: LossPromise | None, currency: str) -> str:
    """What going wrong may cost, in a few sentences; empty when costs are unknown."""
    if loss is None:
        return ""
    if loss.most_lost is None:
        return broken_budget_words(loss, currency)
    lost = f"At most {money_bound(loss.most_lost, currency, low=False)} is lost to errors beyond those allowed"
    most = f"{lost} until people take over again"
    allowed = f"; you allowed {money(loss.budget, currency)}." if loss.budget is not None else "; you set no limit."
    cost = loss.audits_cost_a_month
    audits = f" Those checks cost {about_money(cost, currency)} a month." if cost is not None else ""
    wrong = f"if {in_hundred(loss.assumed_error)} answers are suddenly wrong"
    checks = f"and a person checks {rough_percent(loss.audit_share)} of the answers"
    after = f"people have then taken over after {number(loss.cases_until_rollback)} answers at the latest"
    return f"{most}{allowed} That holds 95 times in 100, {wrong} {checks}: {after}.{audits}"


def rule_words(rule: RuleResult | None, things: Noun) -> str:
    """The one-line rule beside the model; empty when none was tried."""
    if rule is None:
        return ""
    right, of = right_of(rule.share_right), things.counted(rule.share_right.count)
    told = f"The best rule of one line, “{name(rule.rule, length=120)}”, is right for {number(right)} of {of}"
    if rule.will_do:
        return f"{told}, which already meets your bar: you do not need a model."
    if rule.meets_bar:
        found = "the audit found something here that may give the answer away, and the rule may live on that"
        return f"{told}. That would meet your bar; but {found}, so it is not advised."
    return f"{told}; that is not proven to be enough."


def shown(sentence: str) -> str:
    """A sentence that may hold names, as it can be shown anywhere: one line, no control or direction marks."""
    return name(sentence, length=400)


def after_colon(sentence: str) -> str:
    """A sentence as it goes on after a colon: an ordinary first word loses its capital, a name keeps it."""
    first, space, rest = sentence.partition(" ")
    return f"{first.lower()}{space}{rest}" if first.lower() in ORDINARY else sentence


def _figure(review: Review, currency: str) -> str:
    """The figure that decides, or nothing when none can be told."""
    promise = review.promise
    if review.verdict is Verdict.LAUNCH and promise is not None and promise.threshold is not None:
        if promise.share < 1:
            return f"it answers {hundredths(promise.share)}% alone, and {of_those(promise)}; people take the rest."
        return f"it answers everything alone, and {of_those(promise)}."
    wanted = [one for one in review.claims if one.required and one.measured is not None]
    missing = [one for one in wanted if one.outcome is not Outcome.PROVEN]
    claim = next(iter(wanted if review.verdict is Verdict.LAUNCH else missing), None)
    if claim is None or claim.measured is None or claim.bar is None:
        return ""
    row, measured, sure = claim_row(claim, currency, PHOTOS), claim.measured, percent(round(1 - review.budget, 9))
    confidence = f"with {sure} confidence over all looks"
    if claim.kind is ClaimKind.ACCURACY:
        tally = f"{number(right_of(measured))} of {number(measured.count)} right"
        return f"{tally}, so {row.bound} {confidence}; you asked for {row.bar}."
    figure = row.bound if claim.kind is ClaimKind.LOSS_BUDGET else f"{row.shown}, so {row.bound}"
    return f"{after_colon(row.name)}: {figure} {confidence}; {row.asked}."


def _says(review: Review, things: Noun, project: Project) -> str:
    """What it means for new examples, and what right means where that has to be said."""
    return " ".join(part for part in (right_means(project.task), _means(review, things, project)) if part)


def _means(review: Review, things: Noun, project: Project) -> str:
    if project.drawn:
        return f"These are drawings, so it says nothing about real {noun_of(project.task.modality).many}."
    if review.verdict is Verdict.STOP:
        return "More examples alone will not change that."
    like = f"That goes for new {things.many} like these; others may fare worse."
    if review.later is not None:
        like = f"That goes for {things.many} like these, which are {SAME_TIME}. {later_words(review.later, things)}"
    return f"{like} A review launches nothing by itself." if review.verdict is Verdict.LAUNCH else like


def _launched(review: Review) -> str:
    promise = review.promise
    if promise is None or promise.threshold is None:
        return (
            "Let it answer, with people checking some of its answers." if review.loss is None else _checked(review.loss)
        )
    if promise.share >= 1:
        return (
            "Let it answer everything, with people checking some of its answers."
            if review.loss is None
            else _checked(review.loss)
        )
    return f"Let it answer {alone_words(promise.threshold)}, and let people take the rest."


def _checked(loss: LossPromise) -> str:
    return f"Let it answer, with people checking {rough_percent(loss.audit_share)} of its answers."


def _reason(reason: Reason) -> ReasonWords:
    parts = (shown(reason.fact), shown(reason.reason), shown(reason.remedy) if reason.remedy else "")
    return ReasonWords(reason.kind, reason.verdict, *parts, text=" ".join(part for part in parts if part))


def _looks(review: Review, things: Noun) -> str:
    confidence = percent(round(1 - review.budget, 9))
    this = f"This is the {ordinal(review.look)} look at the sealed {things.many}"
    spent = f"it may be wrong about a proof {rough_percent(review.alpha)} of the time"
    ever = f"all looks together, however many, at most {rough_percent(review.budget)}"
    return f"{this}; {spent}, and {ever}: {confidence} confidence."


def _changes(review: Review, claims: tuple[ClaimRow, ...]) -> tuple[str, ...]:
    """What would change the verdict: each of its remedies once, then the claims that more examples would prove."""
    remedies = [shown(one.remedy) for one in review.reasons if one.remedy and one.verdict is review.verdict]
    wanted = [row.needs for row in claims if row.required and row.needs]
    return tuple(dict.fromkeys([*remedies, *wanted])) if review.verdict is not Verdict.LAUNCH else tuple(remedies)
