"""What the pages show, gathered from the ledger and put into words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from understudy.domain.brief import BriefVersion
from understudy.domain.decision import AnsweredBy, Decision
from understudy.domain.evidence import Judgement
from understudy.domain.finding import Finding, Severity
from understudy.domain.model import ModelRecord
from understudy.domain.review import Review
from understudy.studio.phrases import name
from understudy.studio.words import ClassRow
from understudy.web.services import Counts
from understudy.web.templating import count, moment, percent

WIDEST_GRID = 12
"""A confusion grid of more labels than this says nothing at a glance; then only the mix-ups are listed."""

FIRST_ROWS = 4
FIRST_FINDINGS = 8
FIRST_PAIRS = 6
SHOWN_MISTAKES = 8


@dataclass(frozen=True)
class RailStep:
    """One step of a project's way: where it is, "done", "now" or "next", and its one number."""

    name: str
    href: str
    state: str
    number: str


@dataclass(frozen=True)
class BarRow:
    """One label's probability."""

    label: str
    share: float
    kind: str


@dataclass(frozen=True)
class AnswerView:
    """One decision in words."""

    id: str
    label: str
    headline: str
    says: str
    ask_person: bool
    first_rows: list[BarRow]
    other_rows: list[BarRow]
    explained: bool
    who: str
    when: str
    model: str
    digest: str


@dataclass(frozen=True)
class ClassLine:
    """How many sealed photos of one label were recognised, in words and as shares to draw."""

    row: ClassRow
    share: float
    lower: float


@dataclass(frozen=True)
class Cell:
    """One count of the confusion grid; its kind is "right", "wrong" or empty where it is 0."""

    count: int
    kind: str


@dataclass(frozen=True)
class GridRow:
    """One true label's counts."""

    label: str
    cells: list[Cell]


@dataclass(frozen=True)
class Pair:
    """One label taken for another, so many times."""

    truth: str
    said: str
    count: int


@dataclass(frozen=True)
class ConfusionView:
    """What was taken for what; without rows where the grid would be too wide."""

    title: str
    labels: Sequence[str]
    rows: list[GridRow]
    pairs: list[Pair]


@dataclass(frozen=True)
class Mistake:
    """One sealed photo that the model got wrong."""

    digest: str
    truth: str
    said: str
    sure: str


@dataclass(frozen=True)
class PhotosView:
    """How many photos a project holds."""

    title: str
    rows: list[tuple[str, int]]
    sealed: str


@dataclass(frozen=True)
class FindingsView:
    """What was seen in the data, gravest first."""

    title: str
    shown: list[Finding]
    rest: list[Finding]


@dataclass(frozen=True)
class PastAnswer:
    """One earlier answer."""

    id: str
    label: str
    sure: str
    at: str


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


def photos_said(number: int) -> str:
    """So many photos, in words ("1 photo", "1,240 photos")."""
    return f"{count(number)} {'photo' if number == 1 else 'photos'}"


def answer_view(decision: Decision, *, explained: bool) -> AnswerView:
    """Puts one decision into words.

    Args:
        decision: What was answered.
        explained: The model that answered is in place, so the regions that mattered can be shown.
    """
    answer = decision.answer
    ranked = sorted(answer.probabilities, key=lambda pair: -pair[1])
    top = "unsure" if answer.ask_person else "first"
    rows = [BarRow(name(label), share, top if label == answer.label else "part") for label, share in ranked]
    says = f"Of 100 answers as sure as this one, {of_hundred(answer.probability)} should be right."
    runner_up = f" Next comes “{name(answer.runner_up)}”, {in_hundred(answer.runner_up_probability)}."
    return AnswerView(
        id=decision.id,
        label=name(answer.label),
        headline=_answer_headline(decision),
        says=says + runner_up,
        ask_person=answer.ask_person,
        first_rows=rows[:FIRST_ROWS],
        other_rows=rows[FIRST_ROWS:],
        explained=explained,
        who=_who(decision),
        when=f"Answered in {_duration(decision.seconds)}, {moment(decision.at)}.",
        model=decision.model,
        digest=decision.input_digest,
    )


def class_lines(judgement: Judgement, rows: Sequence[ClassRow]) -> list[ClassLine]:
    """Each label's recall, in the order of the rows."""
    recalls = {each.label: each.recall for each in judgement.recalls}
    return [ClassLine(row, recalls[row.label].estimate, recalls[row.label].lower) for row in rows]


def classes_title(rows: Sequence[ClassRow]) -> str:
    """What the table of labels shows, in one line."""
    missed = [row for row in rows if row.right < row.of]
    if any(not row.of for row in rows):
        return "Some answers have no sealed photo yet"
    if not missed:
        return "Every sealed photo was recognised"
    worst = min(missed, key=lambda row: (row.right / row.of, row.at_least))
    return f"“{worst.name}” is missed most: {worst.right} of {worst.of} recognised"


