"""What would change a claim that is not proven: how many more would probably do, or that the model must get better."""

import math

from understudy.domain.money import about_money
from understudy.domain.review import Claim, ClaimKind, Measured, Outcome
from understudy.intake.table import listed
from understudy.stats.evidence_needed import FEWEST_GROUPS, rests_on_groups, too_few_groups
from understudy.studio.claims.review_material import Material
from understudy.studio.claims.slice_names import slice_parts
from understudy.studio.words.phrases import Noun, about, things_of

MANY_MORE, TIMES_MORE = 10_000, 10
"""Nobody is told to add more than this many examples, and more than so many times what there is."""


def claim_remedy(material: Material, claim: Claim) -> str:
    """How many more would probably do and what they cost, or that the model must get better first."""
    things = things_of(material.grounds.project)
    if claim.measured is None:
        return _unmeasured(material, claim)
    if claim.outcome is Outcome.REFUTED:
        return "Leave it to people; or train on more and better examples, and review that model."
    if must_get_better(claim):
        return f"Train on more and better {things.many}: as it is, no number of sealed ones will show it."
    return addition(material, claim) or _endless(material, claim, claim.measured)


def addition(material: Material, claim: Claim) -> str:
    """What to add so that a claim is probably shown; empty where more examples alone would hardly show it.

    Args:
        material: All that is known.
        claim: What is to be shown.
    """
    measured, things = claim.measured, things_of(material.grounds.project)
    if measured is None or must_get_better(claim):
        return ""
    if claim.needed is None:
        few = f"fewer than {FEWEST_GROUPS} are sealed, and so few say next to nothing of those to come"
        told = f"Add {things.many} of more groups: how many cannot be told, for {few}."
        return told if too_few_groups(measured.count, measured.groups) else ""
    missing, each = _missing(material, claim, measured, claim.needed)
    share = material.grounds.project.sealed_share
    if not share:
        return f"About {about(missing)} more sealed {_many(missing, things)} would probably show it."
    in_all = math.ceil(missing / share)
    if in_all > max(MANY_MORE, TIMES_MORE * material.answers.count / share):
        return ""
    kind = " of that kind" if claim.kind in {ClaimKind.CLASS_RECALL, ClaimKind.SLICE} else ""
    cost = labelling_price(material, in_all)
    if each > 1.0:
        apart = math.ceil(missing / each)
        added = f"Add {_of_groups(things, math.ceil(apart / share), each)}{kind}"
        return f"{added}: {about(apart)} of those groups {'is' if apart == 1 else 'are'} sealed{cost}."
    sealed = f"{about(missing)} of them {'is' if missing == 1 else 'are'} sealed"
    return f"Add about {about(in_all)} more {_many(in_all, things)}{kind}: {sealed}{cost}."


def _unmeasured(material: Material, claim: Claim) -> str:
    """What to do about a claim of which nothing was seen."""
    things = things_of(material.grounds.project)
    if claim.kind is ClaimKind.SLICE and not slice_parts(claim.subject)[1]:
        return _unknown_fact(material, things)
    if claim.kind in {ClaimKind.CLASS_RECALL, ClaimKind.SLICE}:
        return f"Add {things.many} of that kind, so that some of them are sealed."
    return "Fill in what is missing, then review again."


def must_get_better(claim: Claim) -> bool:
    """Whether more examples alone would never show it: what was seen is not what is asked for."""
    if claim.measured is None or claim.outcome is Outcome.PROVEN:
        return False
    return claim.outcome is Outcome.REFUTED or not _is_good_enough(claim, claim.measured)


def labelling_price(material: Material, labels: int) -> str:
    """What so many labels cost, to end a sentence with; empty where nobody knows."""
    cost = material.economics.labelling_cost(labels)
    return f"; labelling them costs about {about_money(cost, material.economics.currency)}" if cost else ""


def _of_groups(things: Noun, groups: int, each: float) -> str:
    """So many groups, which is what counts, and how many examples that is where each is as large as those there are."""
    count = math.ceil(groups * each)
    told = f"{things.many} of about {about(groups)} more {'group' if groups == 1 else 'groups'}"
    return f"{told} (about {about(count)} {_many(count, things)}, if each has as many as now)"


def _missing(material: Material, claim: Claim, measured: Measured, needed: int) -> tuple[int, float]:
    """How many more have to be sealed, and how many examples a group has in the mean where evidence rests on groups."""
    have, groups = measured.count, measured.groups
    if claim.kind is ClaimKind.AUTOMATION:
        have, groups = material.answers.count, len(set(material.answers.groups))
    return needed - have, have / groups if rests_on_groups(have, groups) else 1.0


def _unknown_fact(material: Material, things: Noun) -> str:
    """What to do about a slice by a fact that no example says: other examples of no kind would help."""
    known = [fact for fact, values in material.answers.facts.columns() if any(value is not None for value in values)]
    told = f", or name a fact that is known of {things.many}: {listed(known)}" if known else ""
    return f"Take it out of the brief (understudy brief {material.grounds.project.name} --unknown slices){told}."


def _endless(material: Material, claim: Claim, measured: Measured) -> str:
    things, takes = things_of(material.grounds.project), "more than anyone gathers"
    if claim.needed is not None:
        missing, _ = _missing(material, claim, measured, claim.needed)
        takes = f"about {about(math.ceil(missing / material.grounds.project.sealed_share))} more"
    near = f"the model is so near to what is asked that it would take {takes}"
    return f"More {things.many} alone will hardly show it: {near}. Train a better one, or ask for less."


def _is_good_enough(claim: Claim, measured: Measured) -> bool:
    """Whether what was seen, were it the truth, is what is asked for."""
    bar = claim.bar if claim.bar is not None else math.nan
    return measured.estimate > bar if claim.at_least else measured.estimate < bar


def _many(count: int, things: Noun) -> str:
    return things.one if count == 1 else things.many
