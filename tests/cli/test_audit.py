"""`understudy audit`: what is said about a project's data, and how somebody answers for it."""

import json
import re
from pathlib import Path

import pytest

from cli.conftest import Give
from coloured import coloured, coloured_folder


@pytest.fixture
def told_by_size(tmp_path: Path, give: Give) -> Path:
    """A workspace with the project “doors”, whose “amber” photos are larger than its “azure” ones."""
    for label, size in (("amber", (120, 90)), ("azure", (96, 72))):
        (tmp_path / "photos" / label).mkdir(parents=True)
        for number in range(18):
            (tmp_path / "photos" / label / f"{number}.jpg").write_bytes(coloured(label, number, size=size))
    give("new", "doors", workspace=tmp_path / "w")
    give("add", "doors", tmp_path / "photos", workspace=tmp_path / "w")
    return tmp_path / "w"


def test_findings_come_with_what_to_do(told_by_size: Path, give: Give) -> None:
    """Each finding is told with its severity, id, reason, remedy, evidence and page; a grave one ends with 3."""
    said = give("audit", "doors", workspace=told_by_size)
    assert said.status == 3
    assert said.out.startswith("1 finding stands against a launch.")
    assert "[high]" in said.out
    for part in (
        "    Why: ",
        "    Do:  ",
        "    See: amber/",
        "    More: docs/reference/findings.md#shortcut",
        "--accept",
    ):
        assert part in said.out


def test_a_project_without_examples_is_not_called_well(tmp_path: Path, give: Give) -> None:
    """Nothing is said to stand against nothing, and the status tells a script that there was no audit."""
    give("new", "doors", workspace=tmp_path / "w")
    said = give("audit", "doors", workspace=tmp_path / "w")
    assert said.status == 1
    assert "There is nothing to audit in “doors” yet." in said.err
    assert "against a launch" not in said.out


def test_status_says_how_much_the_audit_found(told_by_size: Path, give: Give) -> None:
    """What came up on the way in and what an audit found are told apart, and the counts agree."""
    before = give("status", "doors", workspace=told_by_size)
    assert "latest audit" not in before.out
    told = give("audit", "doors", "--json", workspace=told_by_size)
    found = json.loads(told.out)["findings"]
    after = give("status", "doors", workspace=told_by_size)
    (told,) = [line for line in after.out.splitlines() if line.startswith("Findings of the latest audit: 1 serious")]
    assert sum(int(number) for number in re.findall(r"(\d+) (?:serious|to look|worth)", told)) == len(found)
    assert not any("PROJECT" in each["remedy"] for each in found)


def test_somebody_answers_for_it(told_by_size: Path, give: Give) -> None:
    """Accepted with a reason, the finding is told with name and reason, and the command ends with 0."""
    found = json.loads(give("audit", "doors", "--json", workspace=told_by_size).out)
    grave = found["findings"][0]
    assert (grave["severity"], grave["kind"], grave["accepted"]) == ("high", "shortcut", None)
    accepted = give(
        "audit", "doors", "--accept", grave["id"][:8], "--reason", "One camera each.", workspace=told_by_size
    )
    assert accepted.status == 0
    assert accepted.out.startswith("Accepted: ")
    again = give("audit", "doors", workspace=told_by_size)
    assert again.status == 0
    assert "[accepted]" in again.out
    assert "One camera each." in again.out


def test_half_an_acceptance_is_none(told_by_size: Path, give: Give) -> None:
    """An id without a reason, a reason without an id, and an unknown id each get a sentence."""
    for words in (("--accept", "abcd"), ("--reason", "Because.")):
        refused = give("audit", "doors", *words, workspace=told_by_size)
        assert refused.status == 2
        assert "names it and says why" in refused.err
    give("audit", "doors", workspace=told_by_size)
    unknown = give("audit", "doors", "--accept", "zzzz", "--reason", "Because.", workspace=told_by_size)
    assert unknown.status == 1
    assert "has no finding “zzzz”" in unknown.err


def test_what_was_found_grave_before_stands_against_a_launch(give: Give, tmp_path: Path) -> None:
    """A serious finding from when examples came in has an id, ends an audit with 3, and can be answered for."""
    photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=12)
    (photos / "green").mkdir()
    (photos / "green" / "one.jpg").write_bytes(coloured("green", 1))
    give("new", "doors", workspace=tmp_path / "w")
    assert "The class “green” has one photo." in give("add", "doors", photos, workspace=tmp_path / "w").out
    said = give("audit", "doors", workspace=tmp_path / "w")
    assert said.status == 3
    assert said.out.startswith("1 finding stands against a launch.")
    (line,) = (line for line in said.out.splitlines() if "The class “green” has one photo." in line)
    severity, identity, *_ = line.split()
    assert severity == "[high]"
    accepted = give("audit", "doors", "--accept", identity, "--reason", "A trial.", workspace=tmp_path / "w")
    assert accepted.out.startswith("Accepted: The class “green” has one photo.")
    after = give("audit", "doors", workspace=tmp_path / "w")
    assert after.status == 0
    assert "[accepted]" in after.out


def test_alike_photos_have_nothing_against_them(give: Give, tmp_path: Path) -> None:
    """Photos that were taken alike raise nothing grave, and the command ends with 0."""
    photos = coloured_folder(tmp_path / "photos", "amber", "azure", each=12)
    give("new", "doors", workspace=tmp_path / "w")
    give("add", "doors", photos, workspace=tmp_path / "w")
    said = give("audit", "doors", workspace=tmp_path / "w")
    assert said.status == 0
    assert said.out.startswith("Nothing in the data stands against a launch; ")
