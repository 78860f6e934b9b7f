"""Tokens: what a transformer takes for a text, made by a tokenizer that travels as one JSON file."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]

STEP: Final = 4
"""Lengths are rounded up to a multiple, so that the engine meets few shapes."""
CHARACTERS_A_TOKEN: Final = 16
"""Of a text at most so many characters are looked at for each token there may be; ordinary ones have four or five."""
_SPACES: Final = re.compile(r"\s+")


class Tokens:
    """A tokenizer whose output is cut at a length. Safe to use from several threads.

    Args:
        file: A `tokenizer.json`.
        longest: Tokens after which a text is cut, those of its beginning and end included.

    Attributes:
        file: As above.
        longest: As above.
        characters: Of a text, how many are looked at.
        padding: Number of the token that fills shorter texts up.

    Raises:
        ValueError: The file is no tokenizer.
    """

    def __init__(self, file: bytes, longest: int) -> None:
        self.file, self.longest = file, longest
        self.characters = longest * CHARACTERS_A_TOKEN
        try:
            self._tokenizer: Any = Tokenizer.from_buffer(file)
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(longest)
        except Exception as error:
            raise ValueError(f"no tokenizer ({str(error)[:120]})") from error
        self.padding = self._padding()

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens' numbers for each text."""
        short = [_SPACES.sub(" ", text[: self.characters]).strip() for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(short)]

    def padded(self, ids: Sequence[Sequence[int]], *, step: int = STEP) -> tuple[Ints, Ints]:
        """Several texts side by side.

        Returns:
            Numbers and mask, (n, w) each; w is the longest text's length, rounded up to a multiple of `step`.
        """
        width = padded_width(max(len(one) for one in ids), self.longest, step=step)
        numbers = np.full((len(ids), width), self.padding, np.int64)
        mask = np.zeros((len(ids), width), np.int64)
        for row, one in enumerate(ids):
            numbers[row, : len(one)], mask[row, : len(one)] = one, 1
        return numbers, mask

    def _padding(self) -> int:
        for name in ("[PAD]", "<pad>", "<PAD>"):
            number = self._tokenizer.token_to_id(name)
            if number is not None:
                return int(number)
        return 0


def padded_width(length: int, longest: int, *, step: int = STEP) -> int:
    """A length rounded up to a multiple of `step`, as far as `longest` allows."""
    return max(1, min(-(-length // step) * step, longest))


@lru_cache(maxsize=4)
def tokens_of(file: bytes, longest: int) -> Tokens:
    """The tokenizer of a file; the same one while it is in use."""
    return Tokens(file, longest)
