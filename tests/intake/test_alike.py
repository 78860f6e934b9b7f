"""What is said of photos that resemble each other: the same, much alike, or a row in which each is like the next."""

import hashlib
import io
from collections.abc import Sequence

import numpy as np
import pytest
from PIL import Image

from understudy.domain.example import Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.intake.incoming import Incoming, Source
from understudy.intake.sift import Sifted, sift
from understudy.modalities.image.twins import CLOSE
from understudy.modalities.registry import modality_named

LEVELS = Task("photo", AnswerKind.NUMBER, tolerance=1.0)
LABELS = Task("photo", AnswerKind.LABEL)


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, (12, 12, 3)).astype(float)


def between(share: float, seed: int = 0) -> bytes:
    """A photo that turns from one picture into another."""
    blended = (1 - share) * picture(seed) + share * picture(seed + 1)
    buffer = io.BytesIO()
    Image.fromarray(blended.astype(np.uint8)).resize((96, 96), Image.Resampling.BICUBIC).save(buffer, "PNG")
    return buffer.getvalue()


def others(count: int, label: str) -> list[tuple[str, str, bytes]]:
    """Photos that are like nothing else."""
    return [(f"other {n}.png", label, between(0, seed=100 + 2 * n)) for n in range(count)]


def taken(files: Sequence[tuple[str, str, bytes]], task: Task) -> Sifted:
    items = [Incoming(name, label, None, lambda data=data: data) for name, label, data in files]  # type: ignore[misc]
    return sift(Source("test", items, task=task), [], lambda data: hashlib.sha256(data).hexdigest(), sealed_share=0.25)


def twins_in(found: Sifted) -> list[Finding]:
    return [each for each in found.findings if each.kind is FindingKind.TWIN]


def level_row(count: int) -> list[tuple[str, str, bytes]]:
    """Photos of which each resembles the next, and is answered by a number a little greater."""
    return [(f"{n:02}.png", str(n), between(n / count)) for n in range(count)]


def test_numbers_that_grow_along_a_row_contradict_nothing() -> None:
    """The first and the last of a row may be far apart in picture and number: no label is called wrong."""
    found = twins_in(taken([*level_row(16), *others(20, "3")], LEVELS))
    assert [(each.severity, each.fact.split(":")[0]) for each in found] == [(Severity.LOW, "16 files look much alike")]


def test_of_a_row_only_neighbours_that_contradict_each_other_are_named() -> None:
    """One number that does not fit beside its neighbours is told with them, and no others are."""
    row = level_row(16)
    row[7] = (row[7][0], "90", row[7][2])
    (finding,) = twins_in(taken([*row, *others(20, "3")], LEVELS))
    assert finding.severity is Severity.MEDIUM
    assert "“07.png” says “90”" in finding.fact
    assert "“00.png”" not in finding.fact
    assert "15.png" not in finding.fact


@pytest.mark.parametrize(("share", "look"), [(0.02, "look the same"), (0.25, "look much alike")])
def test_what_only_resembles_is_not_called_the_same(share: float, look: str) -> None:
    """The same is said of what is one photo beyond doubt; else what tells them apart may be small in the picture."""
    one, other = between(0), between(share)
    (pair,) = modality_named("photo").pairs(
        [modality_named("photo").inspect(data).fingerprint for data in (one, other)], newcomers=2
    )
    assert pair.sure is (pair.distance <= CLOSE) is (look == "look the same")
    (agreeing,) = twins_in(taken([("a.png", "a", one), ("b.png", "a", other), *others(2, "b")], LABELS))
    assert agreeing.fact == f"2 files {look}: “a.png”, “b.png”."
    (differing,) = twins_in(taken([("a.png", "a", one), ("b.png", "b", other), *others(2, "b")], LABELS))
    assert differing.fact.startswith(f"Photos that {look} are labelled differently: “a.png” says “a”, “b.png” says")
    assert differing.reason.startswith("Either one label is wrong" if pair.sure else "What tells them apart may be")


@pytest.mark.parametrize("task", [LEVELS, LABELS])
def test_a_family_that_is_most_of_a_set_is_told_of(task: Task) -> None:
    """How many of how many are one family, on which side, and that more of the same does not help."""
    number = task is LEVELS
    row = [(name, label if number else "a", data) for name, label, data in level_row(16)]
    found = taken([*row, *others(8, "3" if number else "a")], task)
    (finding,) = [each for each in twins_in(found) if "one family" in each.fact]
    assert {each.side for each in found.examples} == {Side.TRAIN, Side.SEALED}
    assert finding.severity is Severity.MEDIUM
    which = "24 photos" if number else "24 photos of “a”"
    assert finding.fact == f"16 of {which} are one family: alike, or said to belong together."
    assert finding.reason == "A family stays on one side of the sealed border, so only the other 8 can be sealed."
    assert finding.remedy == "Add photos of other things or days than these: what is much like these may join them."
    few = taken([*level_row(9), *others(4, "3")], LEVELS)
    assert not [each for each in twins_in(few) if "one family" in each.fact]
