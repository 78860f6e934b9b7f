"""What columns are is looked at again when more rows come, whether with a table or with people's answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from clock import Clock
from studio.served import asked
from understudy.domain.example import Side
from understudy.domain.finding import FindingKind
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Budget
from understudy.engine.local import LocalExecutor
from understudy.intake.incoming import SourceUnreadable
from understudy.modalities.table.schema import Kind, Role, SchemaError
from understudy.modalities.table.unreadable import RowUnreadable
from understudy.studio.collection.columns import BadCorrection, correct, schema_of
from understudy.studio.collection.gathering import Gathered, gather, project_for
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.facts import facts_for
from understudy.studio.examples.harvest import Harvest, harvest
from understudy.studio.examples.understanding import rows_to_look_at
from understudy.studio.people.queue import Queue
from understudy.studio.training.learning import learn_curve
from understudy.studio.training.shelf import Shelf, load_recorded
from understudy.studio.training.training import Order, train
from understudy.studio.workspace import Workspace

LOANS = "".join(f"C{n:04},{300 + n * 37 % 900},{'abc'[n % 3]},DE,{'yes' if n * 7 % 5 else 'no'}\n" for n in range(120))
HEAD = "number,amount,kind,country,paid\n"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", now=clock) as opened:
        yield opened


def added(
    workspace: Workspace, path: Path, text: str = "", target: str | None = "paid", **reading: str | bool
) -> Gathered:
    """Adds a table to the project “loans”."""
    if text:
        path.write_text(HEAD + text, encoding="utf-8")
    project = project_for(workspace, path, "loans", sealed_share=None)
    told = Reading(label_column=target, **reading)  # type: ignore[arg-type]
    return gather(workspace, project, path, reading=told, by="ada", progress=lambda _done, _total: None)


def kinds(workspace: Workspace, project: str = "loans") -> dict[str, tuple[Kind, Role]]:
    return {each.name: (each.kind, each.role) for each in schema_of(workspace, project).columns}


def few(count: int) -> str:
    return "".join(LOANS.splitlines(keepends=True)[:count])


def test_a_table_that_began_small_is_understood_by_all_of_its_rows(workspace: Workspace, tmp_path: Path) -> None:
    """What was constant in two rows and is not in all is a feature, an id is told by then, and both are said."""
    added(workspace, tmp_path / "few.csv", few(2))
    assert kinds(workspace)["country"] == (Kind.CONSTANT, Role.HELD_OUT)
    gathered = added(workspace, tmp_path / "all.csv", few(2) + LOANS.removeprefix(few(2)).replace("DE", "FR", 50))
    assert kinds(workspace) == {
        "number": (Kind.ID, Role.HELD_OUT), "amount": (Kind.NUMBER, Role.FEATURE),
        "kind": (Kind.CATEGORY, Role.FEATURE), "country": (Kind.FLAG, Role.FEATURE),
        "paid": (Kind.CATEGORY, Role.TARGET),
    }  # fmt: skip
    assert "By all rows so far, 1 column of two values (before: the same in all rows): “country”." in gathered.says
    assert "Held out now: “number”, a value of its own for nearly every row." in gathered.says
    assert gathered.says[-1].startswith("To correct a column: understudy columns loans --set ")


def test_rows_stay_known_whatever_their_columns_are_taken_for(workspace: Workspace, tmp_path: Path) -> None:
    """The same table adds nothing again, neither after its columns changed nor after a person corrected one."""
    added(workspace, tmp_path / "few.csv", few(2))
    assert added(workspace, tmp_path / "all.csv", LOANS).new == 118
    again = added(workspace, tmp_path / "all.csv")
    assert (again.new, again.known) == (0, 120)
    correct(workspace, "loans", ["amount=category"], by="eve")
    assert added(workspace, tmp_path / "all.csv").new == 0
    (tmp_path / "capitals.csv").write_text(HEAD.upper() + LOANS, encoding="utf-8")
    again = added(workspace, tmp_path / "capitals.csv")
    assert (again.new, again.known) == (0, 120)
    assert any("“AMOUNT” is taken for “amount”" in one.fact for one in again.findings)


def test_numbers_that_were_kept_as_written_are_numbers_to_an_audit(workspace: Workspace, tmp_path: Path) -> None:
    """A column that was constant at first is measured like any other number by whoever asks for facts."""
    added(workspace, tmp_path / "few.csv", few(1))
    added(workspace, tmp_path / "all.csv", LOANS)
    assert b'"amount":"' in workspace.blobs.get(next(workspace.ledger.examples("loans")).digest)
    facts = facts_for(workspace, "loans", [each.digest for each in workspace.ledger.examples("loans")])
    assert all(isinstance(fact, float) for fact in facts.column("amount"))


def test_made_up_rows_do_not_say_what_real_columns_are(workspace: Workspace, tmp_path: Path) -> None:
    """Not by their cells, nor as ids, nor as leaks."""

    def made(kind: str) -> str:
        said = ("yes" if n % 3 else "no" for n in range(600))
        return "".join(f"X{n},{['low', 'mid', 'high'][n % 3]},{kind}{n},DE,{each}\n" for n, each in enumerate(said))

    added(workspace, tmp_path / "all.csv", LOANS)
    real = kinds(workspace)
    added(workspace, tmp_path / "made.csv", made("k"), synthetic=True)
    assert kinds(workspace) == real
    assert sum(workspace.ledger.counts("loans").train.values()) > 600


def test_made_up_rows_say_what_columns_are_until_real_ones_do(workspace: Workspace, tmp_path: Path) -> None:
    """A project that was begun with them takes its columns for what the first real rows say."""
    made = "".join(f"X{n},{['low', 'mid', 'high'][n % 3]},k{n},DE,{'yes' if n % 5 else 'no'}\n" for n in range(600))
    added(workspace, tmp_path / "made.csv", made, synthetic=True)
    assert kinds(workspace)["kind"] == (Kind.ID, Role.HELD_OUT)
    assert kinds(workspace)["amount"] == (Kind.CATEGORY, Role.FEATURE)
    added(workspace, tmp_path / "all.csv", LOANS)
    assert kinds(workspace)["kind"] == (Kind.CATEGORY, Role.FEATURE)
    assert kinds(workspace)["amount"] == (Kind.NUMBER, Role.FEATURE)


def test_what_a_person_corrected_is_not_looked_at_again(workspace: Workspace, tmp_path: Path) -> None:
    """A correction stands, whatever later rows say; other columns change beside it."""
    added(workspace, tmp_path / "few.csv", few(2))
    correct(workspace, "loans", ["amount=held-out"], by="eve")
    said = added(workspace, tmp_path / "all.csv", LOANS).says
    assert schema_of(workspace, "loans")["amount"].role is Role.HELD_OUT
    assert not any("“amount”" in line for line in said)
    assert kinds(workspace)["number"] == (Kind.ID, Role.HELD_OUT)


def test_a_person_says_when_rows_came_about(workspace: Workspace, tmp_path: Path) -> None:
    """A running number, which was an id, is a number from then on; words are refused, and nothing is recorded."""
    added(workspace, tmp_path / "loans.csv", LOANS.replace("C", ""))
    assert kinds(workspace)["number"] == (Kind.ID, Role.HELD_OUT)
    assert correct(workspace, "loans", ["number=time"], by="ada").time == schema_of(workspace, "loans")["number"]
    assert kinds(workspace)["number"] == (Kind.NUMBER, Role.TIME)
    for said in ("kind=time", "number=category"):
        with pytest.raises(SchemaError, match="cannot say when a row came about"):
            correct(workspace, "loans", [said], by="ada")
    assert kinds(workspace)["number"] == (Kind.NUMBER, Role.TIME)


def test_further_tables_go_by_what_belongs_together(workspace: Workspace, tmp_path: Path) -> None:
    """Nobody has to say it again: no group lies on both sides of the sealed border, whenever its rows came."""
    rows = "".join(f"C{n % 30:04},{300 + n},{'abc'[n % 3]},DE,{'yes' if n * 7 % 5 else 'no'}\n" for n in range(240))
    half = len(rows) // 2
    added(workspace, tmp_path / "first.csv", rows[:half], group="column:number")
    added(workspace, tmp_path / "second.csv", rows[half:])
    sides: dict[str, set[Side]] = {}
    for example in workspace.ledger.examples("loans"):
        sides.setdefault(example.group, set()).add(example.side)
    assert len(sides) == 30
    assert {len(each) for each in sides.values()} == {1}
    assert set.union(*sides.values()) == {Side.TRAIN, Side.SEALED}


def test_a_table_without_the_column_of_groups_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """Its rows may belong with some of the other side; made-up ones are never sealed, so they come in all the same."""
    added(workspace, tmp_path / "first.csv", LOANS, group="column:kind")
    further = tmp_path / "more.csv"
    further.write_text("number,amount,country,paid\nD0001,444,DE,yes\nD0002,777,DE,no\n")
    with pytest.raises(SourceUnreadable, match=r"has no column “kind”\..*were sealed by “kind”.*value of its own"):
        added(workspace, further)
    assert workspace.ledger.counts("loans").total == 120
    assert added(workspace, further, synthetic=True).new == 2  # type: ignore[arg-type]


def test_what_belongs_together_is_said_before_rows_are_sealed(workspace: Workspace, tmp_path: Path) -> None:
    """Afterwards neither a correction nor a further table may say it, and what to do is told."""
    added(workspace, tmp_path / "loans.csv", LOANS)
    told = "--project NAME --target paid --group column:kind"
    with pytest.raises(BadCorrection, match=f"“kind” cannot say what belongs together any more.*{told}"):
        correct(workspace, "loans", ["kind=group"], by="ada")
    with pytest.raises(SourceUnreadable, match=f"“kind” does not say what belongs together.*{told}"):
        added(workspace, tmp_path / "more.csv", LOANS, group="column:kind")
    assert kinds(workspace)["kind"] == (Kind.CATEGORY, Role.FEATURE)


def test_a_leak_that_two_rows_could_not_show_is_held_out_later(workspace: Workspace, tmp_path: Path) -> None:
    """What gives the answer away is looked for again, unless a person let the column count."""
    leaky = "".join(line.replace(",DE,", ",shut," if line.endswith("yes\n") else ",open,") for line in
                    LOANS.splitlines(keepends=True))  # fmt: skip
    added(workspace, tmp_path / "few.csv", "".join(leaky.splitlines(keepends=True)[:2]))
    said = added(workspace, tmp_path / "all.csv", leaky).says
    assert "Held out now: “country”, gives the answer away." in said
    correct(workspace, "loans", ["country=feature"], by="eve")
    added(workspace, tmp_path / "more.csv", leaky.replace("C0", "D0"))
    assert schema_of(workspace, "loans")["country"].role is Role.FEATURE


def test_no_sealed_row_says_what_a_column_is(workspace: Workspace, tmp_path: Path) -> None:
    """A column that differs in sealed rows alone stays constant."""
    added(workspace, tmp_path / "few.csv", few(2))
    added(workspace, tmp_path / "all.csv", LOANS)
    sealed = {each.name.rpartition(" ")[2] for each in workspace.ledger.examples("loans", side=Side.SEALED)}
    assert sealed
    with Workspace.open(tmp_path / "other", now=workspace.now) as other:
        rows = enumerate(LOANS.splitlines(keepends=True), start=1)
        mixed = "".join(line.replace("DE", "FR") if str(at) in sealed else line for at, line in rows)
        added(other, tmp_path / "few.csv", few(2))
        added(other, tmp_path / "all.csv", mixed)
        learned = {json.loads(other.blobs.get(each.digest))["country"] for each in
                   other.ledger.examples("loans", side=Side.TRAIN)}  # fmt: skip
        expected = Kind.CONSTANT if learned == {"DE"} else Kind.FLAG
        assert kinds(other)["country"][0] is expected


@pytest.mark.parametrize(("target", "named"), [("kind", "kind"), ("amount", "amount"), ("due", "due")])
def test_another_answer_than_the_project_s_is_refused(
    workspace: Workspace, tmp_path: Path, target: str, named: str
) -> None:
    """Labels on record would mean something else; nothing is taken in, and the way out is a command."""
    added(workspace, tmp_path / "all.csv", LOANS)
    before = workspace.ledger.counts("loans"), schema_of(workspace, "loans")
    (tmp_path / "more.csv").write_text(f"amount,kind,{'due,' * (named == 'due')}paid\n" + "5,a,7,no\n6,b,8,yes\n")
    with pytest.raises(SourceUnreadable, match=f"“{named}” is not what the project predicts") as caught:
        added(workspace, tmp_path / "more.csv", target=target)
    assert "It predicts “paid”" in caught.value.reason
    assert f"understudy train more.csv --project NAME --target {named}" in caught.value.remedy
    assert (workspace.ledger.counts("loans"), schema_of(workspace, "loans")) == before


def answer(workspace: Workspace, row: dict[str, object], said: str) -> None:
    """A request about a row, which somebody answers; it settles."""
    made = asked(workspace, json.dumps(row).encode())
    Queue(workspace).answer(made.id, QuestionKind.ANSWER, said, by="Ada")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(seconds=10)


def by_people(workspace: Workspace, count: int) -> None:
    """A project of rows without a table, in which people answered so many requests."""
    workspace.ledger.create_project(Project("blades", workspace.now(), task=Task("table")))
    for n in range(count):
        answer(workspace, {"amount": 100 + n * 37 % 500, "kind": f"k{n % 3}"}, "yes" if n % 3 else "no")


def test_rows_that_people_answered_about_say_their_columns(workspace: Workspace) -> None:
    """Taken in, they are columns like a table's, said as those are and open to correction."""
    by_people(workspace, 12)
    taken = harvest(workspace, "blades")
    assert "The model sees 1 number: “amount”." in taken.says
    assert kinds(workspace, "blades") == {
        "amount": (Kind.NUMBER, Role.FEATURE), "kind": (Kind.CATEGORY, Role.FEATURE),
    }  # fmt: skip
    assert harvest(workspace, "blades") == Harvest()
    assert correct(workspace, "blades", ["amount=rising"], by="eve")["amount"].monotone == 1


