"""The verdict as the pages show it: the studio's words, and where each next step leads."""

from dataclasses import dataclass

from understudy.domain.brief import Brief
from understudy.domain.finding import FindingKind
from understudy.domain.project import Project
from understudy.domain.review import Review
from understudy.domain.review import Verdict as Said
from understudy.domain.stage import Stage
from understudy.studio.audits.words import naming
from understudy.studio.judgement.circumstances import Awaited
from understudy.studio.judgement.judging import NothingSealed
from understudy.studio.judgement.looking import look_after, price_words
from understudy.studio.judgement.verdict import words_on
from understudy.studio.judgement.verdict_words import Paragraph, VerdictWords
from understudy.studio.launch.gate import shadow_caution
from understudy.studio.launch.service_words import serving_step
from understudy.studio.review.changes import Change, change_words, changes_since
from understudy.studio.review.words import ReviewWords, review_words
from understudy.studio.words.phrases import EXAMPLES, real_things, things_of, things_so_far
from understudy.web.services import Counts, Records, Services

WARNINGS = ("drawn", "few")
NOT_JUDGED = "This model has not been judged; the figure is the previous model’s."


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
        bound: What it proves about new examples; empty where nothing is judged.
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


def verdict_of(services: Services, project: Project) -> Verdict:
    """The verdict of one project, its review's where the present model has one; reads the ledger."""
    records = services.records
    judgement, model = records.latest_judgement(project.name), records.latest_model(project.name)
    if judgement is None:
        told = _waited_for(services, project) or _in_part(records, project)
        return told or _unjudged(records.counts(project.name), project, trained=model is not None)
    words = words_on(judgement, project, records)
    told = Verdict(words.headline, words.bound, words.paragraphs, _step(words, project), words)
    if model is not None and model.version != judgement.model:
        return _outdated(services, told, project)
    review = present_review(records, project.name)
    return told if review is None else _reviewed(services, told, review, project)


def is_about_the_present(records: Records, project: str) -> bool:
    """Whether the latest look was at the latest model."""
    judgement, model = records.latest_judgement(project), records.latest_model(project)
    return judgement is not None and model is not None and model.version == judgement.model


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


def changes_of(services: Services, review: Review) -> tuple[Change, ...]:
    """What changed since a review was made."""
    return changes_since(review, services.records, services.inputs)


def price_told(services: Services, project: str) -> str:
    """What a review of the latest model would spend, in words."""
    if services.desk is not None:
        return price_words(services.desk.price(project))
    return price_words(look_after(services.records.look_count(project)))


def _reviewed(services: Services, told: Verdict, review: Review, project: Project) -> Verdict:
    """The look's verdict, under the review's headline; where its grounds have changed, under that."""
    here = f"/projects/{project.name}"
    place = f"{here}/review"
    changed = change_words(changes_of(services, review), things_of(project), "the last review")
    words = words_of(services.records, project, review)
    if not changed:
        step = step_in_service(services, review)
        if review.verdict is Said.LAUNCH:
            step = _warned(services, review) or step or Step("Launch it", f"{here}/launch", words.next_step)
        step = step or Step("Read the review", place, "It says what is proven, and what stands against a launch.")
        return Verdict(words.headline, words.says, told.paragraphs, step, told.words)
    step = Step("Review again", place, price_told(services, project.name))
    return Verdict(changed, f"Then it said: “{words.headline}”", told.paragraphs, step, told.words)


def step_in_service(services: Services, review: Review) -> Step | None:
    """What is to be done in the stage that the reviewed model is in; None where it is in none."""
    records, here = services.records, f"/projects/{review.project}"
    change = records.stage(review.project)
    counts = records.queue_counts(review.project, services.now())
    waiting = counts.answer + counts.audit + counts.double
    told = serving_step(change, review, waiting)
    if change is None or not told:
        return None
    if waiting:
        return Step("Answer the queue", f"{here}/queue", told)
    if change.stage is Stage.LIVE:
        return Step("See how it does", f"{here}/launch", told)
    return Step(f"See the {change.stage.value}", f"{here}/launch", told)


