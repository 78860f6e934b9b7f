"""Every known dirty case among the real data sets is found, and the clean ones raise no false alarm."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import cross_val_predict
from tables import fact, photos, rows_of, sounds, table

from understudy.audit.audit import audit
from understudy.audit.material import Material, OutOfFold
from understudy.domain.finding import Finding, FindingKind, Severity
from understudy.domain.project import Project
from understudy.studio.audits.auditing import audit_project
from understudy.studio.collection.gathering import gather
from understudy.studio.collection.reading import Reading
from understudy.studio.workspace import Workspace

Audited = Callable[[str], tuple[Finding, ...]]


@pytest.fixture(scope="module")
def gathered(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Audited]:
    """Takes a set of photos in as a project does, audits it, and gives what both saw."""
    with Workspace.open(tmp_path_factory.mktemp("audit") / "w") as workspace:

        def audited(name: str) -> tuple[Finding, ...]:
            project = Project(name.replace("_", "-"), workspace.now())
            taken = gather(
                workspace, project, shared_data / name, reading=Reading(), by="t", progress=lambda _done, _all: None
            )
            return taken.findings + audit_project(workspace, project.name).findings

        yield audited


def seen(findings: tuple[Finding, ...], kind: FindingKind, subject: str | None = None) -> Finding:
    """The finding of a kind, about a subject if it is named."""
    found = [each for each in findings if each.kind is kind and subject in {None, each.subject}]
    assert found, [(each.kind.value, each.subject) for each in findings]
    return found[0]


def graves(findings: tuple[Finding, ...]) -> set[tuple[FindingKind, str]]:
    """Findings of high severity, by kind and subject."""
    return {(each.kind, each.subject) for each in findings if each.severity is Severity.HIGH}


# Photos.


def test_chest_xray3_is_told_by_its_machines(gathered: Audited) -> None:
    """The covid pictures come from other machines, sizes and formats than the rest, and that is of high severity."""
    findings = gathered("chest_xray3")
    shortcut = seen(findings, FindingKind.SHORTCUT, "covid")
    assert shortcut.severity is Severity.HIGH
    assert any(name.startswith("covid/") for name in shortcut.evidence)
    assert graves(findings) == {(FindingKind.SHORTCUT, "covid")}


def test_ants_bees_holds_a_placeholder(gathered: Audited) -> None:
    """The picture that says “image not found” lies among the ants, and is named as like no other."""
    findings = gathered("ants_bees")
    junk = [each for each in findings if any("imageNotFound.gif" in name for name in each.evidence)]
    assert {FindingKind.SUSPECT_LABEL} == {each.kind for each in junk}
    assert not graves(findings)


def test_near_dup_images_are_twins(gathered: Audited) -> None:
    """A photo that was mirrored, resized or turned lies in two folders; its family is found, and stays together."""
    findings = gathered("near_dup_images")
    names = " ".join(
        each.fact for each in findings if each.kind in {FindingKind.TWIN, FindingKind.CONTRADICTORY_LABELS}
    )
    assert "ukbench00120" in names
    assert FindingKind.TWINS_ACROSS_BORDER not in {each.kind for each in findings}


def test_portraits_hold_copies(gathered: Audited) -> None:
    """Byte-identical portraits under several names are found as copies."""
    findings = gathered("portraits")
    copies = [each for each in findings if each.kind in {FindingKind.TWIN, FindingKind.CONTRADICTORY_LABELS}]
    assert len(copies) >= 3


def test_brick_crack_is_one_wall_cut_up(shared_data: Path) -> None:
    """Crops of one wall follow each other in numbering and look alike, though nobody said what belongs together."""
    findings = audit(photos(shared_data / "brick_crack"))
    group = seen(findings, FindingKind.HIDDEN_GROUP, "numbering")
    assert group.severity is Severity.MEDIUM
    assert seen(findings, FindingKind.TWIN)
    assert not graves(findings)


def test_pcb_defect_has_boards(shared_data: Path) -> None:
    """The first digits of the names are the board; and the two labels were saved at different quality."""
    findings = audit(photos(shared_data / "pcb_defect"))
    group = seen(findings, FindingKind.HIDDEN_GROUP, "names")
    assert "6 values" in group.fact
    assert "name:^(.....)" in group.remedy
    assert "“quality”" in seen(findings, FindingKind.SHORTCUT, "defect").fact
    assert not graves(findings)


@pytest.mark.parametrize("name", ["cats_dogs", "trash6", "hemlock_cherry", "plant_leaf"])
def test_clean_photos_raise_no_alarm(name: str, shared_data: Path) -> None:
    """Nothing of high severity is said about photos that were taken alike."""
    assert not graves(audit(photos(shared_data / name)))


@pytest.mark.parametrize("name", ["hemlock_cherry", "plant_leaf"])
def test_tiny_sets_are_said_to_be_tiny(name: str, shared_data: Path) -> None:
    """On twenty or forty photos much cannot be tested, and that is said."""
    assert seen(audit(photos(shared_data / name)), FindingKind.NOT_TESTABLE).severity is Severity.LOW


# Sounds.


def test_spoken_digits_have_speakers(shared_data: Path) -> None:
    """The speaker stands in the file's name; the digit beside it is the label, and the last number only counts."""
    group = seen(audit(sounds(shared_data / "spoken_digits")), FindingKind.HIDDEN_GROUP, "names")
    assert all(speaker in group.fact for speaker in ("george", "jackson", "nicolas", "theo"))


