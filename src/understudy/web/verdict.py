"""The verdict as the pages show it: the studio's words, and where each next step leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.domain.evidence import Judgement
from understudy.domain.finding import Finding
from understudy.domain.project import Project
from understudy.studio.verdict import words_on
from understudy.studio.words import Paragraph, VerdictWords
from understudy.web.services import Counts, Records

WARNINGS = ("drawn", "few")


@dataclass(frozen=True)
class Step:
    """The one thing to do now.

    Attributes:
        label: On the button.
        href: Where it leads.
        why: The step in a sentence.
    """

    label: str
    href: str
    why: str


@dataclass(frozen=True)
class Verdict:
    """What a project's page says first.

    Attributes:
        headline: The verdict in one sentence.
        bound: What it proves about new photos; empty where nothing is judged.
        paragraphs: The rest, most important first.
        step: The one thing to do now.
        words: All of the studio's words, or None where nothing is judged.
    """

    headline: str
    bound: str
    paragraphs: tuple[Paragraph, ...]
    step: Step
    words: VerdictWords | None

    @property
    def warnings(self) -> list[Paragraph]:
        """What must be read before the figure is believed."""
        return [paragraph for paragraph in self.paragraphs if paragraph.topic in WARNINGS]

    @property
    def grounds(self) -> list[Paragraph]:
        """What the figure rests on."""
        return [paragraph for paragraph in self.paragraphs if paragraph.topic not in WARNINGS]


def verdict_of(records: Records, project: Project) -> Verdict:
    """The verdict of one project; reads the ledger."""
    judgement, counts = records.latest_judgement(project.name), records.counts(project.name)
    if judgement is not None:
        return judged(judgement, counts, project, records.findings(project.name))
    return _unjudged(counts, trained=records.latest_model(project.name) is not None)


def judged(judgement: Judgement, counts: Counts, project: Project, findings: Sequence[Finding]) -> Verdict:
    """The verdict on a model that was judged."""
    words = words_on(judgement, project, counts, findings)
    return Verdict(words.headline, words.bound, words.paragraphs, _step(words), words)


def _step(words: VerdictWords) -> Step:
    """Where the studio's next step leads: to the mistakes, to a photo to try, or to how photos are added."""
    if words.next_step.startswith("Look at the mistakes"):
        return Step("Look at the mistakes", "#mix-ups", words.next_step)
    if words.next_step.startswith("Try"):
        return Step("Try a photo", "#try", words.next_step)
    return Step("How to add photos", "#photos", words.next_step)


def _unjudged(counts: Counts, *, trained: bool) -> Verdict:
    if trained:
        step = Step(
            "Try a photo", "#try", "It answers already; how well is not known before a look at the sealed photos."
        )
        return Verdict("Trained, but not judged yet.", "Nobody knows how often the model is right.", (), step, None)
    if counts.total and len(counts.train) < 2:
        step = Step("How to add photos", "#photos", "A model tells answers apart, so it needs photos of at least two.")
        return Verdict("Nothing to tell apart yet: these photos need a second answer.", "", (), step, None)
    if counts.total:
        step = Step("How to train", "#try", "Training takes seconds, and launches nothing.")
        return Verdict("Ready to train: no model has learned from these photos yet.", "", (), step, None)
    step = Step(
        "How to add photos",
        "#photos",
        "A folder for each answer, about twenty photos in each, is enough to begin.",
    )
    return Verdict("Nothing here yet: this project has no photos.", "", (), step, None)
