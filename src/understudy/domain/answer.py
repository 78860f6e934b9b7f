"""What a model says about one input."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from understudy.domain.task import BETWEEN_LABELS, NONE_OF_THESE, AnswerKind, number_in, number_text

DECIDES: Final = 0.01
"""Probability that an answer of labels must lose without a part for that part to have decided it: of rain, which sounds
the same all along, no second decides."""


@dataclass(frozen=True)
class Reason:
    """Something about an input that moved its answer.

    Attributes:
        what: For people ("income: 1,200", "the word “refund”", "12 to 14 s").
        push: How far it moved the answer: above 0 towards it, below 0 away from it; comparable within one answer.
        seconds: Of a sound or a video: from where to where it lies; else None.
        label: Of several labels at once: which of them it moved; else empty.
    """

    what: str
    push: float
    seconds: tuple[float, float] | None = None
    label: str = ""

    def to_json(self) -> dict[str, object]:
        """Ready for JSON, without what it does not have."""
        seconds = {} if self.seconds is None else {"seconds": self.seconds}
        label = {"label": self.label} if self.label else {}
        return {"what": self.what, "push": self.push, **seconds, **label}


@dataclass(frozen=True)
class Answer:
    """A model's answer with its probability and its runner-up.

    Attributes:
        label: The likeliest label. In other kinds of answers, the answer as it is kept: a number, labels or items as
            text.
        probability: Calibrated probability that `label` is right, 0..1. A number is right within its task's tolerance,
            a set of labels as a whole, and a ranking if what turns out stands in it.
        runner_up: The second likeliest label; empty for a number or a ranking.
        runner_up_probability: Its probability, 0..1.
        ask_person: A person should answer: the probability is below the model's threshold, or the input is a stranger.
        probabilities: Every label's probability, in the model's order of labels. Those of one label sum to 1; those of
            several at once each stand alone. Of a ranking: items with their scores, best first. Empty for a number.
        kind: What the answer is.
        interval: Of a number: within which it lies with a probability of 80%; else None.
        unknown: The input seems to belong to none of the labels.
        seconds: Of a sound or a video: from where to where the part lies that decided it; else None.
        reasons: What moved the answer most, strongest first, where the model can tell cheaply.
        remarks: What about the input did not fit, a sentence each ("It lacks “age”, which counts as not known.").
        titles: Of a ranking: what people call its items, in their order; empty where they are called nothing else.
    """

    label: str
    probability: float
    runner_up: str
    runner_up_probability: float
    ask_person: bool
    probabilities: tuple[tuple[str, float], ...]
    kind: AnswerKind = AnswerKind.LABEL
    interval: tuple[float, float] | None = None
    unknown: bool = False
    seconds: tuple[float, float] | None = None
    reasons: tuple[Reason, ...] = ()
    remarks: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The answer, items by what people call them."""
        return BETWEEN_LABELS.join(self.titles) or self.label

    @property
    def titled(self) -> tuple[tuple[str, str], ...]:
        """Of a ranking: each item with what people call it, the best first."""
        items = [item for item, _ in self.probabilities]
        return tuple(zip(items, self.titles or items, strict=True))

    def needs_person(self, threshold: float) -> bool:
        """Whether a person should answer instead of a model that answers alone from this probability on, 0..1."""
        return self.stranger or not threshold <= self.probability <= 1.0

    @property
    def stranger(self) -> bool:
        """The input seems to belong to none of the labels, and the answer is one all the same: it is for a person."""
        return self.unknown and not (self.kind is AnswerKind.LABEL and self.label == NONE_OF_THESE)

    @property
    def none_of_these(self) -> float:
        """Of a stranger's label: the probability that it is none of the labels, 0..1; else 0."""
        alone = dict(self.probabilities).get(self.label, 0.0) if self.kind is AnswerKind.LABEL else 0.0
        return max(1 - self.probability / alone, 0.0) if self.stranger and alone else 0.0

    def __str__(self) -> str:
        return self.told()

    def told(self, shown: Callable[[str], str] | None = None) -> str:
        """The answer on one line, with what else it may be and whether a person should be asked.

        Args:
            shown: Writes a number for people; None for its digits, thousands set apart.
        """
        rest = self.rest(shown)
        if self.stranger:
            return f"ask a person: nothing like this is among the examples; perhaps {rest}"
        return f"ask a person: perhaps {rest}" if self.ask_person else rest

    def rest(self, shown: Callable[[str], str] | None = None) -> str:
        """What it is with its probability and what else it may be, whoever should answer; see `told`."""
        number = self.kind is AnswerKind.NUMBER
        write = (shown or _apart) if number else str
        first, second = share_words(self.probability), share_words(self.runner_up_probability)
        other = f", else {self.runner_up} ({second})" if self.runner_up else ""
        none = f", or none of these ({share_words(self.none_of_these)})" if self.none_of_these else ""
        low, high = (write(number_text(end)) for end in self.interval) if self.interval else ("", "")
        between = f", between {low} and {high}" if self.interval else ""
        return f"{write(self.label) if self.label else 'none'} ({first}){between}{other}{none}"


def decided_in(kind: AnswerKind, reasons: Sequence[Reason]) -> tuple[float, float] | None:
    """From where to where the part of a sound or a video lies that decided an answer; None where none did.

    Args:
        kind: Of the answer. A label is decided by what speaks for it most, if that is worth `DECIDES`; a number by what
            moves it most.
        reasons: What moved the answer; those that are no part in time are left out.
    """
    in_time = [each for each in reasons if each.seconds is not None]
    first = max(in_time, key=lambda each: _weight(kind, each), default=None)
    return first.seconds if first is not None and decides(kind, first) else None


def decides(kind: AnswerKind, reason: Reason) -> bool:
    """Whether a part decided an answer by itself."""
    return _weight(kind, reason) > (0.0 if kind is AnswerKind.NUMBER else DECIDES)


def _weight(kind: AnswerKind, reason: Reason) -> float:
    return abs(reason.push) if kind is AnswerKind.NUMBER else reason.push


def _apart(text: str) -> str:
    """A number's digits with its thousands set apart."""
    return f"{number_in(text):,.15g}"


def share_words(probability: float) -> str:
    """A probability in words that never claim certainty."""
    if probability < 0.01:
        return "under 1%"
    return "over 99%" if probability > 0.99 else f"{probability:.0%}"


def answer_from(labels: tuple[str, ...], probabilities: tuple[float, ...], *, threshold: float) -> Answer:
    """Builds the answer from a row of probabilities.

    Args:
        labels: At least two labels.
        probabilities: As many, summing to 1.
        threshold: Below this probability a person should answer, 0..1.

    Raises:
        ValueError: The lengths differ, or there are fewer than two labels.
    """
    ranked = sorted(zip(labels, probabilities, strict=True), key=lambda pair: (-pair[1], pair[0]))
    if len(ranked) < 2:
        raise ValueError("an answer needs at least two labels")
    (label, first), (runner_up, second) = ranked[:2]
    return Answer(label, first, runner_up, second, first < threshold, tuple(zip(labels, probabilities, strict=True)))
