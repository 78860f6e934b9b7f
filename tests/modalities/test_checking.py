"""What every modality does, and what is told of one that does not."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

from clips import clip, moving, still
from coloured import coloured
from recordings import melody, wav
from series_page import page_module
from understudy.modalities.checking import Unconforming, check
from understudy.modalities.interactions.question import Event, Question, question_bytes
from understudy.modalities.registry import BUILT_IN, modality_named

SAMPLES: dict[str, list[bytes]] = {
    "photo": [coloured("amber", 0), coloured("azure", 1, size=(200, 300)), coloured("amber", 2, kind="PNG")],
    "text": [b"Where is my parcel?", "Wo bleibt das Paket, das am Dienstag kommen sollte? 📦".encode(), b"thank you"],
    "table": [b'{"size": 12.5, "kind": "oak"}', b'{"size": null, "kind": "ash"}'],
    "sound": [wav(melody(1, seconds=1.0)), wav(melody(2, seconds=7.0))],
    "video": [clip(moving(30, seed=1)), clip(still(8, seed=2))],
    "interactions": [
        question_bytes(Question("ann", (Event("tea"), Event("milk")))),
        question_bytes(Question("", (Event("salt"),))),
    ],
}


@pytest.mark.parametrize("name", BUILT_IN)
def test_what_is_built_in_conforms(name: str) -> None:
    """Each kind of input does what is asked of one, as modules of others do."""
    check(modality_named(name), SAMPLES[name])


SERIES = [b"1\n2\n3.5\n2\n", b"7\n-2\n0.25\n", b"4\n4.5\n9\n1\n0\n3\n"]


@pytest.fixture
def series(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], Any]:
    """Makes a modality of the page's module, with some of its words replaced by others."""

    def made(right: str, wrong: str) -> Any:
        source = page_module()
        assert right in source
        module = ModuleType("series_of_a_test")
        monkeypatch.setitem(sys.modules, module.__name__, module)
        exec(source.replace(right, wrong), vars(module))
        return module.MODALITY

    return made


def test_the_page_s_module_conforms(series: Any) -> None:
    """What a newcomer copies is as it should be."""
    check(series("SHAPE", "SHAPE"), SERIES)


ADDED = 'return {SHAPE.name: graph.input("shape", FLOAT, ["n", len(NAMES)])}'
TWICE = """row = graph.input("shape", FLOAT, ["n", len(NAMES)])
        names = [graph.constant("one", np.float32(value)) for value in (1, 2)]
        return {SHAPE.name: graph.node("Mul", [row, names[0]])}"""
BARE = """graph.constant("one", np.float32(1))
        return {SHAPE.name: graph.node("Mul", [graph.input("shape", FLOAT, ["n", len(NAMES)]), "one"])}"""
PLAIN = """    def media_type(self, data):
        return "text/plain"
"""
HIDES = """rows = 32

    def hidden(self, data):
        from understudy.modalities.abilities import Hidden

        return [Hidden("a part", self.arrays(data), seconds) for seconds in {}]
"""


def played(shown_as: str, doing: str = "return bool(into.write(b'<svg/>'))") -> str:
    """What makes the page's module one whose inputs are played."""
    medium = "from understudy.modalities.abilities import Medium"
    return f"""{PLAIN}
    {medium}
    shown_as = {shown_as}

    def playable(self, data, into):
        {doing}
"""


