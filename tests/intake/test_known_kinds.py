"""Sources of a kind that is known, or that another package offers: what they hold is what that kind's files are."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from offered import LEVELS
from recordings import melody, wav
from understudy.domain.errors import UnderstudyError
from understudy.domain.finding import Finding
from understudy.domain.task import Task
from understudy.intake.incoming import Incoming, SourceUnreadable
from understudy.intake.meant import Meant
from understudy.intake.readers import open_source
from understudy.intake.table import Columns

Offering = Callable[..., None]


def held(path: Path, meant: Meant | None = None, columns: Columns | None = None) -> tuple[str, dict[str, str | None]]:
    """Of which kind a source is, and the label of each of its inputs; no finding stands beside them."""
    with open_source(path, meant=meant, columns=columns) as source:
        assert not [item for item in source.items if isinstance(item, Finding)]
        return source.task.modality, {item.name: item.label for item in source.items if isinstance(item, Incoming)}


@pytest.mark.parametrize("kind", ["level", "text"])
@pytest.mark.parametrize("known", ["nothing", "said", "project"])
def test_a_table_names_files_of_a_kind_that_is_known(offering: Offering, tmp_path: Path, kind: str, known: str) -> None:
    """A table that begins a project can go on with it: the files are read, whether their kind is said or not."""
    offering("levels")
    suffix = {"level": "level", "text": "txt"}[kind]
    for name in "ab":
        (tmp_path / f"{name}.{suffix}").write_text("7")
    table = tmp_path / "levels.table.csv"
    table.write_text(f"file,label\na.{suffix},high\nb.{suffix},low\n")
    meant = {"nothing": None, "said": Meant(modality=kind), "project": Meant(task=Task(kind))}[known]
    assert held(table, meant) == (kind, {f"a.{suffix}": "high", f"b.{suffix}": "low"})


def test_a_table_of_texts_may_say_what_each_belongs_to(tmp_path: Path) -> None:
    """Names of files beside texts, or of other files, are no inputs of a project of texts."""
    table = tmp_path / "captions.csv"
    table.write_text("image,caption,label\na.jpg,so it is said,x\nb.jpg,and that is so,y\nc.jpg,or is it so at all,y\n")
    assert held(table, Meant(modality="text"), Columns(text="caption"))[0] == "text"
    with open_source(table, meant=Meant(modality="text"), columns=Columns(text="caption")) as source:
        assert source.rows
    table.write_text("file,label\nscan.jpg,x\nphoto.png,y\n")
    with open_source(table, meant=Meant(modality="text")) as source:
        assert source.rows


@pytest.fixture
def curves(offering: Offering, tmp_path: Path) -> Path:
    """A folder for files of a modality that reads CSV, which is offered while the test runs."""
    offering("levels", LEVELS.replace('".level"', '".csv"'))
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


def written(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("7,8\n")


@pytest.mark.parametrize("meant", [None, Meant(modality="level"), Meant(task=Task("level"))])
def test_files_that_are_tables_elsewhere_may_be_inputs(curves: Path, tmp_path: Path, meant: Meant | None) -> None:
    """In a folder for each answer, and in a zip archive of it, CSV files are those of the kind that reads them."""
    names = [f"{label}/{at}.csv" for label in ("high", "low") for at in range(3)]
    written(curves, *names)
    with zipfile.ZipFile(tmp_path / "runs.zip", "w") as archive:
        for name in names:
            archive.write(curves / name, name)
    for source in (curves, tmp_path / "runs.zip"):
        assert held(source, meant) == ("level", {name: name.partition("/")[0] for name in names})


@pytest.mark.parametrize("meant", [Meant(modality="level"), Meant(task=Task("level"), synthetic=True)])
def test_a_folder_of_them_needs_no_labels_where_their_kind_is_known(curves: Path, meant: Meant) -> None:
    """Beside each other they are no tables of which one would have to be named; and one alone is an input, too."""
    written(curves, "a.csv")
    assert held(curves, meant) == ("level", {"a.csv": None})
    written(curves, "b.csv", "c.csv")
    assert held(curves, meant) == ("level", dict.fromkeys(("a.csv", "b.csv", "c.csv")))


def test_a_table_beside_them_names_them_and_is_none_of_them(curves: Path) -> None:
    """What says their labels is read, and not taken for one more."""
    written(curves, "a.csv", "b.csv", "c.csv")
    (curves / "metadata.csv").write_text("file_name,label\na.csv,high\nb.csv,low\n")
    assert held(curves, Meant(modality="level")) == ("level", {"a.csv": "high", "b.csv": "low", "c.csv": None})


@pytest.mark.parametrize("meant", [None, Meant(modality="table"), Meant(modality="text")])
def test_tables_stay_tables_where_no_such_kind_is_known(curves: Path, meant: Meant | None) -> None:
    """Which of several is meant has to be said then."""
    written(curves, "a.csv", "b.csv")
    with pytest.raises(SourceUnreadable, match="The folder holds 2 tables"), open_source(curves, meant=meant):
        pass


def test_whoever_means_inputs_is_told_how_to_say_so(curves: Path) -> None:
    """Where an installed package reads such files, the remedy names its kind; not where it was said to be another."""
    written(curves, "a.csv", "b.csv")
    for meant, told in ((None, "or, where each of them is one level, add --as level."), (Meant(modality="table"), "")):
        with pytest.raises(SourceUnreadable) as caught, open_source(curves, meant=meant):
            pass
        assert caught.value.remedy == f"Name the one that is meant{f'; {told}' if told else '.'}"


def test_one_file_alone_is_added_by_its_folder(curves: Path) -> None:
    """A file that is no table of names, though tables end like it, is told to come in its folder."""
    for content in ("7,8\n", "7,8\n9,10\n", "time,x\n0,1\n1,n/a\n", ""):
        (curves / "a.csv").write_text(content)
        with pytest.raises(UnderstudyError) as caught, open_source(curves / "a.csv", meant=Meant(task=Task("level"))):
            pass
        assert caught.value.remedy.endswith("Or, if it is itself a level, name the folder that holds it.")
    assert held(curves, Meant(task=Task("level"))) == ("level", {"a.csv": None})


@pytest.fixture
def two_kinds(curves: Path, offering: Offering) -> Path:
    """A folder for files that two packages read, which are both installed while the test runs."""
    offering(
        "heights", LEVELS.replace('".level"', '".csv"').replace('"level", "levels"', '"height", "heights"'), "height"
    )
    return curves


def test_of_two_kinds_that_read_such_files_neither_is_guessed(two_kinds: Path, tmp_path: Path) -> None:
    """Files in folders, and files that a table names, are of the kind that somebody says; nobody picks one silently."""
    written(two_kinds, "high/a.csv", "low/b.csv")
    table = tmp_path / "named.tsv"
    table.write_text("file\tlabel\nruns/high/a.csv\thigh\nruns/low/b.csv\tlow\n")
    for source in (two_kinds, table):
        with pytest.raises(SourceUnreadable, match="may hold heights or levels") as caught, open_source(source):
            pass
        assert caught.value.remedy == "Say what they are: --as height or --as level."
        for kind in ("height", "level"):
            assert held(source, Meant(modality=kind))[0] == kind


def test_a_flat_folder_that_two_kinds_may_read_names_both(two_kinds: Path) -> None:
    """Where tables may be inputs of either, both are offered."""
    written(two_kinds, "a.csv", "b.csv")
    told = "one height or level, add --as height or --as level"
    with pytest.raises(SourceUnreadable, match=told), open_source(two_kinds):
        pass


@pytest.mark.parametrize("meant", [Meant(modality="level"), Meant(task=Task("level"))])
def test_a_kind_that_is_known_may_share_its_endings_with_a_built_in_one(
    offering: Offering, tmp_path: Path, meant: Meant
) -> None:
    """Recordings are taken for what a package reads them as where that is said, and for recordings where not."""
    offering("levels", LEVELS.replace('".level"', '".wav"'))
    (tmp_path / "runs" / "high").mkdir(parents=True)
    for name in "abc":
        (tmp_path / "runs" / "high" / f"{name}.wav").write_bytes(wav(melody(1, seconds=0.1)))
    assert held(tmp_path / "runs", meant)[0] == "level"
    assert held(tmp_path / "runs")[0] == "sound"


def test_tables_beside_photos_decide_nothing(curves: Path) -> None:
    """Photos with a table each are photos, though somebody reads such tables."""
    written(curves, "high/a.jpg", "high/b.jpg", "high/a.csv")
    with open_source(curves) as source:
        assert source.task.modality == "photo"
