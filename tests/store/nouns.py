"""Nouns for the tests: plain ones by hand, odd ones by hypothesis."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from hypothesis import strategies as st

from understudy.domain.answer import Answer
from understudy.domain.answer import Reason as Moved
from understudy.domain.decision import AnsweredBy, Because, Decision, Draw
from understudy.domain.evidence import ClassRecall, Judgement, Later, Proportion, ReliabilityBin
from understudy.domain.example import Example, Label, Provenance, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.learning import Behaviour, CurvePoint, LearningCurve
from understudy.domain.model import ModelRecord
from understudy.domain.opinion import Opinion, Question, QuestionKind
from understudy.domain.opinion import Outcome as TrueOutcome
from understudy.domain.project import NAME_PATTERN, Project
from understudy.domain.review import Claim, ClaimKind, Measured, Outcome, Reason, ReasonKind, Review, Verdict
from understudy.domain.rule import Rule, RuleKind
from understudy.domain.stage import Cause, Event, EventKind, Stage, StageChange, Terms
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Trial
from understudy.store.deliveries import Notice
from understudy.store.served import Served

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def digest(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def example(name: str, *, label: str | None = "crack", side: Side = Side.TRAIN) -> Example:
    return Example(digest(name), name, Provenance.UPLOAD, f"wall of {name}", side, label, 640, 480, "0f" * 8)


def unlabelled(known: Example) -> Example:
    return replace(known, label=None)


ANSWER = Answer("crack", 0.7, "sound", 0.3, ask_person=False, probabilities=(("crack", 0.7), ("sound", 0.3)))
MODEL = digest("model")


def decision(number: int, *, project: str = "blades") -> Decision:
    made = later(number)
    return Decision(f"{number:08d}", project, digest("input"), ANSWER, AnsweredBy.MODEL, MODEL, made, 0.004)


def asked(number: int, *, stage: int = 0, double: bool = False, **changes: Any) -> Served:
    """A request that waits for a person; its input lies in the ledger."""
    data = f"input {number}".encode()
    served = replace(
        decision(number),
        input_digest=sha256(data).hexdigest(),
        answer=None,
        answered_by=AnsweredBy.NOBODY_YET,
        model="",
        because=Because.WIZARD,
        stage=stage,
    )
    served = replace(served, **changes)
    second = question(served, QuestionKind.DOUBLE) if double else None
    return Served(served, question(served, QuestionKind.ANSWER), second, data)


def audited(number: int, *, stage: int = 0, **changes: Any) -> Served:
    """A model's answer that a person is to give again."""
    draw = Draw(audited=True, propensity=0.25, uniform=0.125, seed=2**100)
    served = replace(decision(number), stage=stage, draw=draw, **changes)
    return Served(served, question(served, QuestionKind.AUDIT), error=0.3, due_at=later(number + 60))


def question(about: Decision, kind: QuestionKind, *, stake: float = 0.0, due: float = 60) -> Question:
    """A question that is asked when its decision was made, due so many seconds later."""
    due_at = about.at + timedelta(seconds=due)
    return Question(about.id, kind, about.project, about.input_digest, about.at, due_at, stake)


def opinion(
    number: str,
    about: str,
    *,
    kind: QuestionKind = QuestionKind.ANSWER,
    value: str | None = "crack",
    by: str = "me",
    at: datetime = NOON,
) -> Opinion:
    """An opinion that can be taken back for eight seconds."""
    return Opinion(number, about, kind, value, by, at, at + timedelta(seconds=8), 1.5)


TERMS = Terms(0.9, 0.05, 0.1, 30.0, 1000.0, "EUR", 512.5)


def change(number: int, stage: Stage = Stage.LIVE, *, model: str | None = MODEL, share: float = 1.0) -> StageChange:
    """A change of stage that somebody asked for."""
    return StageChange(
        number, stage, model, None if model is None else TERMS, None, None, share, Cause.ASKED, "me", "It is good.",
        later(number), {"looks": 1, "bounds": [0.02, 0.04]},
    )  # fmt: skip


def event(kind: EventKind = EventKind.DRIFT) -> Event:
    return Event(kind, MODEL, "Photos got darker.", NOON, {"score": 0.7})


