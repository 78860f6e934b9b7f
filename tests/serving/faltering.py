"""A real ledger that cannot be reached for a moment."""

from typing import Any

from understudy.store.errors import LedgerUnavailable
from understudy.store.ledger import Ledger


class Faltering:
    """Hands every call on to a ledger, but for a few calls of one method, which fail before anything is done.

    Args:
        ledger: What is called.
        method: The one that fails.
        passed: So many of its calls go well first.
        times: So many fail then.
    """

    def __init__(self, ledger: Ledger, method: str, *, passed: int = 0, times: int = 1) -> None:
        self._ledger, self._method, self._passed, self._left = ledger, method, passed, times

    def __getattr__(self, name: str) -> Any:
        return self._failing if name == self._method and self._left else getattr(self._ledger, name)

    def _failing(self, *arguments: Any, **more: Any) -> Any:
        if self._passed:
            self._passed -= 1
            return getattr(self._ledger, self._method)(*arguments, **more)
        self._left -= 1
        raise LedgerUnavailable(fact="The ledger cannot be read.", reason="It is away.", remedy="Wait.")
