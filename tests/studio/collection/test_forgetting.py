"""Forgetting: the bytes and what was made of them are gone everywhere; statistics and labels stay by digest."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from clock import Clock
from coloured import coloured
from studio.launches import AT
from studio.served import INLINE, answered, asked
from understudy.domain.decision import Decision
from understudy.domain.example import Example, Provenance, Side
from understudy.domain.finding import Acceptance, Finding, FindingKind, Severity
from understudy.domain.opinion import QuestionKind
from understudy.domain.project import Project
from understudy.modalities.cache import FeatureCache
from understudy.search.assignment import write_lesson
from understudy.store.blobs import BlobMissing, BlobStoreUnavailable
from understudy.store.errors import UnknownDecision, UnknownProject
from understudy.studio.collection.forgetting import (
    CHUNK,
    NoReason,
    NothingToForget,
    clear_leftovers,
    forget,
    forget_older,
    forget_wanted,
    wanted_inputs,
)
from understudy.studio.collection.forgetting_words import forgotten_words, wanted_words
from understudy.studio.collection.gathering import gather, project_for
from understudy.studio.collection.labelling import ExampleUnknown
from understudy.studio.collection.reading import Reading
from understudy.studio.collection.retention import Retention
from understudy.studio.examples.harvest import harvest
from understudy.studio.launch.why import why, why_words
from understudy.studio.people.inputs import input_of
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

MODEL = "a1" * 32
BY = {"by": "Ada", "reason": "Ann asked for it."}
LARGE = coloured("amber", 1, size=(640, 480))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(tmp_path: Path, ledger_url: str | None, clock: Clock) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", ledger=ledger_url, now=clock) as opened:
        for name in ("blades", "doors"):
            opened.ledger.create_project(Project(name, AT))
        yield opened


def on_disk(workspace: Workspace) -> bytes:
    """Everything that lies in the workspace's folder, but the ledger."""
    files = [path for path in workspace.folder.rglob("*") if path.is_file() and "ledger" not in path.name]
    return b"".join(path.read_bytes() for path in files)


def settle(workspace: Workspace, made: Decision, label: str) -> None:
    Queue(workspace).answer(made.id, QuestionKind.ANSWER, label, by="Ben")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(minutes=1)


def test_no_finding_names_what_is_forgotten(workspace: Workspace) -> None:
    """A finding about it alone goes; among others its name goes, what was found stays, and so does who answered."""
    ledger, at = workspace.ledger, workspace.now()
    gone, other = "noFight/Ann Lee.mp4", "noFight/17.mp4"
    examples = [
        Example(digest, name, Provenance.UPLOAD, digest, Side.TRAIN, "noFight", 9, 9, "")
        for digest, name in (("ab" * 32, gone), ("cd" * 32, other))
    ]
    ledger.add_examples("blades", examples, by="Ada", at=at)
    alone = Finding(FindingKind.UNUSUAL, Severity.LOW, gone, f"“{gone}” has one frame.", "So.", "Look.")
    fact = f"“{other}” and “{gone}” are alike."
    among = Finding(FindingKind.TWIN, Severity.HIGH, other, fact, "So.", f"Drop {gone}.")
    unfit = replace(among, kind=FindingKind.SUSPECT_LABEL, evidence=(gone, other))
    ledger.record_findings("blades", [alone, among], at=at)
    ledger.record_data_audit("blades", [alone, unfit], data_version="1", at=at)
    ledger.accept_finding("blades", Acceptance(unfit.identity, "Ben", "Seen.", at))
    forget(workspace, "blades", digests=["ab" * 32], **BY)
    (left,) = ledger.findings("blades")
    assert (left.fact, left.remedy) == (f"“{other}” and (forgotten) are alike.", "Drop (forgotten).")
    audit = ledger.latest_data_audit("blades")
    (noted,) = audit.findings
    assert noted.evidence == (other,)
    assert ledger.acceptances("blades")[-1] == Acceptance(noted.identity, "Ben", "Seen.", at)
    assert gone not in f"{ledger.findings('blades')} {audit}"