def test_rows_that_come_later_bring_columns_along(workspace: Workspace) -> None:
    """A column that the first requests lacked is one from the next taking in on; a table brings its own and an end."""
    by_people(workspace, 6)
    harvest(workspace, "blades")
    for n in range(6):
        answer(workspace, {"amount": 900 + n, "kind": "k1", "age": 20 + n}, "yes")
    assert "By all rows so far, 1 number (new): “age”." in harvest(workspace, "blades").says
    assert kinds(workspace, "blades")["age"] == (Kind.NUMBER, Role.FEATURE)


def test_requests_that_write_columns_in_capitals_bring_no_columns_of_their_own(workspace: Workspace) -> None:
    """What they say is learned under the names that are known, and a server takes them for such rows."""
    by_people(workspace, 6)
    harvest(workspace, "blades")
    before = kinds(workspace, "blades")
    Shelf(workspace).check("blades", b'{"Amount": 7, "KIND": "k1"}')
    for n in range(6):
        answer(workspace, {"Amount": 900 + n, "KIND": "k1"}, "yes")
    harvest(workspace, "blades")
    assert kinds(workspace, "blades") == before
    looked_at = list(rows_to_look_at(workspace, "blades"))
    assert {tuple(row) for row in looked_at} == {("amount", "kind")}
    assert max(row["amount"] for row in looked_at) >= 900


