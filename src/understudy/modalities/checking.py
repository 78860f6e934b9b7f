"""Whether a modality does what the house asks of one: for the tests of whoever writes one."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Final

from understudy.domain.errors import UnderstudyError
from understudy.modalities.abilities import Altering, Transcribing, input_of
from understudy.modalities.checking_encoders import encoder_faults, same_arrays
from understudy.modalities.checking_samples import damage_faults, shown_faults
from understudy.modalities.measuring import facts_of, inspected
from understudy.modalities.protocol import HEADS, Modality, Preparer, Unreadable
from understudy.modalities.registry import BUILT_IN, GROUP, lacking

RUBBISH: Final = (b"", bytes(64), bytes(range(128, 256)) * 8)
"""Bytes that hardly any modality takes for one of its inputs."""
LARGE: Final = 1_000_000
"""Bytes of golden inputs, all together, that make every model file needlessly large."""


class Unconforming(UnderstudyError):
    """A modality does not do what is asked of one.

    Attributes:
        faults: What is the matter, one sentence each.
    """

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        told = "\n".join(f"- {fault}" for fault in faults)
        super().__init__(
            fact=f"The module “{name}” does not do what is asked of one.",
            reason=f"It has {len(faults)} fault{'s' if len(faults) > 1 else ''}:\n{told}\n",
            remedy="See understudy.modalities.protocol for what each part has to do.",
        )
        self.faults = tuple(faults)


@dataclass(frozen=True)
class _Case:
    """What is looked at: a modality, inputs of its kind, and bytes that are none."""

    modality: Modality
    samples: Sequence[bytes]
    rubbish: Sequence[bytes]


Check = Callable[[_Case], Iterator[str]]


def check(modality: Modality, samples: Sequence[bytes], *, rubbish: Sequence[bytes] = RUBBISH) -> None:
    """Tries what the house will ask of a modality, and tells all that is amiss at once.

    It cannot tell whether features are worth anything, and not whether code will change: that is what golden inputs
    are for.

    Args:
        modality: As the entry point names it.
        samples: Files of its kind, at least two that differ, in length too where lengths differ.
        rubbish: Bytes that are no inputs of its kind.

    Raises:
        ValueError: There are fewer than two samples.
        Unconforming: Something is amiss.
    """
    if len(samples) < 2:
        raise ValueError("it takes two samples or more")
    missing = lacking(modality)
    faults = [f"It has no {name}." for name in missing]
    if not missing:
        case = _Case(modality, [input_of(modality, data) for data in samples], rubbish)
        encoded = (_encoder,) if modality.search == HEADS else ()
        checks = (_names, _inputs, _shown, _rubbish, _damage, _pairs, _goldens, *encoded)
        faults += [fault for each in checks for fault in _found(each, case)]
    if faults:
        raise Unconforming(str(getattr(modality, "name", type(modality).__name__)), faults)


def _found(looked: Check, case: _Case) -> Iterator[str]:
    try:
        yield from looked(case)
    except Exception as error:  # noqa: BLE001 - whatever a module raises where it may not is a fault of its own
        yield f"Trying its {looked.__name__.strip('_')} raised {type(error).__name__}: {error}"


def _names(case: _Case) -> Iterator[str]:
    modality, name = case.modality, case.modality.name
    offered = {entry.name: entry.value for entry in entry_points(group=GROUP)}
    here = [each for each, value in offered.items() if value.partition(":")[0] == type(modality).__module__]
    if here and name not in here:
        yield f"Its name is “{name}”, and its entry point's is “{here[0]}”; they have to be one."
    if name in BUILT_IN and BUILT_IN[name].partition(":")[0] != type(modality).__module__:
        yield f"Its name is “{name}”, which is that of a built-in one."
    for suffix in sorted(modality.suffixes):
        if not suffix.startswith(".") or suffix != suffix.lower():
            yield f"Its suffix “{suffix}” does not begin with a dot, or is not in small letters."
    for kind in ("origin_facts", "look_facts", "watched_facts"):
        if not isinstance(getattr(modality, kind), frozenset):
            yield f"Its {kind} are no frozenset."


def _inputs(case: _Case) -> Iterator[str]:
    modality, known = case.modality, set[str]()
    for place, data in enumerate(case.samples, start=1):
        seen, facts = inspected(modality, data), facts_of(modality, data)
        known |= facts.keys()
        if (inspected(modality, data), facts_of(modality, data)) != (seen, facts):
            yield f"Sample {place} is measured otherwise the second time."
        if "/" not in modality.media_type(data):
            yield f"The media type of sample {place} is “{modality.media_type(data)}”, which is none."
        if isinstance(modality, Transcribing) and modality.from_file(data) != data:
            yield f"What from_file makes of sample {place} it changes again."
        yield from _altered(modality, data, place)
    for name in sorted((modality.origin_facts | modality.look_facts | modality.watched_facts) - known):
        if modality.search == HEADS:
            yield f"The fact “{name}” is named, and measured of no sample."


def _altered(modality: Modality, data: bytes, place: int) -> Iterator[str]:
    if not isinstance(modality, Altering):
        return
    altered = modality.altered(data)
    inspected(modality, altered)
    if altered != modality.altered(data):
        yield f"Sample {place} is altered otherwise the second time."


def _rubbish(case: _Case) -> Iterator[str]:
    for data in case.rubbish:
        for what, look in (("inspect", case.modality.inspect), ("facts", case.modality.facts)):
            try:
                look(data)
            except Unreadable:
                continue
            except Exception as error:  # noqa: BLE001 - that it is none but Unreadable is what is asked
                yield f"{what}({_short(data)}) raises {type(error).__name__} and no Unreadable."
            else:
                yield f"{what}({_short(data)}) takes rubbish for an input; it has to raise Unreadable."


def _shown(case: _Case) -> Iterator[str]:
    told = (shown_faults(case.modality, data, place) for place, data in enumerate(case.samples, start=1))
    yield from dict.fromkeys(fault for faults in told for fault in faults)


def _damage(case: _Case) -> Iterator[str]:
    arrays = _preparer(case).arrays if case.modality.search == HEADS else None
    for place, data in enumerate(case.samples, start=1):
        yield from damage_faults(case.modality, data, place, arrays)


def _preparer(case: _Case) -> Preparer:
    encoder = case.modality.encoder(None)
    return encoder.preparer(encoder.views(len(case.samples), thorough=True))


def _pairs(case: _Case) -> Iterator[str]:
    prints = [inspected(case.modality, data).fingerprint for data in case.samples]
    if not all(prints):
        return
    count = len(prints)
    pairs = list(case.modality.pairs([*prints, *prints], newcomers=count))
    if any(not 0 <= pair.first < pair.second < 2 * count or pair.second < count for pair in pairs):
        yield "A pair names a first that does not come before its second, or no newcomer."
    if [pair.distance for pair in pairs] != sorted(pair.distance for pair in pairs):
        yield "Its pairs do not come nearest first."
    found = {(pair.first, pair.second) for pair in pairs}
    for place in range(count):
        if (place, count + place) not in found:
            yield f"Sample {place + 1} and its double, of one fingerprint, are no pair."


def _goldens(case: _Case) -> Iterator[str]:
    golden: object = case.modality.golden()
    if not isinstance(golden, tuple) or not golden or not all(isinstance(data, bytes) for data in golden):
        yield "Its golden() gives no bytes in a tuple; a model needs two or three inputs to be known again by."
        return
    if golden != case.modality.golden():
        yield "Its golden() gives others the second time."
    if sum(map(len, golden)) > LARGE:
        yield f"Its golden inputs take {sum(map(len, golden)):,} bytes, which every model file holds."
    for data in golden:
        inspected(case.modality, data)


def _encoder(case: _Case) -> Iterator[str]:
    try:
        case.modality.encoder("no such encoder.onnx")
    except UnderstudyError:
        pass
    else:
        yield "Its encoder(name) takes any name; it has to raise an UnderstudyError for one that it does not know."
    golden, preparer = case.modality.golden(), _preparer(case)
    yield from encoder_faults(case.modality, case.modality.encoder(None), [*case.samples, *golden])
    prepared = [preparer.arrays(data) for data in golden]
    if any(same_arrays(one, other) for at, one in enumerate(prepared) for other in prepared[:at]):
        yield "Two of its golden inputs are prepared to the same, so that one of them tells nothing."
    for data in case.rubbish:
        try:
            preparer.arrays(data)
        except Unreadable:
            continue
        yield f"The preparer's arrays({_short(data)}) takes rubbish for an input; it has to raise Unreadable."


def _short(data: bytes) -> str:
    return repr(data[:8]) + ("…" if len(data) > 8 else "")