def test_esc10_has_folds(shared_data: Path) -> None:
    """The fold stands first in the file's name."""
    group = seen(audit(sounds(shared_data / "esc10")), FindingKind.HIDDEN_GROUP, "names")
    assert "4 values" in group.fact


# Texts.


def guessed(material: Material, column: str) -> Material:
    """The material with out-of-fold probabilities of a small text model."""
    words = HashingVectorizer(n_features=2**13, ngram_range=(1, 2)).transform([row[column] for row in material.facts])
    model = SGDClassifier(loss="log_loss", alpha=2e-5, random_state=0)
    given = cross_val_predict(model, words, material.truth, cv=3, method="predict_proba")
    asked = OutOfFold(material.classes, np.asarray(given))
    return Material(material.names, material.facts, material.labels, material.groups, out_of_fold=asked)


def test_banking77_holds_wrong_labels(shared_data: Path) -> None:
    """Questions whose label a model that has not learned from them contradicts are named, a few in a hundred."""
    suspect = seen(audit(guessed(table(shared_data / "banking77/train.csv", "category", most=3000), "text")), SUSPECT)
    assert suspect.severity is Severity.MEDIUM
    assert len(suspect.evidence) == 50


SUSPECT = FindingKind.SUSPECT_LABEL


def test_hate_tweets_are_disputed(shared_data: Path) -> None:
    """People disagree about a third of the tweets, and those in dialect are called offensive more often."""
    findings = audit(table(shared_data / "hate_tweets/train.csv", "label", most=3000))
    assert seen(findings, FindingKind.DISAGREEMENT, "votes").severity is Severity.MEDIUM
    assert "offensive" in seen(findings, FindingKind.SENSITIVE, "dialect in text").fact
    assert {each.subject for each in findings if each.kind is FindingKind.LEAK} >= {"votes_hate", "votes_neither"}
    assert not graves(findings)


def test_sms_spam_repeats_itself(shared_data: Path) -> None:
    """Hundreds of messages come more than once."""
    repeated = seen(audit(table(shared_data / "sms_spam/train.csv", "label")), FindingKind.TWIN)
    assert repeated.severity is Severity.MEDIUM
    assert repeated.fact.startswith("288 examples")


def test_clinc150_strangers_are_told(shared_data: Path) -> None:
    """Questions that belong to none of the intents differ from those that do, when they come without a label."""
    folder = shared_data / "clinc150_oos"
    known = rows_of(folder / "train.csv")[::20]
    rows = known + rows_of(folder / "oos_train.csv") + rows_of(folder / "oos_val.csv")
    labels = [row["label"] for row in known] + [None] * (len(rows) - len(known))
    names = [str(place) for place in range(len(rows))]
    findings = audit(Material(names, [{"text": fact(row["text"])} for row in rows], labels, names))
    assert seen(findings, FindingKind.DRIFT, "labelled and not").severity is Severity.MEDIUM


# Tables.


@pytest.mark.parametrize(("name", "label", "repeats"), [("wine_quality", "quality", 735), ("titanic", "survived", 107)])
def test_repeated_rows(name: str, label: str, repeats: int, shared_data: Path) -> None:
    """Rows that come again are counted."""
    findings = audit(table(shared_data / name / "train.csv", label))
    assert seen(findings, FindingKind.TWIN).fact.startswith(f"{repeats} examples")


def test_employee_salaries_repeat_and_are_typed(shared_data: Path) -> None:
    """Rows come again, job titles were typed by hand, and the gender is sometimes missing."""
    findings = audit(table(shared_data / "employee_salaries/train.csv", "current_annual_salary", number=True))
    assert seen(findings, FindingKind.TWIN).severity is Severity.MEDIUM
    assert seen(findings, FindingKind.DIRTY_VALUES, "employee_position_title")
    assert "“gender”" in seen(findings, FindingKind.MISSING_VALUES).fact
    assert not graves(findings)


def test_titanic_tells_who_is_alive(shared_data: Path) -> None:
    """The column “alive” repeats the answer; that and nothing else is of high severity."""
    findings = audit(table(shared_data / "titanic/train.csv", "survived"))
    assert graves(findings) == {(FindingKind.LEAK, "alive")}


