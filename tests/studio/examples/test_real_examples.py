"""What rules, audits and measurements go by where examples were made up."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from understudy.domain.example import Example, Provenance, Side
from understudy.domain.project import Project
from understudy.studio.examples.real_examples import labelled_examples, real_ones_suffice
from understudy.studio.workspace import Workspace


def labelled(label: str | None, number: int, *, made: bool = False) -> Example:
    provenance = Provenance.SYNTHETIC if made else Provenance.UPLOAD
    return Example(f"{number:064x}", f"p{number}", provenance, f"g{number}", Side.TRAIN, label, 0, 0, "")


@pytest.mark.parametrize(
    ("real", "suffice"), [(("a", "a", "a"), False), (("a", "a", "b"), True), (("a", None), False), ((), False)]
)
def test_real_examples_suffice_once_they_have_two_answers(
    tmp_path: Path, real: Sequence[str | None], suffice: bool
) -> None:
    """However many have one and the same, nothing could be told apart by them, and the made-up ones count too."""
    examples = [labelled(label, number) for number, label in enumerate(real)]
    made = [labelled(label, 90 + number, made=True) for number, label in enumerate("ab")]
    with Workspace.open(tmp_path) as workspace:
        ledger = workspace.ledger
        ledger.create_project(Project("blades", workspace.now()))
        ledger.add_examples("blades", [*examples, *made], by="Ada", at=workspace.now())
        assert real_ones_suffice(ledger, "blades") == suffice
        told = {each.digest for each in labelled_examples(ledger, "blades")}
    count = sum(label is not None for label in real)
    assert len(told) == (count if suffice else count + 2)