def test_an_audit_knows_columns_of_requests_by_their_names_in_the_project(workspace: Workspace) -> None:
    """What a request writes in other capitals is a fact of the column that is meant, of a held-out one too."""
    by_people(workspace, 6)
    harvest(workspace, "blades")
    correct(workspace, "blades", ["kind=held-out"], by="ada")
    answer(workspace, {"Amount": 900, "KIND": "k9"}, "yes")
    harvest(workspace, "blades")
    facts = facts_for(workspace, "blades", [each.digest for each in workspace.ledger.examples("blades")])
    assert facts.names == ("amount", "kind")
    assert (max(facts.column("amount")), max(facts.column("kind"))) == (900, "k9")


def test_requests_may_have_the_columns_that_people_s_answers_brought(workspace: Workspace) -> None:
    """A server that runs meanwhile takes a row of new columns alone once they are known, and refuses it before."""
    by_people(workspace, 6)
    harvest(workspace, "blades")
    shelf = Shelf(workspace)
    shelf.check("blades", b'{"kind":"k1"}')
    with pytest.raises(RowUnreadable, match="none of the columns"):
        shelf.check("blades", b'{"age":5}')
    for n in range(3):
        answer(workspace, {"kind": "k1", "age": 20 + n}, "yes")
    harvest(workspace, "blades")
    shelf.check("blades", b'{"age":5}')


