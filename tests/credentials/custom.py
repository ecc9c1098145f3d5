"""User-defined providers, and one that blocks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from botocore.credentials import RefreshableCredentials

from omics_tasks import Credentials
from omics_tasks._io.credentials import CredentialSource, credential_source

from ..test_credentials import Refreshing
from .cloud import AT_MOST


class Frozen:
    """A provider with a method for its credentials."""

    access_key = secret_key = token = ""

    def __init__(self, fetch: Callable[[], Credentials]) -> None:
        self.get_frozen_credentials = fetch


class Property:
    """A provider with properties for its credentials."""

    secret_key, token = "s", None

    def __init__(self, fetch: Callable[[], Credentials]) -> None:
        self._fetch = fetch

    @property
    def access_key(self) -> str:
        return self._fetch().access_key


class Session:
    """A session with a user-defined provider."""

    profile = None

    def __init__(self, fetch: Callable[[], Credentials]) -> None:
        self.full_config: dict[str, Any] = {}
        self.get_credentials = fetch

    def instance_variables(self) -> dict[str, str]:
        return {}


def refreshable(fetch: Callable[[], Credentials]) -> RefreshableCredentials:
    """Return botocore's credentials that are due for a refresh at every read."""
    source = Refreshing().credentials(timedelta(minutes=1))
    refresh = vars(source)["_refresh_using"]
    vars(source)["_refresh_using"] = lambda: refresh() | {"access_key": fetch().access_key}
    return source


PROVIDERS: dict[str, Callable[[Callable[[], Credentials]], dict[str, Any]]] = {
    "method": lambda fetch: {"credentials": Frozen(fetch)},
    "property": lambda fetch: {"credentials": Property(fetch)},
    "botocore's": lambda fetch: {"credentials": refreshable(fetch)},
    "session": lambda fetch: {"credentials": None, "session": Session(fetch)},
}
Provider = Callable[[Callable[[], Credentials]], dict[str, Any]]


class Held:
    """A provider that blocks until it is released, and counts its calls."""

    def __init__(self) -> None:
        self.calls = 0
        self.begun = threading.Event()
        self.released = threading.Event()

    def fetch(self) -> Credentials:
        self.calls += 1
        self.begun.set()
        assert self.released.wait(AT_MOST)
        return Credentials(f"KEY{self.calls}", "s")

    def source(self) -> CredentialSource:
        return credential_source(None, Session(self.fetch), None, "us-east-1")
