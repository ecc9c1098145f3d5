"""Credentials: given ones, or botocore's default chain."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from ..errors import ConfigurationError, CredentialRetrievalError, NoCredentialsError
from .forking import tell_after_fork
from .profiles import PROFILE_VARIABLES, SessionLike

if TYPE_CHECKING:
    import asyncio


_PRINTABLE = re.compile(r"[!-~]+")


class CredentialsLike(Protocol):
    """What signs: this library's ``Credentials``, botocore's, or anything of that shape."""

    @property
    def access_key(self) -> str:
        """Id of the access key."""
        ...

    @property
    def secret_key(self) -> str:
        """The secret that belongs to it."""
        ...

    @property
    def token(self) -> str | None:
        """Session token, of temporary credentials."""
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key: what signs requests. The secret parts never show in its ``repr``."""

    access_key: str
    """Id of the access key, such as ``AKIA…``."""
    secret_key: str = field(repr=False)
    """The secret that belongs to it."""
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
        self._expired = False
        self._fetching: dict[
            tuple[asyncio.AbstractEventLoop, int], asyncio.Future[Credentials]
        ] = {}
        self.version = 0
        """Grows with every ``expire``."""
        tell_after_fork(self)

    def get(self) -> Credentials:
        """Credentials that are good now. Raises a ConfigurationError where there are none."""
        try:
            return _freeze(self._source())
        except ConfigurationError:
            raise
        except Exception as error:  # a provider may raise anything: it runs programs, asks hosts
            provider = getattr(self._loaded, "method", None) or "the given source"
            raise _failed(provider, error) from error

    async def aget(self) -> Credentials:
        """The same; a thread fetches them if need be, one for all that wait on this event loop."""
        source = self._loaded
        if source is not None and not self._expired and not _needs_refresh(source):
            return self.get()
        import asyncio  # noqa: PLC0415 - sync programs never need it

        loop = asyncio.get_running_loop()
        # A fetch that began before they expired may still be under way, with the old ones.
        key = loop, self.version
        fetching = self._fetching.get(key)
        if fetching is None:
            fetching = self._fetching[key] = loop.run_in_executor(None, self.get)
            fetching.add_done_callback(lambda _: self._fetching.pop(key))
        # One that is cancelled while it waits doesn't take the others' credentials away.
        return await asyncio.shield(fetching)

    def expire(self, version: int) -> None:
        """Has credentials fetched anew, once however many calls saw that ``version`` expired."""
        with self._lock:
            if version == self.version:
                self._expired, self.version = True, version + 1

    def after_fork(self) -> None:
        """Forgets what threads were at that the child doesn't have."""
        self._lock = Lock()
        self._fetching = {}

    def _source(self) -> CredentialsLike:
        with self._lock:
            is_renewed = self._expired and self._loaded is not None and _renew(self._loaded)
            if self._loaded is None or (self._expired and not is_renewed):
                self._loaded = self._load()
            self._expired = False
            return self._loaded


def _freeze(source: CredentialsLike) -> Credentials:
    if isinstance(source, Credentials):
        return _usable(source)
    frozen = source.get_frozen_credentials() if isinstance(source, _Refreshable) else source
    return _usable(Credentials(frozen.access_key, frozen.secret_key, frozen.token or None))


def _usable(credentials: Credentials) -> Credentials:
    """The credentials, if a header can hold them: what else is in them must not get into errors."""
    parts = ("access_key", "secret_key", *(("token",) if credentials.token is not None else ()))
    for part in parts:
        value: object = getattr(credentials, part)
        if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
            raise ConfigurationError(
                f"the credentials' {part} must be a string of printable characters without spaces "
                "or line ends, and not empty"
            )
    return credentials


def _renew(source: CredentialsLike) -> bool:
    """Refreshes botocore's refreshable credentials; False for all others.

    They refresh by the clock alone: there is no public way to ask for it before their time.
    """
    lock, refresh = (getattr(source, n, None) for n in ("_refresh_lock", "_protected_refresh"))
    if lock is None or refresh is None:
        return False
    with lock:
        refresh(is_mandatory=True)
    return True


def _needs_refresh(source: CredentialsLike) -> bool:
    check = getattr(source, "refresh_needed", None)
    return bool(check()) if callable(check) else False


_NOWHERE = (
    "no credentials: looked at the argument credentials=, AWS_ACCESS_KEY_ID with "
    "AWS_SECRET_ACCESS_KEY, and every other provider of botocore's default chain "
    "(profile, SSO, web identity, process, container, instance metadata)"
)


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
    # What the chain would find first is taken without it: loading it costs as much as httpx does.
    given = None if profile else _from_environment()
    if given is not None:
        return given
    from botocore.session import Session  # noqa: PLC0415 - costs as much as httpx, rarely needed

    # An empty variable is an unset one; botocore would look for a profile without a name.
    names = [name for name in PROFILE_VARIABLES if os.environ.get(name)]
    session = Session(session_vars={"profile": (None, names, None, None)}, profile=profile)
    # Providers that ask STS need a region; botocore itself doesn't look at AWS_REGION.
    session.set_config_variable("region", region)
    for provider in session.get_component("credential_provider").providers:
        try:
            found: CredentialsLike | None = provider.load()
        except Exception as error:  # a provider may raise anything: it runs programs, asks hosts
            raise _failed(provider.METHOD, error) from error
        if found is not None:
            return found
    raise NoCredentialsError(_NOWHERE)


def _from_environment() -> Credentials | None:
    get = os.environ.get
    access_key, secret_key = get("AWS_ACCESS_KEY_ID"), get("AWS_SECRET_ACCESS_KEY")
    if not access_key or not secret_key or get("AWS_CREDENTIAL_EXPIRATION"):
        return None
    token = get("AWS_SECURITY_TOKEN") or get("AWS_SESSION_TOKEN") or None
    return Credentials(access_key, secret_key, token)


def _from_session(session: SessionLike) -> CredentialsLike:
    found: CredentialsLike | None = session.get_credentials()
    if found is None:
        raise NoCredentialsError(_NOWHERE)
    return found


def _failed(provider: str, error: Exception) -> CredentialRetrievalError:
    return CredentialRetrievalError(
        f"{provider} failed to give credentials: {type(error).__name__}: {error}"
    )
