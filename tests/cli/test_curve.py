"""`understudy curve`: a person asks what more labels would bring."""

from pathlib import Path

from cli.conftest import Give
from coloured import coloured_folder
from trained import PROJECT, Trained


def test_a_curve_is_told_and_drawn(give: Give, trained: Trained, tmp_path: Path) -> None:
    """The advice comes first, then the table with its picture; asking again says the same."""
    workspace = trained.copy(tmp_path)
    first = give("curve", PROJECT, "--target", "0.9", workspace=workspace)
    assert first.status == 0
    assert first.out.splitlines()[0].endswith(".")
    assert "Next: " in first.out
    assert "measured" in first.out
    assert "●" in first.out
    assert give("curve", PROJECT, "--target", "0.9", workspace=workspace).out == first.out
    assert give("curve", PROJECT, "--target", "90%", workspace=workspace).out == first.out


def test_too_few_photos_are_told(give: Give, tmp_path: Path) -> None:
    """A project with a handful of photos gets a number to gather, not a forecast."""
    photos = coloured_folder(tmp_path / "photos", "amber", "green", each=3)
    give("new", "doors", "--sealed-share", "0.0", workspace=tmp_path / "w")
    give("add", "doors", photos, workspace=tmp_path / "w")
    said = give("curve", "doors", workspace=tmp_path / "w")
    assert said.status == 0
    assert said.out.startswith("Too few photos to say what more would bring.")
    assert "○" not in said.out


def test_an_impossible_target_is_misuse(give: Give, trained: Trained, tmp_path: Path) -> None:
    """Nobody can ask for everything right, or for a project that is not there."""
    workspace = trained.copy(tmp_path)
    for target in ("1", "0", "nan", "2", "100%", "0%"):
        assert give("curve", PROJECT, "--target", target, workspace=workspace).status == 2
    assert "nothing-here" in give("curve", "nothing-here", workspace=workspace).err
