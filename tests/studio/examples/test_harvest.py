"""People's answers become examples: through the same sieve, with whoever said so, once, and no forgotten ones."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from clock import Clock
from coloured import coloured
from studio.served import answered, asked, turned_out
from understudy.domain.arrival import Arrival
from understudy.domain.decision import Decision
from understudy.domain.example import SETTLED, TURNED_OUT, Label, Provenance, Side
from understudy.domain.finding import FindingKind
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.store.ledger import Ledger
from understudy.studio.claims.review_material import double_answers
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.examples import harvest as harvesting
from understudy.studio.examples.harvest import harvest
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None, clock: Clock) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url, now=clock) as opened:
        opened.ledger.create_project(Project("blades", opened.now(), sealed_share=0.4))
        yield opened


def say(workspace: Workspace, made: Decision, label: str | None, by: str = "Ada", **parts: QuestionKind) -> None:
    """Answers, and waits until it holds."""
    Queue(workspace).answer(made.id, parts.get("kind", QuestionKind.ANSWER), label, by=by)
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)


def test_answers_become_examples_on_both_sides_of_the_border(workspace: Workspace) -> None:
    """Each answered photo is an example with the person's label; a share is sealed by a hash; the bytes are kept."""
    made = [asked(workspace, coloured(label, number)) for number in range(10) for label in ("amber", "azure")]
    for place, each in enumerate(made):
        say(workspace, each, ("amber", "azure")[place % 2])
    found = harvest(workspace, "blades")
    assert (found.answers, found.new) == (20, 20)
    assert [each.kind for each in found.findings if each.kind is not FindingKind.TWIN] == []
    examples = list(workspace.ledger.examples("blades"))
    assert {each.provenance for each in examples} == {Provenance.PERSON}
    assert {each.digest for each in examples} == {each.input_digest for each in made}
    sides = [each.side for each in examples]
    assert 0 < sides.count(Side.SEALED) < 20
    assert all(workspace.blobs.has(each.digest) for each in examples)
    counts = workspace.ledger.counts("blades")
    assert sum(counts.train.values()) + counts.sealed == 20
    assert counts.train_unlabelled == 0


def test_to_harvest_again_adds_nothing(workspace: Workspace) -> None:
    """A second harvest finds nothing, and an answer that came meanwhile is taken in alone."""
    first = asked(workspace, coloured("amber", 1))
    say(workspace, first, "amber")
    assert harvest(workspace, "blades").answers == 1
    before = workspace.ledger.counts("blades")
    assert harvest(workspace, "blades").answers == 0
    assert workspace.ledger.counts("blades") == before
    say(workspace, asked(workspace, coloured("azure", 1)), "azure")
    assert harvest(workspace, "blades").new == 1


def test_what_can_still_be_taken_back_waits(workspace: Workspace, clock: Clock) -> None:
    """An answer that is not settled, and one that could not tell, are no labels."""
    made = asked(workspace, coloured("amber", 1))
    Queue(workspace).answer(made.id, QuestionKind.ANSWER, "amber", by="Ada")
    unsure = asked(workspace, coloured("azure", 1))
    Queue(workspace).answer(unsure.id, QuestionKind.ANSWER, None, by="Ada")
    assert harvest(workspace, "blades").answers == 0
    clock.pass_(seconds=10)
    assert harvest(workspace, "blades").answers == 1


def test_second_answers_measure_people(workspace: Workspace) -> None:
    """Both people's labels are kept, each by whoever gave it, so that their disagreement is measured."""
    made = [asked(workspace, coloured("amber", number), double=True) for number in range(12)]
    for each in made:
        say(workspace, each, "amber")
        say(workspace, each, "azure", by="Ben", kind=QuestionKind.DOUBLE)
    harvest(workspace, "blades")
    trained = list(workspace.ledger.examples("blades", side=Side.TRAIN))
    assert trained
    said = [(label.value, label.by) for label in workspace.ledger.labels_of("blades", trained[0].digest)]
    assert said == [("amber", "Ada"), ("azure", "Ben")]
    assert set(double_answers(workspace.ledger.opinions("blades"))) == {("amber", "azure")}


