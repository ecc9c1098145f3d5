"""Values for what a test leaves open: plausible, and the same in every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from .._core.endpoints import partition_of
from .._core.model import Model
from .._io.partitions import load_partitions

M = TypeVar("M", bound=Model)

_ACCOUNT = "111122223333"
_FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_WAITING, _WORKING = timedelta(minutes=1), timedelta(minutes=5)


class Plausible:
    """Ids, ARNs and times, each kind counted from its beginning."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._partition = partition_of(region, load_partitions()).id
        self._counts: Counter[str] = Counter()

    def arn(self, service: str, resource: str) -> str:
        """ARN of a resource in the stand-in's account and region; IAM has no regions."""
        region = "" if service == "iam" else self._region
        return f"arn:{self._partition}:{service}:{region}:{_ACCOUNT}:{resource}"

    def digits(self, kind: str) -> str:
        """The next id of seven digits."""
        return str(1_000_000 + self._next(kind))

    def hexadecimal(self, kind: str) -> str:
        """The next id of 32 hexadecimal digits."""
        return sha256(f"{kind} {self._next(kind)}".encode()).hexdigest()[:32]

    def uuid(self, arn: str) -> str:
        """The id that goes with an ARN and is never used again."""
        return str(uuid5(NAMESPACE_URL, arn))

    def lifetime(
        self, created: datetime | None, *, started: bool, ended: bool
    ) -> tuple[datetime, datetime | None, datetime | None]:
        """When something was created (as given, or a minute after the last), started and ended."""
        first = created or _FIRST_DAY + timedelta(minutes=self._next("lifetime"))
        start, end = first + _WAITING, first + _WAITING + _WORKING
        return first, start if started else None, end if ended else None

    def _next(self, kind: str) -> int:
        self._counts[kind] += 1
        return self._counts[kind]


def fill(model: type[M], given: Mapping[str, object], rest: Mapping[str, object]) -> M:
    """The model with the fields that were given, and the rest for what was not."""
    unknown = given.keys() - model.model_fields.keys()
    if unknown:
        raise TypeError(f"{model.__name__} has no field {', '.join(sorted(unknown))}")
    return model.model_validate({**rest, **given})
