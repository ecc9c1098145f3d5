"""What reading an answer may cost, by the size of the answer.

A list of a million empty objects is short, packed even more so, and would fill gigabytes as models.
The bounds are several times what the fullest pages of the services need. They keep the memory for
an answer to about 20 times its size, and its parsing below 50 ms a megabyte.
"""

from __future__ import annotations

import re

VALUES, BYTES_PER_VALUE = 40_000, 32
"""Values in any answer, and the bytes that allow one more. Half of them may be lists or objects."""
MEMBERS, BYTES_PER_MEMBER = 50_000, 20
"""Members of the models in any answer, present or not, and the bytes that allow one more."""
MEMBERS_OF_ANY_MODEL = 2
"""What each model counts for besides."""

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'


class TooMuchError(Exception):
    """An answer holds more than one of its size may. No ValueError: pydantic must not go on."""


class Allowance:
    """What is left of the members that the models in one answer may have."""

    __slots__ = ("_left",)

    def __init__(self, body: bytes) -> None:
        """Raises TooMuchError where the parser would already make too much of the body."""
        size = len(body)
        self._left = MEMBERS + size // BYTES_PER_MEMBER
        values = VALUES + size // BYTES_PER_VALUE
        if _STRUCTURES.are_more(body, values // 2) or _COMMAS.are_more(body, values):
            raise TooMuchError("the answer has too many values for its size")

    def take(self, members: int) -> None:
        """Raises TooMuchError where that is more than what is left."""
        self._left -= members
        if self._left < 0:
            raise TooMuchError("the answer has too many elements for its size")


class _Marks:
    """Characters that count outside of strings."""

    def __init__(self, marks: str) -> None:
        self._marks = [mark.encode() for mark in marks]
        one = re.escape(marks).encode()
        self._thousand = re.compile(
            rb'(?:(?:[^"' + one + rb"]++|" + _STRING + rb")*+[" + one + rb"]){1000}", re.DOTALL
        )

    def are_more(self, body: bytes, most: int) -> bool:
        """Whether there are more of them, to the thousand: first by the quickest means."""
        if len(body) <= 2 * most:  # each is followed by something else
            return False
        # To leave them out is three times as fast as to count them.
        count = sum(len(body) - len(body.replace(mark, b"")) for mark in self._marks)
        return count > most and self._are_more_outside_of_strings(body, most)

    def _are_more_outside_of_strings(self, body: bytes, most: int) -> bool:
        place = 0
        for _ in range(0, most, 1000):
            found = self._thousand.match(body, place)
            if found is None:
                return False
            place = found.end()
        return True


_STRUCTURES = _Marks("[{")
_COMMAS = _Marks(",")
