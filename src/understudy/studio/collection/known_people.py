"""People whose histories a project holds: what each is known to have taken."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from understudy.domain.arrival import Arrival
from understudy.domain.example import Example, Side
from understudy.modalities.interactions.question import MOST_EVENTS, Event, Question, read_question
from understudy.modalities.interactions.taken import Before
from understudy.studio.examples.real_examples import is_made_up
from understudy.studio.workspace import Workspace


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whom a project knows.

    Attributes:
        question: What they are known to have taken, as the question of what comes next.
        sealed: What came next is sealed, so it does not count.
    """

    question: Question
    sealed: bool


def known_person(examples: Iterable[Example], read: Callable[[str], bytes], person: str) -> KnownPerson | None:
    """Looks for somebody among examples; all that is known of them counts, but for what is sealed.

    What was made up of somebody counts only where nothing is known of what they did.

    Args:
        examples: Of a project; sealed ones come without their labels.
        read: Gives the bytes of an example by its digest.
        person: Their name.
    """
    named = [each for each in examples if person in {each.name, each.group}]
    own = [each for each in named if not is_made_up(each)] or named
    if not own:
        return None
    told = max((_whole(read(each.digest), each) for each in own), key=lambda each: len(each.history))
    return KnownPerson(told, any(each.side is Side.SEALED for each in own))


def _whole(data: bytes, example: Example) -> Question:
    """A history with what came after it; what came after a sealed one stays sealed."""
    question = read_question(data)
    after = () if example.label is None else (Event(example.label, when=question.asked), *question.after)
    return Question(question.who, (*question.history, *after)[-MOST_EVENTS:])


def known_before(workspace: Workspace, project: str, arrivals: Sequence[Arrival], *, made: bool) -> Before:
    """What people of a project took and how that is read, sealed or not: for intake alone, which joins rows to it.

    Args:
        workspace: Where the project is.
        project: Its name.
        arrivals: What it holds.
        made: What comes was made up; only then does it join what was made up before.
    """
    kept = workspace.ledger.schema(project)
    if kept is None:
        return Before()
    people = frozenset(each.group for each in arrivals)
    made_up = set() if made else {each.digest for each in workspace.ledger.examples(project) if is_made_up(each)}
    joined = [each for each in arrivals if each.digest not in made_up]
    items = frozenset(each.label for each in arrivals if each.label is not None)
    of, liked_from = _taken_by(workspace, project, joined), kept["liked_from"]
    return Before(of, people, items, bool(kept["timed"]), bool(kept["repeats"]), liked_from)


def _taken_by(workspace: Workspace, project: str, arrivals: Iterable[Arrival]) -> Callable[[str], Sequence[Event]]:
    """Looks up what somebody took: as the longest history tells it, and behind it what only others tell.

    A history that comes later takes the earlier ones over, so the longest tells nearly all, oldest first. What was
    forgotten is not known any more.
    """
    own: dict[str, list[tuple[str, str | None]]] = {}
    for each in arrivals:
        own.setdefault(each.group, []).append((each.digest, each.label))

    def events(person: str) -> Sequence[Event]:
        kept = own.get(person, [])
        gone = workspace.ledger.erased(project, [digest for digest, _ in kept]) if kept else ()
        told = [_all_events(workspace, digest, label) for digest, label in kept if digest not in gone]
        found: dict[tuple[str, float | None], Event] = {}
        for event in (event for one in sorted(told, key=len, reverse=True) for event in one):
            before = found.setdefault((event.item, event.when), event)
            if before.value is None:
                found[event.item, event.when] = event
        return tuple(found.values())

    return events


def _all_events(workspace: Workspace, digest: str, label: str | None) -> list[Event]:
    """A history, what came next, and what came after that."""
    question = read_question(workspace.blobs.get(digest))
    following = [] if label is None else [Event(label, when=question.asked)]
    return [*question.history, *following, *question.after]
