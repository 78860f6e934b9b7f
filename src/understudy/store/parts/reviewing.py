"""From models to reviews: briefs, models, looks, judgements, rules, learning curves."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from understudy.domain.brief import Brief, BriefVersion
from understudy.domain.evidence import Judgement
from understudy.domain.learning import LearningCurve
from understudy.domain.model import ModelRecord
from understudy.domain.review import Review
from understudy.domain.rule import Rule
from understudy.domain.trial import Trial
from understudy.store import briefs as brief_rows
from understudy.store import logs
from understudy.store import looks as look_rows
from understudy.store import models as model_rows
from understudy.store import schema as tables
from understudy.store.codec import as_json, from_json
from understudy.store.looks import Look, LookRecord
from understudy.store.parts.part import Part


class Reviewing(Part):
    """Keeps briefs, models, and everything that was shown and said about them before a launch."""

    def add_brief(self, project: str, brief: Brief, *, by: str, reason: str, at: datetime) -> BriefVersion:
        """Records a version of the project's brief; one that says the same as the latest adds nothing.

        Args:
            project: Its name.
            brief: What it says from now on.
            by: Who wrote it.
            reason: Why it was changed; empty for the first.
            at: When, UTC.

        Returns:
            The version that stands.
        """
        return brief_rows.add(self._database, project, brief, by=by, reason=reason, at=at)

    def briefs(self, project: str) -> list[BriefVersion]:
        """Every version of the brief, oldest first."""
        return brief_rows.every(self._database, project)

    def latest_brief(self, project: str) -> BriefVersion | None:
        """The version of the brief that stands, or None."""
        return brief_rows.latest(self._database, project)

    def record_model(
        self,
        project: str,
        *,
        version: str,
        blob: str,
        trials: Sequence[Trial],
        data_version: str,
        at: datetime,
        synthetic: int = 0,
    ) -> None:
        """Records a model. If the latest one is the same but for its time, nothing is added.

        Args:
            project: Its name.
            version: SHA-256 of the model file, in hex.
            blob: Under which digest the blob store holds the file.
            trials: The candidates it was chosen from.
            data_version: Which examples and labels it learned from, as a digest.
            at: When, UTC.
            synthetic: How many of the examples it learned from were made up.
        """
        model = ModelRecord(version, blob, tuple(trials), data_version, at, synthetic)
        model_rows.record(self._database, project, model)

    def models(self, project: str) -> list[ModelRecord]:
        """Every model, oldest first."""
        return model_rows.of(self._database, project)

    def latest_model(self, project: str) -> ModelRecord | None:
        """The model recorded last, or None."""
        return model_rows.latest(self._database, project)

    def open_sealed(self, project: str, *, model: str, at: datetime) -> Look:
        """Opens the sealed labels for one model, and counts the look.

        The look is committed before any label can be read, so a look that is broken off counts too, and so does
        every repetition.

        Args:
            project: Its name.
            model: The version of the model that is to be judged.
            at: When, UTC.
        """
        return look_rows.open_sealed(self._database, project, model=model, at=at)

    def look_count(self, project: str) -> int:
        """How often the sealed labels were opened."""
        return look_rows.count(self._database, project)

    def looks(self, project: str) -> list[LookRecord]:
        """Every look: its number, for which model, when, and where its answers are; oldest first."""
        return look_rows.every(self._database, project)

    def record_judgement(self, project: str, judgement: Judgement, *, at: datetime) -> None:
        """Records what a look showed; the same judgement again adds nothing.

        Raises:
            UnknownLook: No look of this number was recorded for the judgement's model.
            JudgementExists: The look has another judgement.
        """
        look_rows.record_judgement(self._database, project, judgement, at=at)

    def latest_judgement(self, project: str) -> Judgement | None:
        """The judgement of the latest look that has one, or None."""
        return look_rows.latest_judgement(self._database, project)

    def record_answers(self, project: str, *, look: int, blob: str, at: datetime) -> None:
        """Records where the answers that a look was given are stored."""
        look_rows.record_answers(self._database, project, look=look, blob=blob, at=at)

    def answers_of(self, project: str, *, look: int) -> str | None:
        """Under which digest the blob store holds the answers that a look was given, or None."""
        return look_rows.answers_of(self._database, project, look=look)

    def record_rule(self, project: str, rule: Rule, *, model: str, at: datetime) -> None:
        """Records the best one-line rule of the examples that a model learned from."""
        logs.append(self._database, tables.rules, project, model=model, rule=as_json(Rule, rule), at=at)

    def rule_beside(self, project: str, *, model: str) -> Rule | None:
        """The one-line rule that was fitted beside a model, or None."""
        row = logs.latest(self._database, tables.rules, project, model=model)
        return None if row is None else from_json(Rule, row["rule"])

    def record_curve(self, project: str, curve: LearningCurve, *, data_version: str, at: datetime) -> None:
        """Records a learning curve of the training examples as they were."""
        kept = as_json(LearningCurve, curve)
        logs.append(self._database, tables.curves, project, data_version=data_version, curve=kept, at=at)

    def latest_curve(self, project: str, *, data_version: str | None = None) -> LearningCurve | None:
        """The learning curve recorded last, of these training examples if they are named, or None."""
        wanted: dict[str, Any] = {} if data_version is None else {"data_version": data_version}
        row = logs.latest(self._database, tables.curves, project, **wanted)
        return None if row is None else from_json(LearningCurve, row["curve"])

    def record_review(self, project: str, review: Review) -> None:
        """Records a review; nothing of it is ever changed, but that names of what is forgotten go."""
        kept = as_json(Review, review)
        logs.append(self._database, tables.reviews, project, look=review.look, review=kept, at=review.at)

    def retell_review(self, project: str, number: int, review: Review) -> None:
        """Puts the same review without names that were forgotten in the place of one; 1 is the oldest."""
        logs.rewrite(self._database, tables.reviews, project, number, review=as_json(Review, review))

    def reviews(self, project: str) -> list[Review]:
        """Every review, oldest first."""
        return [from_json(Review, row["review"]) for row in logs.rows(self._database, tables.reviews, project)]

    def latest_review(self, project: str) -> Review | None:
        """The review recorded last, or None."""
        row = logs.latest(self._database, tables.reviews, project)
        return None if row is None else from_json(Review, row["review"])