def test_audits_are_examples_of_their_own_kind(workspace: Workspace) -> None:
    """What a person said in an audit is a label too; where the model alone answered there is none."""
    audited = answered(workspace, coloured("amber", 1), "a1" * 32, audited=True)
    answered(workspace, coloured("azure", 1), "a1" * 32)
    say(workspace, audited, "azure", kind=QuestionKind.AUDIT)
    harvest(workspace, "blades")
    (example,) = workspace.ledger.examples("blades")
    assert (example.digest, example.provenance) == (audited.input_digest, Provenance.AUDIT)


def test_what_was_made_up_and_is_answered_by_a_person_is_real(workspace: Workspace, tmp_path: Path) -> None:
    """The person's label stands, without a contradiction; what nobody answered stays made up."""
    folder = tmp_path / "made"
    for label, number in (("azure", 1), ("azure", 2), ("amber", 3)):
        (folder / label).mkdir(parents=True, exist_ok=True)
        (folder / label / f"{number}.jpg").write_bytes(coloured("amber", number))
    gather(
        workspace,
        workspace.ledger.project("blades"),
        folder,
        reading=Reading(synthetic=True),
        by="ann",
        progress=lambda _done, _total: None,
    )
    made = asked(workspace, coloured("amber", 1))
    say(workspace, made, "amber")
    found = harvest(workspace, "blades")
    assert (found.answers, found.new) == (1, 0)
    assert not [each for each in found.findings if each.kind is FindingKind.CONTRADICTORY_LABELS]
    examples = {each.digest: each for each in workspace.ledger.examples("blades")}
    answered_one = examples.pop(made.input_digest)
    assert (answered_one.label, answered_one.provenance) == ("amber", Provenance.PERSON)
    assert answered_one.name == f"decision {made.id}"
    assert {each.provenance for each in examples.values()} == {Provenance.SYNTHETIC}


def test_what_is_about_one_subject_stays_together(workspace: Workspace) -> None:
    """Different photos of one subject fall on one side of the border, and its name is nowhere in the examples."""
    made = [
        asked(workspace, coloured(label, n), subject="patient Ann") for n in range(6) for label in ("amber", "azure")
    ]
    for each in made:
        say(workspace, each, "amber")
    harvest(workspace, "blades")
    examples = list(workspace.ledger.examples("blades"))
    assert len({each.side for each in examples}) == 1
    assert len({each.group for each in examples}) == 1
    assert "Ann" not in repr(examples)


def test_forgotten_photos_never_come_back(workspace: Workspace) -> None:
    """Neither an answer that was given before nor one that comes after brings a forgotten photo back."""
    first, second = (asked(workspace, coloured("amber", number)) for number in (1, 2))
    say(workspace, first, "amber")
    say(workspace, second, "amber")
    workspace.ledger.erase("blades", [first.input_digest], by="Ada", reason="asked", at=workspace.now())
    harvest(workspace, "blades")
    assert [each.digest for each in workspace.ledger.examples("blades")] == [second.input_digest]
    workspace.ledger.erase("blades", [second.input_digest], by="Ada", reason="asked", at=workspace.now())
    assert list(workspace.ledger.examples("blades")) == []


def test_what_is_no_photo_is_left_out_and_said(workspace: Workspace) -> None:
    """An input that cannot be read is a finding; the others are taken in, and it is not tried again."""
    broken, whole = asked(workspace, b"no photo at all"), asked(workspace, coloured("amber", 1))
    say(workspace, broken, "amber")
    say(workspace, whole, "amber")
    found = harvest(workspace, "blades")
    assert (found.answers, found.new) == (2, 1)
    assert [each.subject for each in found.findings] == [f"decision {broken.id}"]
    assert harvest(workspace, "blades").answers == 0
    alone = asked(workspace, b"nor is this")
    say(workspace, alone, "amber")
    assert harvest(workspace, "blades").new == 0


def told_later(workspace: Workspace, made: Decision, label: str, by: str = "the lab") -> None:
    """Reports an outcome, a moment later."""
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)
    turned_out(workspace, made, label, by=by, source="csv", new_labels=True)


