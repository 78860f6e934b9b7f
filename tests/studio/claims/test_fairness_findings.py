"""Weak slices and unfair gaps: told where they are proven, and only there."""

from dataclasses import replace

import numpy as np

from studio.kinds import TAGS, review_material, sealed
from studio.materials import answers, material
from understudy.domain.fact_rows import FactRows
from understudy.domain.finding import FindingKind, Severity
from understudy.domain.task import labels_text
from understudy.studio.claims.fairness_findings import slice_findings
from understudy.studio.claims.slice_claims import slices_of


def test_a_slice_that_is_proven_worse_is_told() -> None:
    """Wrong answers that nearly all come from one camera make a finding about it; nobody is told of chance."""
    given = answers(240, 300)
    wrong = np.array([said != truth for said, truth in zip(given.answers, given.true_labels, strict=True)])
    camera = np.where(wrong, "old", np.where(np.arange(300) % 5 == 0, "old", "new"))
    unlucky = replace(given, facts=FactRows.of({"camera": str(each)} for each in camera))
    (found,) = slice_findings(material(unlucky), slices_of(material(unlucky)))
    assert found.kind is FindingKind.WEAK_SLICE
    assert found.subject == "camera=old"
    assert slice_findings(material(given), slices_of(material(given))) == ()


def test_people_who_are_treated_unlike_are_told_of() -> None:
    """Where one group gets an answer much more often than another, that is a finding; only for sensitive facts."""
    given = answers(296, 300)
    sex = ["f" if label == "crack" else "m" for label in given.true_labels]
    unlike = replace(given, facts=FactRows.of({"sex": each} for each in sex))
    told = slice_findings(material(unlike, sensitive=("sex",)), ())
    assert {each.kind for each in told} == {FindingKind.UNFAIR}
    assert {each.subject for each in told} == {"sex=crack", "sex=sound"}
    assert all(each.severity is Severity.MEDIUM for each in told)
    assert slice_findings(material(unlike), ()) == ()


def test_of_several_labels_the_one_that_is_given_unlike_is_told() -> None:
    """Everybody gets "billing", women "urgent" besides: that is told of "urgent" alone, which nobody truly is."""
    sex = ["f" if place % 2 else "m" for place in range(200)]
    said = [labels_text(("billing", "urgent") if each == "f" else ("billing",)) for each in sex]
    given = sealed(TAGS, said, ["billing"] * 200, labels=("billing", "urgent"))
    unlike = replace(given, facts=FactRows.of({"sex": each} for each in sex))
    told = slice_findings(review_material(unlike, sensitive=("sex",)), ())
    assert {each.subject for each in told} == {"sex=urgent"}
    assert told[0].fact.startswith("The share of answers “urgent” differs by sex: by 100%")


def test_nothing_sealed_shows_nothing() -> None:
    """Without answers there is no slice to speak of."""
    assert slice_findings(material(answers(0, 0)), ()) == ()
