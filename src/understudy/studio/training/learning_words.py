"""A learning curve in words: whether to go on labelling, how many, of what, and what that would cost and bring."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from understudy.audit.wording import listed
from understudy.domain.brief import Brief
from understudy.domain.economics import economics_of
from understudy.domain.learning import Behaviour, Forecast, LabelsNeeded, LearningCurve
from understudy.domain.money import about_money
from understudy.domain.task import AnswerKind, Task
from understudy.stats.curve_behaviour import FEWEST_EXAMPLES
from understudy.studio.words.phrases import PHOTOS, Noun, about, floor_percent, hundredths, name, number, percent

SMALLEST_ROUND = 10
GROUPS: Final = Noun("group", "groups")
TELLING = 0.02
"""Recall that as many again must bring a label before it is named as the one to begin with."""
HELPS: Final[Mapping[str, str]] = {
    "photo": "clearer labels, better pictures or other labels",
    "text": "clearer labels, longer texts or other labels",
    "sound": "clearer labels, cleaner recordings or other labels",
    "video": "clearer labels, closer shots or other labels",
    "table": "clearer answers or columns that tell more",
    "interactions": "descriptions of the items or longer histories",
}
"""What may help where more of the same do not, by modality."""


@dataclass(frozen=True)
class Situation:
    """What the words need to know besides the curve.

    Attributes:
        examples: Training examples that have a label.
        sealed_share: Share of what is gathered that is sealed, 0..1.
        waiting: Training examples without a label; none of them is ever sealed.
        target: Share right that is aimed at, 0..1, or None.
        brief: Says what a label costs; None where there is none.
        things: What the examples are called.
        task: What the project decides about.
        trained: There is a model, which can be reviewed.
        seen: Share of the sealed examples that the latest look saw answered rightly, 0..1, or None without a look.
        groups: In how many groups of what belongs together the training examples are, or None where that is not asked.
        few: Labels that have too few examples to learn from, so that no curve tells of them.
    """

    examples: int
    sealed_share: float
    waiting: int = 0
    target: float | None = None
    brief: Brief | None = None
    things: Noun = field(default=PHOTOS)
    task: Task = field(default_factory=Task)
    trained: bool = True
    seen: float | None = None
    groups: int | None = None
    few: tuple[str, ...] = ()

    @property
    def review(self) -> str:
        """What is left to do where no more examples are needed."""
        return "have the model reviewed" if self.trained else "train a model, and have it reviewed"

    @property
    def but(self) -> str:
        """Of which labels more are wanted all the same; empty where there are none."""
        return f", but for {listed([name(label) for label in self.few])}" if self.few else ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Why more of those labels are wanted."""
        if not self.few:
            return ()
        them = "it" if len(self.few) == 1 else "them"
        return (f"Of {listed([name(label) for label in self.few])} there are too few for a curve to tell of {them}.",)

    def then(self, step: str) -> str:
        """A next step, after what comes before it where labels have too few examples."""
        if not self.few:
            return f"{step[0].upper()}{step[1:]}"
        return f"Add {self.things.many} of {listed([name(label) for label in self.few])} first; then {step}"

    @property
    def ranks(self) -> bool:
        """Nobody labels: what came next is the label of a history, and comes by itself."""
        return self.task.answers is AnswerKind.RANKING


@dataclass(frozen=True)
class LearningWords:
    """What a curve says, in the order of reading.

    Attributes:
        headline: The advice in one sentence.
        says: What it rests on, a sentence or two each.
        next_step: The one thing to do now.
        count: Examples to be labelled in the next round, sealed ones included; 0 where there is none.
        first: The label to begin with, or None.
        stop: Labelling more of the same is not worth it.
    """

    headline: str
    says: tuple[str, ...]
    next_step: str
    count: int
    first: str | None
    stop: bool


def learning_words(curve: LearningCurve, situation: Situation) -> LearningWords:
    """Turns a curve into advice."""
    match curve.behaviour:
        case Behaviour.TOO_SHORT:
            return _too_short(situation)
        case Behaviour.ILL:
            return _ill(situation)
        case Behaviour.FLAT:
            return _flat(curve, situation)
    if situation.target is not None and _reached(curve, situation.examples, situation.target):
        return _there(curve, situation, situation.target)
    return _grow(curve, situation)


def first_label(curve: LearningCurve) -> str | None:
    """The label to begin with: as many again of each label would bring most to this one, label for label."""
    gains = [(after - now, label) for label, now, after in curve.by_label]
    best = max(gains, key=lambda pair: (pair[0], pair[1]), default=None)
    return best[1] if best is not None and best[0] >= TELLING and len(gains) > 1 else None