def belonging(workspace: Workspace, **names: str) -> dict[str, str]:
    """Takes rows in, by name with whose they are; returns their digests by name."""
    digests = {name: workspace.blobs.put(f"row of {name}".encode()) for name in names}
    rows = [
        Example(digests[name], f"mails.csv, {name}", Provenance.UPLOAD, whose, Side.TRAIN, name[:1], 0, 0, "")
        for name, whose in names.items()
    ]
    workspace.ledger.add_examples("blades", rows, by="Ada", at=workspace.now())
    return digests


def test_whose_an_example_was_stands_nowhere(workspace: Workspace) -> None:
    """Nor does a training or a curve that broke off tell it; what belonged together still does."""
    digests = belonging(workspace, a1="Zebulon Kraw", b2="Zebulon Kraw", c3="Ann Lee")
    folders = (workspace.run_folder("blades"), workspace.curve_folder("blades"))
    for folder in folders:
        write_lesson(folder, workspace.ledger.examples("blades"))
    assert b"Zebulon Kraw" in on_disk(workspace)
    forget(workspace, "blades", digests=[digests["a1"], digests["b2"]], **BY)
    assert b"Zebulon Kraw" not in on_disk(workspace)
    group = {each.digest: each.group for each in workspace.ledger.arrivals("blades")}
    assert group[digests["a1"]] == group[digests["b2"]] != "Zebulon Kraw"
    assert group[digests["c3"]] == "Ann Lee"
    kept = workspace.folder / "ledger.sqlite"
    assert not kept.exists() or b"Zebulon Kraw" not in kept.read_bytes()


def test_nobody_is_named_as_one_of_a_family_that_is_forgotten(workspace: Workspace) -> None:
    """Groups that came into the family of another go with it, and stay while any of it stays."""
    digests = belonging(workspace, a1="Zebulon Kraw", b2="Zebulon Kraw", c3="Ann Lee")
    workspace.ledger.add_groups("blades", [("Mary Kraw", "Zebulon Kraw"), ("Bob Lee", "Ann Lee")])
    forget(workspace, "blades", digests=[digests["a1"]], **BY)
    assert len(workspace.ledger.other_groups("blades")) == 2
    forget(workspace, "blades", digests=[digests["b2"]], **BY)
    assert workspace.ledger.other_groups("blades") == (("Bob Lee", "Ann Lee"),)


def test_whoever_is_forgotten_in_many_goes_under_one_pseudonym(workspace: Workspace) -> None:
    """Also where there are more inputs than go at once."""
    digests = belonging(workspace, **{f"r{place}": "Zebulon Kraw" for place in range(CHUNK + 1)})
    assert len(forget(workspace, "blades", subject="Zebulon Kraw", **BY).digests) == len(digests)
    assert len({each.group for each in workspace.ledger.arrivals("blades")}) == 1


def test_examples_of_a_subject_go_with_what_was_asked_about_it(workspace: Workspace) -> None:
    """Whoever the data names is found there, and how many examples that means is said before."""
    digests = belonging(workspace, a1="Ann", b2="Ann", c3="Bob")
    made = asked(workspace, b"hers", subject="Ann")
    wanted = wanted_inputs(workspace, "blades", subject="Ann")
    assert set(wanted.digests) == {digests["a1"], digests["b2"], made.input_digest}
    assert wanted.nobody is None
    assert wanted_words(wanted).startswith("2 examples of “Ann” are meant.")
    forget(workspace, "blades", subject="Ann", **BY)
    assert [each.digest for each in workspace.ledger.examples("blades")] == [digests["c3"]]
    with pytest.raises(NothingToForget, match="about “Ann”"):
        forget(workspace, "blades", subject="Ann", **BY)


def test_an_example_is_forgotten_by_its_name_or_its_file(workspace: Workspace, tmp_path: Path) -> None:
    """As it was added, just as it is labelled; a name that none has is told."""
    digests = belonging(workspace, a1="Ann", b2="Bob")
    file = tmp_path / "b2.txt"
    file.write_bytes(b"row of b2")
    wanted = wanted_inputs(workspace, "blades", examples=[Path("mails.csv, a1"), file])
    assert wanted.digests == (digests["a1"], digests["b2"])
    forget_wanted(workspace, "blades", wanted, **BY)
    with pytest.raises(ExampleUnknown):
        wanted_inputs(workspace, "blades", examples=[Path("mails.csv, a1")])
    file.write_bytes(b"another row")
    with pytest.raises(ExampleUnknown):
        wanted_inputs(workspace, "blades", examples=[file])