def test_outcomes_become_examples_of_their_own_kind(workspace: Workspace) -> None:
    """What only the model had answered and what turned out is an example that says so, once, and nobody's answer."""
    made = [answered(workspace, coloured(label, n), "a1" * 32) for n in range(6) for label in ("amber", "azure")]
    for place, each in enumerate(made):
        told_later(workspace, each, ("amber", "azure")[place % 2])
    found = harvest(workspace, "blades")
    assert (found.answers, found.outcomes, found.new) == (0, 12, 12)
    examples = list(workspace.ledger.examples("blades"))
    assert {each.provenance for each in examples} == {Provenance.OUTCOME}
    assert {each.side for each in examples} == {Side.TRAIN, Side.SEALED}
    learned = next(each for each in examples if each.side is Side.TRAIN)
    (label,) = workspace.ledger.labels_of("blades", learned.digest)
    assert label.by == f"{TURNED_OUT}the lab"
    assert list(workspace.ledger.opinions("blades")) == []
    assert harvest(workspace, "blades").taken == 0


def test_an_outcome_stands_over_what_people_say_of_the_same_request(workspace: Workspace) -> None:
    """Whether they say it before it turns out or in an audit afterwards; a label that is given on purpose stands."""
    before = asked(workspace, coloured("amber", 1))
    say(workspace, before, "azure")
    assert harvest(workspace, "blades").new == 1
    told_later(workspace, before, "amber")
    found = harvest(workspace, "blades")
    assert (found.outcomes, found.new) == (1, 0)
    after = answered(workspace, coloured("azure", 2), "a1" * 32, audited=True)
    told_later(workspace, after, "azure")
    assert harvest(workspace, "blades").new == 1
    say(workspace, after, "amber", kind=QuestionKind.AUDIT)
    harvest(workspace, "blades")
    stands = {each.digest: each.label for each in workspace.ledger.arrivals("blades")}
    assert stands == {before.input_digest: "amber", after.input_digest: "azure"}
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)
    workspace.ledger.add_label("blades", Label(after.input_digest, "amber", "Ada", workspace.now()))
    harvest(workspace, "blades")
    assert {each.label for each in workspace.ledger.arrivals("blades")} == {"amber"}


def test_what_turns_out_otherwise_is_a_finding_and_changes_no_side(workspace: Workspace) -> None:
    """Against people's answers and against an earlier outcome of the same input; sealed examples stay, unnamed."""
    made = [asked(workspace, coloured("amber", number)) for number in range(8)]
    for each in made:
        say(workspace, each, "azure")
    harvest(workspace, "blades")
    sides = {each.digest: each.side for each in workspace.ledger.examples("blades")}
    assert Side.SEALED in sides.values()
    for each in made[:-1]:
        told_later(workspace, each, "amber")
    again = answered(workspace, coloured("amber", 0), "a1" * 32)
    told_later(workspace, again, "azure")
    told_later(workspace, made[-1], "azure")
    found = [each for each in harvest(workspace, "blades").findings if each.kind is FindingKind.CONTRADICTORY_LABELS]
    assert [set(each.evidence) for each in found] == [{each.id for each in [*made[:-1], again]}]
    assert "8 photos" in found[0].fact
    assert not {"amber", "azure"} & set(found[0].fact.replace(".", " ").split())
    assert {each.digest: each.side for each in workspace.ledger.examples("blades")} == sides
    assert found[0].fact in {each.fact for each in workspace.ledger.findings("blades")}


def test_outcomes_of_forgotten_inputs_teach_nothing(workspace: Workspace) -> None:
    """An input that was deleted never comes back by what turned out of it."""
    made = answered(workspace, coloured("amber", 1), "a1" * 32)
    workspace.ledger.erase("blades", [made.input_digest], by="Ada", reason="asked", at=workspace.now())
    told_later(workspace, made, "amber")
    assert harvest(workspace, "blades").taken == 0
    assert list(workspace.ledger.examples("blades")) == []


def test_of_several_labels_of_an_input_the_last_one_is_sieved(workspace: Workspace) -> None:
    """What somebody wrote otherwise and then corrected is no finding; what stands in the end is one."""
    first, again = asked(workspace, coloured("amber", 1)), asked(workspace, coloured("amber", 1))
    say(workspace, first, "Amber")
    say(workspace, again, "amber", by="Ben")
    say(workspace, asked(workspace, coloured("amber", 2)), "amber")
    found = harvest(workspace, "blades").findings
    assert [each for each in found if each.kind is FindingKind.DIRTY_VALUES] == []
    say(workspace, asked(workspace, coloured("amber", 3)), "Amber")
    found = harvest(workspace, "blades").findings
    assert [each.subject for each in found if each.kind is FindingKind.DIRTY_VALUES] == ["amber"]


