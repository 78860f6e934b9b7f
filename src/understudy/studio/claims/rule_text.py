"""A rule of one line, in words."""

from understudy.audit.wording import told
from understudy.domain.rule import Rule, RuleKind
from understudy.studio.words.phrases import name

MOST_ANSWERS, MOST_ITEMS = 4, 3


def rule_text(rule: Rule) -> str:
    """What a rule does, as a person would be told ("brightness from 93.1 on means “crack”, else “sound”").

    Labels and values are shortened, and not escaped for HTML.
    """
    said = dict(rule.answers)
    if rule.kind is RuleKind.MAJORITY:
        return f"always “{name(rule.otherwise)}”"
    if rule.kind is RuleKind.POPULAR:
        return f"always the most popular: {_items(rule)}"
    if rule.kind is RuleKind.THRESHOLD and rule.threshold is not None:
        return f"{name(rule.column)} from {told(rule.threshold)} on means {_fork(said)}"
    if rule.kind is RuleKind.KEYWORD:
        return f"the word “{name(rule.keyword)}” in {name(rule.column)} means {_fork(said)}"
    values = [(value, label) for value, label in rule.answers if label != rule.otherwise]
    shown = ", ".join(f"“{name(value)}” means “{name(label)}”" for value, label in values[:MOST_ANSWERS])
    more = f" and {len(values) - MOST_ANSWERS} more values" if len(values) > MOST_ANSWERS else ""
    return f"by {name(rule.column)}: {f'{shown}{more}, else ' if shown else 'always '}“{name(rule.otherwise)}”"


def _items(rule: Rule) -> str:
    """The first items of a list, by their titles."""
    shown = ", ".join(f"“{name(title)}”" for _, title in rule.answers[:MOST_ITEMS])
    more = len(rule.answers) - MOST_ITEMS
    return f"{shown} and {more} more" if more > 0 else shown


def _fork(said: dict[str, str]) -> str:
    return f"“{name(said['yes'])}”, else “{name(said['no'])}”"
