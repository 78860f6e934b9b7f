"""`understudy predict` and `export`: the model answers the same wherever it is."""

import hashlib
import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from cli.conftest import UNDERSTUDY, Give
from trained import PROJECT, Trained
from understudy.domain.project import Project
from understudy.search.parts import write_parts
from understudy.studio.workspace import Workspace


@pytest.fixture(scope="module")
def exported(trained: Trained, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's model as a file."""
    file = tmp_path_factory.mktemp("exported") / "model.onnx"
    subprocess.run([UNDERSTUDY, "--workspace", trained.folder, "export", PROJECT, file], check=True)
    return file


def test_export(trained: Trained, exported: Path, give: Give, tmp_path: Path) -> None:
    """What is exported is the file that was judged, byte for byte, and its SHA-256 is said."""
    with trained.open() as workspace:
        record = workspace.ledger.latest_model(PROJECT)
        assert exported.read_bytes() == workspace.blobs.get(record.blob)
        assert workspace.ledger.latest_judgement(PROJECT).model == record.version
    assert hashlib.sha256(exported.read_bytes()).hexdigest() == record.version
    said = give("export", PROJECT, tmp_path, workspace=trained.folder)
    assert (tmp_path / "blades.onnx").read_bytes() == exported.read_bytes()
    assert said.out.endswith(f"SHA-256 {record.version}\n")


def test_export_beside_you(trained: Trained, give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file's name it is written here, under the project's name."""
    monkeypatch.chdir(tmp_path)
    assert give("export", PROJECT, workspace=trained.folder).out.startswith("blades.onnx: ")
    assert (tmp_path / "blades.onnx").is_file()


def test_export_under_the_other_kinds_name(trained: Trained, give: Give, tmp_path: Path) -> None:
    """It is written as asked, and what it is is said; a name that says so, or nothing of the kind, is no matter."""
    workspace = tmp_path / "w"
    with Workspace.open(workspace) as opened:
        opened.ledger.create_project(Project("places", opened.now()))
        blob = opened.blobs.put(write_parts({"kind": "recommend"}, {}))
        opened.ledger.record_model("places", version=blob, blob=blob, trials=(), data_version="1", at=opened.now())
    said = give("export", "places", tmp_path / "x.onnx", workspace=workspace).out
    assert "it is a zip archive, which no ONNX runtime reads" in said
    assert said.endswith("A better name: x.zip\n")
    assert (tmp_path / "x.onnx").is_file()
    for name in ("x.zip", "x.model", "x"):
        assert "Whatever" not in give("export", "places", tmp_path / name, workspace=workspace).out
    assert "it is an ONNX graph" in give("export", PROJECT, tmp_path / "y.ZIP", workspace=trained.folder).out


@pytest.mark.parametrize("file", ["/dev/full", "/nowhere/at/all.onnx"])
def test_export_to_nowhere(file: str, trained: Trained, give: Give) -> None:
    """A file that cannot be written is said with the system's reason."""
    said = give("export", PROJECT, file, workspace=trained.folder)
    assert said.status == 1
    assert f"“{file}” cannot be written.\nThe system says: " in said.err


def test_by_file_and_by_project(trained: Trained, exported: Path, give: Give) -> None:
    """A project and its exported file answer alike, line for line."""
    photos = sorted(trained.photos.glob("*/photo 1*.jpg"))
    by_project = give("predict", PROJECT, *photos, workspace=trained.folder)
    by_file = give("predict", exported, *photos)
    assert by_project.status == by_file.status == 0
    assert by_project.out == by_file.out
    for photo, line in zip(photos, by_project.out.splitlines(), strict=True):
        assert line.startswith(f"{photo}: ")
        assert photo.parent.name in line


def test_a_file_without_a_suffix(exported: Path, trained: Trained, give: Give, tmp_path: Path) -> None:
    """A model file is known by its content; a project of the same name comes first."""
    named = tmp_path / "Model of today"
    shutil.copy(exported, named)
    assert give("predict", named, trained.photo).status == 0


def test_json(trained: Trained, give: Give) -> None:
    """For programs each answer is one line of JSON."""
    said = give("predict", "--json", PROJECT, trained.photo, trained.photo, workspace=trained.folder)
    first, second = (json.loads(line) for line in said.out.splitlines())
    moved = give("predict", "--why", PROJECT, trained.photo, workspace=trained.folder)
    assert "Which parts of a photo moved an answer is a picture" in moved.err
    assert first == second
    assert first["input"] == str(trained.photo)
    assert {first["label"], first["runner_up"]} == {"amber", "azure"}
    assert 0.5 <= first["probability"] <= 1
    assert first["probability"] + first["runner_up_probability"] == pytest.approx(1)
    assert isinstance(first["ask_person"], bool)


def test_bad_photos(trained: Trained, give: Give, tmp_path: Path) -> None:
    """A photo that cannot be read is named on standard error with its reason; the others are answered."""
    (tmp_path / "empty.jpg").write_bytes(b"")
    (tmp_path / "notes.jpg").write_text("no photo")
    (tmp_path / "none").mkdir()
    bad = [tmp_path / "empty.jpg", tmp_path / "notes.jpg", tmp_path / "gone.jpg", tmp_path / "none"]
    said = give("predict", PROJECT, *bad, trained.photo, workspace=trained.folder)
    assert said.status == 1
    assert len(said.out.splitlines()) == 1
    assert [line.split(": ")[0] for line in said.err.splitlines()] == [str(path) for path in bad]
    assert "No such file" in said.err
    assert "It is a folder without photos." in said.err
    to = tmp_path / "out.csv"
    assert give("predict", PROJECT, tmp_path / "none", "--to", to, workspace=trained.folder).status == 1
    assert not to.exists()


def test_a_folder_is_answered_file_by_file(trained: Trained, give: Give, tmp_path: Path) -> None:
    """All photos in a folder and in those within it are asked about; how many other files there were is said."""
    (tmp_path / "within").mkdir()
    for name in ("a.jpg", "within/b.JPG", "notes.csv", ".hidden.jpg"):
        shutil.copy(trained.photo, tmp_path / name)
    said = give("predict", PROJECT, tmp_path, workspace=trained.folder)
    assert [line.partition(": ")[0] for line in said.out.splitlines()] == [
        str(tmp_path / "a.jpg"),
        str(tmp_path / "within/b.JPG"),
    ]
    assert (said.status, said.err) == (
        0,
        f"{tmp_path}: 1 other file is passed over, which by their endings are no photos.\n",
    )


def test_a_name_that_is_not_text(trained: Trained, give: Give, tmp_path: Path) -> None:
    """A file's name need not be text; it is answered, and shown with its odd bytes spelt out."""
    photo = tmp_path / b"odd-\xff.jpg".decode(errors="surrogateescape")
    try:
        shutil.copy(trained.photo, photo)
    except OSError:
        pytest.skip("this file system takes only text for names")
    said = give("predict", "--json", PROJECT, photo, workspace=trained.folder)
    assert said.status == 0
    assert json.loads(said.out)["input"] == str(photo)


@pytest.mark.parametrize("named", ["nothing", "Nothing At All", "nothing.onnx"])
def test_no_such_model(named: str, trained: Trained, give: Give) -> None:
    """A name that is neither a project nor a file is refused."""
    said = give("predict", named, trained.photo, workspace=trained.folder)
    assert said.status == 1
    assert f"“{named}”" in said.err
    assert len(said.err.splitlines()) == 3


def test_no_model_yet(trained: Trained, give: Give, tmp_path: Path) -> None:
    """A project without a model says how it gets one."""
    give("new", "young", workspace=tmp_path / "w")
    for words in (["predict", "young", trained.photo], ["export", "young"], ["review", "young"]):
        said = give(*words, workspace=tmp_path / "w")
        assert said.status == 1
        assert "Train one: understudy train young" in said.err


def test_a_file_that_is_no_model(trained: Trained, give: Give) -> None:
    """A photo is no model."""
    said = give("predict", trained.photo, trained.photo)
    assert said.status == 1
    assert "not a model of Understudy" in said.err


@pytest.mark.parametrize("first", ["photo", "folder"])
def test_a_project_that_stands_last(trained: Trained, give: Give, first: str) -> None:
    """Where the project was named after its inputs, the command is shown the right way round."""
    named = str(trained.photo if first == "photo" else trained.photos)
    said = give("predict", named, PROJECT, workspace=trained.folder)
    assert said.status == 2
    assert said.err.startswith(f"“{named}” is neither a project nor a model.\n“{PROJECT}” is a project")
    assert f" predict {PROJECT} {shlex.quote(named)}\n" in said.err


def test_a_project_that_stands_last_under_a_mistyped_one(trained: Trained, give: Give) -> None:
    """A word that is neither project nor file is told the same; a project that stands first is taken at its word."""
    assert f"predict {PROJECT} photos" in give("predict", "photos", PROJECT, workspace=trained.folder).err
    again = give("predict", PROJECT, PROJECT, workspace=trained.folder)
    assert "comes first" not in again.err


def test_a_closed_pipe(trained: Trained) -> None:
    """Whoever stops reading early hears no complaint."""
    many = [trained.photo] * 50
    command = [UNDERSTUDY, "--workspace", trained.folder, "predict", PROJECT, *many]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) == 1


def test_texts_are_asked_about_by_the_column_in_which_they_came(give: Give, tmp_path: Path) -> None:
    """Of two columns of words, the one that was named with the first table is taken in a further one too."""
    lines = [
        f"so it goes {at * 7919},{at * 31} was {'late' if at % 2 else 'here'},{'bad' if at % 2 else 'good'}"
        for at in range(40)
    ]
    table = tmp_path / "told.csv"
    table.write_text("\n".join(["remark,told,verdict", *lines]))
    named = ("--text", "told", "--target", "verdict", "--trials", "1", "--no-look")
    assert give("train", table, "--project", "told", *named, workspace=tmp_path / "ws").status == 0
    alone = give("predict", "told", "31 was late", "--json", workspace=tmp_path / "ws").out
    table.write_text("remark,told\nso it goes 0,31 was late\nso it goes 7919,62 was here")
    asked = give("predict", "told", table, "--json", workspace=tmp_path / "ws").out.splitlines()
    assert [json.loads(line)["probability"] for line in asked[:1]] == [json.loads(alone)["probability"]]
    assert len(asked) == 2


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table in which “late” says it all."""
    path = tmp_path_factory.mktemp("rows") / "orders.csv"
    lines = [f"{'yes' if at % 2 else 'no'},{at % 7},{'refused' if at % 2 else 'paid'}" for at in range(80)]
    path.write_text("\n".join(["late,items,outcome", *lines]))
    return path


def test_rows_are_asked_about_one_by_one_or_as_a_table(give: Give, rows: Path, tmp_path: Path) -> None:
    """A row may be JSON or stand in a table; with --why each answer says what moved it."""
    trained = give(
        "train",
        rows,
        "--project",
        "orders",
        "--target",
        "outcome",
        "--trials",
        "4",
        "--no-look",
        workspace=tmp_path / "ws",
    )
    assert trained.status == 0
    one = give("predict", "orders", '{"late": "yes"}', "--json", workspace=tmp_path / "ws")
    assert json.loads(one.out)["label"] == "refused"
    (tmp_path / "two.csv").write_text("late,items\nno,3\nyes,2\n")
    two = give("predict", "orders", str(tmp_path / "two.csv"), "--why", workspace=tmp_path / "ws")
    assert two.status == 0
    assert "row 2: paid" in two.out
    assert "row 3: refused" in two.out
    assert "for: late: yes" in two.out
    assert two.out.count("“For”: without this part the model would be less sure; “against”: surer.") == 1
    bad = give("predict", "orders", "{broken", str(tmp_path / "none.csv"), workspace=tmp_path / "ws")
    assert bad.status == 1
    assert "Traceback" not in bad.err


def test_columns_that_do_not_fit_are_said(give: Give, rows: Path, tmp_path: Path) -> None:
    """A missing column, a misspelt one and a row of another table are told; a table without rows is too."""
    workspace = tmp_path / "ws"
    give("train", rows, "--project", "orders", "--target", "outcome", "--trials", "4", "--no-look", workspace=workspace)
    near = give("predict", "orders", '{"latte": "yes", "items": 2}', workspace=workspace)
    assert near.status == 0
    assert "It lacks “late”" in near.err
    assert "perhaps “late” is meant" in near.err
    other = give("predict", "orders", '{"colour": "red"}', workspace=workspace)
    assert other.status == 1
    assert "none of the columns" in other.err
    odd = give("predict", "orders", '{"late": "yes", "items": "many"}', "--why", "--json", workspace=workspace)
    assert "“items” holds “many”, which is no number and counts as not known." in odd.err
    assert "items: many" not in odd.out
    slip = give("predict", "orders", '{"lates": "yes"}', '{"late": "yess", "items": 2}', workspace=workspace)
    assert "“lates” may mean “late”" in slip.err
    assert "“late” holds “yess”, which no example had, so it counts as not known; perhaps “yes” is meant." in slip.err
    loud = give("predict", "orders", '{"LATE": "yes", "Items": 2}', "--why", workspace=workspace)
    assert loud.err.count("“LATE” is taken for “late”, “Items” is taken for “items”.") == 1
    assert "for: late: yes" in loud.out
    two = tmp_path / "two.csv"
    two.write_text("late,items\nyes,many\nno,many\nno,2\n")
    told = "“items” holds “many”, which is no number and counts as not known."
    assert f"{two}, rows 2 and 3: {told}" in give("predict", "orders", two, workspace=workspace).err
    written = give("predict", "orders", two, "--to", tmp_path / "out.csv", workspace=workspace)
    assert "2 of them have a remark; the column “remark” says what." in written.out
    refused = give("predict", "orders", two, "--to", tmp_path / "out.xlsx", workspace=workspace)
    assert (refused.status, "Name the file “out.csv”." in refused.err) == (1, True)
    (tmp_path / "empty.csv").write_text("late,items\n")
    assert give("predict", "orders", str(tmp_path / "empty.csv"), workspace=workspace).status == 1
