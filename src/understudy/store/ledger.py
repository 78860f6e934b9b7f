"""The ledger: everything a workspace remembers, behind one door.

Times and ids come in as arguments. What a method acknowledges by returning survives the death of the process.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from understudy.domain.arrival import Arrival
from understudy.domain.brief import Brief, BriefVersion
from understudy.domain.decision import Decision
from understudy.domain.evidence import Judgement
from understudy.domain.example import Example, Label, Side
from understudy.domain.finding import Acceptance, DataAudit, Finding
from understudy.domain.learning import LearningCurve
from understudy.domain.model import ModelRecord
from understudy.domain.project import Project
from understudy.domain.review import Review
from understudy.domain.rule import Fact, Rule
from understudy.domain.trial import Trial
from understudy.store import briefs as brief_rows
from understudy.store import decisions as decision_rows
from understudy.store import examples as example_rows
from understudy.store import facts as fact_rows
from understudy.store import findings as finding_rows
from understudy.store import labels as label_rows
from understudy.store import logs
from understudy.store import looks as look_rows
from understudy.store import models as model_rows
from understudy.store import projects as project_rows
from understudy.store import schema as tables
from understudy.store.codec import as_json, from_json
from understudy.store.database import Database
from understudy.store.examples import Counts
from understudy.store.looks import Look, LookRecord


class Ledger:
    """Projects with their examples, labels, findings, models, looks, judgements and decisions.

    Threads may share one ledger; each process opens its own. Every method that names a project raises
    `UnknownProject` when there is none of that name, and `LedgerUnavailable` when the database does not serve.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str | Path) -> Self:
        """Opens a ledger, makes it if it is not there, and brings its tables up to date.

        Args:
            url: A database address ("sqlite:///ledger.db", "postgresql+psycopg://…"), or the path of a SQLite file.

        Raises:
            LedgerUnavailable: It cannot be reached, or is no database.
            LedgerTooNew: A later version of the product wrote it.
        """
        return cls(Database.open(url))

    def close(self) -> None:
        """Lets go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def create_project(self, project: Project) -> None:
        """Adds a project.

        Raises:
            ProjectExists: Another project has its name.
        """
        project_rows.create(self._database, project)

    def project(self, name: str) -> Project:
        """One project by its name."""
        return project_rows.find(self._database, name)

    def projects(self) -> list[Project]:
        """All projects, by name."""
        return project_rows.every(self._database)

    def add_examples(self, project: str, examples: Sequence[Example], *, by: str, at: datetime) -> int:
        """Adds the examples that the project does not hold yet, each with its label if it brings one.

        A known example (same digest) keeps its name, group and side. A label that arrives for an example without
        any is recorded; one that arrives where a label stands is not, so adding twice adds nothing. To say something
        else about an example is `add_label`.

        Args:
            project: Its name.
            examples: Examples; 2,000 at a time become one transaction, so a broken-off call is simply repeated.
            by: Who gave the labels.
            at: When, UTC.

        Returns:
            How many examples were new.

        Raises:
            UnstorableText: A name, group or label holds what no database keeps.
        """
        return example_rows.add(self._database, project, examples, by=by, at=at)

    def examples(self, project: str, *, side: Side | None = None) -> Iterator[Example]:
        """Examples in the order of their digests, read once, in bounded memory.

        Sealed examples come without their label, whatever it is: only `open_sealed` shows those.

        Args:
            project: Its name.
            side: Only this side of the sealed border, or None for all.
        """
        return example_rows.stream(self._database, project, side=side)

    def arrivals(self, project: str) -> Iterator[Arrival]:
        """The light view of every example, by digest, for intake alone.

        It names the label of sealed examples too, because intake must see that an arriving label contradicts the
        one on record. That is no leak as long as training, search and thresholds never read it: they read
        `examples`.
        """
        return example_rows.stream_arrivals(self._database, project)

    def counts(self, project: str) -> Counts:
        """How many examples there are: by label for training, as a mere total for the sealed set."""
        return example_rows.count(self._database, project)

    def add_label(self, project: str, label: Label) -> None:
        """Records what someone says about an example; what was said before stays on record beside it.

        Raises:
            UnknownExample: The project holds no example of this digest.
        """
        label_rows.add(self._database, project, label)

    def labels_of(self, project: str, digest: str) -> list[Label]:
        """Everything that was said about an example, in the order it was said; the last label stands.

        Raises:
            SealedLabels: The example lies in the sealed set.
            UnknownExample: The project holds no example of this digest.
        """
        return label_rows.of(self._database, project, digest)

    def record_findings(self, project: str, findings: Sequence[Finding], *, at: datetime) -> None:
        """Records findings; one of the same kind, subject and fact as an earlier one adds nothing."""
        finding_rows.record(self._database, project, findings, at=at)

    def findings(self, project: str) -> list[Finding]:
        """Every finding, in the order they were first seen."""
        return finding_rows.of(self._database, project)

    def record_model(
        self, project: str, *, version: str, blob: str, trials: Sequence[Trial], data_version: str, at: datetime
    ) -> None:
        """Records a model. If the latest one is the same but for its time, nothing is added.

        Args:
            project: Its name.
            version: SHA-256 of the model file, in hex.
            blob: Under which digest the blob store holds the file.
            trials: The candidates it was chosen from.
            data_version: Which examples and labels it learned from, as a digest.
            at: When, UTC.
        """
        model_rows.record(self._database, project, ModelRecord(version, blob, tuple(trials), data_version, at))

    def models(self, project: str) -> list[ModelRecord]:
        """Every model, oldest first."""
        return model_rows.of(self._database, project)

    def latest_model(self, project: str) -> ModelRecord | None:
        """The model recorded last, or None."""
        return model_rows.latest(self._database, project)

    def open_sealed(self, project: str, *, model: str, at: datetime) -> Look:
        """Opens the sealed labels for one model, and counts the look.

        The look is committed before any label can be read, so a look that is broken off counts too, and so does
        every repetition.

        Args:
            project: Its name.
            model: The version of the model that is to be judged.
            at: When, UTC.
        """
        return look_rows.open_sealed(self._database, project, model=model, at=at)

    def look_count(self, project: str) -> int:
        """How often the sealed labels were opened."""
        return look_rows.count(self._database, project)

    def record_judgement(self, project: str, judgement: Judgement, *, at: datetime) -> None:
        """Records what a look showed; the same judgement again adds nothing.

        Raises:
            UnknownLook: No look of this number was recorded for the judgement's model.
            JudgementExists: The look has another judgement.
        """
        look_rows.record_judgement(self._database, project, judgement, at=at)

    def latest_judgement(self, project: str) -> Judgement | None:
        """The judgement of the latest look that has one, or None."""
        return look_rows.latest_judgement(self._database, project)

    def record_decisions(self, decisions: Sequence[Decision]) -> None:
        """Records decisions in one transaction: all of them or, when an error is raised, none.

        Raises:
            UnknownProject: One names a project that is not there.
            DecisionExists: One bears an id that is taken.
        """
        decision_rows.record(self._database, decisions)

    def decision(self, decision_id: str) -> Decision:
        """One decision by its id.

        Raises:
            UnknownDecision: No decision has this id.
        """
        return decision_rows.find(self._database, decision_id)

    def decisions(self, project: str, limit: int) -> list[Decision]:
        """The latest decisions, newest first, at most `limit`."""
        return decision_rows.newest(self._database, project, limit)

    def decision_count(self, project: str) -> int:
        """How many decisions were recorded."""
        return decision_rows.count(self._database, project)

    def add_brief(self, project: str, brief: Brief, *, by: str, reason: str, at: datetime) -> BriefVersion:
        """Records a version of the project's brief; one that says the same as the latest adds nothing.

        Args:
            project: Its name.
            brief: What it says from now on.
            by: Who wrote it.
            reason: Why it was changed; empty for the first.
            at: When, UTC.

        Returns:
            The version that stands.
        """
        return brief_rows.add(self._database, project, brief, by=by, reason=reason, at=at)

    def briefs(self, project: str) -> list[BriefVersion]:
        """Every version of the brief, oldest first."""
        return brief_rows.every(self._database, project)

    def latest_brief(self, project: str) -> BriefVersion | None:
        """The version of the brief that stands, or None."""
        return brief_rows.latest(self._database, project)

    def opinions(self, project: str) -> Iterator[Label]:
        """Everything that was said about training examples, by digest, then in the order it was said."""
        return label_rows.stream_opinions(self._database, project)

    def labelled_at(self, project: str) -> datetime | None:
        """When a label was given last, sealed ones included, or None."""
        return label_rows.last_given(self._database, project)

    def record_facts(self, kind: str, measured: Mapping[str, Mapping[str, Fact]]) -> None:
        """Keeps what was measured of inputs, by digest; `kind` says by which code ("image/1")."""
        fact_rows.record(self._database, kind, measured)

    def facts(self, kind: str, digests: Iterable[str]) -> dict[str, dict[str, Fact]]:
        """The facts that are kept of inputs, by digest; one that was never measured is missing."""
        return fact_rows.of(self._database, kind, digests)

    def record_data_audit(self, project: str, findings: Sequence[Finding], *, data_version: str, at: datetime) -> None:
        """Records what a data audit saw; the latest audit is the one that holds."""
        kept = [as_json(Finding, finding) for finding in findings]
        logs.append(self._database, tables.data_audits, project, data_version=data_version, findings=kept, at=at)

    def latest_data_audit(self, project: str) -> DataAudit | None:
        """What the latest data audit saw, or None."""
        row = logs.latest(self._database, tables.data_audits, project)
        if row is None:
            return None
        return DataAudit(row["data_version"], tuple(from_json(Finding, one) for one in row["findings"]), row["at"])

    def accept_finding(self, project: str, acceptance: Acceptance) -> None:
        """Records that a person takes responsibility for a finding; it is shown for ever."""
        values = {"identity": acceptance.identity, "by": acceptance.by, "reason": acceptance.reason}
        logs.append(self._database, tables.acceptances, project, **values, at=acceptance.at)

    def acceptances(self, project: str) -> list[Acceptance]:
        """Every finding that a person took responsibility for, oldest first."""
        return [
            Acceptance(row["identity"], row["by"], row["reason"], row["at"])
            for row in logs.rows(self._database, tables.acceptances, project)
        ]

    def record_rule(self, project: str, rule: Rule, *, model: str, at: datetime) -> None:
        """Records the best one-line rule of the examples that a model learned from."""
        logs.append(self._database, tables.rules, project, model=model, rule=as_json(Rule, rule), at=at)

    def rule_beside(self, project: str, *, model: str) -> Rule | None:
        """The one-line rule that was fitted beside a model, or None."""
        row = logs.latest(self._database, tables.rules, project, model=model)
        return None if row is None else from_json(Rule, row["rule"])

    def record_curve(self, project: str, curve: LearningCurve, *, data_version: str, at: datetime) -> None:
        """Records a learning curve of the training examples as they were."""
        kept = as_json(LearningCurve, curve)
        logs.append(self._database, tables.curves, project, data_version=data_version, curve=kept, at=at)

    def latest_curve(self, project: str, *, data_version: str | None = None) -> LearningCurve | None:
        """The learning curve recorded last, of these training examples if they are named, or None."""
        wanted = {} if data_version is None else {"data_version": data_version}
        row = logs.latest(self._database, tables.curves, project, **wanted)
        return None if row is None else from_json(LearningCurve, row["curve"])

    def record_answers(self, project: str, *, look: int, blob: str, at: datetime) -> None:
        """Records where the answers that a look was given are stored."""
        look_rows.record_answers(self._database, project, look=look, blob=blob, at=at)

    def answers_of(self, project: str, *, look: int) -> str | None:
        """Under which digest the blob store holds the answers that a look was given, or None."""
        return look_rows.answers_of(self._database, project, look=look)

    def looks(self, project: str) -> list[LookRecord]:
        """Every look: its number, for which model, when, and where its answers are; oldest first."""
        return look_rows.every(self._database, project)

    def record_review(self, project: str, review: Review) -> None:
        """Records a review; nothing of it is ever changed."""
        kept = as_json(Review, review)
        logs.append(self._database, tables.reviews, project, look=review.look, review=kept, at=review.at)

    def reviews(self, project: str) -> list[Review]:
        """Every review, oldest first."""
        return [from_json(Review, row["review"]) for row in logs.rows(self._database, tables.reviews, project)]

    def latest_review(self, project: str) -> Review | None:
        """The review recorded last, or None."""
        row = logs.latest(self._database, tables.reviews, project)
        return None if row is None else from_json(Review, row["review"])