def test_a_row_named_by_a_number_takes_no_figure_with_it(workspace: Workspace) -> None:
    """Where a name is a number, only the name in quotation marks goes; the counts of a finding stay."""
    ledger, at = workspace.ledger, workspace.now()
    row = Example("ab" * 32, "17", Provenance.UPLOAD, "g", Side.TRAIN, "a", 0, 0, "")
    ledger.add_examples("blades", [row], by="Ada", at=at)
    seen = Finding(FindingKind.TWIN, Severity.LOW, "rows", "17 rows are alike: “17”, “18”.", "So.", "Look.")
    ledger.record_findings("blades", [seen], at=at)
    forget(workspace, "blades", digests=["ab" * 32], **BY)
    (left,) = ledger.findings("blades")
    assert left.fact == "17 rows are alike: (forgotten), “18”."


def test_a_large_and_a_small_input_are_gone(workspace: Workspace) -> None:
    """By decision: the ledger's copy or the blob store's file is deleted, and the decision stays."""
    assert len(LARGE) > INLINE
    large, small = asked(workspace, LARGE), asked(workspace, b"small")
    assert LARGE[:200] in on_disk(workspace)
    found = forget(workspace, "blades", decisions=[large.id, small.id], **BY)
    assert set(found.digests) == {large.input_digest, small.input_digest}
    assert (found.blobs, found.shared) == (1, ())
    for made in (large, small):
        with pytest.raises(BlobMissing):
            input_of(workspace, made.input_digest, made.id)
        assert workspace.ledger.decision(made.id).input_digest == made.input_digest
    assert LARGE[:200] not in on_disk(workspace)
    assert workspace.ledger.queue_counts("blades", workspace.now()).answer == 0


def test_everything_about_a_subject(workspace: Workspace) -> None:
    """By subject: all of its inputs go, with its name; others' stay."""
    hers = [asked(workspace, b"hers %d" % number, subject="Ann") for number in range(3)]
    his = asked(workspace, b"his", subject="Bob")
    found = forget(workspace, "blades", subject="Ann", **BY)
    assert set(found.digests) == {each.input_digest for each in hers}
    assert input_of(workspace, his.input_digest, his.id) == b"his"
    assert [workspace.ledger.decision(each.id).subject for each in (*hers, his)] == [None, None, None, "Bob"]
    with pytest.raises(NothingToForget, match="about “Ann”"):
        forget(workspace, "blades", subject="Ann", **BY)


def test_an_example_is_never_learned_from_again(workspace: Workspace) -> None:
    """Its photo, name and features go; its label stays on record, and no training or count has it."""
    kept, gone = asked(workspace, coloured("amber", 2)), asked(workspace, coloured("azure", 3))
    settle(workspace, kept, "amber")
    settle(workspace, gone, "azure")
    harvest(workspace, "blades")
    cache = FeatureCache(workspace.cache / "features", "an encoder of four numbers", 4)
    cache.add([kept.input_digest, gone.input_digest], np.ones((2, 4), np.float32))
    report = workspace.cache / "reports" / "blades" / "1" / "report.html"
    report.parent.mkdir(parents=True)
    report.write_bytes(b"<img>")
    found = forget(workspace, "blades", digests=[gone.input_digest.upper()], **BY)
    assert (found.blobs, found.features) == (1, 1)
    assert not report.exists()
    assert [each.digest for each in workspace.ledger.examples("blades")] == [kept.input_digest]
    counts = workspace.ledger.counts("blades")
    assert sum(counts.train.values()) + counts.sealed == 1
    arrivals = {each.digest: each.label for each in workspace.ledger.arrivals("blades")}
    assert arrivals[gone.input_digest] == "azure"
    assert bytes.fromhex(gone.input_digest) not in on_disk(workspace)


def test_statistics_stay(workspace: Workspace) -> None:
    """Decisions, draws, audits and outcomes count as before."""
    made = answered(workspace, LARGE, MODEL, audited=True)
    Queue(workspace).answer(made.id, QuestionKind.AUDIT, "sound", by="Ben")
    assert isinstance(workspace.now, Clock)
    workspace.now.pass_(minutes=1)
    before = workspace.ledger.truths([made.id], workspace.now())
    draws = workspace.ledger.draws_after("blades", MODEL, 0, since_stage=0, limit=10)
    forget(workspace, "blades", decisions=[made.id], **BY)
    assert workspace.ledger.truths([made.id], workspace.now()) == before != {}
    assert workspace.ledger.draws_after("blades", MODEL, 0, since_stage=0, limit=10) == draws != []
    assert workspace.ledger.decision_count("blades") == 1


