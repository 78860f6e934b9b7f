"""Finishing: from the trials of a run to the model they make together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from understudy.domain.task import NONE_OF_THESE, AnswerKind
from understudy.launch.usual import Usual
from understudy.modalities.protocol import Encoder, Modality, View
from understudy.modalities.tuning import Tuning
from understudy.search.assembly import Member, assemble, views_of
from understudy.search.description import Description
from understudy.search.ensemble import Ensemble, choose, clearly_better
from understudy.search.fine_tuning import FineTuning, as_it_is
from understudy.search.journal import Entry
from understudy.search.kinds.kind import Kind
from understudy.search.model_file import write_model
from understudy.search.odds import Slopes
from understudy.search.preparation import Preparation
from understudy.search.strangeness import Limit, Strangeness
from understudy.search.target import Target
from understudy.search.unknown import Examples, learn_strangeness
from understudy.search.usual import Directions, usual_of


@dataclass(frozen=True)
class Chosen:
    """The candidates that will answer together.

    Attributes:
        ensemble: Their weights, and what the mixture gives held-out examples.
        entries: The candidates, as `ensemble.members` orders them.
    """

    ensemble: Ensemble
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Finishing:
    """Makes the model of a run.

    Attributes:
        preparation: Gives the rows to fit on.
        modality: What the inputs are.
        views: The views that trials may have seen, cheapest first; of an encoder as it came.
        fine_tuning: Where trials saw what a fine-tuned encoder sees: what fine-tunes it.
        target: What was to be learned.
        kind: What is done for its kind of answer.
        data_version: Of the lesson.
        groups: Group of each example.
    """

    preparation: Preparation
    modality: Modality
    views: tuple[View, ...]
    fine_tuning: FineTuning | None
    target: Target
    kind: Kind
    data_version: str
    groups: Sequence[str]

    def model(self, entries: Sequence[Entry]) -> bytes:
        """Chooses among the trials, fits the chosen on all examples and writes the model file."""
        chosen = self._choose(entries)
        members, encoder = self._fit(chosen), self.preparation.encoder
        if self._tuned(chosen):
            tuned_members, encoder = self._fine_tune(chosen)
            members += tuned_members
        strangeness, limit = self._strangers(members)
        finished = self.kind.finished(chosen.ensemble.given, members, self.preparation)
        directions = self._directions(members)
        graph = assemble(encoder, members, finished.ending, strangeness=strangeness, directions=directions)
        preparer = encoder.preparer(views_of(members, strangeness, directions))
        described = Description(
            labels=self.target.labels,
            task=self.target.task,
            preparation=preparer.described(),
            threshold=finished.threshold,
            data_version=self.data_version,
            encoder=encoder.key,
            seed=self.preparation.seed,
            examples=self.target.examples,
            members=tuple(zip([e.trial for e in chosen.entries], chosen.ensemble.weights, strict=True)),
            held_out_log_loss=finished.log_loss,
            held_out_accuracy=finished.accuracy,
            out_of_fold=finished.out_of_fold,
            unknown=limit,
            set_slope=finished.set_slope,
            number=finished.number,
            usual=self._usual(directions),
        )
        return write_model(graph, described, preparer, self.modality.golden())

    def _directions(self, members: Sequence[Member]) -> Directions:
        """In which later inputs are watched: over the view that weighs most."""
        views = self._as_they_came(members)
        view = max(views, key=lambda seen: sum(member.weight for member in members if member.view == seen))
        return Directions.over(view, self.preparation.turning(view), seed=self.preparation.seed)

    def _usual(self, directions: Directions) -> Usual:
        """What later inputs are compared with."""
        preparation = self.preparation
        inputs = preparation.inputs[: len(preparation.inputs) - preparation.made]
        return usual_of(inputs, self.groups, preparation.features(directions.view), directions, self.modality)

    def _strangers(self, members: Sequence[Member]) -> tuple[Strangeness, Limit] | tuple[None, None]:
        """How inputs are told that belong to none of the labels: by all views that members see."""
        preparation, names = self.preparation, self.target.labels
        labels = preparation.labels[: len(preparation.labels) - preparation.made]
        one = self.target.task.answers is AnswerKind.LABEL
        none = names.index(NONE_OF_THESE) if one and NONE_OF_THESE in names else -1
        examples = Examples(labels, np.flatnonzero(labels != none), preparation.folds, preparation.clock.pulse)
        views = [(view, preparation.features(view)) for view in self._as_they_came(members)]
        return learn_strangeness(examples, views) or (None, None)

    def _choose(self, entries: Sequence[Entry]) -> Chosen:
        """Chooses among ever more demanding sets of views; a more demanding one must be clearly better.

        What a fine-tuned encoder sees must be better, and need not be clearly so: it costs answers next to nothing.
        """
        rows, loss = self.preparation.folds.rows, self.kind.loss
        said = {id(entry): self.kind.given(entry.scores, self._slopes(entry)) for entry in entries}
        best: Chosen | None = None
        for allowed in self._sets_of_views():
            candidates = [entry for entry in entries if entry.view in allowed]
            if not candidates:
                continue
            ensemble = choose([said[id(entry)] for entry in candidates], loss)
            tuned = not allowed <= {view.name for view in self.views}
            lower = best is not None and loss.overall(ensemble.losses) < loss.overall(best.ensemble.losses)
            if best is None or (lower and tuned) or clearly_better(ensemble, best.ensemble, rows):
                best = Chosen(ensemble, tuple(candidates[place] for place in ensemble.members))
        if best is None:
            raise ValueError("a model is made of at least one trial")
        return best

    def _sets_of_views(self) -> list[set[str]]:
        """Names of views that a model may be made of, in the order in which they are weighed."""
        plain = _rising_demands(self.views)
        if self.fine_tuning is None:
            return plain
        tuned = self.fine_tuning.tuner.view.name
        return [*plain, {tuned}, {*plain[-1], tuned}]

    def _fit(self, chosen: Chosen) -> list[Member]:
        """Fits the chosen candidates on all training examples."""
        members = []
        families = {family.name: family for family in self.kind.families}
        every = np.arange(len(self.preparation.labels))
        weighted = list(zip(chosen.entries, chosen.ensemble.weights, strict=True))
        for view in self.views:
            here = [(entry, weight) for entry, weight in weighted if entry.view == view.name]
            if not here:
                continue
            material, turning = self.preparation.material(view), self.preparation.turning(view)
            wanted = sorted({entry.family for entry, _ in here})
            with threadpool_limits(1, user_api="blas"):  # steps are many and short, so threads would cost time
                fitted = {name: families[name].prepare(material)(every) for name in wanted}
            members += [
                Member(view, turning, fitted[entry.family][entry.setting], self._slopes(entry), weight)
                for entry, weight in here
            ]
        return members

    def _tuned(self, chosen: Chosen) -> list[tuple[Entry, float]]:
        """Those of the chosen that see what a fine-tuned encoder sees, with their weights."""
        view = self.fine_tuning.tuner.view if self.fine_tuning else None
        weighted = zip(chosen.entries, chosen.ensemble.weights, strict=True)
        return [(entry, weight) for entry, weight in weighted if view and entry.view == view.name]

    def _fine_tune(self, chosen: Chosen) -> tuple[list[Member], Encoder]:
        """Fine-tunes on all training examples, and fits the chosen heads on what comes of it."""
        encoder = self.preparation.encoder
        if self.fine_tuning is None or not isinstance(encoder, Tuning):
            raise TypeError("this encoder cannot be fine-tuned")
        tuned, heads = self.fine_tuning.fitted()
        view = self.fine_tuning.tuner.view
        members = [
            Member(view, as_it_is(view), heads[entry.setting], self._slopes(entry), weight)
            for entry, weight in self._tuned(chosen)
        ]
        return members, encoder.with_tuned(tuned.arrays)

    def _as_they_came(self, members: Sequence[Member]) -> tuple[View, ...]:
        """The members' views of the encoder as it came, or its first.

        What is fine-tuned has seen the examples, so that newcomers would seem stranger to it than they are.
        """
        return tuple(view for view in views_of(members) if view in self.views) or self.views[:1]

    def _slopes(self, entry: Entry) -> Slopes:
        return self.kind.slopes(entry.scores, entry.sharpness)


def _rising_demands(views: Sequence[View]) -> list[set[str]]:
    """Sets of views: the first alone, all that are as cheap, those of the next demand alone, all."""
    rising = sorted({view.demand for view in views})
    dearer = [{view.name for view in views if view.demand == demand} for demand in rising[1:2]]
    return [
        {views[0].name},
        {view.name for view in views if view.demand == rising[0]},
        *dearer,
        {view.name for view in views},
    ]
