"""Projects and what was gathered for them: examples, labels, findings, facts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Label, Provenance, Side
from understudy.domain.finding import Acceptance, DataAudit, Finding
from understudy.domain.project import Project
from understudy.domain.rule import Fact
from understudy.domain.task import Task
from understudy.store import examples as example_rows
from understudy.store import facts as fact_rows
from understudy.store import findings as finding_rows
from understudy.store import groups as group_rows
from understudy.store import labels as label_rows
from understudy.store import logs
from understudy.store import names as name_rows
from understudy.store import projects as project_rows
from understudy.store import schema as tables
from understudy.store import schemas as schema_rows
from understudy.store.codec import as_json, from_json
from understudy.store.examples import Counts
from understudy.store.parts.part import Part


class Gathering(Part):
    """Keeps projects, examples with their labels, and what was found in them."""

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

    def set_task(self, project: str, task: Task) -> None:
        """Changes what a project decides about; nothing checks that its examples fit."""
        project_rows.set_task(self._database, project, task)

    def set_group_rule(self, project: str, rule: str) -> None:
        """Says by what a project's examples are grouped; nothing checks that those which are there were.

        Raises:
            UnstorableText: The rule holds what no database keeps.
        """
        project_rows.set_group_rule(self._database, project, rule)

    def set_columns(self, project: str, columns: Mapping[str, str], separator: str | None) -> None:
        """Says which columns of a project's latest table said what, and what stood between several labels in it.

        Raises:
            UnstorableText: A name holds what no database keeps.
        """
        project_rows.set_columns(self._database, project, columns, separator)

    def record_schema(self, project: str, json: Mapping[str, Any], *, by: str, at: datetime) -> int:
        """Records what the columns of a project's table hold; it stands from now on, and those before stay on record.

        Args:
            project: Its name.
            json: The schema, ready for JSON.
            by: Who says so.
            at: When, UTC.

        Returns:
            The number of the version that stands; the same as before where nothing changed.
        """
        return schema_rows.add(self._database, project, json, by=by, at=at)

    def schema(self, project: str, *, at: datetime | None = None) -> dict[str, Any] | None:
        """The schema that stands, or that stood at a moment; None where there was none."""
        return schema_rows.latest(self._database, project, at)

    def add_examples(self, project: str, examples: Iterable[Example], *, by: str, at: datetime) -> int:
        """Adds the examples that the project does not hold yet, each with its label if it brings one.

        A known example (same digest) keeps its name, group and side. A label that arrives for an example without
        any is recorded; one that arrives where a label stands is not, so adding twice adds nothing. To say something
        else about an example is `add_label`.

        Args:
            project: Its name.
            examples: Examples; 2,000 at a time become one transaction, so a broken-off call is simply repeated. In the
                order of digests, in which the tables lie on disk, many take a quarter less time.
            by: Who gave the labels.
            at: When, UTC.

        Returns:
            How many examples were new.

        Raises:
            UnstorableText: A name, group or label holds what no database keeps.
        """
        return example_rows.add(self._database, project, examples, by=by, at=at)

    def make_real(self, project: str, named: Iterable[tuple[str, str]], provenance: Provenance) -> None:
        """Lets examples that were made up be real, as the same came from somewhere; others stay as they are.

        They keep their side: what models may have learned from is never sealed.

        Args:
            project: Its name.
            named: Digests, with the names that they have from now on.
            provenance: Where they came from.
        """
        example_rows.make_real(self._database, project, named, provenance)

    def examples(self, project: str, *, side: Side | None = None, called: str | None = None) -> Iterator[Example]:
        """Examples in the order of their digests, read once, in bounded memory.

        Sealed examples come without their label, whatever it is: only `open_sealed` shows those. Those whose input was
        deleted never come.

        Args:
            project: Its name.
            side: Only this side of the sealed border, or None for all.
            called: Only those of this name, and those of the group of this name, which others of its family are not; or
                None for all.
        """
        return example_rows.stream(self._database, project, side=side, called=called)

    def add_names(self, project: str, names: Iterable[tuple[str, str]]) -> None:
        """Keeps other names of examples, as (name, digest): of rows that repeat another, which are no examples.

        They are forgotten with the example's own name.
        """
        name_rows.add(self._database, project, names)

    def add_groups(self, project: str, groups: Iterable[tuple[str, str]]) -> None:
        """Keeps groups that came into the family of another, as (group, key of the family that its examples bear)."""
        group_rows.add(self._database, project, groups)

    def other_groups(self, project: str) -> tuple[tuple[str, str], ...]:
        """Groups that came into the family of another, as (group, key of the family), in order."""
        return group_rows.of(self._database, project)

    def add_own_groups(self, project: str, owners: Iterable[tuple[str, str]]) -> None:
        """Keeps whose examples are whose family bears another name, as (digest, own group).

        Args:
            project: Its name.
            owners: Of new examples, before these are added; the group is empty where nobody said one. Of known ones
                that came again, groups beside those that they were of before.
        """
        group_rows.add_own(self._database, project, owners)

    def named(self, project: str, name: str) -> set[str]:
        """Digests of the examples that arrived under a name, or of those that bear it besides where none did."""
        return name_rows.named(self._database, project, name)

    def bearers(self, project: str, names: Collection[str]) -> dict[str, str]:
        """By name, the digest of the example that arrived under it; names that several bear are left out."""
        return name_rows.bearers(self._database, project, names)

    def names_of(self, project: str, digests: Sequence[str]) -> set[str]:
        """All names under which some examples are known."""
        return name_rows.of(self._database, project, digests)

    def arrivals(self, project: str, *, among: Collection[str] | None = None, there: bool = False) -> Iterator[Arrival]:
        """The light view of every example, or of those among some digests, by digest, for intake alone.

        Forgotten ones are among them, so that what is like them falls on their side, unless only those that are still
        `there` are asked for.

        It names the label of sealed examples too, because intake must see that an arriving label contradicts the
        one on record. That is no leak as long as training, search and thresholds never read it: they read
        `examples`.
        """
        return example_rows.stream_arrivals(self._database, project, among=among, there=there)

    def counts(self, project: str) -> Counts:
        """How many examples there are: by label for training, as a mere total for the sealed set."""
        return example_rows.count(self._database, project)

    def group_count(self, project: str) -> int:
        """In how many groups of what belongs together the training examples are."""
        return example_rows.count_groups(self._database, project)

    def add_label(self, project: str, label: Label) -> None:
        """Records what someone says about an example; what was said before stays on record beside it.

        Raises:
            UnknownExample: The project holds no example of this digest.
        """
        label_rows.add(self._database, project, label)

    def add_labels(self, project: str, labels: Sequence[Label]) -> None:
        """Records what people say about examples, 500 in a transaction; the same by the same at the same time is one.

        Raises:
            UnknownExample: The project holds no example of one of the digests.
        """
        label_rows.add_many(self._database, project, labels)

    def labels_of(self, project: str, digest: str) -> list[Label]:
        """Everything that was said about an example, in the order it was said; the last label stands.

        Raises:
            SealedLabels: The example lies in the sealed set.
            UnknownExample: The project holds no example of this digest.
        """
        return label_rows.of(self._database, project, digest)

    def opinions(self, project: str) -> Iterator[Label]:
        """What people said about training examples, by digest, then as it was said; no outcomes or medians."""
        return label_rows.stream_opinions(self._database, project)

    def labelled_at(self, project: str) -> datetime | None:
        """When a label was given last, sealed ones included, or None."""
        return label_rows.last_given(self._database, project)

    def record_findings(self, project: str, findings: Sequence[Finding], *, at: datetime) -> None:
        """Records findings; one of the same kind, subject and fact as an earlier one adds nothing.

        One that awaits labels goes by itself with the last label that it waited for, whoever gives it.
        """
        finding_rows.record(self._database, project, findings, at=at)

    def withdraw_finding(self, project: str, finding: Finding) -> None:
        """Takes a finding back that no longer holds; one that is not recorded is none to take back."""
        finding_rows.withdraw(self._database, project, finding)

    def awaited(self, project: str) -> frozenset[str]:
        """Digests of the examples whose labels findings wait for."""
        return finding_rows.waited_for(self._database, project)

    def findings(self, project: str) -> list[Finding]:
        """Every finding, in the order they were first seen."""
        return finding_rows.of(self._database, project)

    def record_facts(self, project: str, kind: str, measured: Mapping[str, Mapping[str, Fact]]) -> None:
        """Keeps what was measured of a project's inputs, by digest; `kind` says by which code ("image/1").

        Nothing is kept of inputs that were deleted while they were measured.
        """
        fact_rows.record(self._database, project, kind, measured)

    def facts(self, kind: str, digests: Iterable[str]) -> dict[str, dict[str, Fact]]:
        """The facts that are kept of inputs, by digest; one that was never measured is missing."""
        return fact_rows.of(self._database, kind, digests)

    def record_data_audit(self, project: str, findings: Sequence[Finding], *, data_version: str, at: datetime) -> None:
        """Records what a data audit saw; the latest audit is the one that holds."""
        kept = [as_json(Finding, finding) for finding in findings]
        logs.append(self._database, tables.data_audits, project, data_version=data_version, findings=kept, at=at)

    def latest_data_audit(self, project: str, *, at: datetime | None = None) -> DataAudit | None:
        """What the latest data audit saw, or the one that was the latest at a moment; None where there was none."""
        row = logs.latest(self._database, tables.data_audits, project, until=at)
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