def test_bike_sharing_is_a_sum(shared_data: Path) -> None:
    """Casual and registered riders add up to the number that is asked for; the running number is an id."""
    findings = audit(table(shared_data / "bike_sharing/train.csv", "cnt", most=5000, number=True))
    assert graves(findings) == {(FindingKind.LEAK, "casual + registered")}
    assert seen(findings, FindingKind.ID_COLUMN, "instant")


def test_telco_churn_has_ids_and_blanks(shared_data: Path) -> None:
    """The customer's id is one, and eleven total charges are blank."""
    findings = audit(table(shared_data / "telco_churn/train.csv", "Churn"))
    assert seen(findings, FindingKind.ID_COLUMN, "customerID")
    assert "11 of" in seen(findings, FindingKind.MISSING_VALUES).fact
    assert "“TotalCharges”" in seen(findings, FindingKind.MISSING_VALUES).fact
    assert not graves(findings)


def test_insurance_fraud_is_rare(shared_data: Path) -> None:
    """Semicolons are read; fraud is rare, the policy's number is an id, age 0 means missing, sex is sensitive."""
    findings = audit(table(shared_data / "insurance_fraud/train.csv", "FraudFound_P", most=5000))
    assert seen(findings, FindingKind.IMBALANCE, "1").severity is Severity.MEDIUM
    assert seen(findings, FindingKind.ID_COLUMN, "PolicyNumber")
    assert "is 0 in" in seen(findings, FindingKind.MISSING_VALUES, "Age").fact
    assert seen(findings, FindingKind.SENSITIVE, "Sex")
    assert not graves(findings)


def test_horse_colic_is_full_of_gaps(shared_data: Path) -> None:
    """A fifth of the cells is a question mark, and the hospital's number is an id."""
    findings = audit(table(shared_data / "horse_colic/train.csv", "surgical_lesion"))
    gaps = seen(findings, FindingKind.MISSING_VALUES, "values")
    assert "(20%)" in gaps.fact
    assert "written as “?”" in gaps.fact
    assert seen(findings, FindingKind.ID_COLUMN, "hospital_number")
    assert not graves(findings)


def test_adult_income_is_sensitive(shared_data: Path) -> None:
    """Question marks are counted as missing; race, sex and age are sensitive, the years of schooling are not."""
    findings = audit(table(shared_data / "adult_income/train.csv", "income", most=5000))
    assert "“?”" in seen(findings, FindingKind.MISSING_VALUES, "values").fact
    sensitive = {each.subject for each in findings if each.kind is FindingKind.SENSITIVE}
    assert {"race", "sex", "age"} <= sensitive
    assert "education_num" not in sensitive
    assert not graves(findings)


def test_pima_diabetes_hides_its_gaps(shared_data: Path) -> None:
    """Zeros stand for missing values in five columns; no pregnancies are no gap."""
    findings = audit(table(shared_data / "pima_diabetes/train.csv", "diabetes"))
    hidden = {each.subject for each in findings if each.kind is FindingKind.MISSING_VALUES}
    assert hidden == {"blood_pressure", "bmi", "glucose", "insulin", "skin_thickness"}
    assert not graves(findings)


def test_restaurants_are_spelt_in_many_ways(shared_data: Path) -> None:
    """A Latin-1 table is read, its question marks are counted, and a country in three spellings is named."""
    material = table(shared_data / "restaurant_ratings/places.csv", None)
    assert "El Rincón de San Francisco" in {row["name"] for row in material.facts}
    findings = audit(material)
    assert seen(findings, FindingKind.MISSING_VALUES, "values")
    assert seen(findings, FindingKind.DIRTY_VALUES, "country")


def test_restaurant_ratings_belong_together(shared_data: Path) -> None:
    """One person rates many restaurants, and one restaurant is rated by many."""
    findings = audit(table(shared_data / "restaurant_ratings/train.csv", "rating"))
    assert seen(findings, FindingKind.HIDDEN_GROUP, "userID")
    assert seen(findings, FindingKind.HIDDEN_GROUP, "placeID")
    assert not graves(findings)


@pytest.mark.parametrize(
    ("name", "label", "number"),
    [
        ("wine_quality", "quality", False),
        ("german_credit", "class", False),
        ("california_housing", "MedHouseVal", True),
        ("auto_imports", "price", True),
        ("sms_spam", "label", False),
        ("banking77", "category", False),
    ],
)
def test_clean_tables_raise_no_alarm(name: str, label: str, number: bool, shared_data: Path) -> None:
    """Nothing of high severity is said about tables whose columns were known before the answer."""
    assert not graves(audit(table(shared_data / name / "train.csv", label, most=5000, number=number)))
