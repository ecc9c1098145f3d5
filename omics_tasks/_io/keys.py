"""Access keys: what signs requests, and how it is read from what holds it."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from ..errors import ConfigurationError
from .failures import failures_of

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


def botocore_credentials() -> Any:
    """Return botocore's module of credentials; None where nothing has imported it."""
    return sys.modules.get("botocore.credentials")


def read_at_once(source: CredentialsLike) -> Credentials | None:
    """Return the credentials where reading them can't block; None where it might.

    Only known types are read: any other may ask a provider, in a property too.
    """
    kind = type(source)
    if kind is Credentials:
        return _usable(source)
    theirs = botocore_credentials()
    if theirs is None:
        return None
    if kind is theirs.Credentials or kind is theirs.ReadOnlyCredentials:
        return _usable(copy_of(source))
    if kind is theirs.RefreshableCredentials or kind is theirs.DeferredRefreshableCredentials:
        return _read_unless_due(source)
    return None


def _read_unless_due(source: Any) -> Credentials | None:
    """Return what refreshable credentials hold; None where it is time to refresh them.

    It is read directly: ``get_frozen_credentials`` looks at the clock again, and may refresh.
    """
    try:
        frozen = None if source.refresh_needed() else source._frozen_credentials  # noqa: SLF001 - as above
    except Exception:  # reading it in a thread fails too, and there the error is translated
        return None
    return None if frozen is None else _usable(copy_of(frozen))


def read(source: CredentialsLike) -> Credentials:
    """Return the credentials, however long their provider takes.

    Raises CredentialRetrievalError where it fails, and ConfigurationError where a header can't
    hold what it gives.
    """
    with failures_of(provider_of(source)):
        freeze = getattr(source, "get_frozen_credentials", None)
        copy = copy_of(source if freeze is None else freeze())
    return _usable(copy)


def provider_of(source: CredentialsLike) -> str:
    """Return what to call the provider of the credentials in messages."""
    theirs, holder = botocore_credentials(), cast(Any, source)
    is_theirs = theirs is not None and isinstance(holder, theirs.Credentials)
    return str(holder.method if is_theirs else type(holder).__name__)


def copy_of(source: CredentialsLike) -> Credentials:
    """Return the three parts as they are now."""
    return Credentials(source.access_key, source.secret_key, source.token or None)


def _usable(credentials: Any) -> Credentials:
    """Return the credentials, if a header can hold them. No error shows what else they hold."""
    parts = ("access_key", "secret_key", *(("token",) if credentials.token is not None else ()))
    for part in parts:
        value: object = getattr(credentials, part)
        if not isinstance(value, str) or not _PRINTABLE.fullmatch(value):
            raise ConfigurationError(
                f"the credentials' {part} must be a string of printable characters without spaces "
                "or line ends, and not empty"
            )
    checked: Credentials = credentials
    return checked
