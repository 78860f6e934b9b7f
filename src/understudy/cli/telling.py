"""What commands say about photos, models and verdicts."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from understudy.cli.steps import review_command, verdict_command
from understudy.cli.terminal import Stopped, Teller, command_line, say, say_findings
from understudy.domain.evidence import Judgement
from understudy.domain.means import means_of_task
from understudy.domain.project import PHOTO_LABELS, Project
from understudy.domain.review import Review
from understudy.domain.task import AnswerKind, Task
from understudy.intake.sift import NothingToTakeIn
from understudy.store.examples import Counts
from understudy.store.looks import LookRecord
from understudy.studio.collection.gathering import Gathered, gather, known_project
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.harvest import Harvest
from understudy.studio.judgement.judging import NothingSealed
from understudy.studio.judgement.looking import next_look, price_of, price_words
from understudy.studio.judgement.verdict import words_on
from understudy.studio.judgement.verdict_text import verdict_text
from understudy.studio.launch.service_words import serving_step
from understudy.studio.review.text import review_text
from understudy.studio.review.words import ReviewWords, review_words
from understudy.studio.training.training import Fitted
from understudy.studio.words.phrases import Noun, counted_label, number, percent, rough_percent, things_of
from understudy.studio.workspace import Workspace

CANDIDATES, ANSWERS = Noun("candidate", "candidates"), Noun("answer", "answers")
OUTCOMES = Noun("outcome", "outcomes")

SHOWN: Final = 12
"""Labels that are told with their numbers."""
NEAR_SHARE: Final = 0.06
"""How far off the sealed share may be before it is explained."""


def take_in(workspace: Workspace, project: Project, source: Path | str, reading: Reading, *, by: str) -> Project:
    """Adds examples to a project, says what came of it, and returns the project as it is now.

    Raises:
        Stopped: Somebody pressed Ctrl-C.
        NothingToTakeIn: There is nothing that can be read; what was found instead has been said.
    """
    before = _recorded(workspace, project)
    try:
        with Teller().showing() as teller:
            told = teller.counting("Reading", then="Looking for copies, and recording what is new")
            gathered = gather(workspace, project, source, reading=reading, by=by, progress=told)
    except KeyboardInterrupt:
        raise _stopped(project, _recorded(workspace, project) - before) from None
    except NothingToTakeIn as error:
        if len(error.findings) > 1:
            say_findings(error.findings)
        raise
    say_gathered(project, gathered)
    return workspace.ledger.project(project.name)


def _recorded(workspace: Workspace, project: Project) -> int:
    """Examples that the project holds; none before it is recorded itself."""
    known = known_project(workspace, project.name)
    return workspace.ledger.counts(known.name).total if known else 0


def _stopped(project: Project, recorded: int) -> Stopped:
    """What Ctrl-C leaves behind while examples are taken in: nothing, or those that were recorded by then."""
    if not recorded:
        reason = "Examples were still being read; none is recorded yet."
        return Stopped(fact="Stopped.", reason=reason, remedy="To go on, give the same command again.")
    are = "1 example is" if recorded == 1 else f"{number(recorded)} examples are"
    return Stopped(
        fact="Stopped before all was recorded.",
        reason=f"{are} recorded in {project.name} so far, each whole, and the rest is not: "
        "a training would learn from a part.",
        remedy="To take in the rest, give the same command again.",
    )


def say_gathered(project: Project, gathered: Gathered) -> None:
    """Says what came of adding examples, and what was understood of a table."""
    things = things_of(replace(project, task=gathered.task))
    for line in gathered.says:
        say(line)
    if gathered.new:
        known = f"; {things.counted(gathered.known)} known already" if gathered.known else ""
        say(f"{things.counted(gathered.new)} added to {project.name}{known}.")
    elif gathered.known:
        these = f"these {things.counted(gathered.known)}" if gathered.known > 1 else f"this {things.one}"
        say(f"Nothing new: {project.name} has {these} already.")
    else:
        say(f"Nothing was added to {project.name}.")
    if gathered.labelled:
        say(f"{things.counted(gathered.labelled)} had no label before and now {_have(gathered.labelled)} one.")
    if gathered.relabelled:
        have = _have(gathered.relabelled)
        say(f"{things.counted(gathered.relabelled)} {have} the label that is said here, whatever was said before.")
    if gathered.in_vain:
        stay, them = ("stays", "it") if gathered.in_vain == 1 else ("stay", "them")
        say(f"Of these, {number(gathered.in_vain)} {stay} set aside, for what belongs with {them} is sealed.")
    if gathered.forgotten:
        were = "it was" if gathered.forgotten == 1 else "they were"
        say(f"{things.counted(gathered.forgotten)} left out, as {were} forgotten before.")
    say(held(gathered.counts, gathered.task))
    if why := _uneven(gathered.counts, project, gathered.labelled):
        say(why)
    say_findings(gathered.findings, project=project.name)


def held(counts: Counts, task: Task = PHOTO_LABELS) -> str:
    """What a project holds, in a sentence or two."""
    held_of = means_of_task(task, counts.train).labels
    often = sorted(held_of, key=lambda pair: -pair[1]) if len(held_of) > SHOWN else held_of
    classes = ", ".join(counted_label(label, count) for label, count in often[:SHOWN])
    if len(held_of) > SHOWN:
        classes += f" and {number(len(held_of) - SHOWN)} more labels"
    if task.answers is AnswerKind.LABELS and counts.train:
        classes = f"{number(sum(counts.train.values()))}, of them {classes or 'none with a label'}"
    if task.answers in {AnswerKind.NUMBER, AnswerKind.RANKING}:
        classes = number(sum(counts.train.values()))
    parts = [f"To learn from: {classes or 'nothing yet'}.", f"Sealed for judging: {number(counts.sealed)}."]
    if counts.synthetic:
        parts.append(f"Synthetic, of those to learn from: {number(counts.synthetic)}.")
    if counts.train_unlabelled:
        parts.append(f"Without a label: {number(counts.train_unlabelled)}.")
    if counts.set_aside:
        parts.append(f"Set aside: {number(counts.set_aside)}.")
    return " ".join(parts)


def _uneven(counts: Counts, project: Project, late: int) -> str:
    """Why another share is sealed than the project seals; empty where it is near; `late` labels count."""
    labelled, share = sum(counts.train.values()) + counts.sealed, project.sealed_share
    if not labelled or not share or abs(counts.sealed / labelled - share) <= NEAR_SHARE:
        return ""
    found = f"That is {round(100 * counts.sealed / labelled)}% sealed, not {percent(share)}"
    never = late + counts.synthetic
    if never and counts.sealed >= (share - NEAR_SHARE) * (labelled - never):
        came = [f"{number(late)} came without a label at first"] if late else []
        are = "is" if counts.synthetic == 1 else "are"
        came += [f"{number(counts.synthetic)} {are} synthetic"] if counts.synthetic else []
        return f"{found}: {' and '.join(came)}, and what came so is never sealed."
    unsealed = f"what came without a label{' or is synthetic' if counts.synthetic else ''} is never sealed"
    return f"{found}: what is alike or belongs together is never split, {unsealed}, and of a few chance decides."


def say_trained(fitted: Fitted, project: Project) -> None:
    """Says that a model was trained, and no more than that."""
    things, tried = things_of(project), len(fitted.record.trials)
    say_harvested(fitted.harvest)
    say()
    part = fitted.learned_from < fitted.there_are
    learned_from = f"{number(fitted.learned_from)} of " if part else ""
    say(
        f"Trained in {fitted.seconds:.1f} seconds on {learned_from}{things.counted(fitted.there_are)}: "
        f"{CANDIDATES.counted(tried)} tried. Nothing is launched yet."
    )
    if part:
        say(
            f"There was no time to look at more of the {things.many}. To learn from more, train anew, without "
            "--resume and with more --minutes; what it looked at is kept."
        )
    if fitted.forgotten:
        were = "was" if fitted.forgotten == 1 else "were"
        say(
            f"{things.counted(fitted.forgotten)} that it learned from {were} forgotten meanwhile. Train anew, without "
            "--resume, for a model that does without."
        )
    if not fitted.complete:
        why = "You stopped it" if fitted.stopped else "Its time was up"
        say(f"{why}, so it was built from what was tried. To try the rest, give the same command with --resume.")


def say_harvested(taken: Harvest) -> None:
    """Says what was taken in, and what the rows among it say of their columns."""
    if taken.taken:
        say(harvested(taken))
    for line in taken.says:
        say(line)


def harvested(taken: Harvest) -> str:
    """What people answered or what turned out, and was taken in, in a sentence."""
    parts = [f"{ANSWERS.counted(taken.answers)} of people"] if taken.answers else []
    parts += [OUTCOMES.counted(taken.outcomes)] if taken.outcomes else []
    return f"{' and '.join(parts)} taken in; {number(taken.new)} are new to learn from or judge by."


def from_day_one(project: str) -> str:
    """Where requests go before there is a model, and where people answer them."""
    ask = f"POST /api/v1/projects/{project}/decisions ({command_line('serve')})"
    return f"It takes requests already: {ask}; people answer them: {command_line(f'answer {project}')}"


def say_verdict(workspace: Workspace, project: Project, judgement: Judgement, *, reviewed: bool = False) -> None:
    """Says the verdict, as the page does; without the next step where a review has said it."""
    say()
    words = words_on(judgement, project, workspace.ledger)
    command = verdict_command(words.next_step, project)
    say(verdict_text(words, step=not reviewed, command=command and command_line(command)))


def say_review(workspace: Workspace, review: Review) -> None:
    """Says a review, as its page does."""
    say()
    words, command = words_of_review(workspace, review), review_command(review)
    serving = step_in_service(workspace, review)
    if serving:
        words, command = replace(words, next_step=serving), ""
    say(review_text(words, review, command=command and command_line(command)))


def step_in_service(workspace: Workspace, review: Review) -> str:
    """What is to be done in the stage that the reviewed model is in; see `serving_step`."""
    ledger = workspace.ledger
    counts = ledger.queue_counts(review.project, workspace.now())
    return serving_step(ledger.stage(review.project), review, counts.answer + counts.audit + counts.double)


@contextmanager
def look_watched(workspace: Workspace, project: str, kept: str, remedy: str) -> Iterator[None]:
    """Says what Ctrl-C leaves behind of a look at the sealed examples, and whether that counts.

    Args:
        workspace: Where the project is.
        project: Its name.
        kept: What is kept and what was not done, as a sentence.
        remedy: How to do it.

    Raises:
        Stopped: Somebody pressed it.
    """
    before = workspace.ledger.look_count(project)
    try:
        yield
    except KeyboardInterrupt:
        looks = workspace.ledger.looks(project)[before:]
        raise Stopped(fact="Stopped.", reason=f"{kept} {_spent_words(looks)}", remedy=remedy) from None


def _spent_words(looks: Sequence[LookRecord]) -> str:
    if not looks:
        return "No look at the sealed examples was spent by it."
    if looks[-1].answers is None:
        return "The sealed examples had been opened by then, and that look counts though it was broken off."
    return "The look at the sealed examples was spent by then; what it showed is kept, so it need not be spent again."


def words_of_review(workspace: Workspace, review: Review) -> ReviewWords:
    """A review in words, with the brief as it stood."""
    ledger = workspace.ledger
    brief = next((each.brief for each in ledger.briefs(review.project) if each.number == review.brief), None)
    return review_words(review, brief, ledger.project(review.project))


def say_next_look(workspace: Workspace, project: Project, *, judged: bool) -> None:
    """Says what the next look at the sealed examples may spend, and how one trains without it."""
    price, things = next_look(workspace, project.name), things_of(project)
    if not judged:
        say(f"The sealed {things.many} were not opened: {command_line(f'review {project.name}')}")
    which = "first" if price.look == 1 else "next"
    free = "" if not judged else f" To train without one: {command_line(f'train {project.name} --no-look')}"
    spent = f"may spend {rough_percent(price.alpha)} of the 5% error budget"
    say(f"The {which} look at the sealed {things.many} {spent}.{free}")


def say_unsealed(project: Project) -> None:
    """Says that there is nothing to judge a model by, and how there comes to be."""
    nothing = NothingSealed.of(project)
    say(f"\n{nothing.fact} {nothing.reason}")
    say(f"Next: {nothing.remedy}\n")


def unjudged(workspace: Workspace, project: str) -> str:
    """Says that the present model was not judged yet, how it is, and what that spends."""
    if not workspace.ledger.counts(project).sealed:
        return str(NothingSealed.of(workspace.ledger.project(project)))
    how = f"The present model was not judged yet: {command_line(f'review {project}')}"
    return f"{how} {price_words(price_of(workspace, project))}"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
