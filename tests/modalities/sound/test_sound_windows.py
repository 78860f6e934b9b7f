"""A recording is cut into windows, of which a long one keeps those where most happens."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recordings import melody, noise, tone, wav
from understudy.modalities.sound.decode import RATE
from understudy.modalities.sound.spectrum import (
    FINE,
    STEP,
    VOICE,
    WIDTH,
    Spectrum,
    bank,
    decibels,
    spectral_shapes,
    with_floor,
)
from understudy.modalities.sound.statistics import STATISTICS, statistics_of
from understudy.modalities.sound.windows import LENGTH, MOST, Cutting, windows_of


def spectrum_of(samples: np.ndarray, block: int = RATE) -> np.ndarray:
    spectrum = Spectrum()
    cut = [samples[start : start + block].astype(np.float32) for start in range(0, len(samples), block)]
    return np.concatenate([*(spectrum.add(each) for each in cut), spectrum.end()])


def test_a_tone_stands_in_its_band() -> None:
    """A sine of 1 kHz is loudest in the band around 1 kHz, and its centroid is there."""
    rows = spectrum_of(tone(1.0, 1000))
    edges = bank(FINE, 0, 8000)
    loudest = rows[50, :FINE].argmax()
    assert edges[:, loudest].argmax() * RATE / 512 == pytest.approx(1000, abs=100)
    seen = spectral_shapes(rows)[50]
    assert seen[0] == pytest.approx(1.0, abs=0.05)
    assert seen[2] == pytest.approx(1.0, abs=0.1)
    assert seen[4] == pytest.approx(2000 / RATE, abs=0.01)


@settings(max_examples=20)
@given(st.integers(1, 40_000), st.integers(100, 20_000))
def test_blocks_do_not_matter(length: int, block: int) -> None:
    """However the samples arrive, the frames are the same: one every 10 ms, at least one."""
    samples = noise(length / RATE + 1e-6)[:length]
    rows = spectrum_of(samples, block)
    assert len(rows) == length // STEP + 1
    np.testing.assert_allclose(rows, spectrum_of(samples, length), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(("seconds", "count"), [(0.2, 1), (5.0, 1), (5.3, 1), (7.0, 2), (26.0, 5)])
def test_windows_cover_a_recording(seconds: float, count: int) -> None:
    """Windows follow each other without gaps; the last reaches back rather than being nearly empty."""
    windows = windows_of(wav(noise(seconds))).windows
    assert len(windows) == count
    assert windows[0].start == 0
    assert windows[-1].seconds[1] == pytest.approx(seconds, abs=0.5)
    assert all(later.start <= before.start + LENGTH for before, later in pairwise(windows))


@pytest.mark.parametrize("hours", [0.1, 3])
def test_hours_keep_a_bounded_number_of_windows(hours: float) -> None:
    """Of a long recording a bounded number of windows stays, from its whole length, and the lively ones among them."""
    cutting, length = Cutting(), int(hours * 3600 * 100) // LENGTH
    lively = {length // 3, length // 2}
    for place in range(length):
        rows = np.full((LENGTH, WIDTH), 1e-4, np.float32)
        if place in lively:
            rows[::20] = 1
        cutting.add(rows)
    windows = cutting.end()
    kept = [window.start // LENGTH for window in windows]
    assert MOST // 2 <= len(windows) <= MOST
    assert kept == sorted(kept)
    assert lively <= set(kept)
    assert kept[0] < length * 0.15
    assert kept[-1] > length * 0.85


def test_statistics_tell_sounds_apart() -> None:
    """A tone, noise, a rhythm and silence differ in what is measured, and all of it is finite."""
    pulses = noise(3.0) * (np.sin(2 * np.pi * 3 * np.arange(3 * RATE) / RATE) > 0)
    measured = [statistics_of(spectrum_of(each)) for each in (tone(3.0), noise(3.0), pulses, np.zeros(3 * RATE))]
    assert all(each.shape == (STATISTICS,) and np.isfinite(each).all() for each in measured)
    flatness = [each[-21 + 3] for each in measured]
    assert flatness[0] < 0.05 < flatness[1]
    slow = [each[-9 + 2 : -9 + 3].sum() for each in measured]
    assert slow[2] > 5 * max(slow[0], slow[1], slow[3])


def test_one_frame_can_be_measured() -> None:
    """A recording of a single sample has statistics, too."""
    window = windows_of(wav([0.5])).windows[0]
    assert np.isfinite(statistics_of(window.rows)).all()


def test_a_floor_of_noise_is_like_noise() -> None:
    """Noise that is laid beneath the spectrum is on average what noise in the samples would have given."""
    hiss = noise(8.0, 0.05)
    there = spectrum_of(hiss).mean(axis=0)
    laid = with_floor(spectrum_of(np.zeros(8 * RATE)), float(there[FINE + VOICE])).mean(axis=0)
    np.testing.assert_allclose(decibels(laid[2 : FINE + VOICE + 1]), decibels(there[2 : FINE + VOICE + 1]), atol=1.0)


def test_level_moves_only_levels() -> None:
    """Ten decibels less are ten decibels less in every band."""
    loud, quiet = decibels(spectrum_of(melody(1))), decibels(spectrum_of(melody(1) * 10**-0.5))
    heard = (loud[:, :FINE] > -60).nonzero()
    np.testing.assert_allclose(loud[heard] - quiet[heard], 10, atol=0.1)
