"""A modality that another package offers."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from offered import offer
from series_page import page_blocks, page_module
from understudy.engine.inference import Graph
from understudy.modalities.graph import FLOAT, GraphBuilder


def install(module: str, folder: Path) -> Path:
    """A folder with a module, and what an installer leaves beside it."""
    offer(folder, "series", module, "series")
    return folder


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's module as it is."""
    return install(page_module(), tmp_path_factory.mktemp("site"))


def draw_runs(folder: Path, each: int = 24) -> None:
    """Series that rise and series that do not, a folder for each."""
    rng = np.random.default_rng(0)
    for label, slope in (("rising", 0.4), ("steady", 0.0)):
        (folder / "runs" / label).mkdir(parents=True)
        for at in range(each):
            numbers = slope * np.arange(40) + rng.normal(size=40)
            (folder / "runs" / label / f"{at}.series").write_text("\n".join(f"{each:.3f}" for each in numbers))


def give(installed: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "PYTHONPATH": str(installed), "UNDERSTUDY_WORKSPACE": str(folder / "workspace")}
    command = [str(Path(sys.executable).with_name("understudy")), *words]
    return subprocess.run(command, capture_output=True, text=True, env=around, cwd=folder, check=False)


def test_a_sixth_modality_is_trained_judged_and_asked_like_any_other(installed: Path, tmp_path: Path) -> None:
    """The page's module is all it takes: a folder a class in, a judged model out; bad files are told."""
    draw_runs(tmp_path)
    (tmp_path / "runs" / "rising" / "bad.series").write_text("no number")
    trained = give(installed, tmp_path, "train", "runs", "--trials", "6")
    assert trained.returncode == 0, trained.stderr
    said = trained.stdout
    assert "48 series added to runs." in said
    assert "bad.series” holds something other than numbers" in said
    assert "sealed series right" in said
    (tmp_path / "new.series").write_text("\n".join(str(each) for each in range(16)))
    asked = give(installed, tmp_path, "predict", "runs", "new.series")
    assert "new.series: rising" in asked.stdout, asked.stderr


def test_what_a_module_raises_costs_one_input(tmp_path: Path) -> None:
    """A module that fails on a file has it left out by name, and what is asked about after such a file is answered."""
    falters = 'def read(data):\n    if data.startswith(b"far"):\n        int(float("inf"))\n'
    hides = "    rows = 32\n\n    def hidden(self, data):\n        return [][0]\n"
    source = page_module().replace("def read(data):\n", falters).replace("    rows = 32\n", hides)
    install(source, tmp_path / "site")
    draw_runs(tmp_path)
    (tmp_path / "runs" / "rising" / "far.series").write_text("far")
    trained = give(tmp_path / "site", tmp_path, "train", "runs", "--trials", "6")
    assert trained.returncode == 0, trained.stderr
    assert "48 series added to runs." in trained.stdout
    assert "far.series” could not be read, as the module “series” failed on it, so it was left out" in trained.stdout
    assert "OverflowError: cannot convert float infinity to integer" in trained.stdout
    assert trained.stderr.count("Traceback") == 1
    named = ["runs/rising/1.series", "runs/rising/far.series", "runs/steady/1.series"]
    asked = give(tmp_path / "site", tmp_path, "predict", "runs", *named)
    assert asked.returncode == 1
    assert [line.split(": ")[0] for line in asked.stdout.splitlines()] == [named[0], named[2]]
    assert f"{named[1]}: The input could not be read, as the module “series” failed on it." in asked.stderr
    why = give(tmp_path / "site", tmp_path, "predict", "runs", named[0], "--why")
    assert why.returncode == 0
    assert why.stdout.startswith(f"{named[0]}: rising")
    assert "What moved the answer is not told. That is a fault of the module (IndexError:" in why.stderr
    assert give(tmp_path / "site", tmp_path, "predict", "runs", *named, "--to", "said.csv").returncode == 1
    said = (tmp_path / "said.csv").read_text().splitlines()
    assert [word in line for word, line in zip(("rising", "OverflowError", "steady"), said[1:], strict=True)] == [
        True
    ] * 3


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("float(len(read(data)))", "[len(read(data))]", "gives '[40]' (list) as the fact “length”"),
        ("float(len(read(data)))", "float('inf')", "gives 'inf' (float) as the fact “length”"),
        ("return Measured()", "return None", "gives 'None' (NoneType) as inspect()"),
        ("return Measured()", "return Measured(b'')", "gives \"b''\" (bytes) as the fingerprint of inspect()"),
        ("for length in (4, 9)", "for length in ()", "The module “series” has no golden inputs."),
    ],
    ids=str,
)
def test_what_a_module_gives_amiss_is_told_before_it_is_trained(
    right: str, wrong: str, told: str, tmp_path: Path
) -> None:
    """With the module's name and what it gave, and not after minutes of work."""
    module = page_module()
    assert right in module
    draw_runs(tmp_path, each=6)
    trained = give(install(module.replace(right, wrong), tmp_path / "site"), tmp_path, "train", "runs", "--trials", "1")
    assert trained.returncode != 0
    assert told in trained.stderr, trained.stderr
    assert "Trained in" not in trained.stdout


