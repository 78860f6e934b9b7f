"""One decision as the pages show it: what it ended in, who answered, and nothing that is to be kept from people."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from understudy.domain.answer import Answer, Reason
from understudy.domain.decision import Because
from understudy.domain.opinion import QuestionKind
from understudy.domain.task import NONE_OF_THESE, AnswerKind, Task, labels_in, number_text
from understudy.modalities.nouns import noun_of
from understudy.studio.answers.answer_text import decided_words, moved_means, moved_word
from understudy.studio.claims.words import alone_words
from understudy.studio.launch.terms import Alone
from understudy.studio.words.number_words import answer_name
from understudy.studio.words.phrases import name
from understudy.web.disclosure import Disclosure, State
from understudy.web.inputs import InputView
from understudy.web.templating import moment, percent

FIRST_ROWS = 4
MOST_REASONS = 8
HARDLY = 0.05
"""Of the strongest reason: a weaker one than this is not worth a line."""
BLIND = "The model answered. A person answers it again without seeing what it said; both stand here afterwards."
TWICE = "A person answered. Another one does so too without seeing what was said; both stand here afterwards."


@dataclass(frozen=True)
class BarRow:
    """One label's probability."""

    label: str
    share: float
    kind: str


@dataclass(frozen=True)
class ReasonRow:
    """What moved an answer.

    Attributes:
        what: For people.
        towards: It spoke for the answer or raises the number; else against it.
        moved: The same in a word.
        share: How strongly, against the strongest, 0..1.
    """

    what: str
    towards: bool
    moved: str
    share: float


@dataclass(frozen=True)
class AnswerView:
    """One decision in words.

    Attributes:
        id: The decision's.
        kind: "model" where the model's answer is shown, "person", "waiting", "nobody" or "withheld".
        label: What it ended in, or empty.
        headline: The same in one sentence.
        says: What that means.
        ask_person: The model is not sure enough to answer alone.
        first_rows: The likeliest labels, where the model's answer is shown.
        other_rows: The others.
        who: Who answered.
        when: When, and how long it took.
        model: Version of the model that was asked, or empty.
        digest: SHA-256 of the input.
        input: What was asked about.
        regions: What the picture of a photo's regions shows, where the model's answer is shown.
        reasons: What moved the model's answer, where it is no photo and its answer is shown.
        means: What the words beside the reasons say.
        untold: Why nothing is said to have moved the answer, where telling it failed.
        facts: What else the answer holds, in a sentence each.
    """

    id: str
    kind: str
    label: str
    headline: str
    says: str
    ask_person: bool
    first_rows: Sequence[BarRow]
    other_rows: Sequence[BarRow]
    who: str
    when: str
    model: str
    digest: str
    input: InputView
    regions: str = ""
    reasons: Sequence[ReasonRow] = ()
    means: str = ""
    untold: str = ""
    facts: Sequence[str] = ()


@dataclass(frozen=True)
class PastAnswer:
    """One earlier answer."""

    id: str
    label: str
    sure: str
    at: str
    input: InputView
    deleted: bool = False


Said = Callable[[str], str]
"""Writes an answer for people."""


def of_hundred(probability: float) -> str:
    """A probability as so many of a hundred cases ("about 94")."""
    if probability >= 0.995:
        return "more than 99"
    if probability < 0.005:
        return "fewer than 1"
    return f"about {round(probability * 100)}"


def in_hundred(probability: float) -> str:
    """A probability as a share of a hundred cases ("about 94 in 100")."""
    return f"{of_hundred(probability)} in 100"


