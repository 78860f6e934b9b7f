"""The ledger: everything a workspace remembers, behind one door.

Times and ids come in as arguments. What a method acknowledges by returning survives the death of the process.
"""

from pathlib import Path
from types import TracebackType
from typing import Self

from understudy.store.database import Database
from understudy.store.parts.answering import Answering
from understudy.store.parts.gathering import Gathering
from understudy.store.parts.reviewing import Reviewing
from understudy.store.parts.running import Running
from understudy.store.parts.serving import Serving


class Ledger(Gathering, Reviewing, Serving, Answering, Running):
    """Projects with their examples, models and reviews, their decisions, and what people say about them.

    Threads may share one ledger; each process opens its own. Every method that names a project raises
    `UnknownProject` when there is none of that name, and `LedgerUnavailable` when the database does not serve.
    """

    @classmethod
    def open(cls, url: str | Path) -> Self:
        """Opens a ledger, makes it if it is not there, and brings its tables up to date.

        Args:
            url: A database address ("sqlite:///ledger.db", "postgresql+psycopg://…"), or the path of a SQLite file.

        Raises:
            LedgerUnavailable: It cannot be reached, or is no database.
            LedgerTooNew: A later version of the product wrote it.
        """
        return cls(Database.open(url))

    def check_writable(self) -> None:
        """Finds out whether anything can be recorded; see `Database.check_writable`."""
        self._database.check_writable()

    def tidy(self) -> None:
        """Does what the database would else have a writer do at a bad moment; see `Database.tidy`."""
        self._database.tidy()

    def close(self) -> None:
        """Lets go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
