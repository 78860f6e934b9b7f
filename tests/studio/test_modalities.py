"""Projects that decide about other things than photos: what they become, what is held out, and what an audit sees."""

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from offered import LEVELS
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.finding import FindingKind, Severity
from understudy.domain.project import Project
from understudy.domain.task import AnswerKind, Task, labels_in
from understudy.modalities.table.schema import Kind, Role, SchemaError
from understudy.studio.answers.answer_text import BadLabel
from understudy.studio.audits.auditing import audit_project, audited, standing_findings
from understudy.studio.audits.second_opinion import second_opinion
from understudy.studio.collection.columns import BadCorrection, NoTable, column_words, correct, rising_label, schema_of
from understudy.studio.collection.forgetting import forget
from understudy.studio.collection.gathering import Gathered, TaskFixed, gather, project_for
from understudy.studio.collection.labelling import ExampleUnknown, give_label
from understudy.studio.collection.reading import Reading, is_address
from understudy.studio.examples.facts import facts_for, one_line_rule, unseen_columns
from understudy.studio.workspace import Workspace

ROWS = 240


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w") as opened:
        yield opened


def unheard(_done: int, _total: int) -> None:
    """Progress that nobody is told of."""


def added(workspace: Workspace, path: Path | str, name: str = "shop", **reading: object) -> Gathered:
    project = project_for(workspace, path, name, sealed_share=None)
    return gather(workspace, project, path, reading=Reading(**reading), by="ada", progress=unheard)  # type: ignore[arg-type]


def returns(path: Path, rows: int = ROWS, *, first: int = 0) -> Path:
    """Orders of which some come back: an id, a leak, somebody's sex, a size and a colour that tells a little."""
    drawn = random.Random(first)
    lines = ["order_id,refunded,sex,size,colour,returned"]
    for number in range(first, first + rows):
        back = drawn.random() < 0.4
        colour = drawn.choice(["red", "red", "blue"] if back else ["blue", "blue", "red"])
        size = drawn.gauss(44 if back else 38, 4)
        lines.append(
            f"A{number:05},{('none', 'full')[back]},{drawn.choice('mf')},{size:.1f},{colour},{'yes' if back else 'no'}"
        )
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_project_becomes_what_first_comes(workspace: Workspace, tmp_path: Path) -> None:
    """Modality, kind of answer and schema are kept with the project, and who said so."""
    gathered = added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    assert (gathered.new, gathered.task) == (ROWS, Task("table"))
    assert workspace.ledger.project("shop").task == Task("table")
    assert schema_of(workspace, "shop").target == schema_of(workspace, "shop")["returned"]
    assert gathered.counts.sealed > 0


def test_ids_and_leaks_are_held_out(workspace: Workspace, tmp_path: Path) -> None:
    """What tells rows apart and what gives the answer away is held out on arrival, and said so."""
    gathered = added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    schema = schema_of(workspace, "shop")
    assert {each.name for each in schema.columns if each.role is Role.HELD_OUT} == {"order_id", "refunded"}
    assert any("“refunded”, gives the answer away" in line for line in gathered.says)
    assert gathered.says[-1].startswith("To correct a column: understudy columns shop --set ")


def test_a_doubt_about_a_column_is_said_as_a_shell_takes_it(workspace: Workspace, tmp_path: Path) -> None:
    """Where a column may give the answer away, the correction to write stands in quotation marks if it needs them."""
    lines = [f"{n * 7 % 97},{n * 31 % 200},{n * 31 % 200 * 5 + n * 53 % 97}" for n in range(ROWS)]
    (tmp_path / "twice.csv").write_text("\n".join(["a,a,label", *lines]), encoding="utf-8")
    says = added(workspace, tmp_path / "twice.csv").says
    assert "“a (2)” may give the answer away; if it does, write 'a (2)=held-out' in the next line." in says


