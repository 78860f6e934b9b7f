"""The verdict as text for a terminal, with a gauge of characters."""

import textwrap

from understudy.domain.evidence import Proportion
from understudy.domain.money import asked
from understudy.studio.judgement.verdict_words import VerdictWords
from understudy.studio.words.phrases import floor_percent, number

WIDTH = 80
GAUGE = 72
MOST_CLASSES = 10


def verdict_text(words: VerdictWords, *, width: int = WIDTH, step: bool = True, command: str = "") -> str:
    """Sets the verdict in lines of at most `width` characters; plain text without control characters.

    Args:
        words: The verdict.
        width: Characters in a line.
        step: Say what comes next.
        command: What does it, on a line of its own, however long; empty where no command does.
    """
    blocks = [_wrapped(f"{words.headline} {words.bound}", width)]
    if words.accuracy.trials:
        blocks.append(gauge_text(words.accuracy, width=min(GAUGE, width - 2)))
    if step:
        blocks.append(step_text(words.next_step, command, width))
    if words.accuracy.trials and words.classes:
        blocks.append(_classes(words, width))
    blocks.extend(_wrapped(paragraph.text, width) for paragraph in words.paragraphs)
    return "\n\n".join(blocks) + "\n"


def step_text(step: str, command: str = "", width: int = WIDTH) -> str:
    """What comes next, and under it the command that does it, in one piece so that it can be copied."""
    told = _wrapped(f"Next: {step}", width, hang="      ")
    return f"{told}\n      {command}" if command else told


def gauge_text(accuracy: Proportion, *, bar: float | None = None, width: int = GAUGE) -> str:
    """Draws 0 to 100% as a line: proven up to the bound, seen at the estimate, the bar beneath."""

    def at(share: float) -> int:
        return min(width - 1, int(share * width))

    lower, seen = at(accuracy.lower), at(accuracy.estimate)
    line = "█" * lower + "─" * (seen - lower) + "●" + "·" * (width - seen - 1)
    ends = "0%" + "100%".rjust(width - 2)
    legend = f"█ proven: {floor_percent(accuracy.lower, against=bar)}"
    legend += f"   ● seen: {number(accuracy.successes)} of {number(accuracy.trials)}"
    if bar is None:
        return "\n".join([ends, line, legend])
    return "\n".join([ends, line, " " * at(bar) + "▲", f"{legend}   ▲ asked: {asked(bar)}"])


def _classes(words: VerdictWords, width: int) -> str:
    """The least proven labels, one a line."""
    shown = words.classes[:MOST_CLASSES]
    lines = [_wrapped(row.sentence, width, hang="  ") for row in shown]
    left = len(words.classes) - len(shown)
    if left:
        lines.append(f"And {number(left)} more {'label' if left == 1 else 'labels'}, better proven than these.")
    return "\n".join(["By label, least proven first:", *lines])


def _wrapped(text: str, width: int, *, hang: str = "") -> str:
    return textwrap.fill(text, width, subsequent_indent=hang)
