"""The data audit as a use case."""

from understudy.studio.facts import facts_for, rule_for

__all__ = ["facts_for", "rule_for"]