def plus_minus(forecast: Forecast) -> str:
    """An expected share and how far off it may be ("94% ± 2"), the wider side told of both.

    Where that would reach below 0 or above 1, both ends are told instead ("8% (from 2% to 19%)").
    """
    off = max(forecast.accuracy - forecast.lower, forecast.upper - forecast.accuracy)
    if not off <= forecast.accuracy <= 1 - off:
        low, high = math.floor(forecast.lower * 100 + 1e-9), math.ceil(forecast.upper * 100 - 1e-9)
        return f"{hundredths(forecast.accuracy)}% (from {low}% to {high}%)"
    return f"{hundredths(forecast.accuracy)}% ± {max(1, math.ceil(off * 100 - 1e-9))}"


def forecast_near(curve: LearningCurve, examples: int) -> Forecast | None:
    """The forecast for the number of examples next to this one."""
    return min(curve.forecasts, key=lambda each: abs(each.examples - examples), default=None)


def _too_short(situation: Situation) -> LearningWords:
    things = situation.things
    count = max(SMALLEST_ROUND, FEWEST_EXAMPLES - situation.examples)
    apart = {
        AnswerKind.NUMBER: f"labelled {things.many} to learn from, with numbers that differ",
        AnswerKind.RANKING: f"{things.many} to learn from, of different people who took some of the same items",
    }.get(
        situation.task.answers,
        f"labelled {things.many} to learn from, with at least two labels and several separate {things.many} of each",
    )
    takes = f"A curve takes at least {FEWEST_EXAMPLES} {apart}; there are {number(situation.examples)}."
    more = _more(_with_sealed(count, situation), situation)
    groups = situation.groups
    if groups is not None and situation.examples >= max(FEWEST_EXAMPLES, groups + 1):
        kept = f"They are in {GROUPS.counted(groups)} only: what belongs together counts as one and is never split"
        takes, more = f"{takes} {kept}.", f"Add {things.many} of other groups, several for each label"
    return LearningWords(
        f"Too few {things.many} to say what more would bring.",
        (takes,),
        f"{more}, then ask again.",
        _with_sealed(count, situation),
        None,
        stop=False,
    )


def _more(count: int, situation: Situation) -> str:
    """What the next round adds: "Label about 140 more", or "Gather about 140 more histories"."""
    return (
        f"Gather about {about(count)} more {situation.things.many}"
        if situation.ranks
        else f"Label about {about(count)} more"
    )


def _right_means(situation: Situation) -> tuple[str, ...]:
    """When an answer is right, where that goes without saying for one label alone."""
    task = situation.task
    unit = f" {task.unit}" if task.unit else ""
    match task.answers:
        case AnswerKind.NUMBER:
            return (f"A number is right when it is at most {task.tolerance:,g}{unit} off.",)
        case AnswerKind.LABELS:
            return ("An answer is right when it names all labels and no other.",)
        case AnswerKind.RANKING:
            return ("A list is right when what came next stands in it.",)
    return ()


