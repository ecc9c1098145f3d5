"""Limits on the values that parsing a response may create, in proportion to its size.

A list of a million empty objects is a short response, shorter still when compressed, and would
take gigabytes as models. The limits are several times what the fullest pages of the services need.
They keep the memory for a response to about 20 times its size, and parsing below 50 ms per
megabyte.
"""

from __future__ import annotations

import re

VALUES, BYTES_PER_VALUE = 40_000, 32
"""Values allowed in any response, and bytes per further value. Half may be lists or objects."""
MEMBERS, BYTES_PER_MEMBER = 50_000, 20
"""Model members allowed in any response, present or not, and bytes per further member."""
MEMBERS_OF_ANY_MODEL = 2
"""Members that each model counts for in addition to its own."""

_STRING = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'


class TooMuchError(Exception):
    """A response holds more than its size allows.

    It is not a ValueError, so that pydantic stops at once.
    """


class Allowance:
    """Number of members that the models of one response may still have."""

    __slots__ = ("_left",)

    def __init__(self, body: bytes) -> None:
        """Raise TooMuchError if parsing the body would already create too many values."""
        size = len(body)
        self._left = MEMBERS + size // BYTES_PER_MEMBER
        values = VALUES + size // BYTES_PER_VALUE
        if _STRUCTURES.are_more(body, values // 2) or _COMMAS.are_more(body, values):
            raise TooMuchError("the response has too many values for its size")

    def take(self, members: int) -> None:
        """Count ``members``. Raise TooMuchError if more than the remaining ones are taken."""
        self._left -= members
        if self._left < 0:
            raise TooMuchError("the response has too many elements for its size")


class _Marks:
    """Counter of certain characters outside of JSON strings."""

    def __init__(self, marks: str) -> None:
        self._marks = [mark.encode() for mark in marks]
        one = re.escape(marks).encode()
        self._thousand = re.compile(
            rb'(?:(?:[^"' + one + rb"]++|" + _STRING + rb")*+[" + one + rb"]){1000}", re.DOTALL
        )

    def are_more(self, body: bytes, most: int) -> bool:
        """Return whether there are more than ``most``, to the nearest thousand.

        The cheapest checks come first.
        """
        if len(body) <= 2 * most:  # each mark is followed by another character
            return False
        # Comparing lengths after removal is three times as fast as counting.
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