def test_a_table_joins_rows_that_people_answered_about(workspace: Workspace, tmp_path: Path) -> None:
    """Its further columns are taken up and its answer is the project's; requests bring no more columns then."""
    by_people(workspace, 12)
    harvest(workspace, "blades")
    path = tmp_path / "t.csv"
    path.write_text(
        "amount,kind,age,paid\n" + "".join(f"{n},k{n % 3},{n % 50},{'yes' if n % 3 else 'no'}\n" for n in range(60))
    )
    project = workspace.ledger.project("blades")
    told = Reading(label_column="paid")
    gather(workspace, project, path, reading=told, by="ada", progress=lambda _done, _total: None)
    assert kinds(workspace, "blades")["paid"][1] is Role.TARGET
    assert kinds(workspace, "blades")["age"] == (Kind.NUMBER, Role.FEATURE)
    answer(workspace, {"amount": 7, "kind": "k1", "request": "r1"}, "yes")
    harvest(workspace, "blades")
    assert "request" not in kinds(workspace, "blades")
    with pytest.raises(SourceUnreadable, match="“kind” is not what the project predicts"):
        gather(workspace, project, path, reading=Reading(label_column="kind"), by="a", progress=lambda _d, _t: None)


def test_people_first_trains_and_predicts(workspace: Workspace) -> None:
    """What people answered about rows is enough for a model and a curve; no table has to come."""
    by_people(workspace, 40)
    fitted = train(
        workspace, "blades", Order(Budget(trials=2)), LocalExecutor(), on_progress=lambda *_told, **_more: None
    )
    assert fitted.harvest.new == 40
    assert fitted.harvest.says
    model = load_recorded(workspace, fitted.record.blob)
    assert str(model.predict({"amount": 105, "kind": "k0"}).label) in {"yes", "no"}
    learn_curve(workspace, "blades", LocalExecutor(), on_progress=lambda *_told, **_more: None)


