"""A client's credentials: fetched in a thread, shared by all calls that wait for them, cached."""

from __future__ import annotations

from concurrent.futures import Future
from copy import copy
from functools import partial
from threading import RLock

from ..errors import OmicsTasksError
from .background import start
from .credential_chain import ArgumentOrigin, DefaultChain, Origin, SessionOrigin
from .fork_safety import reset_after_fork
from .keys import Credentials, CredentialsLike, read, read_at_once
from .profiles import SessionLike

__all__ = ["CredentialSource", "Credentials", "CredentialsLike", "credential_source"]


class CredentialSource:
    """Source of a client's credentials, queried for every attempt.

    Threads and event loops can share it.
    """

    def __init__(self, origin: Origin, holder: CredentialsLike | None = None) -> None:
        """Load the holder of the credentials from the origin at the first call, unless given."""
        self._origin = origin
        self._holder = holder
        self._latest: Credentials | None = None
        self._refused: tuple[CredentialsLike, Credentials] | None = None
        self._fetching: Future[Credentials] | None = None
        # Reentrant: if no thread can be started, the fetch runs inside the lock.
        self._lock = RLock()
        self.version: int = 0
        """Number of calls of ``expire`` that took effect."""
        reset_after_fork(self)

    def fetch(self) -> Credentials | Future[Credentials]:
        """Return the credentials, or a future if a provider must be called.

        This never blocks. Concurrent callers share one call of the provider, but each has its own
        future, which can't be cancelled. The future may raise a ConfigurationError.
        """
        holder = self._holder
        if holder is not None:
            found = read_at_once(holder)
            if found is not None:
                self._latest = found
                return found
        with self._lock:
            if self._fetching is None or self._fetching.done():
                now = self.version, self._holder, self._refused
                self._fetching = start(partial(self._fetch, *now))
            fetching = self._fetching
        own: Future[Credentials] = Future()
        own.set_running_or_notify_cancel()
        fetching.add_done_callback(partial(_copy_result, own))
        return own

    def get(self) -> Credentials:
        """Return the credentials. Block until the provider has returned."""
        found = self.fetch()
        return found if isinstance(found, Credentials) else found.result()

    async def aget(self) -> Credentials:
        """Return the credentials without blocking the event loop."""
        found = self.fetch()
        if isinstance(found, Credentials):
            return found
        import asyncio  # noqa: PLC0415 - sync programs never need it

        return await asyncio.wrap_future(found)

    def expire(self, version: int) -> None:
        """Mark the credentials of this ``version`` as expired, so that they are fetched again.

        Further calls with the same version have no effect. A fetch that is already running may
        still return the rejected credentials, so later calls don't wait for it.
        """
        with self._lock:
            if version != self.version:
                return
            self.version += 1
            if self._holder is not None and self._latest is not None:
                self._refused = self._holder, self._latest
            self._holder = self._fetching = None

    def after_fork(self) -> None:
        """Forget a fetch in a thread that does not exist in the child process."""
        self._lock = RLock()
        self._fetching = None

    def _fetch(
        self,
        version: int,
        holder: CredentialsLike | None,
        refused: tuple[CredentialsLike, Credentials] | None,
    ) -> Credentials:
        if holder is not None:
            found = read(holder)
        elif refused is None:
            holder = self._origin.load()
            found = read(holder)
        else:
            holder, found = self._replace(*refused)
        with self._lock:
            if version == self.version:
                self._holder, self._latest, self._refused = holder, found, None
        return found

    def _replace(
        self, holder: CredentialsLike, refused: Credentials
    ) -> tuple[CredentialsLike, Credentials]:
        """Return new credentials, or the refused ones if there is no way to get others."""
        holder = self._origin.reload(holder)
        found = read(holder)
        if found == refused and (renewed := self._origin.renew(holder, refused)) is not None:
            return renewed, read(renewed)
        return holder, found


def _copy_result(own: Future[Credentials], fetched: Future[Credentials]) -> None:
    error = fetched.exception()
    if error is None:
        own.set_result(fetched.result())
        return
    if isinstance(error, OmicsTasksError):
        # Each call sets its own service and operation on its error.
        cause, error = error.__cause__, copy(error)
        error.__cause__ = cause
    own.set_exception(error)


def credential_source(
    credentials: CredentialsLike | None,
    session: SessionLike | None,
    profile: str | None,
    region: str,
) -> CredentialSource:
    """Return a source for ``credentials``, else for the session, else for the default chain."""
    if credentials is not None:
        return CredentialSource(ArgumentOrigin(credentials), credentials)
    if session is not None:
        return CredentialSource(SessionOrigin(session))
    return CredentialSource(DefaultChain(profile, region))