def test_what_another_project_holds_stays_there(workspace: Workspace) -> None:
    """Bytes that two projects hold are left until both have forgotten them, and that is said."""
    here, there = asked(workspace, LARGE), asked(workspace, LARGE, project="doors", stage=0)
    found = forget(workspace, "blades", decisions=[here.id], **BY)
    assert (found.blobs, found.shared) == (0, (here.input_digest,))
    assert forgotten_words(found)[-1] == (
        "Another project holds 1 of the files too, so they stay there; forget it there."
    )
    assert input_of(workspace, here.input_digest, here.id) == LARGE
    assert forget(workspace, "doors", decisions=[there.id], **BY).blobs == 1
    with pytest.raises(BlobMissing):
        input_of(workspace, here.input_digest, here.id)


def test_what_is_old_is_forgotten_unless_it_is_needed(workspace: Workspace, clock: Clock) -> None:
    """By age: answered requests go; what waits for a person, became an example, or is young, stays."""
    photo = asked(workspace, coloured("amber", 2))
    settle(workspace, photo, "amber")
    harvest(workspace, "blades")
    old, waiting = answered(workspace, b"old", MODEL), asked(workspace, b"waiting")
    clock.pass_(days=40)
    young = answered(workspace, b"young", MODEL)
    found = forget_older(workspace, "blades", 30, by="Ada")
    assert found.digests == (old.input_digest,)
    for made in (photo, waiting, young):
        assert input_of(workspace, made.input_digest, made.id)
    assert forget_older(workspace, "blades", 30, by="Ada").digests == ()
    assert forgotten_words(forget_older(workspace, "blades", 30, by="Ada")) == ["Nothing had to be forgotten."]


def test_what_cannot_be_forgotten(workspace: Workspace) -> None:
    """An unknown decision, another project's, a digest that is none of its inputs, nothing at all, no project."""
    made = asked(workspace, b"one")
    with pytest.raises(UnknownDecision):
        forget(workspace, "blades", decisions=["nobody"], **BY)
    with pytest.raises(NothingToForget, match="belongs to “blades”"):
        forget(workspace, "doors", decisions=[made.id], **BY)
    with pytest.raises(NothingToForget, match="has no input ffff"):
        forget(workspace, "blades", digests=["ff" * 32], **BY)
    with pytest.raises(NothingToForget):
        forget(workspace, "blades", **BY)
    with pytest.raises(UnknownProject):
        forget(workspace, "nowhere", subject="Ann", **BY)


def test_what_a_deletion_ends_is_said_before_and_told_as_one(workspace: Workspace) -> None:
    """Requests of others about the same bytes are counted, unless the bytes are named, so that all of them are meant.

    None of them reads as if a person had answered.
    """
    workspace.ledger.set_setting("blades", "webhook-url", "https://example.com/x", "Ada", workspace.now())
    mine, other = asked(workspace, b"same"), asked(workspace, b"same")
    wanted = wanted_inputs(workspace, "blades", decisions=[mine.id])
    assert (set(wanted.waiting), wanted.others) == ({mine.id, other.id}, (other.id,))
    assert wanted_words(wanted) == (
        "This ends 2 requests that wait for a person, without an answer. "
        "1 of them belongs to another client, who asked about the same bytes."
    )
    by_bytes = wanted_inputs(workspace, "blades", decisions=[mine.id], digests=[mine.input_digest])
    assert (set(by_bytes.waiting), by_bytes.others) == ({mine.id, other.id}, ())
    with pytest.raises(NoReason):
        forget(workspace, "blades", decisions=[mine.id], by="Ada", reason=" ")
    assert workspace.ledger.queue_counts("blades", workspace.now()).answer == 2
    found = forget(workspace, "blades", decisions=[mine.id], **BY)
    assert set(found.ended) == {mine.id, other.id}
    told = " ".join(why_words(why(workspace, other.id)))
    assert "It ended without a label: Ada deleted its input before anybody had answered" in told
    assert "could not tell" not in told
    due = workspace.ledger.due_deliveries(workspace.now(), 10)
    assert {each.payload["id"] for each in due} == {mine.id, other.id}
    assert all(each.payload["deleted"] and each.payload["label"] is None for each in due)


