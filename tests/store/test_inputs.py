"""Inputs: kept with their decision while they are needed, and gone when they are deleted."""

import hashlib
import threading
from dataclasses import replace

import pytest

from understudy.domain.decision import Decision
from understudy.domain.example import Example
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.opinion import QuestionKind, Resolution
from understudy.domain.project import Project
from understudy.store.database import Database
from understudy.store.errors import AlreadyAnswered, UnknownProject
from understudy.store.inputs import older_than
from understudy.store.ledger import Ledger
from understudy.store.outcomes import Truth

from . import nouns
from .nouns import later


def erase(ledger: Ledger, *digests: str, project: str = "blades", seconds: float = 50) -> set[str]:
    return ledger.erase(project, digests, by="Ada", reason="They asked.", at=later(seconds))


def ask(ledger: Ledger, number: int, **changes: object) -> Decision:
    """A request that waits for a person."""
    served = nouns.asked(number, **changes)  # type: ignore[arg-type]
    ledger.record_served([served])
    return served.decision


def grouped(name: str, group: str) -> Example:
    return replace(nouns.example(name), group=group)


def answer(ledger: Ledger, made: Decision, seconds: float) -> None:
    ledger.answer(nouns.opinion(f"o{made.id}", made.id, at=later(seconds)), cannot_tell_limit=1)


def test_the_ledger_keeps_small_inputs_with_their_decision(ledger: Ledger) -> None:
    """The same bytes twice are two inputs; what the blob store holds is not here."""
    one, two = ask(ledger, 1, input_digest=nouns.digest("x")), ask(ledger, 2, input_digest=nouns.digest("x"))
    assert (ledger.input(one.id), ledger.input(two.id)) == (b"input 1", b"input 2")
    ledger.record_served([nouns.audited(3)])
    assert ledger.input("00000003") is None
    assert ledger.input("unknown") is None


def test_what_is_deleted_is_gone_and_figures_stay(ledger: Ledger) -> None:
    """Bytes and subject go; decision, answer and opinions stay, and so does who deleted what and when."""
    made = ask(ledger, 1, subject="patient 7")
    answer(ledger, made, 3)
    resolution = ledger.resolution(made.id, later(99))
    assert [each.id for each in ledger.decisions_of_subject("blades", "patient 7")] == [made.id]
    assert erase(ledger, made.input_digest) == {made.input_digest}
    assert ledger.input(made.id) is None
    assert ledger.decision(made.id) == replace(made, subject=None)
    assert ledger.decisions_of_subject("blades", "patient 7") == []
    assert ledger.resolution(made.id, later(99)) == resolution
    assert ledger.erased("blades", [made.input_digest, "other"]) == {made.input_digest: later(50)}


def test_others_keep_what_is_theirs(ledger: Ledger) -> None:
    """The same bytes in another project stay, and are not free to be deleted from the blob store until they are too."""
    ledger.create_project(Project("axles", nouns.NOON))
    here = ask(ledger, 1, input_digest=nouns.digest("x"), subject="s")
    there = ask(ledger, 2, input_digest=nouns.digest("x"), subject="s", project="axles")
    assert erase(ledger, nouns.digest("x")) == set()
    assert (ledger.input(here.id), ledger.input(there.id)) == (None, b"input 2")
    assert ledger.decision(there.id).subject == "s"
    assert ledger.erased("axles", [nouns.digest("x")]) == {}
    assert erase(ledger, nouns.digest("x"), project="axles") == {nouns.digest("x")}
    assert ledger.input(there.id) is None


def test_examples_of_others_keep_a_file_too(ledger: Ledger) -> None:
    """An example is as good a reason as a request; its own name is blanked when it is deleted."""
    ledger.create_project(Project("axles", nouns.NOON))
    learned = nouns.example("a")
    for project in ("blades", "axles"):
        ledger.add_examples(project, [learned], by="me", at=later(0))
    assert erase(ledger, learned.digest) == set()
    assert [each.name for each in ledger.examples("axles")] == ["a"]
    assert erase(ledger, learned.digest, project="axles") == {learned.digest}


