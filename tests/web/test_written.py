import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.answer import answer_from
from understudy.domain.decision import AnsweredBy, Decision
from understudy.web.decisions import decision_json
from understudy.web.disclosure import Disclosure
from understudy.web.written import model_answer

texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
AT = datetime(2026, 3, 2, 9, 14, 7, 412000, tzinfo=UTC)


@given(
    labels=st.lists(texts, min_size=2, max_size=5, unique=True),
    weights=st.lists(st.floats(1e-12, 1.0), min_size=5, max_size=5),
    key=st.none() | texts,
    project=texts,
    seconds=st.floats(0.0, 1e3),
)
def test_it_says_what_the_dictionary_says_letter_for_letter(
    labels: list[str], weights: list[float], key: str | None, project: str, seconds: float
) -> None:
    """Whatever labels, numbers and keys a decision holds, both ways of writing it give the same JSON."""
    total = sum(weights[: len(labels)])
    answer = answer_from(tuple(labels), tuple(each / total for each in weights[: len(labels)]), threshold=0.0)
    made = Decision("019ab3f0", project, "0" * 64, answer, AnsweredBy.MODEL, "9f2c", AT, seconds, stage=3, key=key)
    for decision in (made, replace(made, at=AT.replace(microsecond=0))):
        for kind in ("photo", "text"):
            told = decision_json(Disclosure(decision, to_client=True), kind)
            assert model_answer(decision, kind).decode() == json.dumps(told, ensure_ascii=False, separators=(",", ":"))
