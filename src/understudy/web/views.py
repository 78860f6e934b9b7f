"""What the pages show, gathered from the ledger and put into words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from understudy.domain.brief import BriefVersion
from understudy.domain.evidence import Judgement
from understudy.domain.finding import Finding, Severity
from understudy.domain.means import means_of_task
from understudy.domain.model import ModelRecord
from understudy.domain.project import PHOTO_LABELS
from understudy.domain.review import Review
from understudy.domain.stage import StageChange
from understudy.domain.task import Task
from understudy.studio.examples.item_titles import titled_items
from understudy.studio.judgement.verdict_words import ClassRow
from understudy.studio.words.number_words import answer_name
from understudy.studio.words.phrases import Noun, name
from understudy.web.answer_views import in_hundred
from understudy.web.inputs import WHOSE, InputView
from understudy.web.people import Waiting
from understudy.web.services import Counts
from understudy.web.templating import count, percent

LAUNCH = 5
"""Where a project stands that has come all the way: its place on the way."""

WIDEST_GRID = 12
"""A confusion grid of more labels than this says nothing at a glance; then only the mix-ups are listed."""

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
class ClassLine:
    """How many sealed examples of one label were recognised, in words and as shares to draw."""

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
    """One sealed example that the model got wrong."""

    input: InputView
    truth: str
    said: str
    sure: str


@dataclass(frozen=True)
class ExamplesView:
    """How many examples a project holds."""

    title: str
    rows: list[tuple[str, int]]
    sealed: str


@dataclass(frozen=True)
class FindingsView:
    """What was seen in the data, gravest first."""

    title: str
    shown: list[Finding]
    rest: list[Finding]


def class_lines(judgement: Judgement, rows: Sequence[ClassRow]) -> list[ClassLine]:
    """Each label's recall, in the order of the rows."""
    recalls = {each.label: each.recall for each in judgement.recalls}
    return [ClassLine(row, recalls[row.label].estimate, recalls[row.label].lower) for row in rows]


def classes_title(rows: Sequence[ClassRow], things: Noun) -> str:
    """What the table of labels shows, in one line."""
    missed = [row for row in rows if row.right < row.of]
    if any(not row.of for row in rows):
        return f"Some answers have no sealed {things.one} yet"
    if not missed:
        return f"Every sealed {things.one} was recognised"
    worst = min(missed, key=lambda row: (row.right / row.of, row.at_least))
    return f"“{worst.name}” is missed most: {worst.right} of {worst.of} recognised"


def confusion_view(judgement: Judgement) -> ConfusionView:
    """The confusion grid, or the commonest mix-ups where there are too many labels for one."""
    labels = judgement.labels
    if not judgement.confusion:  # numbers, sets and rankings are not taken for one another
        return ConfusionView("Where it was wrong", (), [], [])
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


def mistakes_of(
    judgement: Judgement, shown: Callable[[str], InputView], task: Task, titles: Mapping[str, str]
) -> list[Mistake]:
    """The surest wrong answers.

    Args:
        judgement: What a look at the sealed set showed.
        shown: Gives the input of a digest.
        task: What is answered, with the unit of numbers.
        titles: Of a ranking: what people call its items, where that is known.
    """

    def called(said: str) -> str:
        return titled_items(said, titles) if titles else answer_name(said, task)

    return [
        Mistake(_with_titles(shown(digest), titles).brief, called(truth), called(said), in_hundred(probability))
        for digest, truth, said, probability in judgement.mistakes[:SHOWN_MISTAKES]
    ]


def _with_titles(view: InputView, titles: Mapping[str, str]) -> InputView:
    """An input of which items are shown by their titles."""
    return replace(
        view, cells=[(column, value if column == WHOSE else titles.get(value, value)) for column, value in view.cells]
    )