def answer_view(
    shown: Disclosure,
    asked: InputView,
    reasons: Sequence[Reason] = (),
    task: Task | None = None,
    *,
    calibrated: bool = False,
    alone: Alone | None = None,
) -> AnswerView:
    """Puts one decision into words, as far as it may be told.

    Args:
        shown: The decision, and what of it may be told.
        asked: Its input.
        reasons: What moved the model's answer, strongest first; left out where that is not shown.
        task: What is answered, with the unit of numbers.
        calibrated: Enough was sealed to tell whether the model's probabilities can be taken at their word.
        alone: From how sure on the model answers alone, where its stage or its review says so.
    """
    decision, answer = shown.decision, shown.served
    rows = _rows(answer) if answer else []
    shown_rows = len(rows) if answer and answer.kind is AnswerKind.RANKING else FIRST_ROWS  # of a list all is answered
    said = partial(answer_name, task=task)
    kind, headline, says = _words(shown, said, calibrated=calibrated)
    return AnswerView(
        id=decision.id,
        kind=kind,
        label=(_label(answer, said) if answer else said(shown.label or "")) if kind in {"model", "person"} else "",
        headline=headline,
        says=says,
        ask_person=answer is not None and answer.ask_person,
        first_rows=rows[:shown_rows],
        other_rows=rows[shown_rows:],
        who=_who(shown),
        when=f"Answered in {_duration(decision.seconds)}, {moment(decision.at)}." if answer else _since(shown),
        model=decision.model,
        digest=decision.input_digest,
        input=asked,
        regions=_regions(answer) if answer else "",
        reasons=_reason_rows(reasons, answer.kind) if answer else (),
        means=moved_means(answer.kind, reasons) if answer else "",
        facts=[*_enough(answer, alone), *_further(answer, reasons, said, noun_of(asked.kind).one)] if answer else (),
    )


def past_answers(
    shown: Iterable[Disclosure],
    inputs: Iterable[InputView],
    deleted: Collection[str] = (),
    task: Task | None = None,
) -> list[PastAnswer]:
    """Earlier answers, as they come, each with its input; of those whose ids are in `deleted` the input is gone."""
    return [
        PastAnswer(
            each.decision.id,
            *_short(each, partial(answer_name, task=task)),
            moment(each.decision.at),
            asked.brief,
            each.decision.id in deleted,
        )
        for each, asked in zip(shown, inputs, strict=True)
    ]


def _regions(answer: Answer) -> str:
    if answer.kind is AnswerKind.NUMBER:
        return "Brighter where hiding that patch lowers the number most."
    return f"Brighter where hiding that patch lowers the probability of “{name(answer.label)}” most."


def _reason_rows(reasons: Sequence[Reason], kind: AnswerKind) -> list[ReasonRow]:
    """The strongest reasons; those that hardly moved the answer are left out."""
    largest = max((abs(each.push) for each in reasons), default=0.0)
    told = [each for each in reasons[:MOST_REASONS] if abs(each.push) > largest * HARDLY]
    return [
        ReasonRow(
            name(each.what, length=120),
            each.push > 0,
            moved_word(each.push, kind, each.label),
            abs(each.push) / largest,
        )
        for each in told
    ]


def _enough(answer: Answer, alone: Alone | None) -> list[str]:
    """From how sure on the model would have answered; nothing where that was not yet so when it was asked."""
    if alone is None or answer.stranger or not answer.ask_person or not alone.asks(answer):
        return []
    return [f"It answers {alone_words(alone.threshold)}, {alone.by}."]


def _further(answer: Answer, reasons: Sequence[Reason], said: Said, thing: str) -> list[str]:
    """What an answer holds besides its label and its probabilities."""
    told = []
    if answer.interval is not None:
        low, high = (said(number_text(end)) for end in answer.interval)
        told.append(f"With 80 in 100 it lies between {low} and {high}.")
    if answer.unknown:
        told.append("Nothing like it is among the examples that the model learned from.")
    told += answer.remarks
    told.append(decided_words(answer, reasons, thing))
    return [each for each in told if each]


def _words(shown: Disclosure, said: Said = name, *, calibrated: bool = False) -> tuple[str, str, str]:
    """Its kind, its headline, and what that means."""
    answer = shown.served
    if answer is not None:
        return "model", _headline(answer, said), _meaning(answer, said, calibrated=calibrated)
    if shown.withheld:
        return "withheld", "Answered by the model, and being checked blind.", BLIND
    if QuestionKind.DOUBLE in shown.open and shown.label is not None:
        return "withheld", "Answered by a person, and being answered a second time.", TWICE
    if shown.state is State.WAITING:
        return "waiting", "A person will answer; nobody has yet.", "Whoever asked gets the answer as soon as it holds."
    if shown.label is None:
        return "nobody", "Nobody could tell.", "It ended without a label, and whoever asked was told so."
    by = shown.resolution.by if shown.resolution else ""
    return "person", f"{said(shown.label)}, says {name(by)}.", "A person answered, and whoever asked got this answer."


