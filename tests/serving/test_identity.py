import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from understudy.serving.identity import Entropy, Mint, uuid7

MOMENT = datetime(2026, 3, 2, 9, 14, 7, 412000, tzinfo=UTC)
BARE = MOMENT.replace(tzinfo=None)
moments = st.datetimes(BARE.replace(year=1971), BARE.replace(year=9000), timezones=st.just(UTC))
noise = st.binary(min_size=10, max_size=10)


def test_the_standards_own_example_comes_out() -> None:
    """The test vector of RFC 9562, appendix A.6."""
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    random = (0xCC3 << 62 | 0x18C4DC0C0C07398F).to_bytes(10, "big")
    assert uuid7(at, lambda _length: random) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"


@given(at=moments, random=noise)
def test_every_name_is_a_version_7_uuid(at: datetime, random: bytes) -> None:
    """Whatever the time and the randomness, the name says its version and variant."""
    name = uuid.UUID(uuid7(at, lambda _length: random))
    assert name.version == 7
    assert name.variant == uuid.RFC_4122


@given(at=moments, first=noise, second=noise)
def test_names_sort_by_time(at: datetime, first: bytes, second: bytes) -> None:
    """A decision made a millisecond later sorts later as text, whatever the randomness."""
    assert uuid7(at, lambda _length: first) < uuid7(at + timedelta(milliseconds=1), lambda _length: second)


def test_names_of_one_moment_differ_by_74_random_bits() -> None:
    """A name cannot be guessed from the time it was made at."""
    mint = Mint()
    assert len({mint.name(MOMENT) for _ in range(1000)}) == 1000
    ones = uuid.UUID(uuid7(MOMENT, lambda length: b"\xff" * length)).int
    zeros = uuid.UUID(uuid7(MOMENT, lambda length: b"\x00" * length)).int
    assert (ones ^ zeros).bit_count() == 74


@given(counts=st.lists(st.integers(0, 16), max_size=60), bulk=st.integers(16, 40))
def test_no_unpredictable_byte_is_given_twice(counts: list[int], bulk: int) -> None:
    """Whatever is asked for, each answer is as long as it was asked, and comes from bytes that nobody had before."""
    fresh = itertools.count()
    entropy = Entropy(lambda count: bytes(next(fresh) % 251 for _ in range(count)), bulk)
    given_out = [entropy(count) for count in counts]
    assert [len(each) for each in given_out] == counts
    places = [byte for each in given_out for byte in each]
    steps = [(after - before) % 251 for before, after in itertools.pairwise(places)]
    assert all(0 < step <= 16 for step in steps), "a step of more than one is the end of a bulk that was too short"


def test_threads_share_unpredictable_bytes_without_sharing_any() -> None:
    """Names that many threads make at one moment all differ."""
    mint = Mint()
    with ThreadPoolExecutor(8) as threads:
        names = list(threads.map(lambda _place: mint.name(MOMENT), range(4000)))
    assert len(set(names)) == 4000
