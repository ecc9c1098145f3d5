"""Realistic values for fields that a test does not set. The same seed gives the same values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import TypeVar
from uuid import NAMESPACE_URL, uuid5

from .._core.endpoints import partition_of
from .._core.model import Model
from .._io.partitions import load_partitions

M = TypeVar("M", bound=Model)

_ACCOUNT = "111122223333"
_FIRST_ID, _LAST_ID = 1_000_000, 9_999_999


class FakeValues:
    """Generates ids and ARNs, with one counter per kind."""

    def __init__(self, region: str, seed: int) -> None:
        self._region = region
        self._partition = partition_of(region, load_partitions()).id
        self._seed = seed
        self._counts: Counter[str] = Counter()

    def arn(self, service: str, resource: str) -> str:
        """Return an ARN in the stand-in's account and region, or without a region for IAM."""
        region = "" if service == "iam" else self._region
        return f"arn:{self._partition}:{service}:{region}:{_ACCOUNT}:{resource}"

    def zone(self) -> str:
        """Return the name of an availability zone."""
        return f"{self._region}a"

    def digits(self, kind: str) -> str:
        """Return the next id of seven digits."""
        first = int(self._digest(kind), 16)
        return str(_FIRST_ID + (first + self._next(kind)) % (_LAST_ID - _FIRST_ID + 1))

    def hexadecimal(self, kind: str) -> str:
        """Return the next id of 32 hexadecimal digits."""
        return self._digest(f"{kind} {self._next(kind)}")

    def uuid(self, arn: str) -> str:
        """Return the UUID of the resource with this ARN."""
        return str(uuid5(NAMESPACE_URL, arn))

    def _digest(self, text: str) -> str:
        return sha256(f"{self._seed} {text}".encode()).hexdigest()[:32]

    def _next(self, kind: str) -> int:
        self._counts[kind] += 1
        return self._counts[kind]


def fill(model: type[M], given: Mapping[str, object], defaults: Mapping[str, object]) -> M:
    """Return a model with the given fields, and the defaults for the others.

    Raises ``TypeError`` if the model doesn't have a given field.
    """
    unknown = given.keys() - model.model_fields.keys()
    if unknown:
        raise TypeError(f"{model.__name__} has no field {', '.join(sorted(unknown))}")
    return model.model_validate({**defaults, **given})