def test_what_comes_again_is_there_again(ledger: Ledger) -> None:
    """Deleting concerns what was there; the same bytes in a later request are a new input."""
    made = ask(ledger, 1, input_digest=nouns.digest("x"))
    erase(ledger, nouns.digest("x"), seconds=50)
    again = ask(ledger, 60, input_digest=nouns.digest("x"), subject="s")
    answer(ledger, again, 61)
    assert (ledger.input(made.id), ledger.input(again.id)) == (None, b"input 60")
    assert [decision.id for decision, _ in ledger.unharvested("blades", later(99), 9)] == [again.id]
    pending = ledger.shadow_pending("blades", nouns.MODEL, since_stage=0, limit=9)
    assert [case.decision for case in pending] == [again.id]
    erase(ledger, nouns.digest("x"), seconds=100)
    assert ledger.input(again.id) is None


def test_a_question_about_a_deleted_input_ends(ledger: Ledger) -> None:
    """Nobody could answer it; its request ends without a label, its audit is known as one that could not tell."""
    made = ask(ledger, 1)
    ledger.record_served([nouns.audited(2, input_digest=made.input_digest)])
    audited = "00000002"
    ledger.claim_question("blades", "me", later(3), later(99))
    erase(ledger, made.input_digest)
    assert ledger.open_questions("blades", later(99), 9) == []
    assert ledger.resolution(made.id, later(50)) == Resolution(None, "Ada", later(50))
    assert ledger.truths([audited], later(50)) == {audited: Truth(None, later(50), "Ada")}
    for decision, kind in ((made.id, QuestionKind.ANSWER), (audited, QuestionKind.AUDIT)):
        with pytest.raises(AlreadyAnswered):
            ledger.answer(nouns.opinion("o", decision, kind=kind, at=later(60)), cannot_tell_limit=2)
    erase(ledger, made.input_digest, seconds=70)
    assert len(ledger.opinions_of(made.id)) == 1


def test_nothing_is_recorded_half_deleted(ledger: Ledger, ledger_url: str) -> None:
    """Requests about an input arrive while it is deleted: each is either there or gone, subject and bytes alike."""
    digest = nouns.digest("x")
    stop = threading.Event()

    def serve() -> None:
        with Ledger.open(ledger_url) as own:
            number = 0
            while not stop.is_set():
                number += 1
                own.record_served([nouns.asked(number, input_digest=digest, subject="s", at=later(number / 1000))])

    server = threading.Thread(target=serve)
    server.start()
    for _ in range(10):
        erase(ledger, digest, seconds=60)
    stop.set()
    server.join()
    made = ledger.decisions("blades", 10_000)
    for decision in made:
        assert (ledger.input(decision.id) is None) == (decision.subject is None)
    erase(ledger, digest, seconds=60)
    assert all(ledger.input(decision.id) is None for decision in made)


def test_many_inputs_are_deleted_at_once(ledger: Ledger) -> None:
    """More than one query names."""
    batch = [nouns.asked(number, subject="s") for number in range(1100)]
    ledger.record_served(batch)
    digests = [entry.decision.input_digest for entry in batch]
    assert ledger.inputs_among("blades", [*digests, "other"]) == set(digests)
    assert erase(ledger, *digests, *digests) == set(digests)
    assert ledger.decisions_of_subject("blades", "s") == []
    assert len(ledger.erased("blades", digests)) == 1100
    assert ledger.queue_counts("blades", later(99)).answer == 0


def test_what_requests_brought_is_told_from_what_was_added(ledger: Ledger) -> None:
    """An example is not asked about until somebody does, and no longer once that was deleted."""
    rows = [grouped(each, "g") for each in "ab"]
    ledger.add_examples("blades", rows, by="Ada", at=later(0))
    digest = ask(ledger, 1).input_digest
    known = [*(each.digest for each in rows), digest]
    assert ledger.inputs_asked_about("blades", known) == {digest}
    erase(ledger, digest, seconds=60)
    assert ledger.inputs_asked_about("blades", known) == set()