def confusion_view(judgement: Judgement) -> ConfusionView:
    """The confusion grid, or the commonest mix-ups where there are too many labels for one."""
    labels = judgement.labels
    pairs = sorted(
        (
            Pair(truth, said, judgement.confusion[row][column])
            for row, truth in enumerate(labels)
            for column, said in enumerate(labels)
            if row != column and judgement.confusion[row][column]
        ),
        key=lambda pair: (-pair.count, pair.truth, pair.said),
    )
    title = "Nothing was mixed up"
    if pairs:
        first = pairs[0]
        title = (
            f"“{name(first.truth)}” was taken for “{name(first.said)}” most often: {first.count} {_times(first.count)}"
        )
    small = len(labels) <= WIDEST_GRID
    rows = [GridRow(truth, list(_cells(row, counts))) for row, (truth, counts) in enumerate(_grid(judgement))]
    return ConfusionView(title, labels, rows if small else [], [] if small else pairs[:FIRST_PAIRS])


def mistakes_of(judgement: Judgement) -> list[Mistake]:
    """The surest wrong answers."""
    return [
        Mistake(digest, truth, said, in_hundred(probability))
        for digest, truth, said, probability in judgement.mistakes[:SHOWN_MISTAKES]
    ]


def photos_view(counts: Counts) -> PhotosView:
    """How many photos there are, on which side of the border."""
    sealed = f"{photos_said(counts.sealed)} {'lies' if counts.sealed == 1 else 'lie'} in the sealed set"
    words = [f"{sealed}: no training ever sees {'its label' if counts.sealed == 1 else 'their labels'}."]
    if counts.train_unlabelled:
        words.append(
            f"{photos_said(counts.train_unlabelled)} for training {_have(counts.train_unlabelled)} no label yet."
        )
    if counts.set_aside:
        words.append(
            f"{photos_said(counts.set_aside)} {_are(counts.set_aside)} set aside, for twins or contradictory labels."
        )
    if not counts.total:
        return PhotosView("No photos yet", [], "Photos that are added stand here, by label.")
    return PhotosView(photos_said(counts.total), list(counts.train.items()), " ".join(words))


def findings_view(findings: Sequence[Finding]) -> FindingsView:
    """Findings, gravest first; the first few at once."""
    order = list(Severity)
    ranked = sorted(findings, key=lambda finding: order.index(finding.severity))
    title = f"{count(len(ranked))} {'finding' if len(ranked) == 1 else 'findings'} in the photos"
    return FindingsView(
        title if ranked else "Nothing found amiss in the photos", ranked[:FIRST_FINDINGS], ranked[FIRST_FINDINGS:]
    )


def past_answers(decisions: Iterable[Decision], limit: int) -> list[PastAnswer]:
    """Earlier answers, as they come."""
    return [
        PastAnswer(
            id=each.id,
            label=f"perhaps {name(each.answer.label)}" if each.answer.ask_person else name(each.answer.label),
            sure=percent(each.answer.probability),
            at=moment(each.at),
        )
        for each in islice(decisions, limit)
    ]


@dataclass(frozen=True)
class Standing:
    """How far a project has come.

    Attributes:
        project: Its name.
        counts: Its photos.
        findings: How much was seen in them.
        model: The latest, or None.
        judgement: What the latest look showed, or None.
        decisions: Answers given.
        brief: The version of the brief that stands, or None.
        review: The review of the latest model, or None.
    """

    project: str
    counts: Counts
    findings: int
    model: ModelRecord | None
    judgement: Judgement | None
    decisions: int
    brief: BriefVersion | None
    review: Review | None


def rail(standing: Standing) -> list[RailStep]:
    """The project's way, with what is done, what is now, and what comes next."""
    counts, model, judgement = standing.counts, standing.model, standing.judgement
    here = f"/projects/{standing.project}"
    tally = f"{judgement.accuracy.successes} of {judgement.accuracy.trials}" if judgement else ""
    steps = [
        ("Brief", f"{here}/brief", standing.brief is not None, f"{standing.brief.number}" if standing.brief else ""),
        ("Gather", f"{here}#photos", counts.total > 0, count(counts.total)),
        ("Audit", f"{here}/audit", counts.total > 0, count(standing.findings)),
        ("Train", f"{here}#history", model is not None, count(len(model.trials)) if model else ""),
        ("Review", f"{here}/review", standing.review is not None, tally),
        ("Try", f"{here}#try", standing.decisions > 0, count(standing.decisions) if standing.decisions else ""),
    ]
    now = next((place for place, (_, _, reached, _) in enumerate(steps) if not reached), len(steps) - 1)
    return [
        RailStep(name, href, "now" if place == now else "done" if reached else "next", number)
        for place, (name, href, reached, number) in enumerate(steps)
    ]


def _answer_headline(decision: Decision) -> str:
    answer = decision.answer
    if answer.ask_person:
        return f"Ask a person: perhaps {name(answer.label)}, {in_hundred(answer.probability)}."
    return f"{name(answer.label)}, {in_hundred(answer.probability)}."


def _who(decision: Decision) -> str:
    words = {
        AnsweredBy.MODEL: "the model",
        AnsweredBy.PERSON: "a person",
        AnsweredBy.NOBODY_YET: "nobody yet; the model asks for a person",
    }
    return words[decision.answered_by]


def _duration(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} seconds"


def _grid(judgement: Judgement) -> Iterable[tuple[str, tuple[int, ...]]]:
    return zip(judgement.labels, judgement.confusion, strict=True)


def _cells(row: int, counts: tuple[int, ...]) -> Iterable[Cell]:
    for column, number in enumerate(counts):
        kind = "right" if row == column else "wrong"
        yield Cell(number, kind if number else "")


def _times(number: int) -> str:
    return "time" if number == 1 else "times"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
