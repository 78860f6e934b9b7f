"""Why a launch is held up whatever was measured: by what the sealed examples are, and what was found in the data."""

import math
from collections.abc import Iterator

from understudy.domain.finding import Finding, Severity
from understudy.domain.review import Reason, ReasonKind, Verdict
from understudy.modalities.nouns import noun_of
from understudy.stats.looks import MOST_LOOKS
from understudy.studio.claims.remedies import labelling_price
from understudy.studio.claims.review_material import Material
from understudy.studio.judgement.later_words import SAME_TIME
from understudy.studio.words.phrases import about, hundredths, name, number, things_of


def circumstance_reasons(material: Material) -> Iterator[Reason]:
    """Each of them, in no order."""
    things = things_of(material.grounds.project)
    if material.grounds.project.drawn:
        yield Reason(
            ReasonKind.DRAWN,
            Verdict.NOT_YET,
            f"These {things.many} are drawn by the product itself.",
            "Drawn ones say nothing about real ones.",
            f"Add {noun_of(material.task.modality).many} of your own to a project of their own.",
        )
    labels = sorted(set(material.answers.true_labels))
    if len(labels) == 1:
        only = f"Every sealed example says “{name(labels[0])}”."
        yield Reason(
            ReasonKind.ONE_CLASS,
            Verdict.NOT_YET,
            only,
            "A model that always says so would be right every time, so nothing is shown about telling answers apart.",
            f"Add {things.many} of the other answers, so that some of them are sealed.",
        )
    seen = material.grounds.times_seen
    if seen >= MOST_LOOKS:
        yield Reason(
            ReasonKind.WORN_OUT,
            Verdict.NOT_YET,
            f"At least half of the sealed {things.many} were looked at {number(seen)} times before.",
            "Whoever goes on with what earlier looks liked comes to suit these very ones, so they prove nothing more.",
            _renewal(material),
        )
    yield from _worse_later(material)
    yield from map(finding_reason, (each for each in material.grounds.findings if each.severity is Severity.HIGH))


def finding_reason(finding: Finding) -> Reason:
    """What a finding of an audit, which nobody has answered for, is to a review: it keeps from a launch or is told."""
    if finding.severity is Severity.HIGH:
        remedy = f"{finding.remedy.removesuffix('.')}. Or take responsibility for it by name, with a reason."
        return Reason(ReasonKind.SERIOUS_FINDING, Verdict.NOT_YET, finding.fact, finding.reason, remedy)
    reason = f"{finding.reason} If that is so, less is proven than it says here."
    return Reason(ReasonKind.NOTED_FINDING, Verdict.LAUNCH, finding.fact, reason, "")


def _worse_later(material: Material) -> Iterator[Reason]:
    """Where the sealed examples, which are of the model's own time, flatter it."""
    later, right, things = material.later, material.right, things_of(material.grounds.project)
    if later is None or not later.worse:
        return
    seen = f"it was right for {number(later.right)} of {number(later.count)} ({hundredths(later.right / later.count)}%)"
    sealed = f"{number(int(right.sum()))} of {number(len(right))} ({hundredths(float(right.mean()))}%)"
    yield Reason(
        ReasonKind.WORSE_LATER,
        Verdict.NOT_YET,
        f"Of {things.many} later than those it learned from, {seen}; of the sealed ones, {SAME_TIME}, for {sealed}.",
        "New ones are later ones, and what is proven with the sealed ones does not go for them.",
        "Go to the shadow stage: what it shows there, of requests that come now, is what a launch can rest on.",
    )


def _renewal(material: Material) -> str:
    """How many to gather until more than half of what is sealed is fresh."""
    project, fresh = material.grounds.project, material.answers.count + 1
    share, things = project.sealed_share, things_of(project)
    if not share:
        return f"Seal {about(fresh)} fresh {things.many}, so that more than half were seldom looked at."
    in_all = math.ceil(fresh / share)
    more = f"Gather about {about(in_all)} fresh {things.many}{labelling_price(material, in_all)}"
    return f"{more}: then more than half of those that are sealed were seldom looked at."