def _ill(situation: Situation) -> LearningWords:
    count = _with_sealed(max(SMALLEST_ROUND, situation.examples // 4), situation)
    many = situation.things.many
    fell = (
        f"With more {many} accuracy fell, or jumped, by more than luck explains; whatever is read into such a curve "
        "is a guess."
    )
    mixed_up = "A change of habits" if situation.ranks else "Mixed-up labels"
    more = _more(count, situation)
    return LearningWords(
        "The curve does not say.",
        (fell, f"{mixed_up}, or new {many} that differ from the first ones, are the usual causes."),
        f"Look at the findings first; then {more[0].lower()}{more[1:]} and ask again.",
        count,
        None,
        stop=False,
    )


def _flat(curve: LearningCurve, situation: Situation) -> LearningWords:
    things, now = situation.things.many, forecast_near(curve, situation.examples)
    says = [f"Now about {plus_minus(now)} right; twice as many would bring less than 1 in 100 more."] if now else []
    says += [*_better_seen(now, situation), *_right_means(situation)]
    target = situation.target
    if target is not None and not _reached(curve, situation.examples, target):
        says.append(f"{percent(target)} is not to be had by more {things} like these.")
        helps = HELPS.get(situation.task.modality, "clearer labels or other labels")
        step = situation.then(f"look at the mistakes: {helps} help where more of the same do not.")
    else:
        step = situation.then(f"leave it at that: {situation.review}.")
    end = "gathering" if situation.ranks else "labelling"
    headline = f"Stop {end} {things} like these{situation.but}."
    return LearningWords(headline, (*situation.lacking, *says), step, 0, None, stop=True)


def _there(curve: LearningCurve, situation: Situation, target: float) -> LearningWords:
    now = forecast_near(curve, situation.examples)
    says = (f"Held-out answers are right for about {plus_minus(now)}.",) if now else ()
    wanted = situation.things.many if situation.ranks else "labels"
    proven = "Whether it is proven is another matter: that takes sealed ones."
    enough = f"no more {wanted} are needed to learn from{situation.but}"
    return LearningWords(
        f"{percent(target)} is probably reached already: {enough}.",
        (*situation.lacking, *says, *_right_means(situation), proven),
        situation.then(f"{situation.review}."),
        0,
        None,
        stop=True,
    )


def _grow(curve: LearningCurve, situation: Situation) -> LearningWords:
    wanted = _round(curve.needed, situation.examples)
    then = forecast_near(curve, situation.examples + wanted)
    count, first = _with_sealed(wanted, situation), first_label(curve)
    of = f", “{name(first)}” above all" if first is not None else ""
    expect = f": expect {plus_minus(then)}" if then else ""
    says = [*_way(curve.needed, situation), *_label_says(curve, first), *_cost(count, situation)]
    says += [*_better_seen(forecast_near(curve, situation.examples), situation), *_right_means(situation)]
    if situation.waiting:
        says.append(f"{situation.things.counted(situation.waiting).capitalize()} wait for a label already.")
    if count > wanted:
        says.append(f"About {number(count - wanted)} of them will be sealed, and are not learned from.")
    step = f"Plan a round of about {about(count)}, then ask again: a forecast is good for one round."
    return LearningWords(f"{_more(count, situation)}{of}{expect}.", tuple(says), step, count, first, stop=False)


def _way(needed: LabelsNeeded | None, situation: Situation) -> tuple[str, ...]:
    """How far the target is."""
    if needed is None:
        return ()
    aim, things = percent(needed.target), situation.things.many
    if needed.examples is None:
        return (f"{aim} is probably out of reach with {things} like these, however many.",)
    more = [_with_sealed(max(0, each - situation.examples), situation) for each in (needed.lower, needed.examples)]
    upper = None if needed.upper is None else _with_sealed(max(0, needed.upper - situation.examples), situation)
    to = f"and {about(upper)}" if upper is not None else "and more than can be foretold"
    return (f"{aim} will take about {about(more[1])} more in all; 8 times in 10 between {about(more[0])} {to}.",)


def _label_says(curve: LearningCurve, first: str | None) -> tuple[str, ...]:
    for label, now, after in curve.by_label:
        if label == first:
            would = f"as many again would probably bring {hundredths(after)}"
            return (f"Of “{name(label)}” {hundredths(now)} in 100 are recognised now; {would}.",)
    return ()


def _better_seen(now: Forecast | None, situation: Situation) -> tuple[str, ...]:
    """That the model is better than the curve, where a look at sealed examples saw more than the curve holds likely."""
    if now is None or situation.seen is None or situation.seen <= now.upper:
        return ()
    seen, many = hundredths(situation.seen), situation.things.many
    told = (
        f"The model itself was right for {seen} in 100 of the sealed {many}. The curve is measured with a simpler one, "
        "so it tells what more would bring and not how good the model is."
    )
    return (told,)


def _cost(count: int, situation: Situation) -> tuple[str, ...]:
    if situation.brief is None or situation.ranks:
        return ()
    economics = economics_of(situation.brief)
    if economics.label_cost is None:
        return ("What they cost is unknown while the brief does not say what a label costs.",)
    return (f"They cost about {about_money(economics.label_cost * count, economics.currency)} to label.",)


def _round(needed: LabelsNeeded | None, examples: int) -> int:
    """Examples to learn from that the next round adds: what is needed, at most as many as there are."""
    if needed is None or needed.examples is None:
        return max(SMALLEST_ROUND, examples)
    return min(max(SMALLEST_ROUND, needed.examples - examples), max(SMALLEST_ROUND, examples))


def _with_sealed(count: int, situation: Situation) -> int:
    """How many must be labelled so that so many are learned from: of those that wait all, of others a share."""
    new = max(0, count - situation.waiting)
    return count - new + math.ceil(new / (1 - situation.sealed_share))


def _reached(curve: LearningCurve, examples: int, target: float) -> bool:
    now = forecast_near(curve, examples)
    return now is not None and now.accuracy >= target


def table_rows(curve: LearningCurve) -> list[tuple[str, str, str]]:
    """The curve and where it leads, as (examples, right, how sure)."""
    measured = [(number(point.examples), f"{hundredths(point.accuracy)}%", "measured") for point in curve.points]
    told = [
        (number(each.examples), f"{hundredths(each.accuracy)}%", f"{floor_percent(each.lower)} to {_upper(each)}")
        for each in curve.forecasts
    ]
    return measured + told


def _upper(forecast: Forecast) -> str:
    return f"{math.ceil(forecast.upper * 100 - 1e-9)}%"
