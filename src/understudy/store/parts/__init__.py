"""The ledger's methods, by what they are about; `understudy.store.ledger` puts them behind one door."""
