"""The audit as a whole: it never fails, is the same each time, and says the gravest first."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import material

from understudy.audit.audit import CHECKS, audit
from understudy.audit.gaps import gaps
from understudy.audit.imbalance import imbalance
from understudy.audit.material import Material, OutOfFold
from understudy.audit.sensitive import sensitive
from understudy.audit.slices import weak_slices
from understudy.audit.suspects import suspects
from understudy.audit.too_few import too_few
from understudy.audit.twins import twins
from understudy.domain.example import Side
from understudy.domain.finding import FindingKind, Severity

FACTS = st.none() | st.floats(-1e6, 1e6) | st.sampled_from(["", "?", "a", "B b", "2024-01-01", "some longer text here"])
ROWS = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["id", "sex", "x", "text", "width"]), FACTS),
        st.none() | st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["g1", "g2", "g3", "g4"]),
        st.sampled_from(list(Side)),
    ),
    max_size=70,
)


@given(ROWS)
@settings(max_examples=40)
def test_any_table_can_be_audited(rows: list[tuple[dict[str, object], str | None, str, Side]]) -> None:
    """Whatever the columns hold, there are findings or none, the gravest first, twice the same."""
    facts, labels, groups, sides = (list(part) for part in zip(*rows, strict=True)) if rows else ([], [], [], [])
    given_material = Material(
        [f"e{place}" for place in range(len(rows))],
        facts,
        labels,
        groups,
        sides=sides,
        arrived=[float(place // 3) for place in range(len(rows))],
        origin=frozenset({"width"}),
    )
    findings = audit(given_material)
    order = [list(Severity).index(each.severity) for each in findings]
    assert order == sorted(order)
    assert all(len(each.evidence) <= 50 for each in findings)
    assert findings == audit(given_material)


def test_progress_is_told_check_by_check() -> None:
    """Each check is named before it runs."""
    told: list[tuple[str, int, int]] = []
    audit(material([{"x": 1.0}] * 3, ["a", "b", "a"]), progress=lambda *at: told.append(at))
    assert [name for name, _, _ in told] == [name for name, _ in CHECKS]


def test_lengths_must_agree() -> None:
    """A table with fewer labels than rows is a mistake of the caller."""
    with pytest.raises(ValueError, match="all of them"):
        Material(["a"], [{}], ["x", "y"], ["g"])


def test_a_torn_copy_is_grave() -> None:
    """A sealed example that is like a training one, if through others, is named, and is of high severity."""
    sides = [Side.TRAIN, Side.SEALED, Side.TRAIN]
    known = {"sides": sides, "digests": ["1", "2", "3"], "families": ["f", "f", "h"]}
    (found,) = twins(material([{}] * 3, ["a", None, "b"], **known))
    assert (found.kind, found.severity, found.evidence) == (FindingKind.TWINS_ACROSS_BORDER, Severity.HIGH, ("e1",))
    assert "in the sealed set look much like one that a model learns from, or like others that do: “e1”" in found.fact


def test_twins_on_one_side_are_fine() -> None:
    """Alike examples that lie together stand against nothing."""
    known = {"sides": [Side.TRAIN] * 3, "digests": ["1", "2", "3"], "families": ["f", "f", "h"]}
    assert list(twins(material([{}] * 3, ["a", "a", "b"], **known))) == []


def test_copies_that_no_model_learns_from_are_not_across_the_border() -> None:
    """A sealed example whose copy was set aside is judged by as any other; only what is learned from tears it."""
    for kept in ("digests", "families"):
        known = {"digests": ["1", "2"], "sides": [Side.SEALED, Side.SET_ASIDE]} | {kept: ["1", "1"]}
        assert FindingKind.TWINS_ACROSS_BORDER not in {each.kind for each in twins(material([{}] * 2, **known))}
        known["sides"] = [Side.SEALED, Side.TRAIN]
        assert FindingKind.TWINS_ACROSS_BORDER in {each.kind for each in twins(material([{}] * 2, **known))}


def test_many_parts_of_chance_stay_quiet() -> None:
    """In fifty worlds with 120 parts of which none is weaker, at most one raises a finding, for one always seems to."""
    alarms = 0
    for seed in range(50):
        rng = np.random.default_rng(seed)
        facts = [{f"c{at}": value for at, value in enumerate(row)} for row in rng.choice([*"pqr"], (150, 40)).tolist()]
        wrong = rng.random(150) < 0.3
        given_out = OutOfFold(("a", "b"), np.where(wrong[:, None], [0.1, 0.9], [0.9, 0.1]))
        alarms += bool(list(weak_slices(material(facts, ["a"] * 149 + ["b"], out_of_fold=given_out))))
    assert alarms <= 1


def test_a_weak_part_is_found_and_chance_is_not() -> None:
    """A model that fails the dim photos is told so; one that fails anywhere alike is not."""
    rng = np.random.default_rng(0)
    facts = [{"light": "dim" if place % 4 == 0 else "bright"} for place in range(400)]
    for weak, expected in ((0.5, ["light = dim"]), (0.1, [])):
        wrong = np.array([rng.random() < (weak if fact["light"] == "dim" else 0.1) for fact in facts])
        probabilities = np.where(wrong[:, None], [0.1, 0.9], [0.9, 0.1])
        asked = material(facts, ["a"] * 399 + ["b"], out_of_fold=OutOfFold(("a", "b"), probabilities))
        assert [each.subject for each in weak_slices(asked)] == expected


@pytest.mark.parametrize(
    ("start", "step", "weak"), [(1.7e9, 7.0, "from"), (52_000.0, 10.0, "up to"), (0.01, 1e-5, "from")]
)
def test_a_weak_part_is_told_as_it_was_cut(start: float, step: float, weak: str) -> None:
    """The number in the words of a weak part cuts off the rows that were counted, without an exponent."""
    numbers = [round(start + step * place, 6) for place in range(400)]
    wrong = np.arange(400) >= 300 if weak == "from" else np.arange(400) < 100
    given_out = OutOfFold(("a", "b"), np.where(wrong[:, None], [0.1, 0.9], [0.9, 0.1]))
    (found,) = weak_slices(material([{"x": each} for each in numbers], ["a"] * 400, out_of_fold=given_out))
    told = re.fullmatch(rf"x {weak} ([\d,.]+)(?: on)?", found.subject)
    assert told is not None
    cut = float(told[1].replace(",", ""))
    assert [each >= cut if weak == "from" else each <= cut for each in numbers] == wrong.tolist()


def test_wrong_labels_are_named_first() -> None:
    """Labels that a sure model contradicts are the evidence, and nothing else is."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 200)
    probabilities = np.stack([np.where(truth == 0, 0.95, 0.05), np.where(truth == 0, 0.05, 0.95)], axis=1)
    labels = [("a", "b")[label] for label in truth]
    for row in (3, 77, 150):
        labels[row] = "b" if labels[row] == "a" else "a"
    (found,) = suspects(material([{}] * 200, labels, out_of_fold=OutOfFold(("a", "b"), probabilities)))
    assert set(found.evidence) == {"e3", "e77", "e150"}


