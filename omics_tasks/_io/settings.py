"""Settings with an environment variable and a profile key: lookup and parsing.

An empty variable counts as unset.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from ..errors import ConfigurationError
from .profiles import Profile

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting and the places where it can be set."""

    name: str
    parse: Callable[[str], T]
    variables: tuple[str, ...]
    key: str

    def find(self, argument: T | None, profile: Profile) -> T | None:
        """Return the first value found; see ``find_with_place``."""
        return self.find_with_place(argument, profile)[0]

    def find_with_place(self, argument: T | None, profile: Profile) -> tuple[T | None, str]:
        """Return the first value found and its place: argument, variables, then profile.

        Raise ConfigurationError, which names the place, for a bad value.
        """
        if argument is not None:
            return argument, f"the argument {self.name}="
        for variable in self.variables:
            if text := os.environ.get(variable):
                return self._read(text, variable), variable
        place = profile.place(self.key)
        text = profile.text(self.key)
        return (self._read(text, place) if text else None), place

    def _read(self, text: str, place: str) -> T:
        try:
            return self.parse(text)
        except ValueError as error:
            raise ConfigurationError(f"{self.name}: {place} is {text[:80]!r}: {error}") from error

    def places(self, profile: Profile) -> str:
        """Return all places, in the order of the lookup, for messages."""
        return ", ".join((f"the argument {self.name}=", *self.variables, profile.place(self.key)))


def _to_bool(text: str) -> bool:
    try:
        return {"true": True, "false": False}[text.lower()]
    except KeyError:
        raise ValueError("it must be true or false") from None


def _to_attempts(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise ValueError("it must be a whole number of at least 1")


def _to_mode(text: str) -> str:
    if text.lower() in ("standard", "legacy", "adaptive"):
        return text.lower()
    raise ValueError("it must be standard, legacy or adaptive; all three retry as standard does")


REGION = Setting("region", str, ("AWS_REGION", "AWS_DEFAULT_REGION"), "region")
USE_FIPS = Setting("use_fips", _to_bool, ("AWS_USE_FIPS_ENDPOINT",), "use_fips_endpoint")
USE_DUALSTACK = Setting(
    "use_dualstack", _to_bool, ("AWS_USE_DUALSTACK_ENDPOINT",), "use_dualstack_endpoint"
)
VERIFY: Setting[bool | str | Path] = Setting("verify", str, ("AWS_CA_BUNDLE",), "ca_bundle")
MAX_ATTEMPTS = Setting("retries", _to_attempts, ("AWS_MAX_ATTEMPTS",), "max_attempts")
RETRY_MODE = Setting("retries", _to_mode, ("AWS_RETRY_MODE",), "retry_mode")
IGNORE_ENDPOINTS = Setting(
    "endpoint_url",
    _to_bool,
    ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",),
    "ignore_configured_endpoint_urls",
)
