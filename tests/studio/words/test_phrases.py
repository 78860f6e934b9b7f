"""Claims about numbers, counts and names as people read them."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.domain.project import Project
from understudy.domain.task import Task
from understudy.studio.words.phrases import (
    PHOTOS,
    about,
    counted_label,
    floor_hundredths,
    floor_percent,
    hundredths,
    in_figures,
    name,
    ordinal,
    percent,
    rough_percent,
    things_so_far,
    times,
    told_confidence,
)

shares = st.floats(0, 1)
BEGUN = datetime(2026, 5, 4, tzinfo=UTC)


@given(st.floats(1e-9, 1.0))
def test_percentages_have_no_exponent(share: float) -> None:
    """However small a share is, it is told in plain digits, of which as many count as were asked for."""
    for told, figures in ((percent(share), 6), (rough_percent(share), 2), (f"{in_figures(share * 100, 3)}%", 3)):
        assert set(told) <= set("0123456789.%")
        assert float(told.removesuffix("%")) == pytest.approx(share * 100, rel=5.1 * 10.0**-figures)


def test_rough_percentages_are_plain() -> None:
    """What a late look may spend, and round ones."""
    assert [rough_percent(each) for each in (3.8e-7, 0.035, 0.1, 0.996, 1.0)] == [
        "0.000038%",
        "3.5%",
        "10%",
        "100%",
        "100%",
    ]


@given(shares)
def test_a_bound_is_never_rounded_up(share: float) -> None:
    """The whole percentage shown is the largest that the bound reaches."""
    shown = floor_hundredths(share)
    assert shown / 100 <= share < (shown + 1) / 100 or share == 1.0


@given(shares, st.integers(1, 9999).map(lambda n: n / 10000))
def test_shown_percentages_agree_with_the_verdict(share: float, bar: float) -> None:
    """A bound that clears the bar is shown at or above it, one that does not is shown below it; neither overstates."""
    shown = float(floor_percent(share, against=bar).rstrip("%")) / 100
    assert (shown >= bar - 1e-12) == (share >= bar)
    assert shown <= share + 1e-12


def test_decimals_appear_only_where_they_decide() -> None:
    """94.6% against 94.5% takes a decimal; 97.2% against 95% does not."""
    assert floor_percent(0.9467, against=0.945) == "94.6%"
    assert floor_percent(0.9720, against=0.95) == "97%"
    assert floor_percent(0.9499, against=0.95) == "94%"
    assert floor_percent(0.8605) == "86%"


@given(shares)
def test_all_and_none_are_said_only_of_all_and_none(share: float) -> None:
    """An observed share is 100 in 100 only if it is all, 0 only if it is none."""
    assert (hundredths(share) == 100) == (share == 1.0)
    assert (hundredths(share) == 0) == (share == 0.0)


@given(st.integers(0, 10**7))
def test_a_planned_number_is_rounded_up_a_little(count: int) -> None:
    """The rounded number is at least the number, and less than a quarter more."""
    shown = int(about(count).replace(",", ""))
    assert count <= shown < count * 1.25 + 1


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (112, "112th"), (21, "21st")]
)
def test_places_are_said_as_people_say_them(count: int, said: str) -> None:
    """First, second, third, eleventh."""
    assert ordinal(count) == said


def test_counts_agree_in_number() -> None:
    """No photos, 1 photo, 2 photos; once, twice, 3 times; 99.5% keeps its decimal."""
    assert [PHOTOS.counted(n) for n in (0, 1, 2, 2400)] == ["no photos", "1 photo", "2 photos", "2,400 photos"]
    assert [times(n) for n in (1, 2, 3)] == ["once", "twice", "3 times"]
    assert [percent(s) for s in (0.95, 0.995, 0.29)] == ["95%", "99.5%", "29%"]


def test_before_the_first_example_nothing_is_called_a_photo() -> None:
    """A project says what its examples are once it holds one, or was begun for texts; until then they are examples."""
    begun, texts = Project("mails", BEGUN), Project("mails", BEGUN, task=Task("text"))
    assert things_so_far(begun, 0).counted(0) == "no examples"
    assert things_so_far(begun, 1) == PHOTOS
    assert things_so_far(texts, 0).counted(0) == "no texts"
    assert things_so_far(replace(begun, drawn=True), 4).many == "drawings"


@given(st.text(max_size=200))
def test_a_shown_label_is_one_short_visible_line(label: str) -> None:
    """Whatever the label, it is shown without control or direction marks, in one line of 1 to 40 letters."""
    shown = name(label)
    assert 1 <= len(shown) <= 40
    assert not any(unicodedata.category(char)[0] == "C" and char not in "\u200c\u200d" for char in shown)
    assert shown == shown.strip()
    assert "\n" not in shown


@given(st.text("abc ", min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool))
def test_an_ordinary_label_is_shown_as_it_is(label: str) -> None:
    """Cleaning changes nothing where nothing is wrong."""
    assert name(label) == label


def test_tricks_in_labels_are_disarmed() -> None:
    """Terminal escapes lose their escape, right-to-left overrides vanish, blanks are named, long ones end in dots."""
    assert name("\x1b[31mred") == "[31mred"
    assert name("gpj.\u202eexe") == "gpj.exe"
    assert name(" \t") == "(no name)"
    assert name("x" * 200) == "x" * 39 + "…"


def test_the_confidence_that_is_told_holds_over_all_looks() -> None:
    """A look's stricter confidence is told as the 95% that all looks keep; a weaker one as it is."""
    assert told_confidence(0.9925) == 0.95
    assert told_confidence(0.95) == 0.95
    assert told_confidence(0.9) == 0.9


@pytest.mark.parametrize(
    ("label", "said"), [("ham", "1,391 ham"), ("1", "1,391 “1”"), ("-2.5", "1,391 “-2.5”"), ("24 h", "1,391 “24 h”")]
)
def test_a_label_that_is_a_number_is_set_apart_from_its_count(label: str, said: str) -> None:
    """A count and a label that begins like a number are never read as two counts."""
    assert counted_label(label, 1391) == said
