"""`understudy next`: a person asks which photos to label."""

from pathlib import Path

from cli.conftest import Give
from coloured import coloured
from trained import PROJECT, Trained


def test_photos_without_a_label_are_named(give: Give, trained: Trained, tmp_path: Path) -> None:
    """The photos come by the label they are taken for, with a probability and a reason."""
    workspace, loose = trained.copy(tmp_path), tmp_path / "loose"
    loose.mkdir()
    for number in range(200, 206):
        (loose / f"new {number}.jpg").write_bytes(coloured("azure" if number % 2 else "green", number))
    give("add", PROJECT, loose, workspace=workspace)
    said = give("next", PROJECT, "--count", "4", workspace=workspace)
    assert said.status == 0
    assert said.out.startswith("4 of 6 photos without a label. Label these first:")
    assert said.out.count(".jpg") == 4
    assert "Taken for “" in said.out
    assert "%, else “" in said.out
    assert give("next", PROJECT, "--count", "4", workspace=workspace).out == said.out


def test_where_nothing_waits_it_says_so(give: Give, trained: Trained, tmp_path: Path) -> None:
    """Where every photo has its label, the words say where unlabelled ones would come from."""
    workspace = trained.copy(tmp_path)
    said = give("next", PROJECT, workspace=workspace)
    assert said.status == 1
    assert f"Nothing in {PROJECT} waits for a label." in said.err
    assert "Add photos without labels" in said.err
    assert give("next", PROJECT, "--count", "0", workspace=workspace).status == 2
