"""The verdict as the pages show it: the studio's words, and where each next step leads."""

from collections.abc import Sequence
from dataclasses import dataclass

from understudy.domain.brief import Brief
from understudy.domain.evidence import Judgement
from understudy.domain.finding import Finding
from understudy.domain.project import Project
from understudy.domain.review import Review
from understudy.studio.review_words import ReviewWords, review_words
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
    """The verdict of one project, its review's where the present model has one; reads the ledger."""
    judgement, counts = records.latest_judgement(project.name), records.counts(project.name)
    if judgement is None:
        return _unjudged(counts, trained=records.latest_model(project.name) is not None)
    told = judged(judgement, counts, project, records.findings(project.name))
    review = present_review(records, project.name)
    return told if review is None else _reviewed(told, words_of(records, project, review), project)


def present_review(records: Records, project: str) -> Review | None:
    """The latest review, if it is about the latest model; else None."""
    model, review = records.latest_model(project), records.latest_review(project)
    return review if review is not None and model is not None and review.model == model.version else None


def words_of(records: Records, project: Project, review: Review) -> ReviewWords:
    """A review in words, with the brief as it stood."""
    return review_words(review, brief_of(records, review), project)


def brief_of(records: Records, review: Review) -> Brief | None:
    """The brief that a review read, or None."""
    return next((each.brief for each in records.briefs(review.project) if each.number == review.brief), None)


def _reviewed(told: Verdict, words: ReviewWords, project: Project) -> Verdict:
    """The look's verdict, under the review's headline."""
    step = Step("Read the review", f"/projects/{project.name}/review", words.next_step)
    return Verdict(words.headline, words.says, told.paragraphs, step, told.words)


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
