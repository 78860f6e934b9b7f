"""Writing briefs, and what is said about them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given

from briefs import BLADES, COSTS_BY_KIND, briefs
from coloured import COLOURS, coloured_folder
from understudy.domain.brief import BadBrief, Brief, KillCriteria, WrongCost
from understudy.domain.contradictions import ContradictionKind
from understudy.domain.means import Means
from understudy.domain.project import BadName, Project
from understudy.domain.task import AnswerKind, Task
from understudy.store.errors import UnknownProject
from understudy.studio.brief.briefing import appraised, begin, briefed, change_brief, history, standing, write_brief
from understudy.studio.brief.text import brief_text, history_text
from understudy.studio.brief.words import HEADS, brief_words
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.examples.synthesising import Recipe, synthesise
from understudy.studio.people.queue import Queue
from understudy.studio.workspace import Workspace

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "w", now=lambda: NOON) as workspace:
        yield workspace


def test_a_story_starts_with_its_brief(workspace: Workspace) -> None:
    """Writing a brief begins the project; it holds nothing yet, and everything that follows is told."""
    version = write_brief(workspace, "blades", BLADES, by="ada")
    assert (version.number, version.by, version.at) == (1, "ada", NOON)
    told = briefed(workspace, "blades")
    assert told.version == version
    assert told.means == Means(today=NOON.date())
    assert told.economics.bar is not None


def test_nothing_bad_leaves_a_trace(workspace: Workspace) -> None:
    """A brief that cannot be, or a name that cannot be, begins no project."""
    with pytest.raises(BadBrief):
        write_brief(workspace, "blades", replace(BLADES, person_cost=-1.0), by="ada")
    with pytest.raises(BadName):
        write_brief(workspace, "Two Words", BLADES, by="ada")
    assert workspace.ledger.projects() == []
    assert standing(workspace, "blades") == Brief()
    with pytest.raises(UnknownProject):
        briefed(workspace, "blades")


def test_who_changed_what_and_why(workspace: Workspace) -> None:
    """Each change is a version that says who made it, when, why, and which answer it changed from what to what."""
    change_brief(workspace, "blades", {"wrong_cost": "€40"}, by="ada", reason="first talk")
    change_brief(workspace, "blades", {"wrong_cost": "50", "demand": "said"}, by="ben", reason="second talk")
    change_brief(workspace, "blades", {"wrong_cost": "50"}, by="cy", reason="nothing new")
    newest, oldest = history(workspace, "blades")
    begin(workspace, "empty")
    assert history(workspace, "empty") == ()
    assert (newest.version.by, newest.version.reason) == ("ben", "second talk")
    assert [(one.field, one.before, one.after) for one in newest.changes] == [
        ("demand", "unknown", "they said so when asked"),
        ("wrong_cost", "€40", "€50"),
    ]
    assert [one.field for one in oldest.changes] == ["wrong_cost"]
    assert "A wrong answer: €40 → €50" in history_text((newest, oldest))
    assert "by ben: second talk" in history_text((newest, oldest))


def test_dates_are_judged_by_the_clock(workspace: Workspace) -> None:
    """An end that has passed by the workspace's clock contradicts itself; what else is changed then is no matter."""
    workspace.ledger.create_project(Project("blades", NOON))
    workspace.ledger.add_brief("blades", Brief(kill=KillCriteria(by=date(2026, 5, 3))), by="ada", reason="", at=NOON)
    change_brief(workspace, "blades", {"currency": "EUR", "decisions_a_month": "100"}, by="ada")
    kinds = [one.kind for one in briefed(workspace, "blades").economics.contradictions]
    assert kinds == [ContradictionKind.KILL_DATE_PASSED]


def test_a_day_that_has_passed_is_refused(workspace: Workspace) -> None:
    """A day that ends the attempt is refused where it has passed when it is said; today is early enough."""
    with pytest.raises(BadBrief, match="2026-05-03 has passed") as caught:
        change_brief(workspace, "blades", {"kill_by": "2026-05-03"}, by="ada")
    assert caught.value.field == "kill_by"
    assert workspace.ledger.projects() == []
    change_brief(workspace, "blades", {"kill_by": "2026-05-04"}, by="ada")


def test_a_label_that_no_example_bears_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """Where examples bear labels a cost or a bar of another is a slip, and the label that is near is named."""
    _mails(workspace, tmp_path)
    with pytest.raises(BadBrief, match="“egg” is no label") as caught:
        change_brief(workspace, "mails", {"wrong_costs": "ham=egg:4"}, by="ada")
    assert caught.value.field == "wrong_costs"
    assert "If a new label is meant, add an example of it first." in str(caught.value.remedy)
    with pytest.raises(BadBrief) as caught:
        change_brief(workspace, "mails", {"class_bars": "spm=90%"}, by="ada")
    assert caught.value.remedy.startswith("Perhaps “spam” is meant.")
    assert workspace.ledger.briefs("mails") == []
    change_brief(workspace, "mails", {"wrong_costs": "ham=spam:4"}, by="ada")


