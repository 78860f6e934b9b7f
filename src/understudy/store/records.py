"""How nested nouns are written as JSON and read back, exactly.

JSON has no word for NaN and infinity, so those stand as text; Python writes every other float so that it reads back
to the same bits. Counts and floats of an array library are written as what they are worth.
"""

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from understudy.domain.answer import Answer, Reason
from understudy.domain.evidence import ClassRecall, Judgement, Later, NumberFigures, Proportion, ReliabilityBin
from understudy.domain.task import AnswerKind, Task
from understudy.domain.trial import Trial
from understudy.store.codec import as_json, from_json

Record = dict[str, Any]

_ENCODER = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
_quoted = lru_cache(maxsize=4096)(_ENCODER.encode)
"""A text in quotation marks; labels come again and again."""


def json_text(value: Any) -> str:
    """The value as JSON without a space; NaN and infinity must be texts by now."""
    return _ENCODER.encode(value)


def answer_text(answer: Answer) -> str:
    """The text of `answer_record`; written straight, because it goes with every request."""
    chances = ",".join([f"[{_quoted(label)},{_figure(chance)}]" for label, chance in answer.probabilities])
    return (
        f'{{"label":{_quoted(answer.label)},"probability":{_figure(answer.probability)},'
        f'"runner_up":{_quoted(answer.runner_up)},"runner_up_probability":{_figure(answer.runner_up_probability)},'
        f'"ask_person":{"true" if answer.ask_person else "false"},"probabilities":[{chances}]{_rest_text(answer)}}}'
    )


def answer_record(answer: Answer) -> Record:
    """An answer as JSON."""
    return {
        "label": answer.label,
        "probability": _number(answer.probability),
        "runner_up": answer.runner_up,
        "runner_up_probability": _number(answer.runner_up_probability),
        "ask_person": bool(answer.ask_person),
        "probabilities": [[label, _number(probability)] for label, probability in answer.probabilities],
        **_rest(answer),
    }


def _rest(answer: Answer) -> Record:
    """What only some answers have; that of one of several labels is as it always was."""
    rest: Record = {} if answer.kind is AnswerKind.LABEL else {"kind": answer.kind.value}
    if answer.interval is not None:
        rest["interval"] = [_number(end) for end in answer.interval]
    if answer.unknown:
        rest["unknown"] = True
    if answer.seconds is not None:
        rest["seconds"] = [_number(end) for end in answer.seconds]
    if answer.reasons:
        rest["reasons"] = [[reason.what, _number(reason.push)] for reason in answer.reasons]
    if answer.remarks:
        rest["remarks"] = list(answer.remarks)
    if answer.titles:
        rest["titles"] = list(answer.titles)
    return rest


def _rest_text(answer: Answer) -> str:
    rest = _rest(answer)
    return f",{json_text(rest)[1:-1]}" if rest else ""


def answer_from(record: Mapping[str, Any]) -> Answer:
    """The answer that `answer_record` wrote."""
    return Answer(
        label=record["label"],
        probability=float(record["probability"]),
        runner_up=record["runner_up"],
        runner_up_probability=float(record["runner_up_probability"]),
        ask_person=record["ask_person"],
        probabilities=tuple((label, float(probability)) for label, probability in record["probabilities"]),
        kind=AnswerKind(record.get("kind", AnswerKind.LABEL)),
        interval=_ends(record.get("interval")),
        unknown=record.get("unknown", False),
        seconds=_ends(record.get("seconds")),
        reasons=tuple(Reason(what, float(push)) for what, push in record.get("reasons", ())),
        remarks=tuple(record.get("remarks", ())),
        titles=tuple(record.get("titles", ())),
    )


def _ends(kept: Sequence[Any] | None) -> tuple[float, float] | None:
    return None if kept is None else (float(kept[0]), float(kept[1]))


def plain(value: Any) -> Any:
    """The same value with NaN and infinity, wherever they lie in it, written as text; for evidence and messages."""
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return _number(value) if isinstance(value, float) else value


