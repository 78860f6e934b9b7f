"""Speech made up from written prompts, by espeak-ng where it is installed."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from understudy.domain.errors import UnderstudyError

PROGRAM: Final = "espeak-ng"
SECONDS: Final = 30.0
"""For one prompt; none takes so long."""
LONGEST: Final = 1_000
"""Letters of a prompt."""
_VARIANTS: Final = ("", "+m1", "+m3", "+m7", "+f1", "+f2", "+f4", "+croak", "+whisper")
_SPEEDS, _PITCHES = (120, 200), (25, 75)


class NoVoice(UnderstudyError):
    """Nothing here can speak."""


def found_voice(which: Callable[[str], str | None] = shutil.which) -> str:
    """The path of espeak-ng.

    Raises:
        NoVoice: It is not installed.
    """
    path = which(PROGRAM)
    if path is None:
        raise NoVoice(
            fact="Prompts cannot be spoken here.",
            reason="The program espeak-ng is not installed.",
            remedy="Install it, with “apt install espeak-ng” or “brew install espeak-ng”, or record people instead.",
        )
    return path


def made_speech(
    prompts: Sequence[tuple[str, str]], count: int, *, language: str, rng: np.random.Generator, program: str
) -> list[tuple[bytes, str]]:
    """Speaks prompts in turn, each time with another voice, speed and pitch.

    Args:
        prompts: (text, label) each, at least one.
        count: How many recordings.
        language: As espeak-ng names it ("en", "es", "de").
        rng: Draws voices, speeds and pitches.
        program: What `found_voice` gave.

    Returns:
        (WAV file, label) each.

    Raises:
        NoVoice: The program failed, as it does for a language that it does not speak.
    """
    made = []
    for turn in range(count):
        text, label = prompts[turn % len(prompts)]
        voice = language + _VARIANTS[int(rng.integers(len(_VARIANTS)))]
        speed, pitch = int(rng.integers(*_SPEEDS)), int(rng.integers(*_PITCHES))
        made.append((_spoken(program, text[:LONGEST], voice, speed, pitch), label))
    return made


def _spoken(program: str, text: str, voice: str, speed: int, pitch: int) -> bytes:
    words = [program, "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdin", "--stdout"]
    try:
        done = subprocess.run(  # noqa: S603 - a program by its full path, its text on standard input
            words, input=text.encode(), capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _failed(str(error)) from error
    if done.returncode or not done.stdout.startswith(b"RIFF"):
        raise _failed(done.stderr.decode("utf-8", "replace").strip().splitlines()[0] if done.stderr else "no sound")
    return _with_lengths(done.stdout)


def _with_lengths(wave: bytes) -> bytes:
    """The file with its true lengths: who writes to a pipe cannot know them when it begins."""
    at = wave.find(b"data")
    if at < 0:
        raise _failed("no sound")
    whole, sound = (len(wave) - 8).to_bytes(4, "little"), (len(wave) - at - 8).to_bytes(4, "little")
    return wave[:4] + whole + wave[8 : at + 4] + sound + wave[at + 8 :]


def _failed(why: str) -> NoVoice:
    return NoVoice(
        fact="espeak-ng did not speak a prompt.",
        reason=f"It says: {why[:200]}.",
        remedy="Name a language that “espeak-ng --voices” lists.",
    )