FAULTS = [
    ('name, plural = "series"', 'name, plural = "photo"', "that of a built-in one"),
    ("    look_facts = watched_facts =", "    look_facts =", "It has no watched_facts."),
    ('frozenset({"length"})', 'frozenset({"width"})', "The fact “width” is named, and measured of no sample."),
    ('frozenset({".series"})', 'frozenset({"SERIES"})', "does not begin with a dot"),
    ("float(len(read(data)))", "[1]", "as the fact “length”"),
    ("return Measured()", "return Measured(b'1')", "as the fingerprint"),
    ("return Measured()", "return None", "as inspect()"),
    ("        read(data)\n        return Measured()", "        return Measured()", "takes rubbish for an input"),
    ("except (UnicodeDecodeError, ValueError):", "except KeyError:", "raises UnicodeDecodeError and no Unreadable"),
    ("return Measured()", "return Measured('same')", "are no pair"),
    ("for length in (4, 9)", "for length in ()", "golden() gives no bytes in a tuple"),
    ("for length in (4, 9)", "for length in (1, 9)", "Trying its goldens raised SeriesUnreadable"),
    ("for length in (4, 9)", "for length in (4, 4)", "Two of its golden inputs are prepared to the same"),
    ("if name is not None:", "if name == 1:", "Its encoder(name) takes any name"),
    ('return {"shape": shape(data)[None]}', 'return {"shape": np.random.rand(1, 6)}', "prepared otherwise"),
    ('return {"shape": shape(data)[None]}', 'return {"shape": shape(data)}', "first axis"),
    ("return np.array(row, np.float32)", "return np.array(row, np.float32) + np.nan", "no finite number"),
    ("return np.array(row, np.float32)", "return np.array(row, np.float32) * 1e5", "exceed 65,504"),
    ('{"numbers": list(NAMES)}', '{"numbers": np.ones(3)}', "is not JSON serializable"),
    ('{"numbers": list(NAMES)}', '{"numbers": id(self)}', "says something else"),
    (
        'np.concatenate([each["shape"] for each in several])',
        'np.concatenate([each["shape"] for each in several]) * len(several)',
        "an input in a batch gets other features than alone",
    ),
    ("kept.add([digests[place]], shape(", "kept.add([digests[place]], -shape(", "features() gives other features"),
    (PLAIN, played("'a curve'"), "It is shown as 'a curve', which is no Medium."),
    (PLAIN, played("Medium.PICTURE", "into.colour"), "playable() of sample 1 raises AttributeError"),
    (PLAIN, played("Medium.PICTURE"), "The media type of what playable() makes of sample 1 is “text/plain”"),
    (PLAIN, played("Medium.SOUND", "return False"), "sample 1, which playable() leaves as it is, is “text/plain”"),
    ("rows = 32\n", HIDES.format("[(0.0, 1.0), (2.0, 1.0)]"), "of sample 1 run backwards"),
    ("rows = 32\n", HIDES.format("[(0.0, float('nan'))]"), "of sample 1 run backwards, or are no finite numbers"),
    ("rows = 32\n", HIDES.format("[(0.0, 1.0), None]"), "Some hidden parts of sample 1 have seconds and others none"),
    ("(UnicodeDecodeError, ValueError)", "UnicodeDecodeError", "inspect() of sample 1 with a word for a number raises"),
    (
        "(steps > 0).mean()",
        "np.nan if len(numbers) == 1 else 0",
        "Arrays of sample 1 cut down to its first line hold what is no finite number.",
    ),
    ("(steps > 0).mean()", "np.inf if len(numbers) == 1 else 0", "“steps up”, of sample 1 cut down to its last line."),
    (ADDED, TWICE, "Two constants of the graph are called “encoder/one”."),
    (ADDED, BARE, "Trying its encoder raised"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), FAULTS, ids=[told for _, _, told in FAULTS])
def test_what_is_amiss_is_told(right: str, wrong: str, told: str, series: Any) -> None:
    """Each of what newcomers stumbled over, by the part that it lies in."""
    with pytest.raises(Unconforming) as caught:
        check(series(right, wrong), SERIES)
    assert any(told in fault for fault in caught.value.faults), caught.value.faults


def test_all_faults_are_told_at_once(series: Any) -> None:
    """One look tells of several, so that nobody mends them one by one."""
    modality = series("for length in (4, 9)", "for length in ()")
    modality.media_type = lambda _data: "text"
    with pytest.raises(Unconforming, match="It has 4 faults") as caught:
        check(modality, SERIES)
    assert len(caught.value.faults) == 4


def test_one_sample_shows_too_little(series: Any) -> None:
    """Inputs in a batch can only be compared where there are two."""
    with pytest.raises(ValueError, match="two samples"):
        check(series("SHAPE", "SHAPE"), SERIES[:1])
