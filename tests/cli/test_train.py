"""`understudy train` on everything that a person may point it at."""

import csv
import shutil
from pathlib import Path

import pytest

from cli.conftest import Give, Said
from coloured import coloured_folder
from trained import PROJECT, Trained
from understudy.search.assignment import JOURNAL
from understudy.search.portion import PORTION
from understudy.studio.collection.gathering import unfinished
from understudy.studio.training.shelf import load_recorded
from understudy.studio.workspace import Workspace


def zipped(photos: Path, to: Path) -> Path:
    """A zip archive of the folder."""
    return Path(shutil.make_archive(str(to / PROJECT), "zip", photos.parent, photos.name))


def tabled(photos: Path, to: Path) -> Path:
    """A CSV beside a flat folder of the photos."""
    rows = flat(photos, to / "pictures")
    with (to / f"{PROJECT}.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "label"])
        writer.writerows((f"pictures/{name}", label) for name, label in rows)
    return to / f"{PROJECT}.csv"


def hugging_face(photos: Path, to: Path) -> Path:
    """A folder with a metadata.csv, as Hugging Face's data sets have it."""
    rows = flat(photos, to / PROJECT)
    with (to / PROJECT / "metadata.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file_name", "label"])
        writer.writerows(rows)
    return to / PROJECT


def flat(photos: Path, to: Path) -> list[tuple[str, str]]:
    to.mkdir()
    rows = []
    for photo in sorted(photos.glob("*/*.jpg")):
        name = f"{photo.parent.name} {photo.name}"
        shutil.copy(photo, to / name)
        rows.append((name, photo.parent.name))
    return rows


def three_lines(said: Said) -> None:
    """An error is a fact, a reason and a remedy, a line each."""
    lines = said.err.strip().splitlines()
    assert len(lines) == 3
    assert all(line[0].isupper() or line[0] == "“" for line in lines)


def test_a_folder(trained: Trained) -> None:
    """A folder a class becomes a model and a verdict, in the words of the page."""
    assert "36 photos added to blades." in trained.said
    assert "5 candidates tried. Nothing is launched yet." in trained.said
    assert "With 95% confidence, at least" in trained.said
    assert "1st look at the sealed" not in trained.said
    assert trained.said.endswith("Ask it:    understudy predict blades PHOTO\nSee it:    understudy serve\n")


@pytest.mark.parametrize("source", [zipped, tabled, hugging_face])
def test_other_sources(source: type, trained: Trained, give: Give, tmp_path: Path) -> None:
    """The same photos give the same model, byte for byte, whichever way they come."""
    (tmp_path / "from").mkdir()
    photos = source(trained.photos, tmp_path / "from")
    said = give("train", photos, "--trials", "5", workspace=tmp_path / "w")
    assert said.status == 0, said.err
    assert "36 photos added to blades." in said.out
    with trained.open() as first, Workspace.open(tmp_path / "w") as other:
        assert other.ledger.latest_model(PROJECT).version == first.ledger.latest_model(PROJECT).version
        assert other.ledger.latest_judgement(PROJECT) == first.ledger.latest_judgement(PROJECT)


