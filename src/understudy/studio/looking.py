"""What a look at the sealed set would spend, told before anyone spends it."""

from dataclasses import dataclass

from understudy.domain.model import ModelRecord
from understudy.serving.model import NotTrainedYet
from understudy.stats.looks import alpha_of
from understudy.studio.judging import stored_look
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
    number = workspace.ledger.look_count(project) + 1
    return Price(number, opens=True, alpha=alpha_of(number))


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