RIDES = "".join(f"{n % 24},{n * 7 % 31},{n * 13 % 97}\n" for n in range(200))


def rides(workspace: Workspace, path: Path, count: int, answers: str | None = None) -> Gathered:
    """Adds some rows of rides, of which the count is to be predicted."""
    path.write_text("hour,degrees,count\n" + "".join(RIDES.splitlines(keepends=True)[:count]))
    project = project_for(workspace, path, "rides", sealed_share=None)
    told = Reading(label_column="count", answers=answers)
    return gather(workspace, project, path, reading=told, by="ada", progress=lambda _done, _total: None)


def test_labels_of_a_few_rows_turn_out_to_be_numbers(workspace: Workspace, tmp_path: Path) -> None:
    """Nothing rests on them yet, so more rows may tell; it is said, and what was seen of classes is taken back."""
    assert rides(workspace, tmp_path / "few.csv", 6).task.answers is AnswerKind.LABEL
    assert any(each.kind is FindingKind.SMALL_CLASS for each in workspace.ledger.findings("rides"))
    gathered = rides(workspace, tmp_path / "all.csv", 200)
    assert gathered.task.answers is workspace.ledger.project("rides").task.answers is AnswerKind.NUMBER
    assert "Before, they were taken for labels. To keep that: --answers label." in gathered.says
    assert gathered.task.tolerance > 0
    assert gathered.counts.sealed > 0
    assert not any(each.kind is FindingKind.SMALL_CLASS for each in workspace.ledger.findings("rides"))
    assert rides(workspace, tmp_path / "all.csv", 200).new == 0


def test_what_a_person_said_of_the_answer_stays(workspace: Workspace, tmp_path: Path) -> None:
    """Numbers that a person calls labels are labels, now and when the next rows come."""
    rides(workspace, tmp_path / "few.csv", 6)
    for count in (150, 200):
        answers = "label" if count == 150 else None
        assert rides(workspace, tmp_path / "all.csv", count, answers).task.answers is AnswerKind.LABEL


def test_what_a_model_rests_on_is_not_told_anew(workspace: Workspace, tmp_path: Path) -> None:
    """Once a request came, labels stay labels, and the way out is another project."""
    rides(workspace, tmp_path / "few.csv", 6)
    workspace.ledger.create_project(Project("blades", workspace.now()))
    asked(workspace, b'{"hour":3}', project="rides")
    assert rides(workspace, tmp_path / "all.csv", 200).task.answers is AnswerKind.LABEL


def test_dates_that_may_say_when_are_told(workspace: Workspace, tmp_path: Path) -> None:
    """The hint is gone once somebody says when rows came about; a table without dates brings none."""
    rows = [f"2026-{at // 28 + 1:02}-{at % 28 + 1:02},{at * 7 % 13},{'yn'[at * 5 % 3 % 2]}" for at in range(100)]
    (tmp_path / "loans.csv").write_text("\n".join(["signed on,size,paid", *rows]), encoding="utf-8")
    *_, hint, last = added(workspace, tmp_path / "loans.csv").says
    assert hint == (
        "“signed on” holds dates; if it says when a row came about, write 'signed on=time' in the next line, and "
        "validation looks ahead in time."
    )
    assert last.startswith("To correct a column: understudy columns loans --set ")
    correct(workspace, "loans", ["signed on=time"], by="eve")
    assert not any("holds dates" in line for line in added(workspace, tmp_path / "loans.csv").says)


def test_no_dates_no_hint(workspace: Workspace, tmp_path: Path) -> None:
    """Nothing is said of time where no column holds dates."""
    assert not any("holds dates" in line for line in added(workspace, tmp_path / "loans.csv", LOANS).says)
