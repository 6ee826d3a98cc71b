"""First and last names, for formats that want them apart."""

from __future__ import annotations


def first_and_last(name: str) -> tuple[str, str]:
    """A full name in two: the last word is the last name, unless a comma says otherwise.

    >>> first_and_last("Ada Lovelace"), first_and_last("Lovelace, Ada"), first_and_last("Ada")
    (('Ada', 'Lovelace'), ('Ada', 'Lovelace'), ('Ada', ''))
    """
    last, comma, first = name.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _, last = name.strip().rpartition(" ")
    return (first.strip(), last) if first else (last, "")
