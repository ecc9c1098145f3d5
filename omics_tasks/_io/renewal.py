"""Fetching botocore's refreshable credentials before their time.

They refresh by the clock alone, and there is no public way to ask for it earlier. Their fetchers
keep what they fetched, by the clock too: in memory, or in files that other programs share.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from .failures import failures_of
from .keys import Credentials, CredentialsLike, botocore_credentials, copy_of, provider_of, read

# For how many seconds more what a fetcher has kept must be good: CachedCredentialFetcher's name for
# it (assumed roles, web identity, SSO), and LoginCredentialFetcher's.
_WINDOWS = ("_expiry_window_seconds", "_REFRESH_THRESHOLD")


def renew(source: CredentialsLike, refused: Credentials) -> bool:
    """Have the credentials fetched until they are others than those that were refused.

    Return False for credentials that aren't botocore's refreshable ones: nothing was done.
    """
    theirs = botocore_credentials()
    if theirs is None or not isinstance(source, theirs.RefreshableCredentials):
        return False
    refreshable: Any = source
    with failures_of(provider_of(source)), refreshable._refresh_lock:  # noqa: SLF001 - see above
        _refresh_with_sources(refreshable, refused)
    return True


def _refresh_with_sources(refreshable: Any, refused: Credentials) -> None:
    """Refresh; where AWS refuses the credentials that a role is assumed with, renew those first."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - it is loaded already

    fetcher = _fetcher_of(refreshable)
    try:
        _refresh(refreshable, fetcher, refused)
    except ClientError:
        asks_with: Any = getattr(fetcher, "_source_credentials", None)
        if asks_with is None or not renew(asks_with, read(asks_with)):
            raise
        _refresh(refreshable, fetcher, refused)


def _refresh(refreshable: Any, fetcher: object, refused: Credentials) -> None:
    """Refresh from what the fetcher has kept, as another may have fetched it; else anew."""
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
    """Return the object whose method fetches; with MFA, botocore has a callable around it."""
    fetch = refreshable._refresh_using  # noqa: SLF001 - see above
    return getattr(getattr(fetch, "_refresh", fetch), "__self__", None)
