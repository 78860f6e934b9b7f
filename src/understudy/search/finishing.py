"""Finishing: from the trials of a run to the model they make together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from understudy.domain.task import NONE_OF_THESE, AnswerKind
from understudy.launch.usual import Usual
from understudy.modalities.protocol import Encoder, Modality, View
from understudy.modalities.tuning import Tuning
from understudy.search.assembly import Member, assemble, views_of
from understudy.search.choice import Chosen, choose_among, slopes_of
from understudy.search.description import Description
from understudy.search.familiar import Fitted, check_familiar
from understudy.search.fine_tuning import FineTuning, as_it_is
from understudy.search.journal import Entry
from understudy.search.kinds.kind import Kind
from understudy.search.model_file import write_model
from understudy.search.preparation import Preparation
from understudy.search.strangeness import Limit, Strangeness
from understudy.search.target import Target
from understudy.search.unknown import Examples, learn_strangeness
from understudy.search.usual import Directions, usual_of


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
        members, encoder = self._fit(chosen), self.preparation.encoder
        if self._tuned(chosen):
            tuned_members, encoder = self._fine_tune(chosen)
            members += tuned_members
        strangeness, limit = self._strangers(members)
        finished = self.kind.finished(chosen.ensemble.given, members, self.preparation)
        directions = self._directions(members)
        self._check(self._as_they_came(views_of(members, strangeness, directions)))
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
            members=tuple((entry.trial, weight) for entry, weight in chosen.weighed),
            held_out_log_loss=finished.log_loss,
            held_out_accuracy=finished.accuracy,
            out_of_fold=finished.out_of_fold,
            unknown=limit,
            set_slope=finished.set_slope,
            number=finished.number,
            usual=self._usual(directions),
        )
        return write_model(graph, described, preparer, self.modality.golden())

    def _check(self, views: Sequence[View]) -> None:
        """Makes sure that the graph will see what heads were fitted on, before anything is made of it."""
        preparation = self.preparation
        fitted = [Fitted(view, preparation.turning(view), preparation.features(view)) for view in views]
        real = preparation.inputs[: len(preparation.inputs) - preparation.made]
        check_familiar(self.modality, preparation.encoder, fitted, real)

    def _directions(self, members: Sequence[Member]) -> Directions:
        """In which later inputs are watched: over the view that weighs most."""
        views = self._as_they_came(views_of(members))
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
        views = [(view, preparation.features(view)) for view in self._as_they_came(views_of(members))]
        return learn_strangeness(examples, views) or (None, None)

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

    def _as_they_came(self, views: Sequence[View]) -> tuple[View, ...]:
        """Those of some views that are of the encoder as it came, or its first.

        What is fine-tuned has seen the examples, so that newcomers would seem stranger to it than they are.
        """
        return tuple(view for view in views if view in self.views) or self.views[:1]
