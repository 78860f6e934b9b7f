"""What the workspace remembers: the ledger in a database, the bytes in a blob store."""
