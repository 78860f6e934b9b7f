"""What every part of the ledger is made of."""

from understudy.store.database import Database


class Part:
    """Methods over one database.

    Args:
        database: Up to date; shared by all parts of a ledger.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