def test_a_person_corrects_columns(workspace: Workspace, tmp_path: Path) -> None:
    """Kinds, roles and directions can be said; what stood before stays on record, and cells are still there."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    schema = correct(workspace, "shop", ["refunded=feature", "sex=held-out", "size=rising", "colour=text"], by="eve")
    assert schema == schema_of(workspace, "shop")
    assert schema["refunded"].role is Role.FEATURE
    assert schema["sex"].role is Role.HELD_OUT
    assert (schema["size"].monotone, schema["colour"].kind) == (1, Kind.TEXT)
    said = {name: why for name, _, _, why in column_words(schema, rising_label(workspace, "shop"))}["size"]
    assert said.endswith("“yes” may only become likelier as it rises")
    example = next(workspace.ledger.examples("shop", side=Side.TRAIN))
    assert b'"refunded"' in workspace.blobs.get(example.digest)
    again = added(workspace, returns(tmp_path / "more.csv", 30, first=ROWS))
    assert again.new == 30
    assert schema_of(workspace, "shop") == schema


def test_only_what_has_an_order_can_be_given_a_direction(workspace: Workspace, tmp_path: Path) -> None:
    """A category neither rises nor falls, and one of three labels does not rise either."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    with pytest.raises(BadCorrection, match="has no order"):
        correct(workspace, "shop", ["colour=rising"], by="eve")
    assert rising_label(workspace, "shop") == "yes"
    rows = "".join(f"{at * 1.5},{'abc'[at % 3]}\n" for at in range(60))
    (tmp_path / "three.csv").write_text("size,kind\n" + rows)
    added(workspace, tmp_path / "three.csv", "three", label_column="kind")
    with pytest.raises(BadCorrection, match="not clear what would rise"):
        correct(workspace, "three", ["size=falling"], by="eve")


def test_a_direction_counts_for_nothing_once_a_third_label_comes(workspace: Workspace, tmp_path: Path) -> None:
    """It stays with the column, and it is said that it means nothing there."""
    (tmp_path / "two.csv").write_text("size,kind\n" + "".join(f"{at * 1.5},{'ab'[at % 2]}\n" for at in range(60)))
    added(workspace, tmp_path / "two.csv", label_column="kind")
    correct(workspace, "shop", ["size=falling"], by="eve")
    (tmp_path / "third.csv").write_text("size,kind\n" + "".join(f"{at * 1.5},c\n" for at in range(60, 90)))
    added(workspace, tmp_path / "third.csv", label_column="kind")
    schema = schema_of(workspace, "shop")
    assert schema["size"].monotone == -1
    said = {name: why for name, _, _, why in column_words(schema, rising_label(workspace, "shop"))}["size"]
    assert said.endswith(", “falling” counts for nothing, as the answer is neither a number nor one of two labels")


@pytest.mark.parametrize("said", ["size", "size=huge", "=number", "returned=feature", "size=target"])
def test_a_correction_that_makes_no_sense_changes_nothing(workspace: Workspace, tmp_path: Path, said: str) -> None:
    """The error says how a correction is written; what is predicted cannot be changed afterwards."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    before = schema_of(workspace, "shop")
    with pytest.raises(BadCorrection):
        correct(workspace, "shop", ["colour=text", said], by="eve")
    with pytest.raises(SchemaError, match="no column “price”"):
        correct(workspace, "shop", ["price=number"], by="eve")
    assert schema_of(workspace, "shop") == before


def test_only_tables_have_columns(workspace: Workspace) -> None:
    """A project of photos says so; one that holds nothing yet may become one of tables, and is told of no photos."""
    workspace.ledger.create_project(Project("blades", workspace.now()))
    with pytest.raises(NoTable, match="blades") as empty:
        schema_of(workspace, "blades")
    assert "photos" not in empty.value.reason
    photo = Example("0" * 64, "a.png", Provenance.UPLOAD, "a", Side.TRAIN, None, 0, 0, "")
    workspace.ledger.add_examples("blades", [photo], by="ada", at=workspace.now())
    with pytest.raises(NoTable, match="blades") as photos:
        schema_of(workspace, "blades")
    assert "It decides about photos" in photos.value.reason


def test_an_audit_of_a_table_reads_its_cells(workspace: Workspace, tmp_path: Path) -> None:
    """Sensitive columns are named; what is held out can leak nothing; an insisted-on leak stands against a launch."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    kinds = {(each.kind, each.subject) for each in audit_project(workspace, "shop").findings}
    assert (FindingKind.SENSITIVE, "sex") in kinds
    assert not {kind for kind, _ in kinds} & {FindingKind.LEAK, FindingKind.ID_COLUMN}
    correct(workspace, "shop", ["refunded=feature"], by="eve")
    leak = next(each for each in audit_project(workspace, "shop").findings if each.kind is FindingKind.LEAK)
    assert (leak.subject, leak.severity) == ("refunded", Severity.HIGH)