def test_again(trained: Trained, give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same folder adds nothing; the model is judged by a second look, and the words say so."""
    monkeypatch.chdir(trained.place)
    workspace = trained.copy(tmp_path)
    said = give("train", PROJECT, "--trials", "1", workspace=workspace)
    assert "Nothing new: blades has these 36 photos already." in said.out
    assert "1 candidate tried." in said.out
    assert "This is the 2nd look at the sealed photos." in said.out
    with Workspace.open(workspace) as opened:
        assert opened.ledger.counts(PROJECT).total == 36
        assert opened.ledger.look_count(PROJECT) == 2


def test_a_part(trained: Trained, give: Give, tmp_path: Path) -> None:
    """A run that had no time to look at all photos says of how many it learned, and how it learns from more."""
    workspace = trained.copy(tmp_path)
    with Workspace.open(workspace) as opened:
        folder = opened.run_folder(PROJECT) / JOURNAL
        whole = sum(opened.ledger.counts(PROJECT).train.values())
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / PORTION).write_text("20")
    (folder / "trials.jsonl").write_text("\n")
    said = give("train", PROJECT, "--trials", "1", "--no-look", "--resume", workspace=workspace)
    assert f"seconds on 20 of {whole} photos: 1 candidate tried." in " ".join(said.out.split())
    assert "train anew, without --resume and with more --minutes" in " ".join(said.out.split())
    with Workspace.open(workspace) as opened:
        model = load_recorded(opened, opened.ledger.latest_model(PROJECT).blob)
        assert sum(model.description.examples) == 20
    assert "photos: 1 candidate" in give("train", PROJECT, "--trials", "1", "--no-look", workspace=workspace).out


def test_nothing_there(give: Give, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is nothing is refused at once, and no workspace comes of it."""
    monkeypatch.chdir(tmp_path)
    said = give("train", "bladse")
    assert said.status == 1
    assert "“bladse” is neither a file or folder nor a project." in said.err
    assert "there is no project yet" in said.err
    three_lines(said)
    assert not list(tmp_path.iterdir())


def test_unknown_beside_known(trained: Trained, give: Give) -> None:
    """The refusal names the projects there are."""
    assert "the projects are blades." in give("train", "bladse", workspace=trained.folder).err


@pytest.mark.parametrize("words", [["--project", "other"], ["--group", "folder"], ["--sealed-share", "0.5"]])
def test_options_without_photos(words: list[str], trained: Trained, give: Give, tmp_path: Path) -> None:
    """Options on how to take photos in are not quietly dropped where there are no photos."""
    said = give("train", PROJECT, *words, workspace=trained.copy(tmp_path))
    assert said.status == 1
    assert "There is no file or folder “blades” to read." in said.err
    # The command add refuses them, too, once there are examples; only another project can be read otherwise.
    assert "begin another project: understudy" in said.err
    assert "train SOURCE --project NAME with these options." in " ".join(said.err.split())


def test_one_class(give: Give, tmp_path: Path) -> None:
    """One class is nothing to tell apart."""
    said = give("train", coloured_folder(tmp_path / "reds", "amber", each=4), workspace=tmp_path / "w")
    assert said.status == 1
    assert "There is nothing to tell apart." in said.err
    assert "To learn from: " in said.out
    three_lines(said)


def test_no_label(give: Give, tmp_path: Path) -> None:
    """Photos without labels teach nothing, and are told apart from none at all."""
    coloured_folder(tmp_path / "all", "amber", each=3)
    said = give("train", tmp_path / "all" / "amber", workspace=tmp_path / "w")
    assert said.status == 1
    assert "None of its 3 photos has a label." in said.err
    assert "Without a label: 3." in said.out


def test_empty_folder(give: Give, tmp_path: Path) -> None:
    """An empty folder begins no project."""
    (tmp_path / "empty").mkdir()
    said = give("train", tmp_path / "empty", workspace=tmp_path / "w")
    assert said.status == 1
    assert "“empty” holds no photo that can be read." in said.err
    with Workspace.open(tmp_path / "w") as workspace:
        assert workspace.ledger.projects() == []


def test_nothing_readable(give: Give, tmp_path: Path) -> None:
    """Where no file is a photo, each is named with its reason."""
    (tmp_path / "bad" / "a").mkdir(parents=True)
    (tmp_path / "bad" / "a" / "one.jpg").write_bytes(b"")
    (tmp_path / "bad" / "a" / "two.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing more")
    said = give("train", tmp_path / "bad", workspace=tmp_path / "w")
    assert said.status == 1
    assert "2 medium findings:" in said.out
    assert "one.jpg" in said.out
    assert "two.jpg" in said.out


def test_findings(give: Give, trained: Trained, tmp_path: Path) -> None:
    """A bad file among good ones is named with its reason, and the rest goes on."""
    shutil.copytree(trained.photos, tmp_path / "mixed")
    (tmp_path / "mixed" / "amber" / "broken.jpg").write_bytes((trained.photo).read_bytes()[:300])
    said = give("train", tmp_path / "mixed", "--minutes", "0.001", workspace=tmp_path / "w")
    assert "36 photos added to mixed." in said.out
    assert "1 medium finding:\n  [medium] “amber/broken.jpg” is cut off" in said.out
    assert "The time was up" in said.err


def test_no_sealed_photos(give: Give, trained: Trained, tmp_path: Path) -> None:
    """Without sealed photos there is a model, nothing proven, and no look spent; a review says so as well."""
    workspace = tmp_path / "w"
    options = ("--project", "open", "--sealed-share", "0", "--trials", "1")
    said = give("train", trained.photos, *options, workspace=workspace)
    assert said.status == 0
    assert "Sealed for judging: 0." in said.out
    nothing = "Nothing is proven yet: no photo is sealed. A verdict rests on photos that the model has never seen."
    assert nothing in " ".join(said.out.split())
    assert "error budget" not in said.out
    status = give("status", "open", workspace=workspace).out
    assert nothing in " ".join(status.split())
    assert "Looks at the sealed examples: 0." in status
    refused = give("review", "open", workspace=workspace)
    assert refused.status == 1
    assert "Begin a project that seals a share of its photos" in refused.err


def test_the_share_is_fixed(trained: Trained, give: Give, tmp_path: Path) -> None:
    """Another share for a known project is refused, not dropped."""
    said = give("train", trained.photos, "--sealed-share", "0.5", workspace=trained.copy(tmp_path))
    assert said.status == 1
    assert "“blades” seals 25% of its photos, not 50%." in said.err


@pytest.mark.parametrize("name", ["Two Words", "-x", "a" * 65, ""])
def test_bad_project_name(name: str, trained: Trained, give: Give, tmp_path: Path) -> None:
    """A name that cannot stand in an address is refused."""
    said = give("train", trained.photos, f"--project={name}", workspace=tmp_path / "w")
    assert said.status == 1
    assert "cannot be a project's name" in said.err


def test_a_folder_without_a_name(give: Give, tmp_path: Path) -> None:
    """A folder whose name gives none says how to give one."""
    said = give("train", coloured_folder(tmp_path / "写真", "amber", each=1), workspace=tmp_path / "w")
    assert said.status == 1
    assert "--project" in said.err


@pytest.mark.parametrize(
    "words", [["--minutes", "0"], ["--minutes", "nan"], ["--trials", "0"], ["--memory", "inf"], ["--seed", "-1"]]
)
def test_impossible_orders(words: list[str], trained: Trained, give: Give, tmp_path: Path) -> None:
    """Orders that cannot be are misuse, said before anything is read."""
    said = give("train", trained.photos, *words, workspace=tmp_path / "w")
    assert said.status == 2
    assert words[0] in said.err
    assert not (tmp_path / "w").exists()


@pytest.mark.parametrize("words", [["--as", "table"], []])
def test_tables_take_no_extractor(words: list[str], give: Give, tmp_path: Path) -> None:
    """What could have no part in the model is refused before anything is read, or as soon as its kind is known."""
    rows = "".join(f"{n},{n % 7},{'ab'[n % 2]}\n" for n in range(40))
    (tmp_path / "rows.csv").write_text(f"size,shape,label\n{rows}", encoding="utf-8")
    said = give("train", tmp_path / "rows.csv", *words, "--extractor", "eye.onnx", workspace=tmp_path / "w")
    assert said.status == 1
    assert "Rows take no extractor such as “eye.onnx”." in said.err
    assert "Leave the extractor out" in said.err
    assert ("40 rows added" in said.out) is (not words)


def test_a_part_of_a_source_is_said_before_a_training(give: Give, tmp_path: Path) -> None:
    """What was broken off while it came in is said first, with the command that brings the rest."""
    give("new", "doors", workspace=tmp_path)
    with Workspace.open(tmp_path) as workspace:
        workspace.ledger.record_findings("doors", [unfinished("doors.csv")], at=workspace.now())
    said = give("train", "doors", workspace=tmp_path)
    assert "Only a part of “doors.csv” is recorded." in said.out
    assert "understudy add doors SOURCE" in said.out


@pytest.mark.parametrize("said", ["fraud", "=5", "fraud=many"])
def test_a_weight_is_a_label_with_a_number(give: Give, tmp_path: Path, said: str) -> None:
    """What is no label with a number is refused before anything is read."""
    coloured_folder(tmp_path / "all", "amber", "azure", each=3)
    refused = give("train", tmp_path / "all", "--weigh", said, workspace=tmp_path / "w")
    assert refused.status == 2
    assert "--weigh" in refused.err


def test_photos_are_not_trained_by_costs(give: Give, tmp_path: Path) -> None:
    """Only tables heed them, and that is said instead of training as ever."""
    coloured_folder(tmp_path / "all", "amber", "azure", each=6)
    refused = give("train", tmp_path / "all", "--by-costs", workspace=tmp_path / "w")
    assert refused.status == 1
    assert "cannot be trained by here" in refused.err