def test_a_subject_that_nothing_is_about_is_told(workspace: Workspace) -> None:
    """Beside what is named otherwise, a subject that was misspelt does not pass for one that is forgotten."""
    made = asked(workspace, b"one", subject="Ann")
    wanted = wanted_inputs(workspace, "blades", digests=[made.input_digest], subject="An")
    assert wanted.nobody == "An"
    assert wanted_words(wanted).startswith("Nothing is about “An”, or it was forgotten before; only the rest is meant.")
    assert "Nothing is about" not in wanted_words(wanted_inputs(workspace, "blades", subject="Ann"))


def test_what_was_forgotten_is_not_forgotten_again(workspace: Workspace, clock: Clock) -> None:
    """The first deletion stays the one on record; the same bytes that come again can be forgotten anew."""
    made = asked(workspace, b"one")
    forget(workspace, "blades", decisions=[made.id], **BY)
    clock.pass_(minutes=1)
    again = forget(workspace, "blades", decisions=[made.id], by="Ben", reason="Once more.")
    assert {one: done.by for one, done in again.before.items()} == {made.input_digest: "Ada"}
    assert "was forgotten already" in forgotten_words(again)[0]
    newer = asked(workspace, b"one")
    assert newer.input_digest == made.input_digest
    clock.pass_(minutes=1)
    fresh = forget(workspace, "blades", decisions=[newer.id], by="Cem", reason="It came again.")
    assert fresh.before == {}
    assert workspace.ledger.erasures("blades", [made.input_digest])[made.input_digest].by == "Cem"


LETTERS = (
    ("the kettle arrived broken and its lid was missing", "bad", "Zebulon"),
    ("The kettle arrived broken, and its lid was missing!", "bad", "Smith"),
    ("the kettle arrived broken and its lid was missing.", "bad", ""),
    ("please send the invoice for last month once more", "bill", "Zebulon"),
    ("my parcel has been waiting at the border for two weeks", "late", "Smith"),
    ("thank you for the quick repair of our boiler", "good", "Jones"),
    ("where can I change the address of my account", "bill", "Smith"),
)


def called(workspace: Workspace, subject: str) -> list[str]:
    """The texts of the examples that are somebody's."""
    found = workspace.ledger.examples("mails", called=subject)
    return sorted(workspace.blobs.get(each.digest).decode() for each in found)


def told(workspace: Workspace) -> str:
    """All names of groups, and all findings."""
    ledger = workspace.ledger
    groups = {each.group for each in ledger.arrivals("mails")}
    return f"{groups} {ledger.other_groups('mails')} {ledger.findings('mails')}"


def letters(workspace: Workspace, folder: Path, rows: Sequence[tuple[str, str, str]]) -> None:
    """Adds rows of a table, grouped by whose they are."""
    table = folder / f"letters{len(rows)}.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("text", "topic", "customer"), *rows])
    reading = Reading(group="column:customer", text_column="text", label_column="topic")
    project = project_for(workspace, table, "mails", sealed_share=None)
    gather(workspace, project, table, reading=reading, by="Ada", progress=lambda _done, _all: None)


def test_near_copies_make_nobodys_examples_somebody_elses(workspace: Workspace, tmp_path: Path) -> None:
    """Three texts are one family, of two customers and nobody; each is found by its own name, and forgotten by it."""
    letters(workspace, tmp_path, LETTERS)
    assert len({each.group for each in workspace.ledger.arrivals("mails")}) == 2
    for customer in ("Zebulon", "Smith", "Jones"):
        assert called(workspace, customer) == sorted(text for text, _, whose in LETTERS if whose == customer)
    forget(workspace, "mails", subject="Zebulon", **BY)
    assert called(workspace, "Zebulon") == []
    assert len(called(workspace, "Smith")) == 3
    assert len(list(workspace.ledger.examples("mails"))) == 5
    forget(workspace, "mails", subject="Smith", **BY)
    assert len(list(workspace.ledger.examples("mails"))) == 2
    assert "Zebulon" not in told(workspace)
    assert "Smith" not in told(workspace)
    assert len(called(workspace, "Jones")) == 1


