"""Which kept answers belong to a question that means the same as another.

A question is a vector, and is compared only with those that are the same in everything but the last
thing that was said. What embeddings tell apart badly is not left to them: numbers, and words that
turn a sentence into its opposite, must be the same.
"""

import heapq
import math
import re
from array import array
from collections import OrderedDict, deque
from collections.abc import Sequence
from operator import mul
from typing import Final

MAX_OF_A_KIND: Final = 512
"""Questions that are alike in all but the last words; the oldest go first."""
MAX_QUESTIONS: Final = 10_000
"""Over all kinds: about 25 MB with 384 dimensions."""
MAX_SAID: Final = 2_000
"""Characters; an embedding of more says little of each."""
_CLOSELY: Final = 8
_NUMBERS: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")
_OPPOSITES: Final = re.compile(
    r"\b(?:not|no|never|without|none|neither|cannot)\b|n't\b|[不没無无非未别勿莫否]",
    re.IGNORECASE,
)


class Said:
    """What was said, as far as it is compared: its vector and what must be the same."""

    __slots__ = ("marks", "signs", "vector")

    def __init__(self, text: str, numbers: Sequence[float]) -> None:
        """Take the embedding ``numbers`` of ``text``.

        Raises:
            ValueError: if they are no vector.
        """
        length = math.sqrt(sum(map(mul, numbers, numbers)))
        if not math.isfinite(length) or length == 0.0:
            raise ValueError("an embedding has a finite length")
        self.vector: array[float] = array("f", [each / length for each in numbers])
        self.signs = int("".join("1" if each > 0 else "0" for each in numbers), 2)
        self.marks = marks_of(text)


def marks_of(text: str) -> tuple[str, ...]:
    """Return the numbers in ``text`` and its words of denial, in order."""
    denials = [each.lower() for each in _OPPOSITES.findall(text)]
    return (*_NUMBERS.findall(text), "|", *denials)


class LikenessIndex:
    """Finds the nearest question of a kind, within this process."""

    def __init__(self, *, max_questions: int = MAX_QUESTIONS) -> None:
        self._max = max_questions
        self._kinds: OrderedDict[bytes, deque[tuple[Said, bytes]]] = OrderedDict()
        self._held = 0

    def __len__(self) -> int:
        return self._held

    def find(self, kind: bytes, said: Said, threshold: float) -> bytes | None:
        """Return the key of the nearest question of a cosine of ``threshold`` or more."""
        held = self._kinds.get(kind)
        if held is None:
            return None
        self._kinds.move_to_end(kind)
        # The angle between two vectors shows in how many signs differ: most need no closer look.
        near = heapq.nsmallest(
            _CLOSELY,
            (
                ((said.signs ^ other.signs).bit_count(), number, other, key)
                for number, (other, key) in enumerate(held)
                if other.marks == said.marks and len(other.vector) == len(said.vector)
            ),
        )
        best, found = threshold, None
        for _, _, other, key in near:
            cosine = sum(map(mul, said.vector, other.vector))
            if cosine >= best:
                best, found = cosine, key
        return found

    def add(self, kind: bytes, said: Said, key: bytes) -> None:
        """Remember that the answer to what was said is kept under ``key``."""
        held = self._kinds.setdefault(kind, deque())
        self._kinds.move_to_end(kind)
        for number, (_, known) in enumerate(held):
            if known == key:
                held[number] = (said, key)
                return
        held.append((said, key))
        self._held += 1
        if len(held) > MAX_OF_A_KIND:
            held.popleft()
            self._held -= 1
        while self._held > self._max:
            oldest = next(iter(self._kinds))
            self._kinds[oldest].popleft()
            self._held -= 1
            if not self._kinds[oldest]:
                del self._kinds[oldest]
