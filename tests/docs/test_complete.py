"""The reference is complete: nothing that it promises to list is missing, and nothing in it is gone."""

import re
import subprocess
import sys
from dataclasses import fields

from pages import DOCS, ROOT, anchors

from understudy.domain.decision import Because
from understudy.domain.finding import FindingKind
from understudy.domain.review import ClaimKind, ReasonKind
from understudy.domain.settings import DECLARED
from understudy.domain.stage import Cause, EventKind, Stage, Terms, TripCause
from understudy.domain.task import Task
from understudy.domain.trial import Trial
from understudy.intake.families import LOOSE_FAMILY
from understudy.intake.table import LABEL_COLUMNS, PATH_COLUMNS
from understudy.modalities.image.backbone import FEATURES, LAYERS, TEXTURE
from understudy.modalities.image.encoder import PREPROCESSING
from understudy.modalities.image.fingerprint import NEAR
from understudy.search.candidates import FAMILIES, MAX_ROWS, REGRESSIONS
from understudy.search.description import Description
from understudy.search.model_file import TOLERANCE
from understudy.search.threshold import SHARE_RIGHT
from understudy.serving.router import Limits
from understudy.stats.intervals import lower_bound
from understudy.stats.looks import confidence_of
from understudy.store.columns import metadata
from understudy.store.schema import APPEND_ONLY
from understudy.studio.launch.gate import RestsOn
from understudy.studio.words.phrases import floor_percent


def page(name: str) -> str:
    """A page's text, its lines joined."""
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


def test_commands_and_addresses_are_as_the_code_has_them() -> None:
    """The pages that are written from the code say what the code says now."""
    command = [sys.executable, str(DOCS / "generate.py"), "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_table_is_told_and_on_the_right_side() -> None:
    """The page about the ledger lists all tables, and those that are never changed apart from the others."""
    never, others = (DOCS / "explanation" / "ledger.md").read_text(encoding="utf-8").split("## What comes and goes")
    listed = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)
    assert sorted(listed.findall(never)) == sorted(APPEND_ONLY)
    assert sorted(listed.findall(others)) == sorted(set(metadata.tables) - set(APPEND_ONLY))


def test_every_finding_has_its_paragraph() -> None:
    """Each kind of finding has a heading of its own name."""
    kinds = {kind.value for kind in FindingKind}
    assert kinds <= anchors(DOCS / "reference" / "findings.md")


def test_every_key_of_the_description_is_explained() -> None:
    """The page about the model file lists all that a file says of itself."""
    trial = Trial("a", 0.5, 0.9)
    told = Description(
        ("a", "b"), Task(), {"sizes": [224]}, 0.5, "d", "e", 0, (1, 1), ((trial, 1.0),), 0.5, 0.9
    ).to_json()
    text = page("reference/model-file.md")
    assert [key for key in told if f"| `{key}` |" not in text] == []


def test_preprocessing_is_told_as_the_file_tells_it() -> None:
    """Each step that a model file names stands on the page too, in the same order."""
    steps = ("448", "16-bit", "BILINEAR", "reducing_gap", "white", "EXIF orientation")
    for text in (PREPROCESSING, page("reference/model-file.md").split("## Preprocessing, exactly")[1]):
        places = [text.find(step) for step in steps]
        assert -1 not in places
        assert places == sorted(places)


def test_figures_are_those_of_the_code() -> None:
    """Numbers that pages give of the product are the product's."""
    heads, views = sum(len(family.settings) for family in FAMILIES), 5
    chosen, features = page("explanation/how-a-model-is-chosen.md"), page("explanation/image-features.md")
    assert f"{heads} in all, so {heads * views} candidates" in chosen
    assert f"up to {MAX_ROWS:,} photos" in chosen
    assert f"off by more than {TOLERANCE}" in chosen
    assert f"right {SHARE_RIGHT * 100:.0f} times in 100" in chosen
    assert all(f"| {family.name} | {len(family.settings)} |" in chosen for family in (*FAMILIES, *REGRESSIONS))
    assert all(f"| {width:,} |" in features for width in (FEATURES, LAYERS, TEXTURE, FEATURES + TEXTURE))
    sealed = page("explanation/sealed-photos.md")
    assert f"at most {NEAR} bits" in sealed
    assert f"at most {LOOSE_FAMILY} photos" in sealed
    assert f"{Limits().max_waiting} may wait" in page("how-to/run-it-for-a-team.md")


def test_bounds_are_those_of_the_statistics() -> None:
    """The table of bounds says what the product would say, rounded down."""
    text = page("explanation/what-the-bound-means.md")
    for right, of in ((3, 3), (20, 20), (31, 32), (59, 59), (95, 100), (299, 299)):
        assert f"| {right} | {of} |" in text
        assert f"% | {floor_percent(lower_bound(right, of))} |" in text.split(f"| {right} | {of} |")[1][:16]


def test_bounds_of_looks_are_those_of_the_budget() -> None:
    """What the first and the second look make of the same count is what the product would say."""
    text = page("explanation/what-the-bound-means.md")
    for right, of in ((31, 32), (40, 42), (95, 100), (299, 299)):
        bounds = [lower_bound(right, of, confidence=each) for each in (0.95, confidence_of(1), confidence_of(2))]
        assert f"| {right} | {of} | {' | '.join(map(floor_percent, bounds))} |" in text


def test_every_claim_and_reason_has_its_paragraph() -> None:
    """Each kind of claim and of reason has a heading of its own name."""
    kinds = {kind.value for kind in (*ClaimKind, *ReasonKind)}
    assert kinds <= anchors(DOCS / "reference" / "review.md")


def test_everything_about_stages_has_its_paragraph() -> None:
    """Each stage, ground, cause of a change and of a trip, because and event has its own, and nothing else has."""
    kinds = {
        "Stage": Stage,
        "Rests on": RestsOn,
        "Cause": Cause,
        "Trip": TripCause,
        "Because": Because,
        "Event": EventKind,
    }
    text = (DOCS / "reference" / "stages.md").read_text(encoding="utf-8")
    told = re.findall(r"^### (.+): (.+)\n\n\w", text, flags=re.MULTILINE)
    assert sorted(told) == sorted((name, each.value) for name, kind in kinds.items() for each in kind)


def test_every_term_is_explained() -> None:
    """Each attribute of the terms of a stage stands in their table, but the currency that the others are in."""
    text = page("reference/stages.md").split("## Terms")[1]
    assert [each.name for each in fields(Terms) if f"`{each.name}`" not in text] == ["currency"]


def test_every_setting_is_listed() -> None:
    """The page about settings has a line for each that is declared."""
    text = page("reference/settings.md")
    assert [each.name for each in DECLARED if f"| `{each.name}` | {each.help} |" not in text] == []


def test_columns_that_are_looked_for_are_listed() -> None:
    """The page about bringing photos names every column that needs no naming."""
    text = page("how-to/bring-photos.md")
    assert [column for column in (*PATH_COLUMNS, *LABEL_COLUMNS) if f"`{column}`" not in text] == []
