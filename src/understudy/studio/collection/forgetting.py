"""Forgetting: inputs are deleted with all that was made of them; what they taught the statistics stays.

Deleted: the inputs' bytes in the ledger and the blob store, facts, features and reports that were made of them, the
names they came under, and whose data they were; what belonged together still does, under a pseudonym that nobody can
trace. Kept: labels, decisions, audits and their figures, which know an input by its digest alone; and models that
learned from it, until a model that is trained anew takes their place. A forgotten input is never learned from again;
what was made up was nobody's, so that nothing of it is kept, and the same may come again.
"""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from secrets import token_bytes

from understudy.domain.errors import UnderstudyError
from understudy.domain.opinion import QuestionKind
from understudy.modalities.abilities import altered_digest
from understudy.modalities.cache import forget_features
from understudy.search.assignment import number_groups
from understudy.serving.notices import ended_notices
from understudy.store.inputs import Erasure
from understudy.studio.alone import alone
from understudy.studio.collection.labelling import example_called
from understudy.studio.collection.made_up import MadeUpHeld, made_up_held, staying_words
from understudy.studio.examples.class_findings import renew_class_findings
from understudy.studio.people.inputs import drop_preview
from understudy.studio.review.forgotten_reviews import forget_in_reviews
from understudy.studio.workspace import Workspace

CHUNK = 500
"""Inputs that are forgotten in one go."""


class NothingToForget(UnderstudyError):
    """The project holds no such input."""


class NoReason(UnderstudyError):
    """It was not said why something is to be deleted."""


class _InUse(UnderstudyError):
    """A training or a curve is being made, which takes the names out of its folder itself when it ends."""


@dataclass(frozen=True)
class Wanted:
    """What is to be forgotten, and what that ends.

    Attributes:
        digests: Inputs that are meant.
        waiting: Requests about them that wait for a person, and end without an answer.
        others: Those of them that were not named: somebody asked about the same bytes.
        nobody: The subject that was named, where nothing is about it.
        subject: The subject that was named, or None.
        learned: How many examples are the subject's.
        made_up: What was made up, where all of that was meant, or None.
    """

    digests: tuple[str, ...]
    waiting: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    nobody: str | None = None
    subject: str | None = None
    learned: int = 0
    made_up: MadeUpHeld | None = None


@dataclass(frozen=True)
class Forgotten:
    """What was deleted, and what could not be.

    Attributes:
        digests: Inputs that are forgotten in this project.
        blobs: Files that were deleted from the blob store.
        features: Rows of features that were wiped.
        shared: Inputs whose bytes another project holds too, so that they were left there.
        before: Those that had been forgotten before, by digest; nothing more was recorded of them.
        ended: Requests that waited for a person and ended without an answer.
        late: Files of inputs that were forgotten before, when they could not be deleted.
        nobodys: How many of them were made up, and asked about by nobody: nothing of them is kept.
    """

    digests: tuple[str, ...] = ()
    blobs: int = 0
    features: int = 0
    shared: tuple[str, ...] = ()
    before: Mapping[str, Erasure] = field(default_factory=dict)
    ended: tuple[str, ...] = ()
    late: int = 0
    nobodys: int = 0

    def __add__(self, other: "Forgotten") -> "Forgotten":
        return Forgotten(
            (*self.digests, *other.digests),
            self.blobs + other.blobs,
            self.features + other.features,
            (*self.shared, *other.shared),
            {**self.before, **other.before},
            (*self.ended, *other.ended),
            self.late + other.late,
            self.nobodys + other.nobodys,
        )


def forget(
    workspace: Workspace,
    project: str,
    *,
    by: str,
    reason: str,
    decisions: Iterable[str] = (),
    digests: Iterable[str] = (),
    subject: str | None = None,
) -> Forgotten:
    """Forgets inputs of a project.

    Args:
        workspace: Where the project is.
        project: Its name.
        by: Who deletes them.
        reason: Why, in their words; kept.
        decisions: Ids of decisions whose inputs are meant.
        digests: SHA-256 of inputs, in hex.
        subject: Everything that was asked about this person or thing, as the client called it, and every example that
            is theirs, as the data called them.

    Raises:
        UnknownProject: No such project.
        UnknownDecision: There is no such decision.
        NothingToForget: The project holds nothing of what was named.
        NoReason: It was not said why.
        BlobStoreUnavailable: The ledger has forgotten, but a file could not be deleted; see `clear_leftovers`.
    """
    found = wanted_inputs(workspace, project, decisions=decisions, digests=digests, subject=subject)
    return forget_wanted(workspace, project, found, by=by, reason=reason)