def test_a_leak_that_is_held_out_stands_no_longer(workspace: Workspace, tmp_path: Path) -> None:
    """What the finding says to do lifts it: the audit before the columns were corrected no longer counts."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    correct(workspace, "shop", ["refunded=feature"], by="eve")
    audited(workspace, "shop")
    assert FindingKind.LEAK in {each.kind for each in standing_findings(workspace, "shop")}
    correct(workspace, "shop", ["refunded=held-out"], by="eve")
    assert FindingKind.LEAK not in {each.kind for each in audited(workspace, "shop").findings}
    assert FindingKind.LEAK not in {each.kind for each in standing_findings(workspace, "shop")}


def test_no_rule_looks_at_what_is_held_out(workspace: Workspace, tmp_path: Path) -> None:
    """The one-line rival of a model may know no more than the model."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    assert unseen_columns(workspace, "shop") == {"order_id", "refunded", "returned"}
    assert one_line_rule(workspace, "shop", "m1").column in {"size", "colour"}


def test_a_second_opinion_about_rows(workspace: Workspace, tmp_path: Path) -> None:
    """Before there is a model, trees on the cells say what they think of rows they did not learn from."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    examples = list(workspace.ledger.examples("shop", side=Side.TRAIN))
    said = second_opinion(workspace, "shop", examples, progress=unheard)
    assert said is not None
    right = [
        said.labels[row.argmax()] == example.label for row, example in zip(said.probabilities, examples, strict=True)
    ]
    assert sum(right) > 0.65 * len(right)


PARTS = ("door", "lamp", "seat")


def repairs(path: Path, *, wordy: bool, wrong: Sequence[int] = ()) -> Path:
    """What is broken in 150 carriages, several parts at once or none: as sentences, or as columns of measures.

    Of those that `wrong` names, the first part that is broken is not said.
    """
    drawn = random.Random(0)
    lines = ["text,broken" if wordy else "carriage_age,draught,current,wobble,broken"]
    for number in range(150):
        broken = [part for part in PARTS if drawn.random() < 0.4]
        said = ";".join(broken[1:] if number in wrong else broken) or "none of these"
        if wordy:
            told = " and ".join(f"the {part} is broken" for part in broken) or "all is well"
            lines.append(f"In carriage {number} {told},{said}")
        else:
            measures = ",".join(f"{drawn.gauss(4 if part in broken else 0, 1):.2f}" for part in PARTS)
            lines.append(f"{drawn.randrange(30)},{measures},{said}")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("wordy", [True, False])
def test_a_second_opinion_about_sets(workspace: Workspace, tmp_path: Path, *, wordy: bool) -> None:
    """Where several labels may stand at once, each gets a probability of its own, for texts and for rows."""
    gathered = added(workspace, repairs(tmp_path / "repairs.csv", wordy=wordy), label_column="broken")
    assert gathered.task.answers is AnswerKind.LABELS
    examples = list(workspace.ledger.examples("shop"))
    said = second_opinion(workspace, "shop", examples, progress=unheard)
    assert said is not None
    assert said.labels == PARTS
    assert said.asked.tolist() == [example.side is Side.TRAIN for example in examples]
    there = np.array([[part in labels_in(str(example.label)) for part in PARTS] for example in examples])
    assert ((said.probabilities >= 0.5) == there)[said.asked].mean() > 0.9


def test_an_audit_of_sets_suspects_what_is_missing(workspace: Workspace, tmp_path: Path) -> None:
    """Sets that lack a label which their text names are suspected, hardly any other, and common labels are not rare."""
    added(workspace, repairs(tmp_path / "repairs.csv", wordy=True, wrong=range(0, 150, 8)), label_column="broken")
    findings = audit_project(workspace, "shop").findings
    assert FindingKind.IMBALANCE not in {each.kind for each in findings}
    (suspect,) = (each for each in findings if each.kind is FindingKind.SUSPECT_LABEL)
    lacking = {
        each.name
        for each in workspace.ledger.examples("shop", side=Side.TRAIN)
        if len(labels_in(str(each.label))) < sum(part.encode() in workspace.blobs.get(each.digest) for part in PARTS)
    }
    named = set(suspect.evidence)
    assert len(named & lacking) >= 0.5 * len(lacking)
    assert len(named - lacking) <= 0.25 * len(named)


def test_facts_of_texts_are_measured_once(workspace: Workspace, tmp_path: Path) -> None:
    """Language and length are kept by the digest of the text."""
    lines = [f'"Guten Tag, wo ist denn nun mein Paket Nummer {n} geblieben?",{"ab"[n % 2]}' for n in range(40)]
    (tmp_path / "mails.csv").write_text("text,label\n" + "\n".join(lines), encoding="utf-8")
    assert added(workspace, tmp_path / "mails.csv").task == Task("text")
    digests = [example.digest for example in workspace.ledger.examples("shop")]
    facts = facts_for(workspace, "shop", digests)
    assert set(facts.column("language")) == {"de"}
    assert len(workspace.ledger.facts("text/1", digests)) == 40


def test_numbers_keep_their_tolerance_once_they_were_judged(workspace: Workspace, tmp_path: Path) -> None:
    """It can be corrected until a look was taken; then the bar stands."""
    path = returns(tmp_path / "orders.csv")
    first = added(workspace, path, label_column="size", unit="cm")
    assert first.task.answers is AnswerKind.NUMBER
    assert first.task.unit == "cm"
    assert added(workspace, path, label_column="size", tolerance=2.5).task == Task(
        "table", AnswerKind.NUMBER, 2.5, "cm"
    )
    workspace.ledger.open_sealed("shop", model="m1", at=workspace.now())
    with pytest.raises(TaskFixed, match=r"stays at 2\.5"):
        added(workspace, path, label_column="size", tolerance=9.0)


@pytest.mark.parametrize("reading", [{"modality": "text"}, {"answers": "number"}])
def test_what_a_project_decides_about_is_fixed(workspace: Workspace, tmp_path: Path, reading: dict[str, str]) -> None:
    """A table of orders takes no texts, and a label is no number."""
    path = returns(tmp_path / "orders.csv")
    added(workspace, path, label_column="returned")
    with pytest.raises(TaskFixed, match="asks for something else"):
        added(workspace, path, **reading)


def test_made_up_rows_teach_and_never_judge(workspace: Workspace, tmp_path: Path) -> None:
    """They are marked for ever, lie on the side of training, and no sealed row comes of them."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="returned")
    sealed = workspace.ledger.counts("shop").sealed
    added(workspace, returns(tmp_path / "made.csv", 60, first=ROWS), synthetic=True)
    made = [each for each in workspace.ledger.examples("shop") if each.provenance is Provenance.SYNTHETIC]
    assert {each.side for each in made} == {Side.TRAIN}
    assert (len(made), workspace.ledger.counts("shop").sealed) == (60, sealed)