def test_numbers_of_numpy_and_missing_ones_are_facts(tmp_path: Path) -> None:
    """A module need not know how facts are kept."""
    module = page_module().replace("float(len(read(data)))", "np.int64(len(read(data)))")
    module = module.replace("map(float, shape(data))", "[np.float32('nan'), *shape(data)[1:]]")
    draw_runs(tmp_path, each=12)
    site = install(module, tmp_path / "site")
    trained = give(site, tmp_path, "train", "runs", "--trials", "1")
    assert trained.returncode == 0, trained.stderr
    audited = give(site, tmp_path, "audit", "runs")
    assert audited.returncode == 0, audited.stderr


def test_an_extractor_that_a_module_does_not_know_is_refused(installed: Path, tmp_path: Path) -> None:
    """What somebody names has a part in the model, or is said to have none."""
    draw_runs(tmp_path, each=6)
    trained = give(installed, tmp_path, "train", "runs", "--extractor", "nothing.onnx")
    assert trained.returncode != 0
    assert "There is no encoder “nothing.onnx” for series." in trained.stderr


def test_the_page_s_check_passes_and_so_does_its_other_encoder() -> None:
    """What the page shows besides its module works as it is shown."""
    module, checking, other_rubbish, graph = page_blocks()
    names: dict[str, Any] = {"__name__": "series_of_the_page"}
    exec(module + checking + other_rubbish, names)
    exec(graph, names)

    class Levels(names["Series"]):
        """The page's modality with the page's other encoder."""

        def encoder(self, name: str | None) -> Any:
            return super().encoder(name) and names["LevelsEncoder"]()

        def preparer(self, described: object, assets: object) -> Any:
            del described, assets
            return names["LevelsPreparer"]()

    files = [b"1\n2\n3\n", b"5\n4.5\n-2\n0\n8\n", b"7\n"]
    names["check"](Levels(), files)
    numbers = names["LevelsPreparer"]().arrays(files[1])["numbers"]
    graph_ = GraphBuilder()
    made = names["LevelsEncoder"]().add_to(graph_, (names["LEVELS"],))
    graph_.output(made["level and spread"], "levels", FLOAT, ["n", 2])
    run = Graph(graph_.model("levels"), rows=4, precision="f32")
    levels = run.run({"numbers": numbers, "there": np.ones_like(numbers)})["levels"]
    np.testing.assert_allclose(levels, [[numbers.mean(), numbers.std()]], rtol=1e-5)


def test_a_module_may_call_its_settings_as_it_likes(tmp_path: Path) -> None:
    """What a preparer says of itself is its own affair, whatever other kinds mean by the same words."""
    module = page_module().replace('{"numbers": list(NAMES)}', '{"columns": list(NAMES), "schema": 1}')
    assert module != page_module()
    draw_runs(tmp_path, each=12)
    site = install(module, tmp_path / "site")
    assert give(site, tmp_path, "train", "runs", "--trials", "1").returncode == 0
    asked = give(site, tmp_path, "predict", "runs", "runs/rising/1.series")
    assert asked.returncode == 0, asked.stderr


FAILING = "def shape(data):\n    if b'77.7' in data:\n        raise {}\n"
REFUSAL = 'SeriesUnreadable(FindingKind.CORRUPT, "has two rows", reason="It has one.", remedy="Mend it.")'


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("ValueError('two rows by accident')", "could not be read, as the module “series” failed on it"),
        (REFUSAL, "The series “steady/3.series” has two rows."),
    ],
    ids=["accident", "refusal"],
)
def test_a_file_that_fails_later_is_named(error: str, told: str, tmp_path: Path) -> None:
    """What arrives well and fails when features are computed ends a training and an audit by name, with what to do."""
    site = install(page_module().replace("def shape(data):\n", FAILING.format(error)), tmp_path / "site")
    draw_runs(tmp_path, each=30)
    with (tmp_path / "runs" / "steady" / "3.series").open("a") as file:
        file.write("\n77.7")
    failed = give(site, tmp_path, "train", "runs", "--trials", "1")
    assert failed.returncode != 0
    for ended in (failed, give(site, tmp_path, "audit", "runs")):
        assert ended.returncode != 0
        assert told in " ".join(ended.stderr.split()), ended.stderr
        assert "“steady/3.series”" in ended.stderr
        assert "The work broke off" not in ended.stderr
    forget = ended.stderr.partition("(understudy ")[2].partition(")")[0].split()
    assert forget[:3] == ["forget", "runs", "--digest"]
    assert give(site, tmp_path, *forget, "--reason", "two rows").returncode == 0
    assert give(site, tmp_path, "train", "runs", "--trials", "1").returncode == 0


def test_a_file_that_cannot_be_measured_ends_nothing(tmp_path: Path) -> None:
    """Its facts are not known, the audit says of which file, and all else goes on."""
    falters = '    def facts(self, data):\n        if b"77.7" in data:\n            raise ValueError("two rows")\n'
    site = install(page_module().replace("    def facts(self, data):\n", falters), tmp_path / "site")
    draw_runs(tmp_path, each=12)
    with (tmp_path / "runs" / "steady" / "3.series").open("a") as file:
        file.write("\n77.7")
    trained = give(site, tmp_path, "train", "runs", "--trials", "1")
    assert trained.returncode == 0, trained.stderr
    audited = give(site, tmp_path, "audit", "runs")
    assert audited.returncode == 0, audited.stderr
    said = " ".join(audited.stdout.split())
    assert "Nothing could be measured of 1 series: “steady/3.series”." in said
    assert "(ValueError: two rows)" in said
