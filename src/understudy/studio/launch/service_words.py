"""How a project stands in service, in words: its breakers, what waits for people, what was lost, what comes next."""

from collections.abc import Iterator

from understudy.domain.money import about_money, money
from understudy.domain.review import Review, Verdict
from understudy.domain.stage import Stage, StageChange, Terms
from understudy.launch.breaker import Breaker
from understudy.serving.watch import Run, Watch, run_of
from understudy.store.questions import QueueCounts
from understudy.studio.launch.words import limit_words, short
from understudy.studio.words.phrases import Noun, number
from understudy.studio.workspace import Workspace

AUDITS = Noun("audit", "audits")
REQUESTS = Noun("request", "requests")
CHECKS = Noun("check", "checks")
SECONDS = Noun("second opinion", "second opinions")

CHECKED = "checks of the model’s answers are among what people are asked"
LATER = {
    Stage.SHADOW: "Once you have seen enough of the shadow, it may be given a share of the requests.",
    Stage.CANARY: "Once you have seen enough of the canary, let it answer all that it is sure of.",
    Stage.LIVE: "Checks of its answers will be asked for as they are drawn.",
}
"""What may follow in a stage, where nothing waits."""


def breakers(workspace: Workspace, project: str) -> list[tuple[Run, Breaker]]:
    """The models that answer now and their breakers, told again from the ledger; the model of the stage first.

    Raises:
        UnknownProject: No such project.
    """
    return list(_breakers(workspace, project))


def breaker_words(run: Run, breaker: Breaker) -> str:
    """A breaker's state, its evidence, what waits, and what was lost against what may be."""
    odds, limit = f"{breaker.mixture.evidence:.1f}", f"{1 / breaker.rules.alpha:g}"
    trip = f"so far they speak {odds} to 1 for too many errors, and it trips at {limit} to 1"
    stands = f"Breaker of model {short(run.model)}: {breaker.state.value}, after "
    told = f"{stands}{AUDITS.counted(breaker.mixture.audits)}; {trip}."
    parts = [told, ahead_words(breaker), _waiting(breaker), _lost(run, breaker)]
    return " ".join(part for part in parts if part)


def ahead_words(breaker: Breaker) -> str:
    """How many audits are answered that do not count yet, and when they will; empty where all that are answered do."""
    ahead = len(breaker.ahead)
    if not ahead:
        return ""
    more = " more" if breaker.mixture.audits else ""
    are, they = ("is", "it was") if ahead == 1 else ("are", "they were")
    return (
        f"{AUDITS.counted(ahead)}{more} {are} answered ({sum(breaker.ahead):g} wrong), and counted in the order in "
        f"which {they} drawn: once every earlier one is answered or overdue."
    )


def waiting_words(counts: QueueCounts) -> str:
    """What waits for people."""
    kinds = ((REQUESTS, counts.answer), (CHECKS, counts.audit), (SECONDS, counts.double))
    told = ", ".join(noun.counted(count) for noun, count in kinds if count)
    if not told:
        return "Nothing waits for people."
    late = f"; {number(counts.overdue)} overdue" if counts.overdue else ""
    since = "" if counts.oldest is None else f", the oldest since {counts.oldest:%Y-%m-%d %H:%M} UTC"
    return f"Waiting for people: {told}{since}{late}."


def next_stage(present: StageChange | None, *, launchable: bool) -> str | None:
    """The command that would bring the project on, without "understudy"; None where it waits for evidence or is done.

    Args:
        present: What holds now.
        launchable: The evidence allows the model to answer.
    """
    stage = Stage.WIZARD if present is None else present.stage
    if stage is Stage.WIZARD:
        return "promote {project} canary" if launchable else "promote {project} shadow"
    if stage is Stage.SHADOW:
        return "promote {project} canary" if launchable else None
    return "promote {project} live" if stage is Stage.CANARY and launchable else None


def serving_step(change: StageChange | None, review: Review, waiting: int) -> str:
    """The one thing to do in the stage that a reviewed model is in; empty where its review has something to say first.

    Args:
        change: What holds now.
        review: The latest of the model.
        waiting: How many requests, checks and second opinions wait for people.
    """
    if change is None or change.stage is Stage.WIZARD or change.model != review.model:
        return ""
    in_shadow, launch = change.stage is Stage.SHADOW, review.verdict is Verdict.LAUNCH
    if waiting and (launch or (in_shadow and review.verdict is Verdict.NOT_YET)):
        shows = CHECKED if not in_shadow else "each answer shows whether the model would have been right"
        return f"Answer what waits for people ({number(waiting)}): {shows}."
    return f"Nothing has to be done now. {LATER[change.stage]}" if launch else ""


def _breakers(workspace: Workspace, project: str) -> Iterator[tuple[Run, Breaker]]:
    ledger = workspace.ledger
    stages, settings, now = ledger.stages(project), ledger.settings(project), workspace.now()
    named = (stages[-1].model, stages[-1].fallback) if stages else ()
    for version in dict.fromkeys(each for each in named if each):
        run = run_of(project, stages, version)
        if run is not None:
            watch = Watch(ledger, run, run.rules(settings))
            while not watch.advance(now):
                pass
            yield run, watch.breaker


def _waiting(breaker: Breaker) -> str:
    waiting = breaker.unanswered
    verb = "waits" if waiting == 1 else "wait"
    most = breaker.rules.most_waiting
    return (
        f"{AUDITS.counted(waiting)} {verb} for a person; at most {number(most)} may." if waiting else limit_words(most)
    )


def _lost(run: Run, breaker: Breaker) -> str:
    terms = run.terms
    if not terms.wrong_cost:
        return ""
    lost = f"Wrong answers have cost about {about_money(breaker.meter.lost, terms.currency)} so far"
    if terms.loss_budget is None:
        return f"{lost}."
    excess, alarm = (about_money(each, terms.currency) for each in (breaker.meter.excess, breaker.meter.alarm))
    beyond = f"since the moment from which it looks worst, about {excess} more than is allowed for"
    opens = f"The breaker opens when they cost about {alarm} more than is allowed for; {_by_then(terms)}."
    return f"{lost}; {beyond if breaker.meter.excess else 'of late, no more than is allowed for'}. {opens}"


def _by_then(terms: Terms) -> str:
    budget = money(terms.loss_budget or 0.0, terms.currency)
    if terms.most_lost is None:
        return f"more than the {budget} you allow may be lost by then"
    return f"in 95 of 100 cases no more than {budget} beyond what is allowed for is lost by then"