def test_made_up_texts_do_not_count_as_examples(workspace: Workspace, tmp_path: Path) -> None:
    """A brief counts real examples alone: a label that synthetic ones fill up has as few as before."""
    _mails(workspace, tmp_path)
    before = briefed(workspace, "mails").means
    templates = tmp_path / "made.txt"
    templates.write_text("+card: my card is {lost|gone|stolen|broken} {today|again}\nham: hello {you|there}\n")
    synthesise(workspace, "mails", Recipe(10, templates=templates), by="ada", progress=lambda _done, _total: None)
    told = briefed(workspace, "mails")
    assert told.means == replace(before, labels=(("card", 0), *before.labels), made_up=10)
    assert "real examples; the rarest label, “card”, has 0 to learn from." in brief_text(told)


def test_what_was_named_before_examples_came_may_stay(workspace: Workspace, tmp_path: Path) -> None:
    """A brief names labels before there are examples, and is no slip once others come; people choose from them."""
    change_brief(workspace, "mails", {"wrong_costs": "ham=spam:4\nham=fraud:40"}, by="ada")
    assert Queue(workspace).labels("mails") == ("fraud", "ham", "spam")
    _mails(workspace, tmp_path)
    change_brief(workspace, "mails", {"person_cost": "0.3"}, by="ada")
    assert set(Queue(workspace).labels("mails")) == {"fraud", "ham", "spam"}


def test_a_slice_by_what_is_not_known_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    """It could never be proven: what is known is named, once there are examples; what was named before may stay."""
    write_brief(workspace, "blades", replace(BLADES, slices=("weather",)), by="ada")
    photos = coloured_folder(tmp_path / "photos", *COLOURS, each=2)
    gather(
        workspace, workspace.ledger.project("blades"), photos,
        reading=Reading(), by="ada", progress=lambda _done, _total: None,
    )  # fmt: skip
    with pytest.raises(BadBrief, match=r"“formt” is not known .*“format”.* Perhaps “format” is meant") as refused:
        write_brief(workspace, "blades", replace(BLADES, slices=("weather", "formt")), by="ada")
    assert refused.value.field == "slices"
    for slices in (("weather", "camera"), ("format",)):
        assert write_brief(workspace, "blades", replace(BLADES, slices=slices), by="ada").brief.slices == slices


def test_a_slice_of_rows_is_by_a_column(workspace: Workspace, tmp_path: Path) -> None:
    """Also by one that the model does not see, but not by the answer."""
    rows = "".join(f"{'abc'[n % 3]},{n * 37 % 90},{'yes' if n % 2 else 'no'}\n" for n in range(40))
    (tmp_path / "loans.csv").write_text("branch,amount,paid\n" + rows)
    told = Reading(label_column="paid", group="column:branch")
    project = Project("loans", workspace.now())
    gather(workspace, project, tmp_path / "loans.csv", reading=told, by="ada", progress=lambda _done, _total: None)
    assert write_brief(workspace, "loans", replace(BLADES, slices=("branch",)), by="ada").brief.slices == ("branch",)
    for named in ("paid", "camera"):
        with pytest.raises(BadBrief, match=f"“{named}” is not known .*“amount”, “branch”;"):
            write_brief(workspace, "loans", replace(BLADES, slices=(named,)), by="ada")


def test_only_the_brief_that_stands_makes_labels(workspace: Workspace) -> None:
    """A label that an earlier version named is no answer any more once the brief was mended."""
    change_brief(workspace, "mails", {"wrong_costs": "ham=egg:4\nham=spam:5"}, by="ada")
    change_brief(workspace, "mails", {"wrong_costs": "ham=spam:5"}, by="ada")
    assert Queue(workspace).labels("mails") == ("ham", "spam")


def _mails(workspace: Workspace, folder: Path) -> None:
    """Texts of two labels."""
    for label in ("ham", "spam"):
        where = folder / "mails" / label
        where.mkdir(parents=True)
        for turn in range(4):
            (where / f"{turn}.txt").write_text(f"A {label} mail, of day {turn * 37} and week {turn * 11}, as sent.")
    gather(
        workspace,
        begin(workspace, "mails"),
        folder / "mails",
        reading=Reading(),
        by="ada",
        progress=lambda _done, _total: None,
    )