def test_whose_name_a_family_bears_is_forgotten_while_the_family_stays(workspace: Workspace, tmp_path: Path) -> None:
    """What belongs together still does, under a pseudonym, also with what comes later."""
    letters(workspace, tmp_path, [each for each in LETTERS if each[2]])
    (key,) = {each.group for each in workspace.ledger.examples("mails", called="Smith")}
    other = {"Smith": "Zebulon", "Zebulon": "Smith"}[key]
    forget(workspace, "mails", subject=key, **BY)
    left = {each.group for each in workspace.ledger.examples("mails", called=other)}
    assert len(left) == 1
    assert key not in left
    assert key not in told(workspace)
    letters(workspace, tmp_path, [*LETTERS[:1], ("one more letter that is like no other", "good", other)])
    assert {each.group for each in workspace.ledger.examples("mails", called=other)} == left


def test_the_same_words_of_two_people_are_both_theirs(workspace: Workspace, tmp_path: Path) -> None:
    """Whether they come in one table or one after the other."""
    letters(workspace, tmp_path, LETTERS[3:])
    again = [("thank you for the quick repair of our boiler", "good", "Brown")]
    letters(workspace, tmp_path, again)
    assert called(workspace, "Brown") == called(workspace, "Jones") == [again[0][0]]
    letters(workspace, tmp_path, [("a new letter from both of them, word by word", "good", each) for each in "XY"])
    assert called(workspace, "X") == called(workspace, "Y") != []


@contextmanager
def blobs_away(workspace: Workspace) -> Iterator[None]:
    """The blob store cannot be reached meanwhile: where its folder was there is something else."""
    blobs, elsewhere = workspace.folder / "blobs", workspace.folder / "elsewhere"
    blobs.rename(elsewhere)
    blobs.write_bytes(b"no folder")
    yield
    blobs.unlink()
    elsewhere.rename(blobs)


def test_what_the_blob_store_could_not_delete_is_deleted_by_the_next_deletion(workspace: Workspace) -> None:
    """Whatever that one is about, and also where it has nothing else to do; it is told, and told once."""
    first, second, third = (asked(workspace, coloured("amber", n, size=(640, 480))) for n in range(3))
    for made in (first, second):
        with blobs_away(workspace), pytest.raises(BlobStoreUnavailable):
            forget(workspace, "blades", decisions=[made.id], **BY)
        assert workspace.blobs.has(made.input_digest)
    found = forget(workspace, "blades", decisions=[third.id], **BY)
    assert (found.blobs, found.late) == (1, 2)
    assert forgotten_words(found)[0] == "2 files deleted that an earlier deletion had left behind."
    assert not any(workspace.blobs.has(made.input_digest) for made in (first, second, third))
    fourth = asked(workspace, LARGE)
    with blobs_away(workspace), pytest.raises(BlobStoreUnavailable):
        forget(workspace, "blades", decisions=[fourth.id], **BY)
    late = forgotten_words(forget_older(workspace, "blades", 30, by="Ada"))
    assert late == ["1 file deleted that an earlier deletion had left behind."]
    assert not workspace.blobs.has(fourth.input_digest)
    assert forgotten_words(forget_older(workspace, "blades", 30, by="Ada")) == ["Nothing had to be forgotten."]


def test_what_came_again_before_it_could_be_deleted_stays(workspace: Workspace, clock: Clock) -> None:
    """Somebody asked about the same bytes meanwhile, here or in another project, or added them as an example there."""
    made = [asked(workspace, coloured("amber", n, size=(640, 480))) for n in range(4)]
    with blobs_away(workspace), pytest.raises(BlobStoreUnavailable):
        forget(workspace, "blades", decisions=[each.id for each in made], **BY)
    clock.pass_(minutes=20)
    asked(workspace, workspace.blobs.get(made[0].input_digest))
    asked(workspace, workspace.blobs.get(made[1].input_digest), project="doors", stage=0)
    row = Example(made[2].input_digest, "17.jpg", Provenance.UPLOAD, "g", Side.TRAIN, "a", 640, 480, "")
    workspace.ledger.add_examples("doors", [row], by="Ada", at=workspace.now())
    assert clear_leftovers(workspace) == 1
    assert [workspace.blobs.has(each.input_digest) for each in made] == [True, True, True, False]
    assert forget(workspace, "doors", decisions=[], digests=[made[2].input_digest], **BY).blobs == 1


