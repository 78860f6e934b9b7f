"""Forgetting in words: what is meant and would end, and what was deleted and what was kept."""

from collections.abc import Iterator

from understudy.studio.collection.forgetting import Forgotten, Wanted
from understudy.studio.collection.made_up import made_up_words
from understudy.studio.words.phrases import Noun, name, number

INPUTS = Noun("input", "inputs")
EXAMPLES = Noun("example", "examples")
FILES = Noun("file", "files")
ENDED = Noun("request", "requests")
WAITING = Noun("request that waits for a person", "requests that wait for a person")


def wanted_words(wanted: Wanted) -> str:
    """What would end and what was named in vain, in a few sentences; empty where neither is so."""
    said = []
    if wanted.nobody is not None:
        said.append(f"Nothing is about “{name(wanted.nobody)}”, or it was forgotten before; only the rest is meant.")
    if wanted.learned and wanted.subject is not None:
        are = "is" if wanted.learned == 1 else "are"
        said.append(f"{EXAMPLES.counted(wanted.learned)} of “{name(wanted.subject)}” {are} meant.")
    if wanted.made_up is not None:
        said += made_up_words(wanted.made_up)
    if wanted.waiting:
        said.append(f"This ends {WAITING.counted(len(wanted.waiting))}, without an answer.")
    if wanted.others:
        whose = "belongs to another client, who" if len(wanted.others) == 1 else "belong to other clients, who"
        said.append(f"{number(len(wanted.others))} of them {whose} asked about the same bytes.")
    return " ".join(said)


def forgotten_words(found: Forgotten) -> list[str]:
    """What was deleted and what was kept, a sentence each."""
    late = [f"{FILES.counted(found.late)} deleted that an earlier deletion had left behind."] if found.late else []
    if not found.digests:
        return late or ["Nothing had to be forgotten."]
    known = [
        f"Input {digest[:12]} was forgotten already, on {done.at:%Y-%m-%d at %H:%M} UTC by {name(done.by)}."
        for digest, done in found.before.items()
    ]
    new = len(found.digests) - len(known)
    if not new:
        return [*late, *known, "Nothing more was recorded."]
    said = [
        *late,
        *known,
        f"{INPUTS.counted(new)} forgotten: bytes, names, whose they were, and what was made of them.",
        *_kept_words(found, new),
        "A model that learned from them answers as before, until one that is trained anew takes its place.",
    ]
    if found.ended:
        said.append(f"{ENDED.counted(len(found.ended))} ended without an answer.")
    if found.shared:
        count, them = len(found.shared), "it" if len(found.shared) == 1 else "them"
        said.append(f"Another project holds {number(count)} of the files too, so they stay there; forget {them} there.")
    return said


def _kept_words(found: Forgotten, new: int) -> Iterator[str]:
    if found.nobodys < new:
        yield "Kept by digest alone: labels, decisions, audits and their figures. They are never learned from again."
    if found.nobodys:
        of_them = "of them" if found.nobodys == new else f"of the {number(found.nobodys)} that were made up"
        yield f"Nothing {of_them} is kept, as they were nobody’s: the same may come for real, or be made up again."