def _warned(services: Services, review: Review) -> Step | None:
    """Before a launch that the shadow speaks against: to what it has shown."""
    service, change = services.service, services.records.stage(review.project)
    if service is None or (change is not None and change.answers_alone and change.model == review.model):
        return None
    caution = shadow_caution(service.shadow(review.project, review.model))
    return Step("See the shadow", f"/projects/{review.project}/launch", caution) if caution else None


def _outdated(services: Services, told: Verdict, project: Project) -> Verdict:
    """What an earlier model showed, named as such."""
    step = Step("Review it", f"/projects/{project.name}/review", price_told(services, project.name))
    return Verdict(NOT_JUDGED, f"Of that one it was said: “{told.headline}”", told.paragraphs, step, told.words)


def _step(words: VerdictWords, project: Project) -> Step:
    """Where the next step leads: to the brief or the review."""
    if words.next_step == Awaited.BRIEF:
        return Step("Write the brief", f"/projects/{project.name}/brief", words.next_step)
    return Step("Review it", f"/projects/{project.name}/review", words.next_step)


def _waited_for(services: Services, project: Project) -> Verdict | None:
    """What a project without examples and a model says whose endpoint was asked: that people wait for an answer."""
    records, here = services.records, f"/projects/{project.name}"
    counts = records.queue_counts(project.name, services.now())
    waiting = counts.answer + counts.audit + counts.double
    if not waiting or records.counts(project.name).total:
        return None
    said = f"{waiting:,} {'request waits' if waiting == 1 else 'requests wait'} for an answer."
    step = Step("Answer the queue", f"{here}/queue", "Each answer goes to whoever asked, and becomes an example.")
    return Verdict(said, "People answer until a model has learned enough from them.", (), step, None)


def _in_part(records: Records, project: Project) -> Verdict | None:
    """What a project says before a look while a source is recorded in part: that the rest comes first."""
    seen = [each for each in records.findings(project.name) if each.kind is FindingKind.UNFINISHED]
    if not seen:
        return None
    finding = naming(seen[0], project.name)
    step = Step(f"How to add {real_things(project).many}", "#examples", finding.remedy)
    return Verdict(finding.fact, finding.reason, (), step, None)


def _unjudged(counts: Counts, project: Project, *, trained: bool) -> Verdict:
    things = real_things(project)
    if trained and not counts.sealed:
        nothing = NothingSealed.of(project)
        step = Step(f"How to add {things.many}", "#examples", nothing.remedy)
        return Verdict(nothing.fact, nothing.reason, (), step, None)
    if trained:
        why = "How well it would answer is not known before a look at the sealed examples."
        step = Step("Review it", f"/projects/{project.name}/review", why)
        return Verdict("Trained, but not judged yet.", "Nobody knows how often the model is right.", (), step, None)
    if counts.total and len(counts.train) < 2:
        why = f"A model tells answers apart, so it needs {things.many} of at least two."
        step = Step(f"How to add {things.many}", "#examples", why)
        return Verdict(f"Nothing to tell apart yet: these {things.many} need a second answer.", "", (), step, None)
    if counts.total:
        step = Step("How to train", "#try", "Training takes seconds, and launches nothing.")
        return Verdict(f"Ready to train: no model has learned from these {things.many} yet.", "", (), step, None)
    things = things_so_far(project, counts.total)
    enough = f"About twenty {things.many} of each answer are enough to begin."
    if things == EXAMPLES:
        enough = "A folder for each answer, about twenty files in each, is enough to begin; so is a table of as many."
    step = Step(f"How to add {things.many}", "#examples", enough)
    return Verdict(f"Nothing here yet: this project has no {things.many}.", "", (), step, None)
