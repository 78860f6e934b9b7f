"""From a source to examples and findings."""

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.domain.example import Provenance, Side
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.task import AnswerKind, Task
from understudy.intake.families import side_of
from understudy.intake.groups import parse_group_rule
from understudy.intake.incoming import Incoming, Source
from understudy.intake.sift import NothingToTakeIn, Sifted, sift

Photo = Callable[..., bytes]
Take = Callable[..., Sifted]
Tree = Callable[[dict[str, bytes]], Path]


def kinds(result: Sifted) -> list[FindingKind]:
    return [finding.kind for finding in result.findings if finding.kind is not FindingKind.SMALL_CLASS]


def of_kind(result: Sifted, kind: FindingKind) -> Finding:
    (finding,) = [one for one in result.findings if one.kind is kind]
    return finding


def source(files: list[tuple[str, str | None, bytes]]) -> Source:
    return Source("test", [Incoming(name, label, None, lambda data=data: data) for name, label, data in files])


def test_every_bad_file_is_told_and_the_rest_goes_on(tree: Tree, photo: Photo, take: Take) -> None:
    """Each file that is no photo becomes a finding with its name, reason and remedy."""
    good = photo(1, size=200)
    files = {
        "crack/corrupt.jpg": b"\x12\x9a" * 100,
        "crack/cut.png": good[: len(good) // 2],
        "crack/empty.jpg": b"",
        "crack/notes.md": b"# notes",
        "crack/good.png": good,
        "fine/good.png": photo(2),
    }
    result = take(tree(files))
    assert {one.name for one in result.examples} == {"crack/good.png", "fine/good.png"}
    told = {one.subject: one for one in result.findings}
    assert told["crack/corrupt.jpg"].kind is FindingKind.CORRUPT
    assert told["crack/cut.png"].kind is FindingKind.TRUNCATED
    assert told["crack/empty.jpg"].kind is FindingKind.EMPTY_FILE
    assert (told["crack/notes.md"].kind, told["crack/notes.md"].severity) == (FindingKind.NOT_AN_IMAGE, Severity.LOW)
    assert all(one.fact and one.reason and one.remedy for one in result.findings)
    assert "“crack/cut.png” is cut off after" in told["crack/cut.png"].fact


def test_adding_twice_adds_nothing(tree: Tree, photo: Photo, take: Take) -> None:
    """The same folder again brings no example and no finding."""
    root = tree({f"{label}/{n}.png": photo(10 * k + n) for k, label in enumerate("ab") for n in range(8)})
    first = take(root)
    again = take(root, first)
    assert len(first.examples) == 16
    assert (again.examples, again.labels, again.findings, again.known) == ((), (), (), 16)


def test_the_same_bytes_are_one_example(tree: Tree, photo: Photo, take: Take) -> None:
    """A photo under two names counts once, and both names are told."""
    result = take(tree({"a/one.png": photo(1), "a/two.png": photo(1), "a/x.png": photo(2)}))
    assert sorted(one.name for one in result.examples) == ["a/one.png", "a/x.png"]
    finding = of_kind(result, FindingKind.TWIN)
    assert finding.severity is Severity.LOW
    assert "a/one.png" in finding.fact
    assert "a/two.png" in finding.fact


def test_a_photo_with_two_labels_waits_for_one_on_the_side_it_will_teach_on(
    tree: Tree, photo: Photo, take: Take
) -> None:
    """It has no label until a person decides, and is never sealed: who decides may know what a model answers."""
    root = tree({"a/one.png": photo(1), "b/one.png": photo(1), "a/x.png": photo(2), "b/y.png": photo(3)})
    result = take(root, sealed_share=1.0)
    one = next(example for example in result.examples if example.name == "a/one.png")
    assert (one.side, one.label) == (Side.TRAIN, None)
    finding = of_kind(result, FindingKind.CONTRADICTORY_LABELS)
    assert finding.severity is Severity.HIGH
    assert "“b/one.png” says “b”" in finding.fact
    assert "label PROJECT a/one.png LABEL" in finding.remedy
    assert finding.awaits == (one.digest,)


@pytest.mark.parametrize(
    ("folders", "kind"), [(("_later",), FindingKind.UNLABELLED), (("b", "c"), FindingKind.CONTRADICTORY_LABELS)]
)
def test_what_has_no_one_label_and_a_sealed_relative_is_told_that_a_label_changes_nothing(
    tree: Tree, photo: Photo, take: Take, folders: tuple[str, ...], kind: FindingKind
) -> None:
    """It may not teach beside what is sealed, and its label comes too late to judge; so nobody is sent to decide."""
    same = {f"{folder}/two.jpg": photo(1, kind="JPEG") for folder in folders}
    result = take(tree({"a/one.png": photo(1), "a/x.png": photo(2), **same}), sealed_share=1.0)
    assert [one.label for one in result.examples if one.side is Side.SET_ASIDE] == [None]
    finding = of_kind(result, kind)
    assert "set aside" in finding.fact
    assert "What belongs with it is sealed" in finding.reason
    assert finding.remedy == "Nothing needs doing: a label does not change that."
    assert finding.awaits == tuple(one.digest for one in result.examples if one.side is Side.SET_ASIDE)


def test_of_files_without_a_label_those_that_may_teach_are_told_apart(tree: Tree, photo: Photo, take: Take) -> None:
    """“Label them” is said of those alone of which it is true."""
    root = tree({"a/one.png": photo(1), "_later/two.jpg": photo(1, kind="JPEG"), "_later/x.png": photo(2)})
    told = [one for one in take(root, sealed_share=1.0).findings if one.kind is FindingKind.UNLABELLED]
    assert [(one.subject, one.remedy[:10]) for one in told] == [
        ("_later/two.jpg", "Nothing ne"),
        ("_later/x.png", "Label them"),
    ]


def test_another_label_for_a_known_photo_is_told_and_not_taken(tree: Tree, photo: Photo, take: Take) -> None:
    """The label that stands is not overwritten by a later folder."""
    first = take(tree({"a/one.png": photo(1), "a/x.png": photo(2)}))
    (tree({}) / "a/one.png").rename(tree({}) / "a/moved.png")
    root = tree({"b/one.png": photo(1)})
    (root / "a/moved.png").unlink()
    again = take(root, first)
    assert (again.examples, again.labels) == ((), ())
    assert kinds(again) == [FindingKind.CONTRADICTORY_LABELS]
    assert "“a” stands" in again.findings[0].fact


def test_a_label_for_a_photo_known_without_one_is_taken(tree: Tree, photo: Photo, take: Take) -> None:
    """Sorting the unlabelled photos into folders later labels them."""
    first = take(tree({"one.png": photo(1)}), sealed_share=1.0)
    assert first.examples[0].label is None
    assert first.examples[0].side is Side.TRAIN, "it is never sealed"
    assert of_kind(first, FindingKind.UNLABELLED).severity is Severity.LOW
    root = tree({"a/one.png": photo(1)})
    (root / "one.png").unlink()
    assert take(root, first).labels == ((first.examples[0].digest, "a"),)


def test_twins_fall_on_one_side(tree: Tree, photo: Photo, take: Take) -> None:
    """A photo and its smaller, worse copy are one family, and many families are one finding that counts them all."""
    files = {
        f"a/{n}{kind}": photo(n, kind=kind, size=96 + 40 * (kind == "JPEG"))
        for n in range(12)
        for kind in ("PNG", "JPEG")
    }
    files["a/0again"] = photo(0, kind="JPEG", quality=40)
    result = take(tree(files))
    by_number: dict[str, set[tuple[Side, str]]] = {}
    for one in result.examples:
        by_number.setdefault(one.name.rstrip("PNGJEagin"), set()).add((one.side, one.group))
    assert all(len(places) == 1 for places in by_number.values())
    twins = [one for one in result.findings if one.kind is FindingKind.TWIN]
    assert [one.fact.split(":")[0] for one in twins] == ["25 photos are nearly the same as another"]
    assert set(twins[0].evidence) == set(files)
    assert {side for places in by_number.values() for side, _ in places} == {Side.TRAIN, Side.SEALED}


def test_a_few_families_are_told_of_one_by_one(tree: Tree, photo: Photo, take: Take) -> None:
    """Up to five families are named each; of more, those whose labels differ still are."""
    few = {f"a/{n}{kind}": photo(n, kind=kind) for n in range(5) for kind in ("PNG", "JPEG")}
    facts = [one.fact for one in take(tree(few)).findings if one.kind is FindingKind.TWIN]
    assert sorted(facts) == [f"2 files look the same: “a/{n}JPEG”, “a/{n}PNG”." for n in range(5)]
    more = {f"c/{n}{kind}": photo(20 + n, kind=kind) for n in range(6) for kind in ("PNG", "JPEG")}
    more |= {"c/odd.png": photo(50, kind="PNG"), "d/odd.jpg": photo(50, kind="JPEG")}
    told = [one.fact.split(":")[0] for one in take(tree(more)).findings if one.kind is FindingKind.TWIN]
    assert told == [
        "Photos that look the same are labelled differently",
        "22 photos are nearly the same as another",
    ]


def test_twins_with_different_labels_are_of_weight(tree: Tree, photo: Photo, take: Take) -> None:
    """Photos that look the same in two classes are worth a person's look, and stay on one side."""
    result = take(tree({"a/one.png": photo(1), "b/one.jpg": photo(1, kind="JPEG"), "a/x.png": photo(2)}))
    finding = of_kind(result, FindingKind.TWIN)
    assert finding.severity is Severity.MEDIUM
    assert "“a/one.png” says “a”" in finding.fact
    assert "“b/one.jpg” says “b”" in finding.fact
    assert len({one.side for one in result.examples if "one" in one.name}) == 1


@pytest.mark.parametrize(("other", "severity"), [("20.5", Severity.LOW), ("29", Severity.MEDIUM)])
def test_twins_with_numbers_differ_beyond_what_two_right_ones_may(photo: Photo, other: str, severity: Severity) -> None:
    """Numbers of photos that look the same are a contradiction only where both cannot be near enough."""
    task = Task("photo", AnswerKind.NUMBER, tolerance=1.0)
    given = [("one.png", "20", photo(1)), ("one.jpg", other, photo(1, kind="JPEG")), ("x.png", "7", photo(2))]
    items = [Incoming(name, label, None, lambda data=data: data) for name, label, data in given]  # type: ignore[misc]
    result = sift(
        Source("test", items, task=task), [], sealed_share=0.3, keep=lambda data: hashlib.sha256(data).hexdigest()
    )
    assert of_kind(result, FindingKind.TWIN).severity is severity


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_newcomers_join_the_side_of_their_relatives(tree: Tree, photo: Photo, take: Take, share: float) -> None:
    """Whatever the hash would say now, a twin of a sealed photo is sealed and one of a trained photo is not."""
    first = take(tree({"a/one.png": photo(1), "a/x.png": photo(2)}), sealed_share=share)
    later = take(tree({"a/twin.jpg": photo(1, kind="JPEG")}), first, sealed_share=1 - share)
    assert {one.side for one in later.examples} == {one.side for one in first.examples}
    assert {one.group for one in later.examples} == {one.group for one in first.examples if one.name == "a/one.png"}
    assert "added earlier" in of_kind(later, FindingKind.TWIN).fact


def test_relatives_on_both_sides_set_a_photo_aside(tree: Tree, photo: Photo, take: Take) -> None:
    """What belongs to both sides would leak, so it is used for neither."""
    groups = {
        side: next(f"w{n}" for n in range(99) if side_of(f"w{n}", 0.5) is side) for side in (Side.TRAIN, Side.SEALED)
    }
    files = {f"a/{group}/{n}.png": photo(10 * k + n) for k, group in enumerate(groups.values()) for n in range(2)}
    rule = parse_group_rule("folder")
    first = take(tree(files), sealed_share=0.5, group=rule)
    assert {one.group: one.side for one in first.examples} == {group: side for side, group in groups.items()}
    torn = {f"a/{groups[Side.SEALED]}/torn.jpg": photo(0, kind="JPEG")}
    later = take(tree(torn), first, sealed_share=0.5, group=rule)
    assert [one.side for one in later.examples] == [Side.SET_ASIDE]
    assert of_kind(later, FindingKind.TWINS_ACROSS_BORDER).subject.endswith("torn.jpg")


def test_user_groups_are_never_split(tree: Tree, photo: Photo, take: Take) -> None:
    """All photos of a wall are on one side, in whichever class they lie."""
    files = {
        f"{label}/w{wall}/{n}.png": photo(100 * wall + 10 * n + k)
        for k, label in enumerate("ab")
        for wall in range(8)
        for n in range(3)
    }
    result = take(tree(files), sealed_share=0.5, group=parse_group_rule("folder"))
    sides = {(one.name.split("/")[1], one.group, one.side) for one in result.examples}
    assert len(sides) == 8
    assert {side for _, _, side in sides} == {Side.TRAIN, Side.SEALED}


def test_unlabelled_and_synthetic_photos_are_never_sealed(tree: Tree, photo: Photo, take: Take) -> None:
    """They stay in training, or are set aside where their family is sealed."""
    root = tree({"a/w1/one.png": photo(1), "_later/two.jpg": photo(1, kind="JPEG"), "_later/x.png": photo(2)})
    sides = {one.name: one.side for one in take(root, sealed_share=1.0).examples}
    assert sides == {"a/w1/one.png": Side.SEALED, "_later/two.jpg": Side.SET_ASIDE, "_later/x.png": Side.TRAIN}
    drawn = take(root, sealed_share=1.0, provenance=Provenance.SYNTHETIC)
    assert {one.side for one in drawn.examples} == {Side.TRAIN}
    assert {one.provenance for one in drawn.examples} == {Provenance.SYNTHETIC}


def test_small_classes_are_told(tree: Tree, photo: Photo, take: Take) -> None:
    """One photo is too few; a class with nothing sealed, or nothing to learn from, is told as such."""
    root = tree({"one/a.png": photo(1), **{f"many/{n}.png": photo(10 + n) for n in range(4)}, "none/": b""})
    told = {one.subject: (one.kind, one.severity) for one in take(root, sealed_share=1e-9).findings}
    assert told == {
        "one": (FindingKind.SMALL_CLASS, Severity.HIGH),
        "many": (FindingKind.SMALL_CLASS, Severity.MEDIUM),
        "none": (FindingKind.EMPTY_FOLDER, Severity.MEDIUM),
    }
    unlearnable = {one.subject: one.fact for one in take(root, sealed_share=1.0).findings}
    assert "no photo to learn from" in unlearnable["many"]


@pytest.mark.parametrize("files", [{}, {"a/": b""}, {"a/notes.pdf": b"notes"}])
def test_a_source_without_a_photo_is_an_error(tree: Tree, take: Take, files: dict[str, bytes]) -> None:
    """There is nothing to do with no photo at all; the error carries what was found instead."""
    with pytest.raises(NothingToTakeIn) as caught:
        take(tree(files))
    assert len(caught.value.findings) == len(files)


@settings(max_examples=25)
@given(data=st.data())
def test_order_decides_nothing_and_families_never_straddle(data: st.DataObject, photo: Photo) -> None:
    """In whatever order files come, and whether at once or in two parts, a family is on one side or set aside."""
    drawn = data.draw(
        st.lists(
            st.tuples(st.integers(0, 5), st.sampled_from(["PNG", "JPEG", "BMP"]), st.sampled_from([None, "a", "b"])),
            min_size=1,
            max_size=10,
        )
    )
    files = [(f"{n:02}", label, photo(seed, kind=kind)) for n, (seed, kind, label) in enumerate(drawn)]

    def sides(order: list[tuple[str, str | None, bytes]]) -> dict[str, tuple[Side, str, str | None]]:
        result = sift(source(order), [], lambda one: hashlib.sha256(one).hexdigest(), sealed_share=0.5)
        return {one.digest: (one.side, one.group, one.label) for one in result.examples}

    first = sides(files)
    assert sides(data.draw(st.permutations(files))) == first
    families: dict[str, set[Side]] = {}
    for side, group, _ in first.values():
        families.setdefault(group, set()).add(side)
    assert all(len(found - {Side.SET_ASIDE}) <= 1 for found in families.values())


def test_few_photos_are_in_memory_at_a_time(photo: Photo) -> None:
    """However many files there are, only as many are read ahead as there are threads."""
    held, most, lock = 0, 0, threading.Lock()

    def read() -> bytes:
        nonlocal held, most
        with lock:
            held += 1
            most = max(most, held)
        time.sleep(0.001)
        return data

    def keep(_: bytes) -> str:
        nonlocal held
        with lock:
            held -= 1
        return "0" * 64

    data, seen = photo(1), []
    many = Source("many", [Incoming(f"{n}", "a", None, read) for n in range(200)])
    result = sift(many, [], keep, sealed_share=0.2, progress=lambda done, total: seen.append((done, total)), threads=3)
    assert most <= 3
    assert len(result.examples) == 1
    assert seen == [(n, 200) for n in range(1, 201)]


def test_real_ants_and_bees(shared_data: Path, take: Take) -> None:
    """Two classes of photos from the web are taken in, both sides get some of each, and nothing looks like a twin."""
    result = take(shared_data / "ants_bees", sealed_share=0.25)
    assert len(result.examples) == 122
    assert {(one.label, one.side) for one in result.examples} == {
        (k, s) for k in ("ants", "bees") for s in (Side.TRAIN, Side.SEALED)
    }
    assert [one.subject for one in result.findings] == ["SOURCE.md"]
    assert take(shared_data / "ants_bees", result, sealed_share=0.25).examples == ()


def test_real_near_duplicates(shared_data: Path, take: Take) -> None:
    """Of one photo flipped and resized, all are one family; the corrupt file is told."""
    result = take(shared_data / "near_dup_images")
    family = {
        one.name: one.group for one in result.examples if "ukbench00120" in one.name and "rotation" not in one.name
    }
    assert sorted(family) == ["base/ukbench00120.jpg", "mixed/ukbench00120_hflip.jpg", "mixed/ukbench00120_resize.jpg"]
    assert len(set(family.values())) == 1
    assert len({one.group for one in result.examples}) == len(result.examples) - 2
    corrupt = of_kind(result, FindingKind.CORRUPT)
    assert corrupt.subject == "mixed/ukbench09268_corrupt.jpg"


def test_real_exact_duplicates(shared_data: Path, take: Take) -> None:
    """Nine portraits lie in two folders: each is one example with two labels, and so has none."""
    result = take(shared_data / "portraits")
    assert sum(one.label is None for one in result.examples) == 8
    assert len(result.examples) == 28
    assert kinds(result).count(FindingKind.CONTRADICTORY_LABELS) == 8


@pytest.mark.parametrize(("name", "families"), [("trash6", 3), ("cats_dogs", 0), ("chest_xray3", 0), ("pcb_defect", 1)])
def test_real_classes_are_not_swallowed(shared_data: Path, take: Take, name: str, families: int) -> None:
    """Photos of like things are not taken for twins; the few that are, are."""
    result = take(shared_data / name)
    assert sum(one.kind is FindingKind.TWIN for one in result.findings) == families
    assert len({one.group for one in result.examples}) == len(result.examples) - families
