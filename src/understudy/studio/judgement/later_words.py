"""How a model did on later examples than it learned from, in words, beside figures of examples of its own time."""

from understudy.domain.evidence import Later
from understudy.studio.words.phrases import Noun, hundredths, number

SAME_TIME = "from the same time as those it learned from"


def later_words(later: Later, things: Noun) -> str:
    """What the check in the order of time showed, in a sentence or two."""
    share = hundredths(later.right / later.count)
    tally = f"it was right for {number(later.right)} of {number(later.count)} ({share}%)"
    seen = f"Of {things.many} later than those it learned from, {tally}."
    return f"{seen} New ones are later ones: expect that of them." if later.worse else seen