def test_what_is_old_and_not_needed_is_found(ledger: Ledger) -> None:
    """Not what waits for a person, became an example, came again later, or was deleted already."""
    old = ask(ledger, 1)
    ask(ledger, 2)
    learned = ask(ledger, 3)
    again = ask(ledger, 4, input_digest=nouns.digest("x"))
    twice_asked = ask(ledger, 5, input_digest=nouns.digest("y"))
    gone = ask(ledger, 6)
    young = ask(ledger, 30)
    for made in (old, learned, again, twice_asked, gone, young):
        answer(ledger, made, 31)
    ask(ledger, 20, input_digest=nouns.digest("x"))
    ask(ledger, 7, input_digest=nouns.digest("y"))
    ledger.add_examples("blades", [replace(nouns.example("e"), digest=learned.input_digest)], by="me", at=later(32))
    erase(ledger, gone.input_digest)
    assert ledger.inputs_older_than("blades", later(10), 9) == [old.input_digest]
    assert ledger.inputs_older_than("blades", later(1), 9) == []


def test_old_inputs_are_found_behind_many_that_are_needed(ledger: Ledger, ledger_url: str) -> None:
    """Reading goes on until enough are found, however many came again later."""
    needed = [nouns.audited(number, input_digest=nouns.digest("x")) for number in range(8)]
    ledger.record_served([*needed, nouns.audited(100, input_digest=nouns.digest("x"))])
    ledger.record_served([nouns.audited(number, input_digest=nouns.digest(str(number))) for number in (20, 21, 22)])
    for number in range(8):
        audit = nouns.opinion(f"o{number}", f"{number:08d}", kind=QuestionKind.AUDIT, at=later(30))
        ledger.answer(audit, cannot_tell_limit=1)
    for number in (20, 21, 22):
        audit = nouns.opinion(f"o{number}", f"{number:08d}", kind=QuestionKind.AUDIT, at=later(30))
        ledger.answer(audit, cannot_tell_limit=1)
    expected = [nouns.digest(str(number)) for number in (20, 21, 22)]
    database = Database.open(ledger_url)
    assert older_than(database, "blades", later(50), 9, at_once=3) == expected
    assert older_than(database, "blades", later(50), 2, at_once=3) == expected[:2]
    database.close()


def test_an_unknown_project_has_nothing_to_delete(ledger: Ledger) -> None:
    """It is an error, not a success."""
    for act in (
        lambda: erase(ledger, "d", project="x"),
        lambda: ledger.erased("x", []),
        lambda: ledger.inputs_older_than("x", later(0), 1),
        lambda: ledger.inputs_among("x", []),
        lambda: ledger.inputs_asked_about("x", []),
        lambda: ledger.decisions_of_subject("x", "s"),
    ):
        with pytest.raises(UnknownProject):
            act()


def test_groups_of_what_is_deleted_bear_no_name(ledger: Ledger) -> None:
    """What belonged together still does, under a pseudonym that the name does not give; others keep their group."""
    kim, lee, alone = "Zebulon Kraw", "Ann Lee", nouns.digest("e")
    rows = [grouped(each, kim) for each in "ab"] + [grouped(each, lee) for each in "cd"]
    ledger.add_examples("blades", [*rows, grouped("e", alone)], by="Ada", at=later(0))
    erase(ledger, *(nouns.digest(each) for each in "abce"))
    group = {each.digest: each.group for each in ledger.arrivals("blades")}
    of = [group[nouns.digest(each)] for each in "abcde"]
    assert of[0] == of[1] != of[2]
    assert of[3:] == [lee, alone]
    assert not {kim, lee, hashlib.sha256(kim.encode()).hexdigest()} & set(of[:3])
    erase(ledger, nouns.digest("d"))
    assert lee not in {each.group for each in ledger.arrivals("blades")}


