"""The champion: the model that answers requests now, which a review holds another model against."""

from understudy.domain.stage import Stage, StageChange


def champion_in(standing: StageChange | None, *, beside: str) -> str:
    """Version of the model that answers under a stage, or empty where people do or `beside` does itself.

    In canary that is the model behind it, which answers most and would answer all again; where people stand behind it,
    the one in canary.

    Args:
        standing: The stage that holds, or None before the first.
        beside: Version of the model under review, which is no champion of itself.
    """
    if standing is None:
        return ""
    asked = [standing.fallback] if standing.stage in {Stage.SHADOW, Stage.CANARY} else []
    asked += [standing.model] if standing.stage in {Stage.CANARY, Stage.LIVE} else []
    return next((model for model in asked if model and model != beside), "")