def examples_view(counts: Counts, things: Noun, task: Task = PHOTO_LABELS) -> ExamplesView:
    """How many examples there are, on which side of the border; numbers and items are not counted one by one."""
    sealed = f"{things.counted(counts.sealed)} {'lies' if counts.sealed == 1 else 'lie'} in the sealed set"
    words = [f"{sealed}: no training ever sees {'its label' if counts.sealed == 1 else 'their labels'}."]
    if counts.synthetic:
        words.append(f"{count(counts.synthetic)} of those to learn from {_are(counts.synthetic)} synthetic.")
    if counts.train_unlabelled:
        words.append(
            f"{things.counted(counts.train_unlabelled)} for training {_have(counts.train_unlabelled)} no label yet."
        )
    if counts.set_aside:
        words.append(
            f"{things.counted(counts.set_aside)} {_are(counts.set_aside)} set aside, for what belongs with "
            f"{'it' if counts.set_aside == 1 else 'them'} is sealed."
        )
    if not counts.total:
        return ExamplesView(
            f"No {things.many} yet", [], f"{things.many.capitalize()} that are added stand here, by label."
        )
    by_label = means_of_task(task, counts.train).labels
    return ExamplesView(things.counted(counts.total), list(by_label), " ".join(words))


def findings_view(findings: Sequence[Finding], things: Noun, *, noted: int = 0) -> FindingsView:
    """Findings, gravest first; the first few at once.

    Args:
        findings: What was seen as the examples came in.
        things: What they are called.
        noted: How many findings of the latest audit stand besides; then nothing is said to be without fault.
    """
    order = list(Severity)
    ranked = sorted(findings, key=lambda finding: order.index(finding.severity))
    many = len(ranked) or noted
    where = f"in the {things.many}" if ranked else "of the audit"
    title = f"{count(many)} {'finding' if many == 1 else 'findings'} {where}"
    return FindingsView(
        title if many else f"Nothing found amiss in the {things.many}",
        ranked[:FIRST_FINDINGS],
        ranked[FIRST_FINDINGS:],
    )


@dataclass(frozen=True)
class Standing:
    """How far a project has come.

    Attributes:
        project: Its name.
        counts: Its examples.
        findings: How many findings of the latest audit stand.
        model: The latest, or None.
        judgement: What the latest look showed, or None.
        decisions: Requests served.
        brief: The version of the brief that stands, or None.
        review: The review of the latest model, or None.
        stage: The stage that holds, or None before the first.
        waiting: How many questions wait for people.
    """

    project: str
    counts: Counts
    findings: int
    model: ModelRecord | None
    judgement: Judgement | None
    decisions: int
    brief: BriefVersion | None
    review: Review | None
    stage: StageChange | None
    waiting: int


def waiting_in(counts: Waiting) -> int:
    """How many questions wait in all."""
    return counts.answer + counts.audit + counts.double


def rail(standing: Standing) -> list[RailStep]:
    """The project's way, with what is done, what is now, and what comes next."""
    counts, model, judgement = standing.counts, standing.model, standing.judgement
    here, stage = f"/projects/{standing.project}", standing.stage
    tally = f"{judgement.accuracy.successes} of {judgement.accuracy.trials}" if judgement else ""
    steps = [
        ("Brief", f"{here}/brief", standing.brief is not None, f"{standing.brief.number}" if standing.brief else ""),
        ("Gather", f"{here}#examples", counts.total > 0, count(counts.total)),
        ("Audit", f"{here}/audit", counts.total > 0, count(standing.findings)),
        ("Train", f"{here}#history", model is not None, count(len(model.trials)) if model else ""),
        ("Review", f"{here}/review", standing.review is not None, tally),
        ("Launch", f"{here}/launch", stage is not None and stage.answers_alone, _share(stage)),
        ("Queue", f"{here}/queue", not standing.waiting and standing.decisions > 0, count(standing.waiting)),
        ("History", f"{here}/history", stage is not None, count(stage.number) if stage else ""),
    ]
    now = next((place for place, (_, _, reached, _) in enumerate(steps) if not reached), LAUNCH)
    return [
        RailStep(name, href, "now" if place == now else "done" if reached else "next", number)
        for place, (name, href, reached, number) in enumerate(steps)
    ]


def _share(stage: StageChange | None) -> str:
    """Of the requests, for which the stage's model is asked."""
    return "" if stage is None else percent(stage.share)


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
