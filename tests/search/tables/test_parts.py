"""The pieces of the search of tables keep their laws."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from understudy.modalities.table.cells import moment_of
from understudy.modalities.table.schema import Column, Kind
from understudy.search.odds import fit_slope, sloped
from understudy.search.out_of_fold import summed_up
from understudy.search.tables.boosting import Boosting
from understudy.search.tables.calibrating import fit_sharpness, sharpened
from understudy.search.tables.columns import MISSING, cells_of
from understudy.search.tables.dates import parts_of
from understudy.search.tables.doubt import Doubt, fit_doubt
from understudy.search.tables.encoding import Encoded, Encoding, Feature, fit_encoding
from understudy.search.tables.fitted import Family, Task
from understudy.search.tables.folds import LEAST, make_folds
from understudy.search.tables.forest import Forests
from understudy.search.tables.mixture import choose
from understudy.search.tables.ngrams import WORDS, NGrams, fit_ngrams
from understudy.search.tables.portfolio import FAMILIES, LINES, Size, planned
from understudy.search.tables.target import Target
from understudy.search.tables.target_means import fit_means
from understudy.search.threshold import choose_threshold

COLUMNS = (
    Column("n", Kind.NUMBER),
    Column("d", Kind.DATE, way="iso"),
    Column("w", Kind.CATEGORY),
    Column("t", Kind.TEXT),
)


def encoded_rows(count: int) -> tuple[Encoding, Encoded]:
    chance = np.random.default_rng(0)
    words = [f"the {chance.choice(['red', 'green', 'blue'])} lamp number {place % 40}" for place in range(count)]
    rows = [
        {
            "n": float(chance.normal()),
            "d": f"2024-0{1 + place % 9}-03 0{place % 7}:00",
            "w": "abc"[place % 3],
            "t": word,
        }
        if place % 11
        else {}
        for place, word in enumerate(words)
    ]
    cells = cells_of(rows, COLUMNS)
    encoding = fit_encoding(cells, COLUMNS, seed=0)
    return encoding, encoding.encoded(cells)


def test_an_encoding_survives_json_and_knows_what_is_new() -> None:
    """What was kept encodes the same; missing and unknown words have no code, missing numbers no value."""
    encoding, rows = encoded_rows(120)
    again = Encoding.of_json(COLUMNS, encoding.to_json(), encoding.arrays())
    new = cells_of([{"n": 1, "w": "never seen"}, {}], COLUMNS)
    np.testing.assert_array_equal(again.encoded(new).codes, encoding.encoded(new).codes)
    np.testing.assert_array_equal(again.encoded(new).numbers, encoding.encoded(new).numbers)
    assert (encoding.encoded(new).codes == MISSING).all()
    assert rows.numbers.shape[1] == len(encoding.numbers)
    assert rows.codes.shape[1] == len(encoding.codes) == len(encoding.sizes)
    assert np.isnan(encoding.encoded(new).numbers[1]).all()


def test_a_million_categories_are_bounded() -> None:
    """However many different words a column has, a bounded number is told apart."""
    count = 60_000
    cells = cells_of(({"w": f"w{place}"} for place in range(count)), COLUMNS[2:3])
    encoding = fit_encoding(cells, COLUMNS[2:3], seed=0)
    assert encoding.sizes == (20_000,)


def test_parts_of_dates() -> None:
    """A known moment has the year, month, day, weekday and hour of the calendar."""
    parts = parts_of(np.array([moment_of("2024-02-29 13:45:00"), np.nan, moment_of("1969-12-31 23:00:00")]))
    told = {name: values[0] for name, values in parts.items() if name != "days"}
    assert told == {
        "year": 2024, "month": 2, "day": 29, "weekday": 3, "day of year": 60, "hour": 13, "minute": 45,
    }  # fmt: skip
    assert all(np.isnan(values[1]) for values in parts.values())
    assert (parts["year"][2], parts["month"][2], parts["hour"][2]) == (1969, 12, 23)


def test_common_words_are_told_apart() -> None:
    """A word that some texts hold and others do not has a number of its own, whatever is written around it."""
    posts = [
        f"{kind} {grade} of unit {unit}" for kind in ("Officer", "Clerk") for grade in ("I", "II") for unit in "abcd"
    ]
    fitted = fit_ngrams(posts, seed=0)
    assert {"officer", "clerk", "i", "ii"} <= set(fitted.words)
    assert not {"of", "unit"} & set(fitted.words), "they are everywhere"
    seen = fitted.numbers(["clerk (II), unit z", "OFFICER", ""])
    assert seen.shape == (3, len(fitted.names))
    there = [
        {name for name, one in zip(fitted.names, row, strict=True) if name.startswith("word ") and one} for row in seen
    ]
    assert there == [{"word clerk", "word ii"}, {"word officer"}, set()]
    again = NGrams.of_arrays(fitted.arrays())
    assert again.words == fitted.words
    np.testing.assert_array_equal(again.numbers(posts), fitted.numbers(posts))


def test_no_text_holds_too_many_words_of_their_own() -> None:
    """However many words there are, a bounded number is looked for; rare ones are not."""
    texts = [f"w{place % 200} w{place % 150} lone{place}" for place in range(1200)]
    fitted = fit_ngrams(texts, seed=0)
    assert len(fitted.words) == WORDS
    assert not [word for word in fitted.words if word.startswith("lone")]
    assert fit_ngrams(["a b", "c d"], seed=0).words == ()


def test_words_alike_are_numbers_alike() -> None:
    """Spellings of one word are nearer to each other than to other words."""
    words = ["police officer", "police oficer", "school nurse", "nurse, school", "fire fighter", "firefighter"] * 3
    near = fit_ngrams(words, seed=0).numbers(words[:6])
    gaps = np.linalg.norm(near[:, None] - near[None], axis=2)
    for first, second in ((0, 1), (2, 3), (4, 5)):
        assert gaps[first, second] == min(gaps[first, place] for place in range(6) if place != first)


def test_target_means_never_show_a_row_its_own_answer() -> None:
    """Where every row has a category of its own, training rows see nothing of what they are answered with."""
    truth = np.random.default_rng(0).normal(size=(200, 1))
    codes = np.arange(200, dtype=np.int32)[:, None]
    means, seen = fit_means(codes, (200,), truth, seed=0)
    assert abs(np.corrcoef(seen[:, 0], truth[:, 0])[0, 1]) < 0.3
    assert np.corrcoef(means.numbers(codes)[:, 0], truth[:, 0])[0, 1] > 0.99
    assert means.numbers(np.array([[-1]], np.int32))[0, 0] == pytest.approx(truth.mean(), abs=1e-6)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), min_size=4, max_size=60), st.integers(0, 3))
def test_folds_keep_groups_together_and_hold_out_each_row_once(pairs: list[tuple[int, int]], seed: int) -> None:
    """Whatever the answers and groups: no group is on both sides, and no row is held out twice."""
    values = np.array([pair[0] for pair in pairs])
    groups = np.unique([pair[1] for pair in pairs], return_inverse=True)[1].astype(np.int64)
    drawn = make_folds(Target(values, 3, np.ones(len(values))), groups, None, seed=seed)
    assert drawn.apart == (len(set(groups.tolist())) > 1)
    folds = drawn.folds if drawn.apart else ()
    held = np.concatenate([fold.held_out for fold in drawn.folds])
    assert len(held) == len(set(held.tolist()))
    for fold in folds:
        assert not set(groups[fold.train]) & set(groups[fold.held_out])


@settings(max_examples=100)
@given(
    st.one_of(
        st.lists(st.floats(0, 100), min_size=12, max_size=80),
        st.lists(st.sampled_from([0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, np.nan]), min_size=12, max_size=80),
        st.lists(st.sampled_from([0.0, 1.0]), min_size=12, max_size=80),
    )
)
def test_time_is_judged_ahead(times: list[float]) -> None:
    """Where time counts, all that is learned from came before all that is judged; some always did."""
    moments = np.array(times)
    target = Target(np.arange(len(times)) % 2, 2, np.ones(len(times)))
    drawn = make_folds(target, np.arange(len(times)), moments, seed=0)
    known = np.where(np.isnan(moments), -np.inf, moments)
    enough = LEAST * len(known)
    assert drawn.ahead == any(enough <= np.sum(known < cut) <= len(known) - enough for cut in known)
    assert drawn.folds
    for fold in drawn.folds:
        assert len(fold.train)
        assert len(fold.held_out)
        if drawn.ahead:
            assert known[fold.train].max() < known[fold.held_out].min()
            assert len(fold.train) >= enough


@pytest.mark.parametrize(
    ("years", "parts"),
    [
        ([100] * 4, [(200, 100), (300, 100)]),
        ([50, 50], [(50, 50)]),
        ([3, 60, 37], [(63, 37)]),
        ([3, 97], []),
        ([9], []),
    ],
)
def test_few_moments_are_judged_ahead_too(years: list[int], parts: list[tuple[int, int]]) -> None:
    """Two are enough, as long as what came before is worth learning from and what came later worth being judged by."""
    times = np.repeat(np.arange(2020.0, 2020 + len(years)), years)
    target = Target(np.arange(len(times)) % 2, 2, np.ones(len(times)))
    drawn = make_folds(target, np.arange(len(times)), times, seed=0)
    assert drawn.ahead == bool(parts)
    assert not parts or [(len(fold.train), len(fold.held_out)) for fold in drawn.folds] == parts


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 19), min_size=1, max_size=30),
    st.lists(st.one_of(st.just(np.nan), st.integers(-1, 10).map(float), st.floats(0, 12)), min_size=30, max_size=30),
    st.booleans(),
)
def test_made_up_rows_tell_nothing_of_what_is_held_out(made: list[int], later: list[float], timed: bool) -> None:
    """A fold learns from all that share no group with what judges it and, where it looks ahead, came before that."""
    groups = np.concatenate([np.arange(20) // 2, made]).astype(np.int64)
    moments = np.concatenate([np.arange(20.0) // 2, later[: len(made)]])
    target, times = Target(np.arange(20) % 2, 2, np.ones(20)), moments if timed else None
    drawn = make_folds(target, groups[:20], None if times is None else times[:20], seed=0)
    assert drawn.ahead == timed
    rows = np.arange(20, len(groups))
    besides = drawn.taught_besides(rows, groups, times)
    for before, fold in zip(drawn.folds, besides.folds, strict=True):
        held = fold.held_out
        free = [
            row for row in rows if groups[row] not in groups[held] and (not timed or moments[row] < moments[held].min())
        ]
        assert fold.train.tolist() == [*before.train.tolist(), *free]


def test_made_up_rows_are_learned_from_where_they_came_before_all_that_is_judged() -> None:
    """One of the first moment that is judged, of none that is known, or of a group that is judged is not."""
    times = np.array([*range(8), 3, 4, np.nan, 3, -1], float)
    groups = np.array([*range(8), 8, 9, 10, 4, 11])
    drawn = make_folds(Target(np.arange(8) % 2, 2, np.ones(8)), groups[:8], times[:8], seed=0)
    first = drawn.taught_besides(np.arange(8, 13), groups, times).folds[0]
    assert first.held_out.tolist() == [4]
    assert first.train.tolist() == [0, 1, 2, 3, 8, 12]


@pytest.mark.parametrize("family", sorted(FAMILIES))
@pytest.mark.parametrize("classes", [0, 2, 3])
def test_every_family_is_kept_as_arrays(family: str, classes: int) -> None:
    """What was fitted answers the same after it was kept and read; the same seed gives the same arrays."""
    encoding, rows = encoded_rows(120)
    signal = np.nan_to_num(rows.numbers[:, 0])
    values = signal if not classes else np.digitize(signal, [0.0, 0.7][: classes - 1])
    target = Target(values, classes, np.ones(len(rows)))
    task = Task(rows, target, rows, target, encoding.sizes, encoding.numbers, 0, 1, lambda: None)
    chosen = next(each for each in planned(Size(100, 9, classes, thorough=True)) if each.family == family)
    setting = dict(chosen.setting) | {"trees": {"rounds": 25}, "network": {"steps": 80}}.get(family, {})
    maker: Family = FAMILIES[family]
    fitted = maker.fit(task, setting)
    again = maker.read(fitted.arrays())
    np.testing.assert_allclose(again.answers(rows), fitted.answers(rows), atol=1e-9)
    assert fitted.answers(rows).shape == (120, max(classes, 1))
    if classes:
        np.testing.assert_allclose(fitted.answers(rows).sum(axis=1), 1, atol=1e-6)
    assert target.loss(fitted.answers(rows)) < target.loss(
        np.full((120, max(classes, 1)), 1 / classes if classes else 0.0)
    )
    twice = maker.fit(task, setting).arrays()
    assert all(
        np.array_equal(array, twice[name], equal_nan=array.dtype.kind == "f") for name, array in fitted.arrays().items()
    )


def test_forests_answer_as_scikit_learn_does() -> None:
    """The arrays of a forest whose trees know every row by heart give each row its own answer."""
    encoding, encoded = encoded_rows(100)
    rows = Encoded(encoded.numbers, np.zeros((100, 0), np.int32))
    target = Target(np.nan_to_num(rows.numbers[:, 0].astype(np.float64)), 0, np.ones(100))
    task = Task(rows, target, rows, target, (), encoding.numbers, 0, 1, lambda: None)
    forest = Forests().fit(task, {"random": True, "leaf": 1, "share": 1.0})
    known = np.isfinite(rows.numbers[:, 0])
    np.testing.assert_allclose(forest.answers(rows)[known, 0], target.values[known], atol=1e-5)


def test_forests_tell_all_columns_of_a_wide_table_apart() -> None:
    """The last of 33,000 columns, which alone says anything, is answered by."""
    numbers = np.zeros((20, 33_000), np.float32)
    numbers[:, -1] = np.arange(20)
    rows, target = Encoded(numbers, np.zeros((20, 0), np.int32)), Target(np.arange(20.0), 0, np.ones(20))
    features = tuple(Feature(str(place), str(place)) for place in range(33_000))
    forest = Forests().fit(
        Task(rows, target, rows, target, (), features, 0, 1, lambda: None), {"random": True, "leaf": 1, "share": 1.0}
    )
    np.testing.assert_allclose(forest.answers(rows)[:, 0], target.values, atol=1e-5)
    again = Forests().read(forest.arrays())
    np.testing.assert_array_equal(again.answers(rows), forest.answers(rows))


def test_a_mixture_is_no_worse_than_its_best_start() -> None:
    """The mixture's loss is at most that of the mean of the best few, for labels and for numbers."""
    chance = np.random.default_rng(0)
    labels = Target(chance.integers(0, 2, 300), 2, np.ones(300))
    odds = [(labels.values * 2 - 1) * 0.5 + chance.normal(0, 1, 300) for _ in range(8)]
    given = [np.stack([special.expit(-each), special.expit(each)], axis=1) for each in odds]
    mixture = choose(given, labels)
    best = sorted(given, key=labels.loss)[:5]
    assert labels.loss(mixture.given) <= labels.loss(np.mean(best, axis=0)) + 1e-9
    assert sum(mixture.weights) == pytest.approx(1)
    numbers = Target(chance.normal(size=300), 0, np.ones(300))
    alone = choose([numbers.values[:, None] + chance.normal(0, 1, (300, 1)) for _ in range(4)], numbers)
    assert numbers.loss(alone.given) < 0.8