def test_who_took_what_is_kept_with_what_describes_it(workspace: Workspace, tmp_path: Path) -> None:
    """The schema of interactions names its columns and where the items' description lies."""
    views = "".join(f"u{n % 12},{n * 5 % 17},{1_600_000_000 + n}\n" for n in range(200))
    (tmp_path / "views.csv").write_text(f"user_id,item_id,timestamp\n{views}", encoding="utf-8")
    (tmp_path / "items.csv").write_text("item_id,title\n" + "".join(f"{n},Film {n}\n" for n in range(17)))
    gathered = added(workspace, tmp_path / "views.csv", items=(tmp_path / "items.csv",))
    assert gathered.task == Task("interactions", AnswerKind.RANKING)
    schema = workspace.ledger.schema("shop")
    assert schema is not None
    assert schema["columns"]["what"] == "item_id"
    assert b"Film 3" in workspace.blobs.get(schema["content"])
    assert FindingKind.LEAK not in {each.kind for each in audit_project(workspace, "shop").findings}


def test_the_address_of_a_database_names_its_project(workspace: Workspace) -> None:
    """The file's or the database's own name, without what comes before and after."""
    for address, name in (("sqlite:///data/shop.db?query=select", "shop"), ("postgresql://me@host/Sales", "sales")):
        assert is_address(address)
        assert project_for(workspace, address, None, sealed_share=None).name == name
    assert not is_address("photos/")


