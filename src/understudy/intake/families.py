"""Families: inputs that belong together, and the side of the sealed border on which each family falls."""

import hashlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from understudy.domain.arrival import Arrival
from understudy.domain.example import Side
from understudy.modalities.protocol import Modality

LOOSE_FAMILY: Final = 50
"""Inputs that likeness alone may bring together, unless each is the same as another beyond doubt.

A chain in which each photo resembles the next must not swallow a whole class.
"""


NO_NAMES: Final[frozenset[str]] = frozenset()
NO_GROUPS: Final[Mapping[str, frozenset[str]]] = {}
NOWHERE: Final[frozenset[Side]] = frozenset()
_BY_DIGEST: Final = attrgetter("digest")


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An input that is not known yet.

    Attributes:
        digest: SHA-256 of its bytes, in hex.
        fingerprint: By which near-identical inputs are found, or empty.
        groups: What the user says it belongs with; several if it came under several names.
    """

    digest: str
    fingerprint: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """Two inputs that were brought together as one resembles the other.

    Attributes:
        one: Digest of the one.
        other: Digest of the other; one of them is a newcomer.
        sure: They are the same beyond doubt.
    """

    one: str
    other: str
    sure: bool


@dataclass(frozen=True)
class Families:
    """What belongs together.

    Attributes:
        group: By digest of a newcomer, the key of its family: that of its known relatives, or else the least of its
            members' keys (a user's group, or the digest of an input that has none).
        sides: By digest of a newcomer, where its known relatives lie: none, one or both sides.
        twins: By digest of a newcomer, the digests of the inputs that it resembles through any chain; itself included.
        refused: Pairs that resemble each other and are nevertheless in two families, as their families are large.
        links: By which twins are connected, nearest first; no more than it takes.
        named: Groups that were not known and came into a family of another key, as (group, key).
        owners: Whose inputs are whose family bears another name, as (digest, own group), the group empty where nobody
            said one; and of known ones that came again, of which group they came.
    """

    group: Mapping[str, str] = field(default_factory=dict)
    sides: Mapping[str, frozenset[Side]] = field(default_factory=dict)
    twins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    refused: Sequence[tuple[str, str]] = ()
    links: Sequence[Link] = ()
    named: Sequence[tuple[str, str]] = ()
    owners: Sequence[tuple[str, str]] = ()


class Union:
    """Disjoint sets of names; the least name of a set stands for it."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}
        self._size: dict[str, int] = {}

    def find(self, name: str) -> str:
        """The name that stands for the set of this one."""
        root = name
        while (parent := self._parent.get(root, root)) != root:
            root = parent
        while (parent := self._parent.get(name, name)) != root:
            self._parent[name], name = root, parent
        return root

    def join(self, one: str, other: str) -> None:
        """Makes two sets one."""
        low, high = sorted((self.find(one), self.find(other)))
        if low != high:
            self._size[low] = self.size(low) + self.size(high)
            self._parent[high] = low

    def size(self, name: str) -> int:
        """How many names are in its set."""
        return self._size.get(self.find(name), 1)


def families_of(
    newcomers: Sequence[Newcomer],
    known: Sequence[Arrival],
    modality: Modality,
    *,
    groups: Iterable[tuple[str, str]] = (),
    again: Mapping[str, frozenset[str]] = NO_GROUPS,
) -> Families:
    """Brings together what resembles or belongs to each other; the order of the newcomers does not matter.

    Args:
        newcomers: What is new.
        known: What the project has already.
        modality: What they are, which finds those that resemble each other.
        groups: Groups that came into a family of another key before, as (group, key).
        again: By digest of what is known and came again, what the user says it belongs with. A group that is not known
            yet joins its family, unless that would lie on both sides: what is known does not change them.
    """
    led = list(groups)
    told = NO_NAMES.union(*again.values(), *(new.groups for new in newcomers))
    named = {old.group for old in known if old.group in told}.union(group for group, _ in led)
    back = [old for old in known if old.digest in again] if again else []
    coming = _coming(back, again, named)
    alone = [new for new in newcomers if not new.fingerprint and not new.groups]
    newcomers = sorted((new for new in newcomers if new.fingerprint or new.groups), key=_BY_DIGEST)
    known = sorted(known, key=_BY_DIGEST)
    likeness, refused, links = _alike(newcomers, known, modality)
    near = _near(known, [*((link.one, link.other) for link in links), *refused], again)
    union = Union()
    for old in near:
        union.join(_input(old.digest), _group(old.group))
        for group in coming.get(old.digest, ()):
            union.join(_input(old.digest), _group(group))
    for group, family in led:
        union.join(_group(group), _group(family))
    for new in newcomers:
        for group in new.groups:
            union.join(_input(new.digest), _group(group))
    members: dict[str, list[str]] = {}
    for digest in [*(new.digest for new in newcomers), *(old.digest for old in near)]:
        members.setdefault(likeness.find(digest), []).append(digest)
    for alike in members.values():
        for digest in alike[1:]:
            union.join(_input(alike[0]), _input(digest))
    keys, sides = _keys(newcomers, known, union, told.union(*led, *coming.values(), (old.group for old in near)))
    for new in alone:  # nothing resembles them, and nobody said what they belong with
        keys[new.digest], sides[new.digest] = new.digest, NOWHERE
    twins = {new.digest: tuple(members[likeness.find(new.digest)]) for new in newcomers}
    twins |= {new.digest: (new.digest,) for new in alone}
    return Families(
        keys,
        sides,
        twins,
        [(one, other) for one, other in refused if union.find(_input(one)) != union.find(_input(other))],
        links,
        sorted(_newly_named(newcomers, keys, back, coming, named)),
        sorted(_owners(newcomers, keys, known, back, again)),
    )