def judgement(*, look: int = 1, model: str = "m1", right: int = 31) -> Judgement:
    accuracy = Proportion(right, 32, 0.86, 0.95, "Clopper-Pearson")
    return Judgement(
        model=model,
        labels=("crack", "sound"),
        accuracy=accuracy,
        recalls=(ClassRecall("crack", accuracy), ClassRecall("sound", accuracy)),
        confusion=((15, 1), (0, 16)),
        reliability=(ReliabilityBin(0.9, 1.0, 32, 0.97, 0.96),),
        calibration_error=0.01,
        majority=16,
        asked=2,
        groups=32,
        look=look,
        mistakes=((digest("a"), "crack", "sound", 0.8),),
    )


def finding() -> Finding:
    return Finding(FindingKind.LEAK, Severity.HIGH, "camera", "It tells.", "It knows.", "Drop it.", ("a.jpg", "b.jpg"))


RULE = Rule(RuleKind.THRESHOLD, "brightness", 93.1, "", (("yes", "crack"), ("no", "sound")), "sound", 0.71)
CURVE = LearningCurve((CurvePoint(10, 0.8, 0.05), CurvePoint(20, 0.9, 0.03)), Behaviour.TOO_SHORT, (), None, ())


def review(*, look: int = 1) -> Review:
    measured = Measured(31 / 32, 0.86, 0.99, 32, 30, 0.965, "Clopper-Pearson")
    claim = Claim(ClaimKind.ACCURACY, "", measured, 0.9, at_least=True, required=True, outcome=Outcome.OPEN, needed=89)
    reason = Reason(ReasonKind.CLAIM_OPEN, Verdict.NOT_YET, "Not shown.", "Too few.", "Add more.")
    kept = {"model": "m1", "answers": digest("answers"), "data": digest("data")}
    return Review(
        project="blades", brief=1, look=look, alpha=0.035, budget=0.05, verdict=Verdict.NOT_YET, reasons=(reason,),
        claims=(claim,), promise=None, rule=None, loss=None, at=NOON, **kept,
    )  # fmt: skip


def notice() -> Notice:
    return Notice("webhook", "breaker.tripped", {"project": "blades"}, NOON)


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
digests = st.binary(max_size=8).map(lambda data: sha256(data).hexdigest())
times = st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
floats = st.floats(allow_nan=False, width=64)
finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
counts = st.integers(0, 2**53)

tasks = st.builds(Task, modality=st.sampled_from(("photo", "text", "table")), tolerance=finite, unit=texts)
projects = st.builds(
    Project,
    name=st.from_regex(NAME_PATTERN, fullmatch=True),
    created_at=times,
    sealed_share=finite,
    drawn=st.booleans(),
    task=tasks,
    group_rule=st.none() | texts,
    columns=st.dictionaries(st.sampled_from(("path", "label", "text")), texts),
    separator=st.sampled_from((None, ",", "|", "[")),
)
examples = st.builds(
    Example,
    digest=digests,
    name=texts,
    provenance=st.sampled_from(Provenance),
    group=texts,
    side=st.sampled_from(Side),
    label=st.none() | texts,
    width=st.integers(0, 2**31 - 1),
    height=st.integers(0, 2**31 - 1),
    fingerprint=st.text("0123456789abcdef", min_size=16, max_size=16),
)
labels = st.builds(Label, digest=st.just(digest("a")), value=texts, by=texts, at=times)
findings = st.builds(
    Finding,
    kind=st.sampled_from(FindingKind),
    severity=st.sampled_from(Severity),
    subject=texts,
    fact=texts,
    reason=texts,
    remedy=texts,
)
trials = st.builds(Trial, name=texts, log_loss=floats, accuracy=floats)
models = st.builds(
    ModelRecord,
    version=digests,
    blob=digests,
    trials=st.lists(trials, max_size=4).map(tuple),
    data_version=digests,
    at=times,
    synthetic=st.integers(0, 10**6),
)
answers = st.builds(
    Answer,
    label=texts,
    probability=floats,
    runner_up=texts,
    runner_up_probability=floats,
    ask_person=st.booleans(),
    probabilities=st.lists(st.tuples(texts, floats), max_size=4).map(tuple),
    kind=st.sampled_from(AnswerKind),
    interval=st.none() | st.tuples(floats, floats),
    unknown=st.booleans(),
    seconds=st.none() | st.tuples(floats, floats),
    reasons=st.lists(st.builds(Moved, what=texts, push=floats), max_size=2).map(tuple),
    remarks=st.lists(texts, max_size=2).map(tuple),
    titles=st.lists(texts, max_size=2).map(tuple),
)
decisions = st.builds(
    Decision,
    id=st.uuids().map(str),
    project=st.just("blades"),
    input_digest=digests,
    answer=answers,
    answered_by=st.sampled_from(AnsweredBy),
    model=digests,
    at=times,
    seconds=finite,
)
moments = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
shares = st.floats(0, 1)
draws = st.builds(Draw, audited=st.booleans(), propensity=shares, uniform=shares, seed=st.integers(0, 2**200))
names = st.none() | texts