def test_the_middle_of_numbers_counts_those_that_are_settled(workspace: Workspace) -> None:
    """A number that can still be taken back is none yet; once it is settled, the middle of both stands."""
    workspace.ledger.create_project(Project("walls", workspace.now(), task=Task("photo", AnswerKind.NUMBER)))
    made = asked(workspace, coloured("amber", 1), double=True, project="walls", stage=0)
    say(workspace, made, "10")
    Queue(workspace).answer(made.id, QuestionKind.DOUBLE, "20", by="Ben")
    assert harvest(workspace, "walls").answers == 1
    assert [each.value for each in workspace.ledger.labels_of("walls", made.input_digest)] == ["10"]
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)
    assert harvest(workspace, "walls").answers == 1
    (arrival,) = workspace.ledger.arrivals("walls")
    middle = next(each for each in workspace.ledger.labels_of("walls", arrival.digest) if each.by.startswith(SETTLED))
    assert (arrival.label, middle.value) == ("15", "15")


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers at a time are many."""
    monkeypatch.setattr(harvesting, "AT_ONCE", 2)


@pytest.mark.usefixtures("in_parts")
def test_a_harvest_in_many_parts_reads_what_is_there_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it costs grows with the answers and with the examples, not with one times the other."""
    for number in range(30):
        say(workspace, asked(workspace, coloured("amber", number)), "amber")
    harvest(workspace, "blades")
    for number in range(10):
        say(workspace, asked(workspace, coloured("azure", number)), "azure")
    read, real = list[Arrival](), Ledger.arrivals

    def counted(ledger: Ledger, project: str, **among: Any) -> Iterator[Arrival]:
        for each in real(ledger, project, **among):
            read.append(each)
            yield each

    monkeypatch.setattr(Ledger, "arrivals", counted)
    assert harvest(workspace, "blades").new == 10
    assert len(read) <= 2 * 30 + 4 * 10


@pytest.mark.usefixtures("in_parts")
def test_later_parts_know_what_earlier_ones_brought(workspace: Workspace) -> None:
    """What is about one subject stays together, a known input is not new, and what turns out otherwise is told."""
    made = [asked(workspace, coloured("amber", number), subject="patient Ann") for number in range(6)]
    for each in [*made, asked(workspace, coloured("amber", 0))]:
        say(workspace, each, "azure")
    told_later(workspace, made[0], "amber")
    found = harvest(workspace, "blades")
    assert (found.answers, found.outcomes, found.new) == (7, 1, 6)
    examples = list(workspace.ledger.examples("blades"))
    assert len({each.side for each in examples}) == len({each.group for each in examples}) == 1
    otherwise = [each for each in found.findings if each.kind is FindingKind.CONTRADICTORY_LABELS]
    assert [each.evidence for each in otherwise] == [(made[0].id,)]


@pytest.mark.usefixtures("in_parts")
def test_a_name_that_is_forgotten_during_a_harvest_does_not_come_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A twin that comes after bears the pseudonym that stands for the group by then."""
    first = asked(workspace, coloured("amber", 1), subject="patient Ann")
    twin = asked(workspace, coloured("amber", 1, kind="PNG"))
    for each in (first, asked(workspace, coloured("azure", 1)), twin):
        say(workspace, each, "amber")
    real, names = Ledger.record_harvest, set[str]()

    def forgotten_meanwhile(ledger: Ledger, project: str, opinions: Sequence[str]) -> None:
        names.update(each.group for each in ledger.examples(project) if each.digest == first.input_digest)
        real(ledger, project, opinions)
        ledger.erase(project, [first.input_digest], "Ada", "asked", workspace.now())

    monkeypatch.setattr(Ledger, "record_harvest", forgotten_meanwhile)
    assert harvest(workspace, "blades").new == 3
    group = {each.digest: each.group for each in workspace.ledger.arrivals("blades")}
    assert group[twin.input_digest] == group[first.input_digest]
    assert not names & set(group.values())