def trial_records(trials: Sequence[Trial]) -> list[Record]:
    """Trials as JSON, in their order."""
    return [
        {"name": trial.name, "log_loss": _number(trial.log_loss), "accuracy": _number(trial.accuracy)}
        for trial in trials
    ]


def trials_from(records: Sequence[Mapping[str, Any]]) -> tuple[Trial, ...]:
    """The trials that `trial_records` wrote."""
    return tuple(
        Trial(name=record["name"], log_loss=float(record["log_loss"]), accuracy=float(record["accuracy"]))
        for record in records
    )


def judgement_record(judgement: Judgement) -> Record:
    """A judgement as JSON."""
    return {
        "model": judgement.model,
        "labels": list(judgement.labels),
        "accuracy": _proportion_record(judgement.accuracy),
        "recalls": [{"label": each.label, "recall": _proportion_record(each.recall)} for each in judgement.recalls],
        "confusion": [[int(count) for count in row] for row in judgement.confusion],
        "reliability": [_bin_record(each) for each in judgement.reliability],
        "calibration_error": _number(judgement.calibration_error),
        "majority": int(judgement.majority),
        "asked": int(judgement.asked),
        "groups": int(judgement.groups),
        "look": int(judgement.look),
        "mistakes": [[digest, true, said, _number(sure)] for digest, true, said, sure in judgement.mistakes],
        "task": as_json(Task, judgement.task),
        "numbers": judgement.numbers and as_json(NumberFigures, judgement.numbers),
        "better": bool(judgement.better),
        "later": judgement.later and as_json(Later, judgement.later),
    }


def judgement_from(record: Mapping[str, Any]) -> Judgement:
    """The judgement that `judgement_record` wrote."""
    numbers, later = record.get("numbers"), record["later"]
    return Judgement(
        model=record["model"],
        labels=tuple(record["labels"]),
        accuracy=_proportion_from(record["accuracy"]),
        recalls=tuple(ClassRecall(each["label"], _proportion_from(each["recall"])) for each in record["recalls"]),
        confusion=tuple(tuple(row) for row in record["confusion"]),
        reliability=tuple(_bin_from(each) for each in record["reliability"]),
        calibration_error=float(record["calibration_error"]),
        majority=record["majority"],
        asked=record["asked"],
        groups=record["groups"],
        look=record["look"],
        mistakes=tuple((digest, true, said, float(sure)) for digest, true, said, sure in record["mistakes"]),
        task=from_json(Task, record.get("task", {})),  # an older record is of a photo's label
        numbers=numbers and from_json(NumberFigures, numbers),
        better=record["better"],
        later=later and from_json(Later, later),
    )


def _figure(value: float) -> str:
    """What `_number` gives, as JSON."""
    return repr(float(value)) if math.isfinite(value) else f'"{float(value)}"'


def _number(value: float) -> float | str:
    return float(value) if math.isfinite(value) else str(float(value))


def _proportion_record(proportion: Proportion) -> Record:
    return {
        "successes": int(proportion.successes),
        "trials": int(proportion.trials),
        "lower": _number(proportion.lower),
        "confidence": _number(proportion.confidence),
        "method": proportion.method,
    }


def _proportion_from(record: Mapping[str, Any]) -> Proportion:
    return Proportion(
        successes=record["successes"],
        trials=record["trials"],
        lower=float(record["lower"]),
        confidence=float(record["confidence"]),
        method=record["method"],
    )


def _bin_record(each: ReliabilityBin) -> Record:
    return {
        "lower": _number(each.lower),
        "upper": _number(each.upper),
        "count": int(each.count),
        "mean_probability": _number(each.mean_probability),
        "share_right": _number(each.share_right),
    }


def _bin_from(record: Mapping[str, Any]) -> ReliabilityBin:
    return ReliabilityBin(
        lower=float(record["lower"]),
        upper=float(record["upper"]),
        count=record["count"],
        mean_probability=float(record["mean_probability"]),
        share_right=float(record["share_right"]),
    )
