"""What a look at the sealed set would spend, told before anyone spends it."""

from dataclasses import dataclass

from understudy.domain.model import ModelRecord
from understudy.serving.model import NotTrainedYet
from understudy.stats.looks import alpha_of
from understudy.studio.judgement.judging import stored_look
from understudy.studio.words.phrases import rough_percent
from understudy.studio.workspace import Workspace


@dataclass(frozen=True)
class Price:
    """What a review would spend.

    Attributes:
        look: Which look it would rest on.
        opens: It would open the sealed set; else the look was spent already, and asking again costs nothing.
        alpha: What that look may spend of the error budget.
    """

    look: int
    opens: bool
    alpha: float


def price_of(workspace: Workspace, project: str, *, anew: bool = False) -> Price:
    """What a review of the latest model would spend.

    Raises:
        UnknownProject: No such project.
        NotTrainedYet: It has no model.
    """
    record = latest_model(workspace, project)
    kept = None if anew else stored_look(workspace, project, record.version)
    if kept is not None:
        return Price(kept.number, opens=False, alpha=alpha_of(kept.number))
    return next_look(workspace, project)


def next_look(workspace: Workspace, project: str) -> Price:
    """What the next look at a project's sealed set may spend.

    Raises:
        UnknownProject: No such project.
    """
    return look_after(workspace.ledger.look_count(project))


def look_after(spent: int) -> Price:
    """What the next look may spend after so many."""
    return Price(spent + 1, opens=True, alpha=alpha_of(spent + 1))


def price_words(price: Price) -> str:
    """What a review would spend, in words."""
    if not price.opens:
        return (
            f"This costs nothing: look {price.look} at the same examples was spent already. The brief and the findings "
            "are read as they are now."
        )
    return (
        f"This opens the sealed examples: look {price.look}, which may spend {rough_percent(price.alpha)} of the 5% "
        "error budget. Later looks may spend less."
    )


def latest_model(workspace: Workspace, project: str) -> ModelRecord:
    """The model that was recorded last.

    Raises:
        UnknownProject: No such project.
        NotTrainedYet: It has none.
    """
    record = workspace.ledger.latest_model(project)
    if record is None:
        raise NotTrainedYet.named(workspace.ledger.project(project).name)
    return record