def _meaning(answer: Answer, said: Said, *, calibrated: bool) -> str:
    """What an answer's probability is worth."""
    if answer.stranger:
        return f"Perhaps {answer.rest(said)}."
    if answer.kind is AnswerKind.RANKING:
        says = _of_such("lists", answer.probability, "hold what comes next", calibrated=calibrated)
        return f"{says} Each bar is its item's share of that."
    says = _of_such("answers", answer.probability, "be right", calibrated=calibrated)
    next_one = f" Next comes “{name(answer.runner_up)}”, {in_hundred(answer.runner_up_probability)}."
    return says + (next_one if answer.runner_up else "")


def _of_such(answers: str, probability: float, do: str, *, calibrated: bool) -> str:
    """What a probability says of answers like this one, and whether anybody knows that it holds."""
    if calibrated:
        return f"Of 100 {answers} as sure as this one, {of_hundred(probability)} should {do}."
    such = f"By its own account, {of_hundred(probability)} of 100 {answers} as sure as this one would {do}"
    return f"{such}; too little is sealed to tell whether that holds."


def _headline(answer: Answer, said: Said) -> str:
    if answer.stranger:
        return "Ask a person: nothing like this is among the examples."
    if answer.ask_person:
        return f"Ask a person: perhaps {_label(answer, said)}, {in_hundred(answer.probability)}."
    return f"{_label(answer, said)}, {in_hundred(answer.probability)}."


def _label(answer: Answer, said: Said) -> str:
    """What is answered; of a list the first item by what people call it, and how many more there are."""
    if len(answer.titled) < 2 or answer.kind is not AnswerKind.RANKING:
        return said(answer.called)
    return f"{said(answer.titled[0][1])} and {len(answer.titled) - 1} more"


def _short(shown: Disclosure, said: Said) -> tuple[str, str]:
    """What it ended in, and how sure that is, in a word or two each."""
    answer = shown.served
    if answer is not None:
        perhaps = "perhaps " if answer.ask_person else ""
        return f"{perhaps}{_label(answer, said)}", percent(answer.probability)
    kind, *_ = _words(shown)
    if kind == "person":
        return said(shown.label or ""), "a person"
    return {"withheld": "being checked blind", "waiting": "waiting"}.get(kind, "nobody could tell"), "people"


def _rows(answer: Answer) -> list[BarRow]:
    ranked = sorted(_shares(answer), key=lambda pair: -pair[1])
    top = "unsure" if answer.ask_person else "first"
    said = set(labels_in(answer.label)) if answer.kind is AnswerKind.LABELS else {answer.label}
    called = {item: f"{title} ({item})" for item, title in answer.titled if title != item} if answer.titles else {}
    return [BarRow(name(called.get(label, label)), share, top if label in said else "part") for label, share in ranked]


def _shares(answer: Answer) -> list[tuple[str, float]]:
    """How likely each label is; of a stranger with none of them beside, of a list each item's part."""
    shares, none = answer.probabilities, answer.none_of_these
    if answer.kind is AnswerKind.RANKING:
        total = sum(share for _, share in shares) or 1.0
        return [(item, share / total * answer.probability) for item, share in shares]
    beside = [(NONE_OF_THESE, none)] if none else []
    return [(label, share * (1 - none)) for label, share in shares] + beside


def _who(shown: Disclosure) -> str:
    if shown.decision.because is Because.TRIED:
        return "the model, tried on a page; nobody was served"
    if shown.by_model:
        return "the model"
    if shown.state is State.WAITING:
        return "nobody yet; a person will"
    by = shown.resolution.by if shown.resolution and shown.label is not None else ""
    return name(by) if by and QuestionKind.DOUBLE not in shown.open else "people"


def _since(shown: Disclosure) -> str:
    asked = f"Asked {moment(shown.decision.at)}"
    return f"{asked}, settled {moment(shown.resolution.at)}." if shown.resolution else f"{asked}."


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} seconds"