def test_sharpness_and_slope_make_probabilities_honest() -> None:
    """Probabilities that were made too sure, or too unsure, come back near the truth."""
    chance = np.random.default_rng(0)
    true = chance.dirichlet([1, 1, 1], 4000)
    labels = np.array([chance.choice(3, p=row) for row in true])
    for power in (0.5, 2.0):
        given = true**power / (true**power).sum(axis=1, keepdims=True)
        assert fit_sharpness(given, labels) == pytest.approx(1 / power, rel=0.15)
        np.testing.assert_allclose(sharpened(given, 1 / power), true, atol=1e-3)
    stated = chance.random(4000)
    right = chance.random(4000) < stated**2
    honest = sloped(stated, fit_slope(stated, right))
    assert abs(honest.mean() - right.mean()) < 0.01


def test_the_threshold_keeps_its_share() -> None:
    """Answers at or above the threshold are right often enough, and the summary forgets which row was which."""
    chance = np.random.default_rng(0)
    stated = chance.random(500)
    right = chance.random(500) < stated
    threshold = choose_threshold(stated, right)
    assert right[stated >= threshold].mean() >= 0.95
    told = summed_up(stated, right)
    assert list(told.stated) == sorted(told.stated, reverse=True)
    assert sum(told.right) == right.sum()


