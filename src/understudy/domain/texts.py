"""Texts that every file and every database can hold."""


def is_storable(text: str) -> bool:
    """No NUL, which PostgreSQL cannot hold, and no half of a surrogate pair, which UTF-8 cannot carry."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in text))
