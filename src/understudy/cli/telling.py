"""What commands say about photos, models and verdicts."""

from understudy.cli.terminal import say, say_findings
from understudy.domain.evidence import Judgement
from understudy.domain.project import Project
from understudy.store.examples import Counts
from understudy.studio.gathering import Gathered
from understudy.studio.phrases import PHOTOS, name, number
from understudy.studio.training import Fitted
from understudy.studio.verdict import words_on
from understudy.studio.verdict_text import verdict_text
from understudy.studio.workspace import Workspace


def say_gathered(project: Project, gathered: Gathered) -> None:
    """Says what came of adding photos."""
    known = f"; {PHOTOS.counted(gathered.known)} known already" if gathered.known else ""
    say(f"{PHOTOS.counted(gathered.new)} added to {project.name}{known}.")
    say(held(gathered.counts))
    say_findings(gathered.findings)


def held(counts: Counts) -> str:
    """What a project holds, in a sentence or two."""
    classes = ", ".join(f"{number(count)} {name(label)}" for label, count in counts.train.items())
    parts = [f"To learn from: {classes or 'nothing yet'}.", f"Sealed for judging: {number(counts.sealed)}."]
    if counts.train_unlabelled:
        parts.append(f"Without a label: {number(counts.train_unlabelled)}.")
    if counts.set_aside:
        parts.append(f"Set aside: {number(counts.set_aside)}.")
    return " ".join(parts)


def say_trained(fitted: Fitted) -> None:
    """Says that a model was trained, and no more than that."""
    say()
    say(
        f"Trained in {fitted.seconds:.1f} seconds on {PHOTOS.counted(fitted.learned_from)}: "
        f"{number(len(fitted.record.trials))} candidates tried. Nothing is launched yet."
    )
    if fitted.stopped:
        say("You stopped it, so it was built from what was tried; --resume tries the rest.")
    elif not fitted.complete:
        say("Its time was up, so it was built from what was tried; --resume tries the rest.")


def say_verdict(workspace: Workspace, project: Project, judgement: Judgement) -> None:
    """Says the verdict, as the page does."""
    ledger = workspace.ledger
    words = words_on(judgement, project, ledger.counts(project.name), ledger.findings(project.name))
    say()
    say(verdict_text(words))
