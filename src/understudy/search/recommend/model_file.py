"""The file of a model of interactions: a zip of parts without code."""

import base64
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from understudy.domain.answer import Answer
from understudy.domain.task import Task
from understudy.domain.trial import Trial
from understudy.launch.usual import Usual
from understudy.modalities.interactions.question import Event, Question, question_bytes
from understudy.search.description import Description
from understudy.search.out_of_fold import summed_up
from understudy.search.parts import Parts, write_parts
from understudy.search.recommend.figures import Figure, Figures
from understudy.search.recommend.finishing import Finished
from understudy.search.recommend.lesson import About, Lesson
from understudy.search.recommend.log import Catalogue
from understudy.search.recommend.mixture import Sureness
from understudy.search.recommend.rankers import Arrays, Ranker, ranker_from
from understudy.search.recommend.speech import Speech, Spoken
from understudy.search.recommend.usual import usual_of

KIND: Final = "recommend"
ITEMS, NAMES = "items.json", "names.json"
ENCODER: Final = "who took what/1"
NEVER_ASK: Final = 0.0
"""A list is given however unsure it is: people who are asked what comes next for somebody else can only guess."""


@dataclass(frozen=True)
class Report:
    """How the lists did on questions that the model did not learn from, beside the popularity rule.

    Attributes:
        ours: Of the model.
        rule: Of the popularity rule.
        above: NDCG beyond the rule's.
    """

    ours: Figures
    rule: Figures
    above: Figure

    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """What was measured, of the model and of the popularity rule, in words for a table; the gain comes last."""
        length = self.ours.length
        means = [(f"NDCG@{length}", "ndcg"), (f"precision@{length}", "precision"), (f"recall@{length}", "recall")]
        rows = [
            (said, _said(getattr(self.ours, name)), _said(getattr(self.rule, name)))
            for said, name in [*means, ("people with a hit", "hits")]
        ]
        shown = [("items that stand in some list", f"{each.coverage:.0%}") for each in (self.ours, self.rule)]
        surprise = [f"{each.novelty:.1f} bits" for each in (self.ours, self.rule)]
        rows += [(shown[0][0], shown[0][1], shown[1][1]), ("surprise of a listed item", surprise[0], surprise[1])]
        return (*rows, (f"NDCG@{length} above the popularity rule", _said(self.above), ""))


def _said(figure: Figure) -> str:
    return f"{figure.estimate:.3f} ({figure.lower:.3f} to {figure.upper:.3f})"


@dataclass(frozen=True)
class Inside:
    """What a file holds, ready to answer.

    Attributes:
        description: What it says of itself.
        speech: How it answers.
        report: How it did on what it did not learn from.
        golden: Questions, and what was answered when the file was made, as far as it is compared.
        usual: Traits of histories that were learned from.
    """

    description: Description
    speech: Speech
    report: Report
    golden: tuple[tuple[bytes, dict[str, Any]], ...]
    usual: Usual | None = None


def write_file(lesson: Lesson, task: Task, finished: Finished, *, seed: int) -> bytes:
    """Makes the file. The same content gives the same bytes."""
    description = _described(lesson, task, finished, seed)
    spoken = tuple(Spoken(each.ranker, each.height, each.place) for each in finished.members)
    speech = Speech(lesson.catalogue, lesson.content.names, lesson.about, spoken, finished.sureness)
    golden = golden_questions(lesson)
    told = [each.ranker.told() for each in finished.members]
    worth = finished.worth
    manifest = description.to_json() | {
        "kind": KIND,
        "usual": usual_of(lesson, seed=seed).to_json(),
        "about": asdict(lesson.about),
        "sureness": asdict(finished.sureness),
        "rankers": [
            said | {"height": each.height, "place": each.place}
            for (said, _), each in zip(told, finished.members, strict=True)
        ],
        "figures": {"ours": worth.ours.to_json(), "rule": worth.rule.to_json(), "above": asdict(worth.above)},
        "golden": [
            {"input": base64.b64encode(data).decode(), "answer": compared(answer)}
            for data, answer in zip(golden, speech.answers(golden), strict=True)
            if isinstance(answer, Answer)
        ],
    }
    files = {ITEMS: _json(lesson.catalogue.items), NAMES: _json(dict(lesson.content.names))}
    for place, (_, arrays) in enumerate(told):
        files |= {f"ranker-{place}-{name}.npy": _packed(array) for name, array in arrays.items()}
    return write_parts(manifest, files)


