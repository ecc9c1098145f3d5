"""Providers of a user's own, over a function, and one that is held."""

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
    """A provider that is asked with a method."""

    access_key = secret_key = token = ""

    def __init__(self, fetch: Callable[[], Credentials]) -> None:
        self.get_frozen_credentials = fetch


class Property:
    """A provider that is asked with a property."""

    secret_key, token = "s", None

    def __init__(self, fetch: Callable[[], Credentials]) -> None:
        self._fetch = fetch

    @property
    def access_key(self) -> str:
        return self._fetch().access_key


class Session:
    """A session whose provider is asked."""

    profile = None

    def __init__(self, fetch: Callable[[], Credentials]) -> None:
        self.full_config: dict[str, Any] = {}
        self.get_credentials = fetch

    def instance_variables(self) -> dict[str, str]:
        return {}


def refreshable(fetch: Callable[[], Credentials]) -> RefreshableCredentials:
    """botocore's credentials, which are due: they are refreshed each time that they are read."""
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
    """A provider that gives nothing before it is released, and counts who asks it."""

    def __init__(self) -> None:
        self.asked = 0
        self.begun = threading.Event()
        self.released = threading.Event()

    def fetch(self) -> Credentials:
        self.asked += 1
        self.begun.set()
        assert self.released.wait(AT_MOST)
        return Credentials(f"KEY{self.asked}", "s")

    def source(self) -> CredentialSource:
        return credential_source(None, Session(self.fetch), None, "us-east-1")