def forget_wanted(workspace: Workspace, project: str, wanted: Wanted, *, by: str, reason: str) -> Forgotten:
    """Forgets what `wanted_inputs` found; raises as `forget` does."""
    if not reason.strip():
        raise NoReason(
            fact="It was not said why, so nothing was deleted.",
            reason="A deletion is kept for ever, with who did it and their reason.",
            remedy="Give a reason of a sentence: --reason TEXT",
        )
    found = _erase(workspace, project, wanted.digests, by=by, reason=reason.strip())
    return found + Forgotten(late=clear_leftovers(workspace))


def wanted_inputs(
    workspace: Workspace,
    project: str,
    *,
    decisions: Iterable[str] = (),
    digests: Iterable[str] = (),
    examples: Iterable[Path] = (),
    subject: str | None = None,
    made_up: bool = False,
) -> Wanted:
    """Finds what is to be forgotten, and what that would end; deletes nothing. Errors are those of `forget`.

    Args:
        workspace: Where the project is.
        project: Its name.
        decisions: As for `forget`.
        digests: As for `forget`.
        examples: Files as they were added, or names under which examples arrived.
        subject: As for `forget`.
        made_up: All examples that were made up, but those about which requests ask as well.

    Raises:
        ExampleUnknown: There is no such example.
    """
    ledger, ids = workspace.ledger, [each.strip() for each in decisions]
    given = _known(workspace, project, list(digests))
    given += [example_called(workspace, project, each) for each in examples]
    about = [] if subject is None else ledger.decisions_of_subject(project, subject)
    learned = [] if subject is None else [each.digest for each in ledger.examples(project, called=subject)]
    made = _made_up(workspace, project) if made_up else None
    asked = [*_of_decisions(workspace, project, ids), *given, *(each.input_digest for each in about), *learned]
    wanted = tuple(dict.fromkeys([*asked, *(made.digests if made else ())]))
    if not wanted:
        whose = "" if subject is None else f" about “{subject[:80]}”"
        raise NothingToForget(
            fact=f"“{project}” holds nothing{whose} that could be forgotten.",
            reason="No decision or example of it was named, or it was forgotten before.",
            remedy="Name a decision’s id, an input’s digest, an example as it was added, or the subject as the client "
            "or the data called it.",
        )
    waiting, named = _waiting(workspace, project, wanted), {*ids, *(each.id for each in about)}
    others = tuple(one for one in waiting if one not in named and not given)
    nobody = None if about or learned else subject
    return Wanted(wanted, waiting, others, nobody, subject, len(learned), made)


def forget_older(
    workspace: Workspace, project: str, days: float, *, by: str, because: str = "", most: int | None = None
) -> Forgotten:
    """Forgets the inputs of requests that were answered so many days ago or earlier, unless they became examples.

    Args:
        workspace: Where the project is.
        project: Its name.
        days: Their least age.
        by: Who deletes them.
        because: Why that age, in words that go on after it.
        most: Inputs to forget at most, about, or None for all there are.

    Raises:
        UnknownProject: No such project.
        BlobStoreUnavailable: As for `forget`.
    """
    before, reason = workspace.now() - timedelta(days=days), f"older than {days:g} days{because}"
    total = Forgotten()
    while most is None or len(total.digests) < most:
        found = workspace.ledger.inputs_older_than(project, before, CHUNK)
        if not found:
            break
        total += _erase(workspace, project, found, by=by, reason=reason)
    return total + Forgotten(late=clear_leftovers(workspace))


def clear_leftovers(workspace: Workspace) -> int:
    """Deletes what still lies beside the ledger of inputs that were forgotten, where that failed or broke off.

    Inputs that came again since stay.

    Args:
        workspace: Where the projects are.

    Returns:
        How many files were deleted from the blob store.

    Raises:
        BlobStoreUnavailable: One could not be deleted; it and what was to come after it wait for the next time.
    """
    files = 0
    while found := workspace.ledger.leftovers(CHUNK):
        again = workspace.ledger.used_again(found)
        workspace.ledger.strike_leftovers(again)
        files += _delete(workspace, [each for each in found if each not in again])[0]
    return files