def test_doubt_knows_hard_rows() -> None:
    """Where answers scatter twice as far, the interval is wider, and 80% of the truth lies within."""
    chance = np.random.default_rng(0)
    hard = chance.random(1500) < 0.5
    rows = Encoded(hard.astype(np.float32)[:, None], np.zeros((1500, 0), np.int32))
    said = chance.normal(size=1500)
    truth = said + chance.normal(size=1500) * np.where(hard, 2.0, 0.5)
    doubt, hardness = fit_doubt(rows, said, truth, np.arange(1500), (), (Feature("hard", ""),), seed=0)
    again = Doubt.of_arrays(doubt.arrays())
    np.testing.assert_allclose(again.hardness(rows, said), doubt.hardness(rows, said))
    sides = doubt.intervals(said, hardness)
    assert 0.77 < ((truth >= sides[:, 0]) & (truth <= sides[:, 1])).mean() < 0.83
    assert np.median(hardness[hard]) > 2 * np.median(hardness[~hard])
    within = doubt.within(1.0, hardness)
    near = np.abs(truth - said) <= 1.0
    assert abs(within[hard].mean() - near[hard].mean()) < 0.08
    assert abs(within[~hard].mean() - near[~hard].mean()) < 0.08


def test_doubt_holds_for_new_groups() -> None:
    """Where rows of a group are off by the same, intervals hold the truth of other groups as often as they say."""
    chance, held = np.random.default_rng(0), []

    def some(groups: int, each: int) -> tuple[Encoded, npt.NDArray[np.float64]]:
        centre = np.repeat(chance.normal(size=(groups, 4)), each, axis=0)
        seen = centre + 0.02 * chance.normal(size=centre.shape)
        off = np.repeat(3 * chance.normal(size=groups), each) + 0.3 * chance.normal(size=groups * each)
        return Encoded(seen.astype(np.float32), np.zeros((len(seen), 0), np.int32)), off

    for seed in range(3):
        (rows, truth), (new, true) = some(40, 10), some(400, 1)
        groups, features = np.repeat(np.arange(40), 10), tuple(Feature(name, name) for name in "abcd")
        doubt, _ = fit_doubt(rows, np.zeros(400), truth, groups, (), features, seed=seed)
        sides = doubt.intervals(np.zeros(400), doubt.hardness(new, np.zeros(400)))
        held.append(((true >= sides[:, 0]) & (true <= sides[:, 1])).mean())
    assert 0.72 < np.mean(held) < 0.9


