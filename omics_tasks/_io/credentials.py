"""Credentials: given ones, or botocore's default chain."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, runtime_checkable

from ..errors import ConfigurationError, CredentialRetrievalError, NoCredentialsError
from .profiles import SessionLike


class CredentialsLike(Protocol):
    """What signs: this library's ``Credentials``, botocore's, or anything of that shape."""

    @property
    def access_key(self) -> str: ...
    @property
    def secret_key(self) -> str: ...
    @property
    def token(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key: what signs requests. The secret parts never show in its ``repr``."""

    access_key: str
    """Id of the access key, such as ``AKIA…``."""
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    """Session token, of temporary credentials."""


@runtime_checkable
class _Refreshable(Protocol):
    def get_frozen_credentials(self) -> CredentialsLike: ...


class CredentialSource:
    """Where a client's credentials come from; asked for every attempt, safe between threads."""

    def __init__(self, load: Callable[[], CredentialsLike]) -> None:
        self._load = load
        self._loaded: CredentialsLike | None = None
        self._lock = Lock()

    def get(self) -> Credentials:
        """Credentials that are good now. Raises a ConfigurationError where there are none."""
        try:
            return _freeze(self._source())
        except ConfigurationError:
            raise
        except Exception as error:  # a provider may raise anything: it runs programs, asks hosts
            raise CredentialRetrievalError(
                f"the credentials could not be fetched: {type(error).__name__}: {error}"
            ) from error

    async def aget(self) -> Credentials:
        """The same, without holding up the event loop while they are fetched."""
        source = self._loaded
        if source is None or _needs_refresh(source):
            return await asyncio.to_thread(self.get)
        return self.get()

    def _source(self) -> CredentialsLike:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded


def _freeze(source: CredentialsLike) -> Credentials:
    if isinstance(source, Credentials):
        return source
    frozen = source.get_frozen_credentials() if isinstance(source, _Refreshable) else source
    return Credentials(frozen.access_key, frozen.secret_key, frozen.token)


def _needs_refresh(source: CredentialsLike) -> bool:
    check = getattr(source, "refresh_needed", None)
    return bool(check()) if callable(check) else False


def credential_source(
    credentials: CredentialsLike | None,
    session: SessionLike | None,
    profile: str | None,
    region: str,
) -> CredentialSource:
    """The given credentials, else the session's, else those of botocore's default chain."""
    if credentials is not None:
        given = credentials
        return CredentialSource(lambda: given)
    if session is not None:
        of_session = session
        return CredentialSource(lambda: _from_session(of_session))
    return CredentialSource(lambda: _from_default_chain(profile, region))


def _from_default_chain(profile: str | None, region: str) -> CredentialsLike:
    environ = os.environ
    access_key, secret_key = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    # What the chain would find first is taken without it: loading it costs as much as httpx does.
    if (
        profile is None
        and access_key
        and secret_key
        and not environ.get("AWS_CREDENTIAL_EXPIRATION")
    ):
        token = environ.get("AWS_SECURITY_TOKEN") or environ.get("AWS_SESSION_TOKEN") or None
        return Credentials(access_key, secret_key, token)
    from botocore.session import Session  # noqa: PLC0415 - costs as much as httpx, rarely needed

    session = Session(profile=profile)
    # Providers that ask STS need a region; botocore itself doesn't look at AWS_REGION.
    session.set_config_variable("region", region)
    return _from_session(session)


def _from_session(session: SessionLike) -> CredentialsLike:
    found: CredentialsLike | None = session.get_credentials()
    if found is None:
        raise NoCredentialsError(
            "no credentials: looked at the argument credentials=, AWS_ACCESS_KEY_ID with "
            "AWS_SECRET_ACCESS_KEY, and every other provider of botocore's default chain "
            "(profile, SSO, web identity, process, container, instance metadata)"
        )
    return found
