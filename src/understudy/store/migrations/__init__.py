"""The steps by which a ledger's tables came to be, oldest first."""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011", "0012", "0013")
"""Every revision in order; kept here so that opening a ledger need not load the migration library."""

HEAD = REVISIONS[-1]
"""The revision that this version of the product reads and writes."""