def test_plans_follow_a_tables_size() -> None:
    """Few rows are drawn anew, many begin with something quick, and a ticked direction leaves what holds to it."""
    assert {each.repeat for each in planned(Size(500, 10, 2, thorough=True))} == {0, 1, 2, 3}
    assert planned(Size(10**6, 10, 2, thorough=False))[0].setting["most"] == 30_000
    directed = planned(Size(5000, 10, 2, thorough=True, directed=True))
    assert {each.family for each in directed} == {"trees"}
    names = [each.name for each in planned(Size(5000, 10, 2, thorough=True)) if not each.repeat]
    assert len(names) == len(set(names))


def test_lines_in_leaves_do_not_lead_beyond_what_was_seen() -> None:
    """Far away from all rows an answer stays within the numbers that were learned from; such trees give no reasons."""
    chance = np.random.default_rng(0)
    numbers = chance.normal(size=(300, 2)).astype(np.float32)
    rows = Encoded(numbers, np.zeros((300, 0), np.int32))
    target = Target(3.0 * numbers[:, 0] + numbers[:, 1], 0, np.ones(300))
    task = Task(rows, target, rows, target, (), (Feature("a", "a"), Feature("b", "b")), 0, 1, lambda: None)
    trees = Boosting().fit(task, LINES.setting)
    far = Encoded(np.array([[40.0, 40.0], [-40.0, -40.0]], np.float32), np.zeros((2, 0), np.int32))
    low, high = trees.answers(far)[::-1, 0]
    assert target.values.min() <= low < high <= target.values.max()
    again = Boosting().read(trees.arrays())
    np.testing.assert_array_equal(again.answers(far), trees.answers(far))
    assert not again.explains


def test_lines_in_leaves_give_no_reasons_where_no_split_was_found_either() -> None:
    """LightGBM goes by how trees were to be made, and refuses reasons though none has a line."""
    rows = Encoded(np.zeros((30, 1), np.float32), np.zeros((30, 0), np.int32))
    target = Target(np.random.default_rng(0).normal(size=30), 0, np.ones(30))
    task = Task(rows, target, rows, target, (), (Feature("a", "a"),), 0, 1, lambda: None)
    assert not Boosting().fit(task, LINES.setting).cut(1).explains
