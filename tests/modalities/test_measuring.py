"""What a modality measures is checked where it comes in."""

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.modalities.measuring import MeasureUnfit, facts_of, inspected
from understudy.modalities.protocol import Measured
from understudy.modalities.text.modality import Texts

NUMBERS = st.floats() | st.integers(-(2**40), 2**40) | st.booleans()


class Telling(Texts):
    """Texts that are measured as a test says."""

    name = "telling"

    def __init__(self, facts: Any = None, seen: Any = None) -> None:
        self.told, self.seen = facts, seen

    def facts(self, data: bytes) -> Any:
        del data
        return self.told

    def inspect(self, data: bytes) -> Any:
        del data
        return self.seen


# NumPy's texts have no NULs at their end, whatever they were made of.
TEXTS = st.text().map(lambda text: text.rstrip("\0"))


@given(st.dictionaries(st.text(), st.none() | TEXTS | NUMBERS))
@example({"": "a\0b"})
def test_facts_can_be_kept_as_json(told: Mapping[str, Any]) -> None:
    """As NumPy's numbers or Python's: they come to the same, NaN to nothing known, and infinity is refused."""
    own = {name: np.asarray(fact)[()] if isinstance(fact, float | int | str) else fact for name, fact in told.items()}
    if any(isinstance(fact, float) and math.isinf(fact) for fact in told.values()):
        with pytest.raises(MeasureUnfit, match="finite number"):
            facts_of(Telling(own), b"")
        return
    facts = facts_of(Telling(own), b"")
    assert facts == facts_of(Telling(told), b"")
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    for name, fact in told.items():
        assert facts[name] == (None if isinstance(fact, float) and math.isnan(fact) else fact)


@pytest.mark.parametrize("fact", [[1.0, 2.0], (1,), np.ones(2), b"raw", {"a": 1}, 1j], ids=str)
def test_a_fact_of_another_kind_is_named(fact: object) -> None:
    """The error says which module gives what as which fact."""
    with pytest.raises(MeasureUnfit, match=r"The module “telling” gives .* as the fact “peaks”"):
        facts_of(Telling({"loud": 1.0, "peaks": fact}), b"")


@pytest.mark.parametrize("told", [None, [("loud", 1.0)], {3: 1.0}], ids=str)
def test_facts_that_are_none_are_refused(told: object) -> None:
    """Only a mapping by name can be told apart."""
    with pytest.raises(MeasureUnfit, match="“telling”"):
        facts_of(Telling(told), b"")


@pytest.mark.parametrize(
    ("seen", "what"),
    [
        (None, r"inspect\(\)"),
        ("print", r"inspect\(\)"),
        (Measured(fingerprint=b"raw"), "the fingerprint"),  # type: ignore[arg-type]
        (Measured(remark=None), "the remark"),  # type: ignore[arg-type]
        (Measured(width=1.5), "the width"),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_a_look_that_tells_something_else_is_named(seen: object, what: str) -> None:
    """Before anything is kept, and by the module's name."""
    with pytest.raises(MeasureUnfit, match=rf"The module “telling” gives .* as {what}"):
        inspected(Telling(seen=seen), b"")
    assert inspected(Telling(seen=Measured("ab")), b"") == Measured("ab")