def _erase(workspace: Workspace, project: str, digests: Sequence[str], *, by: str, reason: str) -> Forgotten:
    free, secret = set[str](), token_bytes()
    ledger, ended = workspace.ledger, _waiting(workspace, project, digests)
    before, names = ledger.erasures(project, digests), ledger.names_of(project, digests)
    forget_in_reviews(workspace, project, names)
    for start in range(0, len(digests), CHUNK):
        part = digests[start : start + CHUNK]
        free |= ledger.erase(project, part, by=by, reason=reason, at=workspace.now(), secret=secret)
    if names:
        renew_class_findings(workspace, project)
    _tell(workspace, project, ended, by)
    shared = tuple(each for each in digests if each not in free)
    for digest in shared:
        drop_preview(workspace, digest)
    shutil.rmtree(workspace.cache / "reports" / project, ignore_errors=True)
    _name_nobody(workspace, project)
    removed, features = _delete(workspace, sorted(free))
    after = ledger.erasures(project, digests)
    known = {digest: done for digest, done in before.items() if after[digest] == done}
    nobodys = sum(digest not in after for digest in digests)
    return Forgotten(tuple(digests), removed, features, shared, known, ended, nobodys=nobodys)


def _delete(workspace: Workspace, digests: Sequence[str]) -> tuple[int, int]:
    """Deletes what lies beside the ledger of inputs that it has forgotten: how many files, and rows of features."""
    features = forget_features(workspace.cache / "features", [*digests, *(altered_digest(each) for each in digests)])
    files, gone = 0, []
    packed = workspace.blobs.remove_packed(digests)
    try:
        for digest in digests:
            drop_preview(workspace, digest)
            files += workspace.blobs.remove(digest) or digest in packed
            gone.append(digest)
    finally:
        workspace.ledger.strike_leftovers(gone)
    return files, features


def _name_nobody(workspace: Workspace, project: str) -> None:
    """Takes the names of groups out of what a training or a curve that broke off left behind."""
    drop = partial(shutil.rmtree, ignore_errors=True)
    kept: tuple[tuple[Path, Callable[[Path], None]], ...] = (
        (workspace.run_folder(project), number_groups),
        (workspace.curve_folder(project), drop),
    )
    for folder, take_out in kept:
        if folder.is_dir():
            with suppress(_InUse), alone(folder, lambda: _InUse(fact="", reason="", remedy="")):
                take_out(folder)


def _waiting(workspace: Workspace, project: str, digests: Sequence[str]) -> tuple[str, ...]:
    """Requests about inputs that wait for a person's answer."""
    return tuple(one for one, kind in workspace.ledger.waiting_on(project, digests) if kind is QuestionKind.ANSWER)


def _tell(workspace: Workspace, project: str, ended: Sequence[str], by: str) -> None:
    """Tells the webhook of requests that ended because their input was deleted."""
    ledger, now = workspace.ledger, workspace.now()
    settings = ledger.settings(project)
    for decision in ended:
        for notice in ended_notices(project, decision, None, by, now, settings, deleted=True):
            ledger.add_delivery(project, notice.channel, notice.event, notice.payload, notice.at)


def _made_up(workspace: Workspace, project: str) -> MadeUpHeld:
    """What can go of what was made up."""
    held = made_up_held(workspace, project)
    if held.digests:
        return held
    raise NothingToForget(
        fact=f"“{project}” holds no made-up examples that could be forgotten.",
        reason=staying_words(held) or "None were made up, or they were forgotten before.",
        remedy=f"A model that learned from some answers until another takes its place: understudy train {project}",
    )


def _of_decisions(workspace: Workspace, project: str, ids: Iterable[str]) -> list[str]:
    found = [workspace.ledger.decision(each.strip()) for each in ids]
    for decision in found:
        if decision.project != project:
            raise NothingToForget(
                fact=f"“{project}” has no decision “{decision.id}”.",
                reason=f"It belongs to “{decision.project}”.",
                remedy=f"Forget it there: understudy forget {decision.project} --decision {decision.id}",
            )
    return [decision.input_digest for decision in found]


def _known(workspace: Workspace, project: str, digests: Sequence[str]) -> list[str]:
    """The digests, if each is an input of the project."""
    plain = [each.strip().lower() for each in digests]
    unknown = sorted(set(plain) - workspace.ledger.inputs_among(project, plain))
    if unknown:
        raise NothingToForget(
            fact=f"“{project}” has no input {unknown[0][:64]}.",
            reason="An input is named by the SHA-256 of its bytes, and none of its decisions or examples has this one.",
            remedy="Find a request’s digest with: understudy why DECISION. Or name an example as it was added: "
            "--example NAME.",
        )
    return plain