def test_what_cannot_be_deleted_does_not_keep_the_rest(workspace: Workspace) -> None:
    """However it is called, what else was left behind goes sooner or later."""
    made = [asked(workspace, coloured("amber", n, size=(640, 480))) for n in range(4)]
    with blobs_away(workspace), pytest.raises(BlobStoreUnavailable):
        forget(workspace, "blades", decisions=[each.id for each in made], **BY)
    first = min(each.input_digest for each in made)
    (workspace.cache / "previews" / f"{first}.jpg").mkdir(parents=True)
    for _ in range(60):
        with pytest.raises(IsADirectoryError):
            clear_leftovers(workspace)
    assert workspace.ledger.leftovers(10) == [first]
    assert [each.input_digest for each in made if workspace.blobs.has(each.input_digest)] == [first]


def old_requests(workspace: Workspace) -> dict[str, Decision]:
    """A request of each project that retention is to forget, with a photo of its own."""
    made = {}
    for number, project in enumerate(("blades", "doors")):
        photo = coloured("amber", number, size=(640, 480))
        made[project] = answered(workspace, photo, MODEL, project=project, stage=0)
        workspace.ledger.set_setting(project, "retention-days", 30.0, by="Ada", at=workspace.now())
    return made


def test_retention_deletes_what_the_blob_store_could_not(workspace: Workspace, clock: Clock) -> None:
    """The ledger forgets in every project while the blob store is away; the first hour it is back, the files go."""
    made = old_requests(workspace)
    clock.pass_(days=40)
    retention = Retention(workspace, "worker")
    with blobs_away(workspace), pytest.raises(ExceptionGroup) as failed:
        retention.tick()
    assert all(isinstance(error, BlobStoreUnavailable) for error in failed.value.exceptions)
    for project, each in made.items():
        assert workspace.ledger.erasures(project, [each.input_digest])[each.input_digest].by == "retention"
        assert workspace.blobs.has(each.input_digest)
    clock.pass_(hours=1)
    retention.tick()
    assert not any(workspace.blobs.has(each.input_digest) for each in made.values())


def test_retention_goes_on_where_a_project_fails(workspace: Workspace, clock: Clock) -> None:
    """What is the matter with one is told after the others had their turn."""
    made = old_requests(workspace)
    clock.pass_(days=40)
    broken = workspace.cache / "previews" / f"{made['blades'].input_digest}.jpg"
    broken.mkdir(parents=True)
    with pytest.raises(ExceptionGroup) as failed:
        Retention(workspace, "worker").tick()
    assert all(isinstance(error, IsADirectoryError) for error in failed.value.exceptions)
    assert [workspace.blobs.has(made[project].input_digest) for project in ("blades", "doors")] == [True, False]
    broken.rmdir()
    clock.pass_(hours=1)
    Retention(workspace, "worker").tick()
    assert not workspace.blobs.has(made["blades"].input_digest)


def test_only_one_process_forgets_at_a_time(workspace: Workspace, clock: Clock) -> None:
    """Another waits for its turn; where no age is set, nothing is forgotten."""
    made = old_requests(workspace)
    workspace.ledger.set_setting("doors", "retention-days", None, by="Ada", at=workspace.now())
    clock.pass_(days=40)
    workspace.ledger.take_lease("retention", "another", clock(), clock() + timedelta(hours=1))
    Retention(workspace, "worker").tick()
    assert all(workspace.blobs.has(each.input_digest) for each in made.values())
    clock.pass_(hours=2)
    Retention(workspace, "worker").tick()
    assert [workspace.blobs.has(made[project].input_digest) for project in ("blades", "doors")] == [False, True]
    told = workspace.ledger.erasures("blades", [made["blades"].input_digest])[made["blades"].input_digest]
    assert told.reason == "older than 30 days, which is what retention-days allows"


def test_so_many_inputs_are_forgotten_at_most(workspace: Workspace, clock: Clock) -> None:
    """About: those that go at once go together; the rest waits."""
    for number in range(3):
        answered(workspace, b"old %d" % number, MODEL)
    clock.pass_(days=40)
    assert forget_older(workspace, "blades", 30, by="Ada", most=0).digests == ()
    assert len(forget_older(workspace, "blades", 30, by="Ada", most=1).digests) == 3