def test_rows_are_labelled_by_their_name(workspace: Workspace, tmp_path: Path) -> None:
    """A row has no file of its own, so it is named as it arrived; a number is kept as numbers are."""
    added(workspace, returns(tmp_path / "orders.csv"), label_column="size")
    given = give_label(workspace, "shop", Path("orders.csv, row 7"), "41,50", by="eve")
    example = next(each for each in workspace.ledger.examples("shop") if each.name == "orders.csv, row 7")
    assert given.side is example.side
    said = {arrival.digest: arrival.label for arrival in workspace.ledger.arrivals("shop")}
    assert said[example.digest] == "41.5"
    with pytest.raises(BadLabel, match="“large” is no answer here"):
        give_label(workspace, "shop", Path("orders.csv, row 7"), "large", by="eve")
    with pytest.raises(ExampleUnknown):
        give_label(workspace, "shop", Path("orders.csv, row 700"), "41", by="eve")


def test_a_row_that_is_forgotten_is_gone_from_the_disk(workspace: Workspace, tmp_path: Path) -> None:
    """Rows share files, and yet each can be deleted for good; the others stay, and it never comes back."""
    path = returns(tmp_path / "orders.csv")
    added(workspace, path, label_column="returned")
    gone, *kept = workspace.ledger.examples("shop")
    data = workspace.blobs.get(gone.digest)
    forget(workspace, "shop", by="eve", reason="She asked.", digests=[gone.digest])
    assert not any(data in file.read_bytes() for file in workspace.folder.rglob("*") if file.is_file())
    assert all(workspace.blobs.get(each.digest) for each in kept)
    assert added(workspace, path).new == 0
    assert not any(data in file.read_bytes() for file in workspace.folder.rglob("*") if file.is_file())


def test_a_file_in_a_strange_encoding_costs_itself_alone(
    workspace: Workspace, offering: Callable[..., None], tmp_path: Path
) -> None:
    """A first line in UTF-16, quoted as it is, does not stop the rest from being added; nor does such a remark."""
    odd = 'return Measured(remark="it says “" + data.decode("utf-8") + "”")'
    offering("levels", LEVELS.replace("return Measured()", odd))
    (tmp_path / "runs" / "high").mkdir(parents=True)
    (tmp_path / "runs" / "high" / "good.level").write_bytes(b"7\0")
    (tmp_path / "runs" / "high" / "wide.level").write_bytes("time,x\n".encode("utf-16"))
    workspace.ledger.create_project(Project("runs", workspace.now(), task=Task("level")))
    gathered = added(workspace, tmp_path / "runs", "runs")
    assert [each.name for each in workspace.ledger.examples("runs")] == ["high/good.level"]
    told = {each.subject: each for each in gathered.findings}
    assert told["high/wide.level"].reason == "It says “ÿþt�i�m�e�,�x�”."
    assert "it says “7�”" in told["high/good.level"].fact
