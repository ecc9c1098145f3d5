"""Resume tokens: the page to start at, and the items of it to skip.

An index inside a page is worthless once the listing has changed. So a resume token for a place
inside a page holds the page's own token, and a fingerprint of each item that was already yielded
from that page. The page is fetched again, and the items with these fingerprints are skipped,
wherever they are by then.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

_FINGERPRINT_LENGTH = 12
_WITH_FINGERPRINTS = re.compile(
    rf"~seen:((?:[\w-]{{{_FINGERPRINT_LENGTH}}})+)~(.*)", re.DOTALL | re.ASCII
)
# The form without fingerprints: the start of a listing, and the tokens of earlier versions.
_WITH_COUNT = re.compile(r"~([0-9]{1,9})~(.*)", re.DOTALL)

# Members that identify an item and never change. A run's id is not enough: it may be reused.
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
class ItemsToSkip:
    """The items to leave out of a listing, because an earlier iteration yielded them."""

    count: int = 0
    """Number of items to skip at the start of the listing."""
    fingerprints: Counter[str] = field(default_factory=Counter[str])
    """Fingerprints of the items to skip, with the number of times."""

    @classmethod
    def of(cls, items: Iterable[object]) -> ItemsToSkip:
        """Return an object that skips these items, by their fingerprints."""
        return cls(fingerprints=Counter(map(fingerprint, items)))

    def split(self, items: Sequence[object]) -> tuple[Collection[int], ItemsToSkip]:
        """Return the indexes of the items to keep, and the items to skip on later pages."""
        if not self.fingerprints:
            skipped = min(self.count, len(items))
            return range(skipped, len(items)), ItemsToSkip(self.count - skipped)
        left, kept = self.fingerprints.copy(), set[int]()
        for index, item in enumerate(items):
            key = fingerprint(item)
            if left[key]:
                left[key] -= 1
            else:
                kept.add(index)
        return kept, ItemsToSkip(fingerprints=+left)


def fingerprint(item: object) -> str:
    """Return a digest of the item's identity, which stays the same when its state changes."""
    members = [item] if isinstance(item, str) else _identity(item)
    digest = blake2b("\0".join(members).encode("utf-8", "replace"), digest_size=9).digest()
    return urlsafe_b64encode(digest).decode()


def _identity(item: object) -> list[str]:
    members = vars(item)
    identity = [f"{name}={members[name]}" for name in _IDENTIFYING if members.get(name) is not None]
    return identity or [repr(item)]


def to_resume_token(token: str | None, skip: ItemsToSkip) -> str:
    """Combine the service's token and the items to skip in one string.

    If there is nothing to skip, the service's token stays as it is, unless it looks like a resume
    token: then it is wrapped, so that ``from_resume_token`` returns it unchanged.
    """
    if skip.fingerprints:
        return f"~seen:{''.join(skip.fingerprints.elements())}~{token or ''}"
    if skip.count or not token or token.startswith("~"):
        return f"~{skip.count}~{token or ''}"
    return token


def from_resume_token(resume_token: str | None) -> tuple[str | None, ItemsToSkip]:
    """Return the service's own token, and the items to skip from that page on."""
    if match := _WITH_FINGERPRINTS.fullmatch(resume_token or ""):
        fingerprints = re.findall(f".{{{_FINGERPRINT_LENGTH}}}", match[1])
        return match[2] or None, ItemsToSkip(fingerprints=Counter(fingerprints))
    if counted := _WITH_COUNT.fullmatch(resume_token or ""):
        return counted[2] or None, ItemsToSkip(int(counted[1]))
    return resume_token, ItemsToSkip()
