"""A brief and its economics in words: the verdict first, one next step, then what it rests on."""

from dataclasses import dataclass

from understudy.domain.advice import Advice, AdviceKind
from understudy.domain.economics import Economics
from understudy.domain.money import about_money, count, money, share, share_below
from understudy.domain.money import asked as asked_share
from understudy.domain.scores import Holds, Score
from understudy.studio.brief.briefing import Briefed

HEADS = {
    AdviceKind.SETTLE_FIRST: "Settle this first",
    AdviceKind.SHIP_THE_RULE: "Ship the rule",
    AdviceKind.FAKE_IT_FIRST: "Fake it first",
    AdviceKind.TOO_FEW_EXAMPLES: "Not enough examples yet",
    AdviceKind.NOT_AS_IT_STANDS: "Not as it stands",
    AdviceKind.FIND_OUT_FIRST: "Find out first",
    AdviceKind.FIND_OUT_MEANWHILE: "Find out meanwhile",
    AdviceKind.WORTH_BUILDING: "Worth building",
}
"""What each advice is called."""

HOLDS = {Holds.MET: "met", Holds.NOT_MET: "not met", Holds.UNKNOWN: "unknown"}


@dataclass(frozen=True)
class ValueRow:
    """The monthly value at one share of automation.

    Attributes:
        share: Of the decisions that the model answers alone ("60%").
        perfect: Were it never wrong.
        as_people: Were it wrong as often as people; empty where nobody knows how often that is, as they then count as
            never wrong.
        at_bar: Were it just as good as the bar.
    """

    share: str
    perfect: str
    as_people: str
    at_bar: str


@dataclass(frozen=True)
class BriefWords:
    """Everything a brief says, in the order of reading.

    Attributes:
        headline: The verdict in one sentence.
        reason: Why, one sentence.
        next_step: The one thing to do now.
        further: Other advice, weightiest first.
        bar: Where the bar comes from; empty where there is none.
        value: What it is worth, one sentence; empty where that is unknown.
        unknown: What is not known and what hangs on it, a sentence each.
        rows: Monthly value by share of automation; empty where it is unknown.
    """

    headline: str
    reason: str
    next_step: str
    further: tuple[str, ...]
    bar: str
    value: str
    unknown: tuple[str, ...]
    rows: tuple[ValueRow, ...]


def brief_words(briefed: Briefed) -> BriefWords:
    """Puts a brief and what follows from it into words."""
    first, *others = briefed.advice
    economics = briefed.economics
    unknown = tuple(f"{_capital(one.name)}: unknown. {one.hangs}" for one in economics.unknown)
    return BriefWords(
        headline=_headline(first),
        reason=first.reason,
        next_step=first.remedy,
        further=tuple(f"{_headline(one)} {one.remedy}" for one in others),
        bar=bar_words(economics),
        value=value_words(economics),
        unknown=unknown,
        rows=value_rows(economics),
    )


def bar_words(economics: Economics) -> str:
    """Where the bar comes from, in a few sentences."""
    if economics.bar is None:
        return ""
    asked, even = economics.asked_bar, economics.break_even_error
    if economics.is_hopeless:
        told = (
            "No share right is enough: by these figures even a model that is never wrong would cost more than people."
        )
        return told if asked is None else f"{told} You ask for {share(asked)} right."
    if even is None or not 0 < even < 1:
        return f"You ask for {share(asked)} right; whether that pays, nobody knows." if asked is not None else ""
    return _bar_of_one_cost(economics, even) if economics.uniform else _bar_of_kinds(economics, even)


def _bar_of_one_cost(economics: Economics, even: float) -> str:
    """The bar where every wrong answer costs the same."""
    asked = economics.asked_bar
    dearest = money(economics.wrong.dearest or 0.0, economics.currency)
    told = (
        f"With its mistakes, an answer by people costs {money(economics.people_cost or 0.0, economics.currency)}; "
        f"a wrong answer costs {dearest}. "
        f"So the model pays while fewer than {share_below(even)} of its answers are wrong: the figures ask for "
        f"{asked_share(1 - even)} right."
    )
    if asked is not None and economics.asks_for_more:
        return f"{told} You ask for {share(asked)}, which is stricter and counts."
    if asked is not None and asked < 1 - even:
        return f"{told} You ask for {share(asked)}, which would not pay, so the figures' bar counts."
    return told


def _bar_of_kinds(economics: Economics, even: float) -> str:
    """The bar where kinds of wrong answer differ in cost, and beside it the share that pays whichever kind it makes."""
    wrong, currency, bar = economics.wrong, economics.currency, economics.planning_bar
    told = (
        f"With its mistakes, each counted as one of the cheapest kind, an answer by people costs at least "
        f"{money(economics.people_cost or 0.0, currency)}; a wrong answer costs "
        f"{money(wrong.cheapest or 0.0, currency)} to {money(wrong.dearest or 0.0, currency)}, by its kind."
    )
    if bar is not None and bar == economics.asked_bar:
        told += f" The bar is the {asked_share(bar)} right that you ask for."
    elif bar is not None:
        told += f" The bar is {asked_share(bar)} right: from there on the model pays if it errs in people's ways."
    sure = f" From {asked_share(1 - even)} right on it pays whichever mistakes it makes."
    return f"{told}{sure} A review tests the money itself."


def value_words(economics: Economics) -> str:
    """What automating everything is worth if the model is as good as people, one sentence."""
    value = economics.value_as_people()
    if value is None or not economics.decisions_a_month:
        return ""
    told = about_money(abs(value), economics.currency)
    verb = "save" if value > 0 else "cost"
    against = " more than people" if value <= 0 else ""
    return f"A model that is as good as people and answers everything would {verb} about {told} a month{against}."


def value_rows(economics: Economics) -> tuple[ValueRow, ...]:
    """The monthly value at each share from 0% to 100%, at three error rates; none where nothing is decided."""
    if economics.monthly_value(1.0, 0.0) is None or economics.bar is None or not economics.decisions_a_month:
        return ()
    currency = economics.currency
    perfect, at_bar = economics.value_curve(0.0), economics.value_curve(1 - economics.bar)
    return tuple(
        ValueRow(
            share=share(best.share),
            perfect=estimate(best.money, currency),
            as_people=estimate(economics.value_as_people(best.share) or 0.0, currency)
            if economics.people_error
            else "",
            at_bar=estimate(least.money, currency),
        )
        for best, least in zip(perfect, at_bar, strict=True)
    )


def score_words(score: Score) -> str:
    """One score in a sentence ("Desirable: yes.")."""
    met = sum(check.holds is Holds.MET for check in score.checks)
    return f"{_capital(score.name)}: {score.word} ({count(met)} of {count(len(score.checks))} met)."


def estimate(amount: float, currency: str) -> str:
    """About so much money; what is nothing but for rounding is nothing."""
    return about_money(0.0 if abs(amount) < 0.005 else amount, currency)


def _headline(advice: Advice) -> str:
    fact = advice.fact
    return f"{HEADS[advice.kind]}: {fact if fact[0] in '“”' else fact[0].lower() + fact[1:]}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