def test_the_words_say_the_verdict_the_bar_and_the_value() -> None:
    """First the verdict in one sentence, then one next step, the bar with where it comes from, and the value."""
    words = brief_words(appraised(BLADES, Means(labels=(("crack", 200), ("sound", 220)), sealed=140)))
    assert (
        words.headline
        == "Worth building: somebody hurts, 4,000 answers a month are needed, and the bar is 90.78% right."
    )
    assert words.next_step.startswith("Train one on the 560 examples")
    assert "an answer by people costs €3.70; a wrong answer costs €40" in words.bar
    assert words.value == "A model that is as good as people and answers everything would save about €10,000 a month."
    assert len(words.rows) == 11
    assert (words.rows[6].share, words.rows[6].as_people, words.rows[6].at_bar) == ("60%", "€6,000", "€0")


def test_a_headline_claims_nothing_that_is_unknown() -> None:
    """Where nobody has said who hurts, neither the headline nor the text says that somebody does."""
    told = appraised(replace(BLADES, who=None), Means(labels=(("crack", 200), ("sound", 220)), sealed=140))
    assert brief_words(told).headline == "Find out first: “someone hurts” is not known yet."
    assert "omebody hurts" not in brief_text(told)
    assert "Next: Name the people, and ask three of them." in brief_text(told)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"asked_bar": 0.95}, "You ask for 95%, which is stricter and counts."),
        ({"asked_bar": 0.8}, "You ask for 80%, which would not pay, so the figures' bar counts."),
        ({"asked_bar": 0.8, "wrong_cost": None}, "You ask for 80% right; whether that pays, nobody knows."),
        ({"wrong_costs": COSTS_BY_KIND[:1]}, "whichever mistakes it makes. A review tests the money itself."),
    ],
)
def test_an_asked_bar_is_never_used_silently(changes: dict[str, object], says: str) -> None:
    """Whichever bar counts, the words say which and why."""
    assert brief_words(appraised(replace(BLADES, **changes), Means())).bar.endswith(says)


def test_the_bar_is_one_figure_where_kinds_differ_in_cost() -> None:
    """The headline's bar is the one that examples are counted for; the share that pays for sure is told beside it."""
    kinds = (WrongCost("ham", "spam", 20.0), WrongCost("spam", "ham", 5.0))
    brief = replace(BLADES, person_cost=0.3, model_cost=0.001, wrong_cost=4.0, wrong_costs=kinds)
    told = appraised(brief, Means(labels=(("ham", 200), ("spam", 220)), sealed=140))
    words = brief_words(told)
    assert "the bar is 95.51% right." in words.headline
    assert "an answer by people costs at least €0.45; a wrong answer costs €5 to €20, by its kind." in words.bar
    assert "The bar is 95.51% right: from there on the model pays if it errs in people's ways." in words.bar
    assert "From 97.76% right on it pays whichever mistakes it makes." in words.bar
    asked = brief_words(appraised(replace(brief, asked_bar=0.96), told.means))
    assert "The bar is the 96% right that you ask for." in asked.bar
    assert "To show 95.51% takes" in brief_text(told)


@given(briefs)
def test_any_brief_can_be_told(brief: Brief) -> None:
    """Whatever is unknown or contradictory, there is a verdict, a reason and a next step, without “None” or “nan”."""
    told = appraised(brief, Means())
    words, text = brief_words(told), brief_text(told)
    assert words.headline.split(":")[0] in HEADS.values()
    assert words.headline.endswith(".")
    assert words.next_step.endswith(".")
    assert words.next_step in text
    typed = f"{brief.problem} {brief.who}"
    assert not {"None", "nan"} & (set(re.findall(r"\w+", text)) - set(re.findall(r"\w+", typed)))


@pytest.mark.parametrize(("unit", "said"), [("bikes", "bikes, as the examples were taken in"), ("", "unknown")])
def test_how_far_off_is_near_enough_is_what_the_examples_came_with(unit: str, said: str) -> None:
    """Where the brief leaves it open it is not called unknown, for it counts; other answers have none."""
    task = Task("table", AnswerKind.NUMBER, 40.0, unit)
    lines = brief_text(appraised(BLADES, Means(task=task))).splitlines()
    near = f"{'40 bikes' if unit else '40'}, as the examples were taken in"
    assert f"  How far off is near enough: {near}" in lines
    assert f"  Unit: {said}" in lines
    assert "  How far off is near enough: unknown" in brief_text(appraised(BLADES, Means())).splitlines()
    own = brief_text(appraised(replace(BLADES, tolerance=5.0), Means(task=task))).splitlines()
    assert "  How far off is near enough: 5" in own