@st.composite
def served_by_model(draw: st.DrawFn) -> Served:
    """A model's answer, audited or not."""
    made = draw(st.builds(replace, decisions, draw=draws, key=names, subject=names, at=moments))
    made = replace(made, answered_by=AnsweredBy.MODEL, because=Because.CONFIDENT)
    asked = question(made, QuestionKind.AUDIT, stake=draw(shares)) if draw(st.booleans()) else None
    return Served(made, asked, None, draw(st.none() | st.binary(max_size=20)), draw(shares), draw(st.none() | moments))


@st.composite
def served_by_people(draw: st.DrawFn) -> Served:
    """A request that waits for a person; a model may have been asked before."""
    made = draw(st.builds(replace, decisions, key=names, subject=names, at=moments, because=st.sampled_from(Because)))
    made = replace(made, answered_by=AnsweredBy.NOBODY_YET, answer=draw(st.none() | answers))
    return Served(made, question(made, QuestionKind.ANSWER), None, draw(st.none() | st.binary(max_size=20)))


terms = st.builds(
    Terms,
    threshold=shares,
    most_error=shares,
    audit_share=shares,
    wrong_cost=st.none() | finite,
    loss_budget=st.none() | finite,
    currency=st.sampled_from(["EUR", "USD"]),
    most_lost=st.none() | finite,
)
evidence = st.dictionaries(
    texts, finite | st.integers(-(2**53), 2**53) | texts | st.lists(finite, max_size=3), max_size=3
)
changes = st.builds(
    StageChange,
    number=st.just(1),
    stage=st.sampled_from(Stage),
    model=st.none() | digests,
    terms=st.none() | terms,
    fallback=st.none() | digests,
    fallback_terms=st.none() | terms,
    share=shares,
    cause=st.sampled_from(Cause),
    by=texts,
    reason=texts,
    at=times,
    evidence=evidence,
)
events = st.builds(Event, kind=st.sampled_from(EventKind), model=digests, fact=texts, at=times, evidence=evidence)
opinions = st.builds(
    Opinion,
    id=st.uuids().map(str),
    decision=st.just("00000001"),
    kind=st.just(QuestionKind.ANSWER),
    value=st.none() | texts,
    by=texts,
    at=moments,
    settles_at=moments,
    seconds=finite,
)
outcomes = st.builds(
    TrueOutcome, decision=st.just("00000001"), value=texts, by=texts, source=st.just("api"), at=moments
)
served = served_by_model() | served_by_people()
proportions = st.builds(Proportion, successes=counts, trials=counts, lower=floats, confidence=floats, method=texts)
bins = st.builds(ReliabilityBin, lower=floats, upper=floats, count=counts, mean_probability=floats, share_right=floats)
judgements = st.builds(
    Judgement,
    model=digests,
    labels=st.lists(texts, max_size=3).map(tuple),
    accuracy=proportions,
    recalls=st.lists(st.builds(ClassRecall, label=texts, recall=proportions), max_size=3).map(tuple),
    confusion=st.lists(st.lists(counts, max_size=3).map(tuple), max_size=3).map(tuple),
    reliability=st.lists(bins, max_size=3).map(tuple),
    calibration_error=floats,
    majority=counts,
    asked=counts,
    groups=counts,
    look=st.integers(1, 2**31 - 1),
    mistakes=st.lists(st.tuples(digests, texts, texts, floats), max_size=3).map(tuple),
    better=st.booleans(),
    later=st.none() | st.builds(Later, right=counts, count=counts, worse=st.booleans()),
)
