"""`understudy next`: a person asks which photos to label."""

import io
import random
import re
from pathlib import Path

import pytest
from PIL import Image

from cli.conftest import Give
from coloured import coloured
from trained import PROJECT, Trained
from understudy.domain.example import Side
from understudy.studio.workspace import Workspace


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


def test_what_is_set_aside_is_told_where_nothing_waits(give: Give, trained: Trained, tmp_path: Path) -> None:
    """Photos without a label that belong with sealed ones are not passed over in silence."""
    workspace, loose = trained.copy(tmp_path), tmp_path / "loose"
    loose.mkdir()
    with Workspace.open(workspace) as opened:
        sealed = [opened.blobs.get(each.digest) for each in opened.ledger.examples(PROJECT, side=Side.SEALED)][:2]
    for number, photo in enumerate(sealed):
        Image.open(io.BytesIO(photo)).save(loose / f"{number}.png")
    give("add", PROJECT, loose, workspace=workspace)
    said = " ".join(give("next", PROJECT, workspace=workspace).err.split())
    assert "2 photos without are set aside, for what belongs with them is sealed." in said
    assert "Add photos without labels and not like those" in said


@pytest.mark.parametrize("answers", ["number", "labels"])
def test_rows_without_an_answer_are_named(give: Give, tmp_path: Path, answers: str) -> None:
    """Of numbers it says how sure each is to be near enough, of several labels which are taken for what."""
    drawn, workspace = random.Random(1), tmp_path / "w"
    lines = ["size,colour,answer"]
    for place in range(90):
        size, colour = drawn.gauss(40, 5), drawn.choice(["red", "blue"])
        dear = size + 3 * (colour == "red")
        answer = f"{dear:.1f}" if answers == "number" else "; ".join(["dear"] * (dear > 41) + ["late"] * (size < 42))
        lines.append(f"{size:.1f},{colour},{answer if place < 70 else ''}")
    (tmp_path / "rows.csv").write_text("\n".join(lines), encoding="utf-8")
    told = ("--label-column", "answer", "--answers", answers)
    assert (
        give("train", tmp_path / "rows.csv", "--project", "shop", "--trials", "1", *told, workspace=workspace).status
        == 0
    )
    said = give("next", "shop", "--count", "5", workspace=workspace)
    assert said.status == 0, said.err
    strange = give("next", "shop", "--label", "2", workspace=workspace)
    knows = "It answers with numbers, and knows no labels." if answers == "number" else "It tells apart “dear”, “late”."
    assert (strange.status, knows in strange.err) == (1, True)
    assert "“”" not in said.out
    rows = re.findall(r"rows\.csv, row (\d+)", said.out)
    assert len(rows) == len(set(rows)) == 5
    assert all(int(row) > 70 for row in rows)
    assert ("near enough to " in said.out) is (answers == "number")
