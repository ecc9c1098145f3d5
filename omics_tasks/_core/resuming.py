"""Resume tokens: where in a listing to begin, and which of its items came before.

A place inside a page says nothing once the listing has changed. So the token of such a place has
the page's own token, and a mark of each item that came before it in that page. The page is read
again, and the marked items are left out of it, wherever they are by then.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

_MARK_LENGTH = 12
_MARKED = re.compile(rf"~seen:((?:[\w-]{{{_MARK_LENGTH}}})+)~(.*)", re.DOTALL | re.ASCII)
# The form without marks: the beginning of a listing, and what earlier versions gave out.
_COUNTED = re.compile(r"~([0-9]{1,9})~(.*)", re.DOTALL)

# The members that tell items apart and never change. Ids of runs are used again in time.
_IDENTIFYING = (
    "arn",
    "id",
    "uuid",
    "task_arn",
    "task_id",
    "step_id",
    "job_id",
    "queue_id",
    "creation_time",
)


@dataclass(frozen=True, slots=True)
class Yielded:
    """The items to leave out of a listing, because they came before."""

    count: int = 0
    """How many to leave out at the beginning, whichever they are."""
    marks: Counter[str] = field(default_factory=Counter[str])
    """Which ones to leave out, and how often."""

    @classmethod
    def of(cls, items: Iterable[object]) -> Yielded:
        """Return these items."""
        return cls(marks=Counter(map(mark_of, items)))

    def split(self, items: Sequence[object]) -> tuple[Collection[int], Yielded]:
        """Return the places of the items that are not left out, and what is left for the next."""
        if not self.marks:
            skipped = min(self.count, len(items))
            return range(skipped, len(items)), Yielded(self.count - skipped)
        marks, places = self.marks.copy(), set[int]()
        for place, item in enumerate(items):
            mark = mark_of(item)
            if marks[mark]:
                marks[mark] -= 1
            else:
                places.add(place)
        return places, Yielded(marks=+marks)


def mark_of(item: object) -> str:
    """Return a digest of what the item is, which stays the same when its state changes."""
    members = [item] if isinstance(item, str) else _identity(item)
    digest = blake2b("\0".join(members).encode("utf-8", "replace"), digest_size=9).digest()
    return urlsafe_b64encode(digest).decode()


def _identity(item: object) -> list[str]:
    members = vars(item)
    identity = [f"{name}={members[name]}" for name in _IDENTIFYING if members.get(name) is not None]
    return identity or [repr(item)]


def to_resume_token(token: str | None, passed: Yielded) -> str:
    """Return one string for both. With nothing passed, a service's token stays as it is.

    One that could be taken for a resume token is wrapped, so that it comes back as it was.
    """
    if passed.marks:
        return f"~seen:{''.join(passed.marks.elements())}~{token or ''}"
    if passed.count or not token or token.startswith("~"):
        return f"~{passed.count}~{token or ''}"
    return token


def from_resume_token(resume_token: str | None) -> tuple[str | None, Yielded]:
    """Return the service's own token, and the items to leave out from there on."""
    if marked := _MARKED.fullmatch(resume_token or ""):
        marks = re.findall(f".{{{_MARK_LENGTH}}}", marked[1])
        return marked[2] or None, Yielded(marks=Counter(marks))
    if counted := _COUNTED.fullmatch(resume_token or ""):
        return counted[2] or None, Yielded(int(counted[1]))
    return resume_token, Yielded()
