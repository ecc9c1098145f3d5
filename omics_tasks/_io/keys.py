"""Access keys, and reading them from the objects that hold them."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import Any, Protocol, cast

from ..errors import ConfigurationError
from .failures import provider_errors

_PRINTABLE = re.compile(r"[!-~]+")


class CredentialsLike(Protocol):
    """Credentials: this library's, botocore's, or any object with these three attributes."""

    @property
    def access_key(self) -> str:
        """Id of the access key."""
        ...

    @property
    def secret_key(self) -> str:
        """Secret access key."""
        ...

    @property
    def token(self) -> str | None:
        """Session token of temporary credentials; None for others."""
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key for signing requests. Its ``repr`` leaves out the secret parts."""

    access_key: str
    """Id of the access key, such as ``AKIA…``."""
    secret_key: str = field(repr=False)
    """Secret access key."""
    token: str | None = field(default=None, repr=False)
    """Session token of temporary credentials; None for others."""


def botocore_credentials() -> Any:
    """Return the module ``botocore.credentials``; None if it has not been imported."""
    return sys.modules.get("botocore.credentials")


def read_at_once(source: CredentialsLike) -> Credentials | None:
    """Return the credentials if reading them can't block; None if it might.

    Only known types are read: any other may call a provider, even in a property.
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
    """Return the current value of refreshable credentials; None if a refresh is due.

    The private attribute is read: ``get_frozen_credentials`` checks the clock again and may
    refresh.
    """
    try:
        frozen = None if source.refresh_needed() else source._frozen_credentials  # noqa: SLF001 - as above
    except Exception:  # reading in a thread fails too, and that error is translated
        return None
    return None if frozen is None else _usable(copy_of(frozen))


def read(source: CredentialsLike) -> Credentials:
    """Return the credentials. Block until their provider has returned.

    Raise CredentialRetrievalError if it fails, and ConfigurationError if a header can't hold the
    result.
    """
    with provider_errors(provider_of(source)):
        freeze = getattr(source, "get_frozen_credentials", None)
        copy = copy_of(source if freeze is None else freeze())
    return _usable(copy)


def provider_of(source: CredentialsLike) -> str:
    """Return the name of the credentials' provider for messages."""
    theirs, holder = botocore_credentials(), cast(Any, source)
    is_theirs = theirs is not None and isinstance(holder, theirs.Credentials)
    return str(holder.method if is_theirs else type(holder).__name__)


def copy_of(source: CredentialsLike) -> Credentials:
    """Return a copy of the current values."""
    return Credentials(source.access_key, source.secret_key, source.token or None)


def _usable(credentials: Any) -> Credentials:
    """Return the credentials. Raise ConfigurationError if a header can't hold them.

    The error does not show their values.
    """
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
