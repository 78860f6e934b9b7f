"""Errors that a person can act on: a fact, its reason and a remedy, one sentence each."""


class UnderstudyError(Exception):
    """The base of every error that Understudy raises on purpose.

    Args:
        fact: What happened.
        reason: Why it happened.
        remedy: What to do about it.
    """

    def __init__(self, *, fact: str, reason: str, remedy: str) -> None:
        super().__init__(f"{fact} {reason} {remedy}")
        self.fact = fact
        self.reason = reason
        self.remedy = remedy