def read_inside(parts: Parts) -> Inside:
    """Reads what `write_file` made.

    Raises:
        KeyError, TypeError, ValueError: Something is missing or of the wrong kind.
    """
    given = parts.manifest
    catalogue = Catalogue.of(str(item) for item in json.loads(parts.files[ITEMS]))
    names = {str(item): str(name) for item, name in json.loads(parts.files[NAMES]).items()}
    spoken = tuple(
        Spoken(_ranker(said, parts.files, place, len(catalogue)), float(said["height"]), float(said["place"]))
        for place, said in enumerate(given["rankers"])
    )
    sureness = _sureness(given["sureness"])
    figures = given["figures"]
    report = Report(Figures.from_json(figures["ours"]), Figures.from_json(figures["rule"]), Figure(**figures["above"]))
    golden = tuple((base64.b64decode(each["input"]), dict(each["answer"])) for each in given["golden"])
    speech = Speech(catalogue, names, _about(given["about"]), spoken, sureness)
    description = Description.from_json(given)
    return Inside(description, speech, report, golden, description.usual)


def _sureness(given: Mapping[str, Any]) -> Sureness:
    return Sureness(float(given["slope"]), float(given["level"]), float(given["new"]), int(given["shortest"]))


def _about(given: Mapping[str, Any]) -> About:
    return About(**{**given, "columns": tuple((str(part), str(column)) for part, column in given.get("columns", ()))})


def compared(answer: Answer) -> dict[str, Any]:
    """What must be answered again: the list and the probability that it is right."""
    return {"label": answer.label, "probability": round(answer.probability, 7)}


def golden_questions(lesson: Lesson) -> tuple[bytes, ...]:
    """Histories drawn by rule from the catalogue, nobody's own: none at all, the commonest item, the ten commonest."""
    counts = np.bincount(lesson.log.item, minlength=len(lesson.catalogue))
    common = [lesson.catalogue.items[at] for at in np.argsort(-counts, kind="stable")[:10]]
    histories: Sequence[Sequence[str]] = ([], common[:1], common)
    return tuple(question_bytes(Question("", tuple(Event(item) for item in each))) for each in histories)


def _described(lesson: Lesson, task: Task, finished: Finished, seed: int) -> Description:
    members = tuple((each.entry.trial, round(each.height + each.place, 6)) for each in finished.members)
    worth, figures = finished.worth, finished.worth.ours
    return Description(
        labels=(),
        task=task,
        preparation=asdict(lesson.about),
        threshold=NEVER_ASK,
        data_version=lesson.version,
        encoder=ENCODER,
        seed=seed,
        examples=(lesson.examples,),
        members=_shared(members),
        held_out_log_loss=1 - figures.ndcg.estimate,
        held_out_accuracy=figures.hits.estimate,
        out_of_fold=summed_up(worth.stated, worth.right, stretches=worth.stretches),
    )


def _shared(members: tuple[tuple[Trial, float], ...]) -> tuple[tuple[Trial, float], ...]:
    """Weights as shares of all."""
    total = sum(weight for _, weight in members) or 1.0
    return tuple((trial, round(weight / total, 6)) for trial, weight in members)


def _ranker(said: Mapping[str, Any], files: Mapping[str, bytes], place: int, width: int) -> Ranker:
    start = f"ranker-{place}-"
    arrays: Arrays = {
        name.removeprefix(start).removesuffix(".npy"): np.load(io.BytesIO(data), allow_pickle=False)
        for name, data in files.items()
        if name.startswith(start)
    }
    return ranker_from(said, arrays, width)


def _packed(array: npt.NDArray[Any]) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=False)
    return out.getvalue()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "replace")