def _near(
    known: Sequence[Arrival], pairs: Iterable[tuple[str, str]], again: Mapping[str, frozenset[str]]
) -> list[Arrival]:
    """What resembles a newcomer or came again; all else touches newcomers by its group alone, of which there is one."""
    touched = {digest for pair in pairs for digest in pair}.union(again)
    return [old for old in known if old.digest in touched] if touched else []


def _coming(back: Sequence[Arrival], again: Mapping[str, frozenset[str]], named: set[str]) -> dict[str, frozenset[str]]:
    """By digest of what came again, the groups that come into its family: new ones that it alone gives a side."""
    sides: dict[str, set[Side]] = {}
    for old in back:
        for group in again[old.digest] - named:
            sides.setdefault(group, set()).add(old.side)
    torn = {group for group, found in sides.items() if len(found - {Side.SET_ASIDE}) > 1}
    return {digest: groups - named - torn for digest, groups in again.items()}


def _newly_named(
    newcomers: Sequence[Newcomer],
    keys: Mapping[str, str],
    back: Sequence[Arrival],
    coming: Mapping[str, frozenset[str]],
    named: Container[str],
) -> set[tuple[str, str]]:
    """Groups that nobody has named before and whose examples bear another key, with that key."""
    found = {(group, keys[new.digest]) for new in newcomers for group in new.groups}
    found |= {(group, old.group) for old in back for group in coming[old.digest]}
    return {(group, key) for group, key in found if group != key and group not in named}


def _owners(
    newcomers: Sequence[Newcomer],
    keys: Mapping[str, str],
    known: Sequence[Arrival],
    back: Sequence[Arrival],
    again: Mapping[str, frozenset[str]],
) -> set[tuple[str, str]]:
    """Whose inputs are, where the key of their family does not say it."""
    led = {keys[new.digest] for new in newcomers if not new.groups and keys[new.digest] != new.digest}
    nameless = led & {new.digest for new in newcomers} | {old.digest for old in known if old.digest in led}
    found = set[tuple[str, str]]()
    for new in newcomers:
        key = keys[new.digest]
        if new.groups:
            found |= {(new.digest, group) for group in new.groups} if new.groups != {key} else set()
        elif key in led - nameless:  # it is like what bears a name, and bears none
            found.add((new.digest, ""))
    for old in back:
        told = again[old.digest]
        found |= {(old.digest, group) for group in told} if told - {old.group} else set()
    return found


def side_of(group: str, sealed_share: float) -> Side:
    """On which side a family falls by itself: by a hash of its key, so nobody chooses and nothing changes it later."""
    return falls_on(hashed(group), sealed_share)


def falls_on(number: int, sealed_share: float) -> Side:
    """The same, by the hash."""
    return Side.SEALED if number < sealed_share * 2**64 else Side.TRAIN


def hashed(group: str) -> int:
    """A number, 0..2**64 - 1, that a family's key stands for."""
    return int.from_bytes(hashlib.sha256(group.encode()).digest()[:8], "big")


def _alike(
    newcomers: Sequence[Newcomer], known: Sequence[Arrival], modality: Modality
) -> tuple[Union, list[tuple[str, str]], list[Link]]:
    """Joins inputs that resemble each other, nearest first, and says which pairs were refused and which joined."""
    seen = [old for old in known if old.fingerprint], [new for new in newcomers if new.fingerprint]
    digests = [each.digest for part in seen for each in part]
    fingerprints = [each.fingerprint for part in seen for each in part]
    union = Union()
    refused, links = list[tuple[str, str]](), list[Link]()
    for pair in modality.pairs(fingerprints, newcomers=len(seen[1])) if seen[1] else ():
        one, other = digests[pair.first], digests[pair.second]
        if not pair.sure and union.size(one) + union.size(other) > LOOSE_FAMILY:
            refused.append((one, other))
        else:
            union.join(one, other)
            links.append(Link(one, other, pair.sure))
    return union, refused, links


def _keys(
    newcomers: Sequence[Newcomer], known: Sequence[Arrival], union: Union, groups: Iterable[str]
) -> tuple[dict[str, str], dict[str, frozenset[Side]]]:
    """The key of each newcomer's family, and the sides on which its known relatives lie.

    Args:
        newcomers: What is new.
        known: What the project has already.
        union: Of newcomers, groups, and what is known and near to them.
        groups: All that are in the union.
    """
    found = {new.digest: union.find(_input(new.digest)) for new in newcomers}
    theirs = set(found.values())
    families = {group: root for group in groups if (root := union.find(_group(group))) in theirs}
    old_keys: dict[str, str] = {}
    new_keys: dict[str, str] = {}
    sides: dict[str, set[Side]] = {}
    for old in known if families else ():
        if (family := families.get(old.group)) is not None:
            old_keys[family] = min(old.group, old_keys.get(family, old.group))
            if old.side is not Side.SET_ASIDE:
                sides.setdefault(family, set()).add(old.side)
    for new in newcomers:
        own, key = found[new.digest], min(new.groups) if new.groups else new.digest
        new_keys[own] = min(key, new_keys.get(own, key))
    keys = {digest: old_keys.get(family, new_keys[family]) for digest, family in found.items()}
    return keys, {digest: frozenset(sides.get(family, ())) for digest, family in found.items()}


def _input(digest: str) -> str:
    return f"input {digest}"


def _group(name: str) -> str:
    return f"group {name}"