@pytest.mark.parametrize(
    ("value", "others", "hidden"), [(0, range(40, 90), True), (0, range(1, 60), False), (999, range(20, 80), True)]
)
def test_gaps_in_disguise(value: int, others: range, hidden: bool) -> None:
    """A 0 or 999 far from every measured value is named; a 0 that goes on as 1, 2, 3 is a count."""
    facts = [{"x": float(number)} for number in [*others, *others, *[value] * 8]]
    assert bool(list(gaps(material(facts)))) is hidden


@pytest.mark.parametrize(("often", "hidden"), [(2, False), (3, True)])
def test_a_gap_in_disguise_comes_again(often: int, hidden: bool) -> None:
    """A 0 that stands apart is taken for a gap where it comes at least three times; two may have been measured."""
    numbers = [*range(40, 90), *range(40, 90), *[0] * often]
    assert bool(list(gaps(material([{"x": float(number)} for number in numbers])))) is hidden


@pytest.mark.parametrize(("rare", "named"), [(10, False), (9, True)])
def test_a_rare_label_has_less_than_a_fifth_of_its_share(rare: int, named: bool) -> None:
    """Of a hundred and two labels fifty would be an equal share: ten are a fifth of it, nine are less."""
    assert bool(list(imbalance(material([{}] * 100, ["a"] * rare + ["b"] * (100 - rare))))) is named


@pytest.mark.parametrize(("wrong", "told"), [(3, "labels"), (4, "labels that are hardly told")])
def test_a_label_of_which_a_third_is_suspect_is_hardly_told(wrong: int, told: str) -> None:
    """Of twelve of a label four are a third, and then the model speaks against none of them; three are less."""
    rng = np.random.default_rng(0)
    truth = np.arange(300) < 12
    sure = np.where(truth, rng.uniform(0.8, 0.9, 300), rng.uniform(0.05, 0.1, 300))
    sure[:wrong] = 0.01
    labels = ["b" if each else "a" for each in truth]
    given_out = OutOfFold(("a", "b"), np.stack([1 - sure, sure], axis=1))
    (found,) = suspects(material([{}] * 300, labels, out_of_fold=given_out))
    assert (found.subject, set(found.evidence)) == (told, {f"e{place}" for place in range(wrong)})


