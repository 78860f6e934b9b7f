"""Hosts: under which names a server is reached, so that no page of another site can pass for one of its own.

A page whose name is made to mean this machine (DNS rebinding) is of one origin with it to a browser, and could read and
write all that is there. Its requests still bear the page's name as their host.
"""

from collections.abc import Collection, Mapping
from ipaddress import ip_address
from typing import Final

VARIABLE: Final = "UNDERSTUDY_HOSTS"
"""Names and addresses with commas between them; where it is empty, every name is taken."""
OF_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def hosts_in(environment: Mapping[str, str]) -> frozenset[str]:
    """The names that the environment says."""
    said = environment.get(VARIABLE, "").split(",")
    return frozenset(each.strip().lower() for each in said if each.strip())


def hosts_of(listens: Collection[str], named: Collection[str]) -> frozenset[str]:
    """Under which names a server may be reached; none where every name will do.

    Args:
        listens: The address that it listens on, as it was said and as it is.
        named: Names that somebody said besides.
    """
    if not named and not any(_of_this_machine(each) for each in listens):
        return frozenset()
    return OF_THIS_MACHINE | {each.strip().lower() for each in (*listens, *named)}


def _of_this_machine(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address in OF_THIS_MACHINE
