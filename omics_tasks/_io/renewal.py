"""Forced refresh of botocore's refreshable credentials.

They refresh by the clock alone, and there is no public way to force it. Their fetchers cache
credentials, by the clock too: in memory, or in files that other programs share.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from .failures import provider_errors
from .keys import Credentials, CredentialsLike, botocore_credentials, copy_of, provider_of, read

# Attributes with the seconds for which cached credentials must still be valid: of
# CachedCredentialFetcher (assumed roles, web identity, SSO) and of LoginCredentialFetcher.
_WINDOWS = ("_expiry_window_seconds", "_REFRESH_THRESHOLD")


def renew(source: CredentialsLike, refused: Credentials) -> bool:
    """Refresh the credentials if they are still the refused ones, bypassing the fetcher's cache.

    Return False, and do nothing, unless they are botocore's refreshable ones.
    """
    theirs = botocore_credentials()
    if theirs is None or not isinstance(source, theirs.RefreshableCredentials):
        return False
    refreshable: Any = source
    with provider_errors(provider_of(source)), refreshable._refresh_lock:  # noqa: SLF001 - see above
        _refresh_with_sources(refreshable, refused)
    return True


def _refresh_with_sources(refreshable: Any, refused: Credentials) -> None:
    """Refresh; if AWS rejects the source credentials of an assumed role, renew those first."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - it is imported already

    fetcher = _fetcher_of(refreshable)
    try:
        _refresh(refreshable, fetcher, refused)
    except ClientError:
        source: Any = getattr(fetcher, "_source_credentials", None)
        if source is None or not renew(source, read(source)):
            raise
        _refresh(refreshable, fetcher, refused)


def _refresh(refreshable: Any, fetcher: object, refused: Credentials) -> None:
    """Refresh from the fetcher's cache, which another program may have updated; else fetch."""
    refreshable._protected_refresh(is_mandatory=True)  # noqa: SLF001 - see above
    if copy_of(refreshable._frozen_credentials) != refused:  # noqa: SLF001 - as above
        return
    for window in _WINDOWS:
        if hasattr(fetcher, window):
            with _set(fetcher, window, math.inf):
                refreshable._protected_refresh(is_mandatory=True)  # noqa: SLF001 - as above


@contextmanager
def _set(thing: object, name: str, value: object) -> Generator[None]:
    before = getattr(thing, name)
    setattr(thing, name, value)
    try:
        yield
    finally:
        setattr(thing, name, before)


def _fetcher_of(refreshable: Any) -> object:
    """Return the object whose method fetches; with MFA, botocore wraps that in a callable."""
    fetch = refreshable._refresh_using  # noqa: SLF001 - see above
    return getattr(getattr(fetch, "_refresh", fetch), "__self__", None)