def test_findings_tell_no_group_that_is_deleted(ledger: Ledger) -> None:
    """Its name goes once nothing bears it any more; a group's name that is also a label's stays."""
    rows = [grouped(each, "Zebulon Kraw") for each in "ab"]
    ledger.add_examples("blades", [*rows, grouped("c", "crack")], by="Ada", at=later(0))
    fact = "“Zebulon Kraw” sent half of “crack”."
    ledger.record_findings("blades", [Finding(FindingKind.TWIN, Severity.LOW, "rows", fact, "", "")], at=later(1))
    erase(ledger, nouns.digest("a"), nouns.digest("c"))
    assert ledger.findings("blades")[0].fact == fact
    erase(ledger, nouns.digest("b"))
    assert ledger.findings("blades")[0].fact == "(forgotten) sent half of “crack”."


def test_facts_of_what_is_deleted_go_with_it(ledger: Ledger) -> None:
    """What was measured of an input stays as long as another project holds the input."""
    ledger.create_project(Project("doors", nouns.NOON))
    for project in ("blades", "doors"):
        ledger.add_examples(project, [nouns.example("a")], by="Ada", at=later(0))
    digest = nouns.digest("a")
    ledger.record_facts("blades", "image/1", {digest: {"camera": "Ann’s phone"}})
    erase(ledger, digest)
    assert ledger.facts("image/1", [digest])
    erase(ledger, digest, project="doors")
    assert ledger.facts("image/1", [digest]) == {}


def test_nothing_is_kept_of_what_is_deleted_while_it_is_measured(ledger: Ledger) -> None:
    """Unless another project holds it; what was measured beside it is kept."""
    ledger.create_project(Project("doors", nouns.NOON))
    ledger.add_examples("blades", [nouns.example(each) for each in "abc"], by="Ada", at=later(0))
    ledger.add_examples("doors", [nouns.example("b")], by="Ada", at=later(0))
    digests = [nouns.digest(each) for each in "abc"]
    erase(ledger, *digests[:2])
    measured = {digest: {"camera": "Ann’s phone"} for digest in digests}
    ledger.record_facts("blades", "image/1", measured)
    assert ledger.facts("image/1", digests).keys() == set(digests[1:])


def test_what_is_deleted_is_a_leftover_until_it_is_struck_off(ledger: Ledger) -> None:
    """What nobody else holds is on the list from the moment it is deleted, once, however often it is deleted."""
    ledger.create_project(Project("axles", nouns.NOON))
    alone, shared = ask(ledger, 1, input_digest=nouns.digest("x")), ask(ledger, 2, input_digest=nouns.digest("y"))
    ask(ledger, 3, input_digest=nouns.digest("y"), project="axles")
    for _ in range(2):
        erase(ledger, alone.input_digest, shared.input_digest)
        assert ledger.leftovers(10) == [alone.input_digest]
    ledger.strike_leftovers([alone.input_digest, nouns.digest("unknown")])
    assert ledger.leftovers(10) == []
    erase(ledger, shared.input_digest, project="axles")
    assert ledger.leftovers(10) == [shared.input_digest]


def test_a_leftover_that_came_again_is_told(ledger: Ledger) -> None:
    """As a request or an example, of whatever project; more than one query can name are told, too."""
    digests = [f"{number:064x}" for number in range(1100)]
    ledger.create_project(Project("axles", nouns.NOON))
    ask(ledger, 1, input_digest=digests[0])
    erase(ledger, *digests)
    assert set(ledger.leftovers(2000)) == set(digests)
    assert len(set(ledger.leftovers(7))) == 7
    assert ledger.used_again(digests) == set()
    ask(ledger, 2, input_digest=digests[0], at=later(100))
    ledger.add_examples("axles", [replace(nouns.example("a"), digest=digests[-1])], by="Ada", at=later(100))
    assert ledger.used_again(digests) == {digests[0], digests[-1]}
    ledger.strike_leftovers(digests)
    assert ledger.leftovers(10) == []