@pytest.mark.parametrize(
    ("share", "said"), [(0.05, "of recorded outcomes few"), (0.3, "hardly tells the labels apart")]
)
def test_suspects_are_not_all_called_wrong(share: float, said: str) -> None:
    """Where a model contradicts many labels, the facts are in doubt rather than the labels; few outcomes are wrong."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 400)
    probabilities = np.stack([np.where(truth == 0, 0.9, 0.1), np.where(truth == 0, 0.1, 0.9)], axis=1)
    labels = [("a", "b")[int(one) ^ int(rng.random() < share)] for one in truth]
    (found,) = suspects(material([{}] * 400, labels, out_of_fold=OutOfFold(("a", "b"), probabilities)))
    assert said in found.reason
    assert "understudy label" in found.remedy


def test_a_rare_label_that_the_model_cannot_tell_is_not_called_wrong() -> None:
    """Where much of a label is suspect, nobody is told to correct it away, however few that is of all."""
    rng = np.random.default_rng(0)
    truth = np.arange(901) < 62
    sure = np.where(truth, rng.uniform(0.0, 0.2, 901), rng.uniform(0.0, 0.1, 901))
    sure[truth & (np.arange(901) % 5 == 0)] = 0.8
    wrong = (700, 800, 900)
    sure[list(wrong)] = 0.99
    probabilities = np.stack([1 - sure, sure], axis=1)
    labels = ["1" if each else "0" for each in truth]
    untold, doubtful = suspects(material([{}] * 901, labels, out_of_fold=OutOfFold(("0", "1"), probabilities)))
    assert untold.severity is Severity.LOW
    assert re.match(r"The model calls \d+ of 62 examples that say “1” something else\.", untold.fact)
    assert "Do not correct them" in untold.remedy
    assert all(int(name[1:]) < 62 for name in untold.evidence)
    assert "of 839 " in doubtful.fact
    assert set(doubtful.evidence) == {f"e{row}" for row in wrong}


def test_too_few_groups_are_not_called_too_few_examples() -> None:
    """What is missing is said in the words of what there is too little of: groups, where many belong together."""
    labels = ["a", "b"] * 35
    (grouped,) = too_few(replace(material([{}] * 70, labels), groups=["Ann", "Ben"] * 35))
    assert "Audit again from 50 groups on;" in grouped.remedy
    (alone,) = too_few(material([{}] * 20, labels[:20]))
    assert "Audit again from 50 on;" in alone.remedy


def test_an_answered_request_is_not_odd() -> None:
    """An example that came later is like the others, though its source differs and few others have a digit."""
    facts: list[dict[str, str | float]] = [{"digits": 0.0, "emoji": 0.0, "provenance": "import"} for _ in range(200)]
    for place in (7, 90, 150):
        facts[place] = {"digits": 0.1, "emoji": 0.0, "provenance": "outcome"}
    known: dict[str, object] = {"origin": frozenset({"provenance"}), "looks": frozenset({"digits", "emoji"})}
    assert list(suspects(material(facts, **known))) != []
    known["taken_in"] = known["origin"]
    assert list(suspects(material(facts, **known))) == []


def test_a_long_text_is_not_odd_twice() -> None:
    """A text with many characters has many words too, and length alone makes none like no other."""
    rng = np.random.default_rng(0)
    sizes = [*rng.integers(8, 14, 100).tolist(), 80]
    facts = [{"words": float(size), "characters": 6.0 * size, "digits": 0.0} for size in sizes]
    known = {"looks": frozenset({"words", "characters", "digits"})}
    assert list(suspects(material(facts, **known))) == []
    assert list(suspects(material([*facts[:-1], facts[-1] | {"digits": 0.5}], **known))) != []


@pytest.mark.parametrize(("count", "stands"), [(30, True), (84, False)])
def test_too_few_lists_to_learn_from(count: int, stands: bool) -> None:
    """Where answers are lists of items nothing stands as a label, so what there is to learn from is counted."""
    sides = [Side.TRAIN] * count + [Side.SEALED] * 60
    found = list(too_few(material([{}] * len(sides), sides=sides, ranked=True, noun=("history", "histories"))))
    assert bool(found) is stands
    assert all(each.fact.startswith(f"{count} histories to learn from, in {count} independent") for each in found)


def test_remedies_name_their_command() -> None:
    """Of a column that tells a person's sex the command is named that hides it, and nothing more once it is hidden."""
    facts = [{"gender": ("male", "female")[place % 2]} for place in range(60)]
    (found,) = sensitive(material(facts))
    assert "understudy columns PROJECT --set gender=held-out" in found.remedy
    (hidden,) = sensitive(material(facts, held_out=frozenset({"gender"})))
    assert hidden.remedy.startswith("Nothing needs doing")
