"""Numbers that look random and follow from a text alone, so that every process finds the same ones."""

import hashlib


def chance_of(salt: str, key: str) -> float:
    """The number of a key, evenly distributed over 0..1 without 1.

    Args:
        salt: Whoever shares it gets the same numbers; others get others.
        key: What the number is for.
    """
    digest = hashlib.sha256(f"{salt}:{key}".encode()).digest()
    return (int.from_bytes(digest[:8], "big") >> 11) / (1 << 53)
