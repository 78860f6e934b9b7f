"""How a mixture answers: from histories to lists, with the chance that each holds what comes next, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np

from understudy.domain.answer import Answer, Reason
from understudy.domain.errors import UnderstudyError
from understudy.domain.task import BETWEEN_LABELS, AnswerKind
from understudy.modalities.interactions.question import Event, Question, item_text, read_question
from understudy.search.recommend.heights import heights_of
from understudy.search.recommend.lesson import About
from understudy.search.recommend.log import Catalogue, Log, Numbers, in_order, log_of
from understudy.search.recommend.mixture import Lists, Sureness, best_of, chances, pool_of
from understudy.search.recommend.rankers import Ranker

REASONS: Final = 5
MOST_NAMED: Final = 5
"""Unknown items that are named; of more, how many there are."""
LONGEST: Final = 40
"""Letters of one that are shown."""
TOGETHER: Final = 256
"""Questions that are answered at once."""
BY_ALL: Final = "what many people took"


@dataclass(frozen=True)
class Spoken:
    """A ranker with its weights.

    Attributes:
        ranker: What a candidate learned.
        height: Weight of the height of an item.
        place: Weight of the gain of its place.
    """

    ranker: Ranker
    height: float
    place: float


@dataclass(frozen=True)
class Speech:
    """How a mixture answers.

    Attributes:
        catalogue: All items.
        names: What people call an item, where that is known.
        about: What was seen in the data.
        members: The rankers.
        sureness: From chances to a calibrated probability.
    """

    catalogue: Catalogue
    names: Mapping[str, str]
    about: About
    members: tuple[Spoken, ...]
    sureness: Sureness

    def answers(self, inputs: Sequence[bytes]) -> list[Answer | UnderstudyError]:
        """Answers in order; a history that cannot be read gets its error as its entry."""
        read = [self._read(data) for data in inputs]
        asked = [question for question in read if isinstance(question, Question)]
        found: list[Answer] = []
        for start in range(0, len(asked), TOGETHER):
            found += self._answered(asked[start : start + TOGETHER])
        given = iter(found)
        return [each if isinstance(each, UnderstudyError) else next(given) for each in read]

    def reasons(self, question: Question) -> tuple[Reason, ...]:
        """Which items of a history speak for its list, strongest first; pushes of all rankers sum to at most 1."""
        log = self._log([self.meant(question)])
        return self._because(log, self._lists(log).items[0])

    def meant(self, question: Question) -> Question:
        """A history with items in the place of titles that name one item alone, whatever their capitals."""
        history = tuple(self._item(event) for event in question.history)
        return replace(question, history=history)

    def _item(self, event: Event) -> Event:
        titled = [] if event.item in self.catalogue.places else self._titled.get(event.item.casefold(), [])
        return replace(event, item=titled[0]) if len(titled) == 1 else event

    @cached_property
    def _titled(self) -> Mapping[str, list[str]]:
        """The items that each title names."""
        titles: dict[str, list[str]] = {}
        for item, title in self.names.items():
            if item in self.catalogue.places:
                titles.setdefault(item_text(title).casefold(), []).append(item)
        return titles

    def _read(self, data: bytes) -> Question | UnderstudyError:
        try:
            return self.meant(read_question(data))
        except UnderstudyError as error:
            return error

    def _answered(self, questions: Sequence[Question]) -> list[Answer]:
        log = self._log(questions)
        lists = self._lists(log)
        sure = self.sureness.told(lists.chances.sum(axis=1), np.diff(log.starts))
        answers = [self._answer(log, lists, at, float(sure[at])) for at in range(len(log))]
        told = zip(answers, (self._remarks(each) for each in questions), strict=True)
        return [replace(answer, remarks=remarks) if remarks else answer for answer, remarks in told]

    def _remarks(self, question: Question) -> tuple[str, ...]:
        """That nothing is known of somebody; else which items are unknown, and which titles are those of several."""
        if question.who and not question.history and not question.after:
            return (f"Nothing is known of what “{question.who[:LONGEST]}” had, so the list is that for somebody new.",)
        new = dict.fromkeys(each.item for each in question.history if each.item not in self.catalogue.places)
        several = {item: titled for item in new if (titled := self._titled.get(item.casefold()))}
        which = [
            f"“{item[:LONGEST]}” is the title of {len(titled)} items, so it counts for nothing: say which, "
            f"{' or '.join(titled[:MOST_NAMED])}."
            for item, titled in islice(several.items(), MOST_NAMED)
        ]
        return (*self._unknown([item for item in new if item not in several]), *which)

    def _unknown(self, new: Sequence[str]) -> tuple[str, ...]:
        if not new:
            return ()
        named = ", ".join(f"“{item[:LONGEST]}”" for item in new[:MOST_NAMED])
        more = f" and {len(new) - MOST_NAMED:,} more" if len(new) > MOST_NAMED else ""
        says = "is unknown, so it counts" if len(new) == 1 else "are unknown, so they count"
        return (f"{named}{more} {says} for nothing: nobody took that among the examples.",)

    def _answer(self, log: Log, lists: Lists, at: int, probability: float) -> Answer:
        kept = lists.items[at] >= 0
        items = [self.catalogue.items[place] for place in lists.items[at][kept]]
        scored = tuple(zip(items, (float(each) for each in lists.chances[at][kept]), strict=True))
        reasons = self._because(log.people(np.array([at])), lists.items[at])
        label, called = BETWEEN_LABELS.join(items), [self.names.get(item, item) for item in items]
        titles = tuple(called) if called != items else ()
        kind = AnswerKind.RANKING
        return Answer(label, probability, "", 0.0, False, scored, kind=kind, reasons=reasons, titles=titles)

    def _log(self, questions: Sequence[Question]) -> Log:
        return log_of([in_order(each) for each in questions], self.catalogue, liked_from=self.about.liked_from)

    def _lists(self, log: Log) -> Lists:
        said = [heights_of(each.ranker, log, repeats=self.about.repeats) for each in self.members]
        pool = pool_of(said, len(self.catalogue))
        weights = np.array([each.height for each in self.members] + [each.place for each in self.members])
        return best_of(pool, chances(pool, weights), self.about.length)

    def _because(self, log: Log, listed: Numbers) -> tuple[Reason, ...]:
        log, items = log.latest(), listed[listed >= 0].astype(np.int64)
        total = sum(each.height + each.place for each in self.members) or 1.0
        pushes: dict[int, float] = {}
        for each in self.members if len(items) and len(log.item) else ():
            found = each.ranker.because(log, items)
            size = float(np.abs(found.data).sum()) if found is not None else 0.0
            if found is not None and size:
                for item, push in zip(found.indices, found.data, strict=True):
                    share = float(push) / size * (each.height + each.place) / total
                    pushes[int(item)] = pushes.get(int(item), 0.0) + share
        strongest = sorted(pushes.items(), key=lambda pair: (-abs(pair[1]), pair[0]))[:REASONS]
        if not strongest:
            return (Reason(BY_ALL, 1.0),)
        liked = set(log.item[log.liked].tolist())
        return tuple(
            Reason(self._named(item, push, liked=item in liked), round(push, 6)) for item, push in strongest if push
        )

    def _named(self, item: int, push: float, *, liked: bool) -> str:
        """An item of the history and which way it pushes; one that pushes though it was rated low is said to be so."""
        if push > 0 and not liked:
            return f"because they had “{self._name(item)}”, though rated low"
        return f"{'because of' if push > 0 else 'in spite of'} “{self._name(item)}”"

    def _name(self, place: int) -> str:
        item = self.catalogue.items[place]
        return self.names.get(item, item)
