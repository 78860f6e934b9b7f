"""Finishing: from the trials of a run to the model they make together."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from understudy.domain.task import NONE_OF_THESE, AnswerKind
from understudy.launch.usual import Usual
from understudy.modalities.protocol import Encoder, Modality, Preparer, View
from understudy.modalities.tuning import Tuning
from understudy.search.assembly import Member, assemble, views_of
from understudy.search.choice import Chosen, choose_among, slopes_of
from understudy.search.description import Description
from understudy.search.familiar import Fitted, check_familiar
from understudy.search.fine_tuning import FineTuning, as_it_is
from understudy.search.journal import Entry
from understudy.search.kinds.kind import Finished, Kind
from understudy.search.model_file import write_model
from understudy.search.preparation import Preparation
from understudy.search.strangeness import Limit, Strangeness
from understudy.search.target import Target
from understudy.search.unknown import Examples, learn_strangeness
from understudy.search.usual import Directions, usual_of


@dataclass(frozen=True)
class _Besides:
    """What a model knows of its examples besides what its heads learned.

    Attributes:
        strangeness: By which strange inputs are told; None where too little was held out.
        limit: Beyond which they are.
        directions: In which later inputs are watched.
        usual: What they are compared with.
    """

    strangeness: Strangeness | None
    limit: Limit | None
    directions: Directions
    usual: Usual


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
        chosen = choose_among(entries, self.views, self.kind, self.preparation.folds.rows)
        for view in self._as_they_came(chosen):
            self.preparation.turning(view)  # made before two threads ask for it
        with ThreadPoolExecutor(1) as pool:
            besides = pool.submit(self._besides, chosen)
            members, encoder = self._fit(chosen), self.preparation.encoder
            if self._tuned(chosen):
                tuned_members, encoder = self._fine_tune(chosen)
                members += tuned_members
            known = besides.result()
        strangeness, directions = known.strangeness, known.directions
        finished = self.kind.finished(chosen.ensemble.given, members, self.preparation)
        graph = assemble(encoder, members, finished.ending, strangeness=strangeness, directions=directions)
        preparer = encoder.preparer(views_of(members, strangeness, directions))
        described = self._described(chosen, finished, known, preparer)
        return write_model(graph, described, preparer, self.modality.golden())

    def _described(self, chosen: Chosen, finished: Finished, known: _Besides, preparer: Preparer) -> Description:
        return Description(
            labels=self.target.labels,
            task=self.target.task,
            preparation=preparer.described(),
            threshold=finished.threshold,
            data_version=self.data_version,
            encoder=self.preparation.encoder.key,
            seed=self.preparation.seed,
            examples=self.target.examples,
            members=tuple((entry.trial, weight) for entry, weight in chosen.weighed),
            held_out_log_loss=finished.log_loss,
            held_out_accuracy=finished.accuracy,
            out_of_fold=finished.out_of_fold,
            unknown=known.limit,
            set_slope=finished.set_slope,
            number=finished.number,
            usual=known.usual,
        )

    def _besides(self, chosen: Chosen) -> _Besides:
        """Looks at inputs again, which takes one core and leaves the others to the fitting of heads.

        Raises:
            FeaturesOutdated: The graph would not see what heads are fitted on.
        """
        preparation, views = self.preparation, self._as_they_came(chosen)
        real = preparation.inputs[: len(preparation.inputs) - preparation.made]
        fitted = [Fitted(view, preparation.turning(view), preparation.features(view)) for view in views]
        check_familiar(self.modality, preparation.encoder, fitted, real)
        directions = self._directions(chosen)
        seen = preparation.features(directions.view)
        usual = usual_of(real, self.groups, seen, directions, self.modality)
        strangeness, limit = self._strangers(views)
        return _Besides(strangeness, limit, directions, usual)

    def _directions(self, chosen: Chosen) -> Directions:
        """In which later inputs are watched: over the view that weighs most."""
        weights = {view.name: 0.0 for view in self.views}
        for entry, weight in chosen.weighed:
            weights[entry.view] = weights.get(entry.view, 0.0) + weight
        view = max(self._as_they_came(chosen), key=lambda seen: weights[seen.name])
        return Directions.over(view, self.preparation.turning(view), seed=self.preparation.seed)

    def _strangers(self, views: Sequence[View]) -> tuple[Strangeness, Limit] | tuple[None, None]:
        """How inputs are told that belong to none of the labels: by all views that members see."""
        preparation, names = self.preparation, self.target.labels
        labels = preparation.labels[: len(preparation.labels) - preparation.made]
        one = self.target.task.answers is AnswerKind.LABEL
        none = names.index(NONE_OF_THESE) if one and NONE_OF_THESE in names else -1
        examples = Examples(labels, np.flatnonzero(labels != none), preparation.folds, preparation.clock.pulse)
        return learn_strangeness(examples, [(view, preparation.features(view)) for view in views]) or (None, None)

    def _fit(self, chosen: Chosen) -> list[Member]:
        """Fits the chosen candidates on all training examples."""
        members = []
        families = {family.name: family for family in self.kind.families}
        every = np.arange(len(self.preparation.labels))
        for view in self.views:
            here = [(entry, weight) for entry, weight in chosen.weighed if entry.view == view.name]
            if not here:
                continue
            material, turning = self.preparation.material(view), self.preparation.turning(view)
            wanted = sorted({entry.family for entry, _ in here})
            fitted = {name: families[name].prepare(material)(every) for name in wanted}
            members += [
                Member(view, turning, fitted[entry.family][entry.setting], slopes_of(entry, self.kind), weight)
                for entry, weight in here
            ]
        return members

    def _tuned(self, chosen: Chosen) -> list[tuple[Entry, float]]:
        """Those of the chosen that see what a fine-tuned encoder sees, with their weights."""
        view = self.fine_tuning.tuner.view if self.fine_tuning else None
        return [(entry, weight) for entry, weight in chosen.weighed if view and entry.view == view.name]

    def _fine_tune(self, chosen: Chosen) -> tuple[list[Member], Encoder]:
        """Fine-tunes on all training examples, and fits the chosen heads on what comes of it."""
        encoder = self.preparation.encoder
        if self.fine_tuning is None or not isinstance(encoder, Tuning):
            raise TypeError("this encoder cannot be fine-tuned")
        tuned, heads = self.fine_tuning.fitted()
        view = self.fine_tuning.tuner.view
        members = [
            Member(view, as_it_is(view), heads[entry.setting], slopes_of(entry, self.kind), weight)
            for entry, weight in self._tuned(chosen)
        ]
        return members, encoder.with_tuned(tuned.arrays)

    def _as_they_came(self, chosen: Chosen) -> tuple[View, ...]:
        """Views that the chosen see of the encoder as it came, or its first.

        What is fine-tuned has seen the examples, so that newcomers would seem stranger to it than they are.
        """
        seen = {entry.view for entry in chosen.entries}
        return tuple(view for view in self.views if view.name in seen) or self.views[:1]
