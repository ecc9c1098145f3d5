"""A client's credentials: fetched in a thread, once for all that wait, and read at once after."""

from __future__ import annotations

from concurrent.futures import Future
from copy import copy
from functools import partial
from threading import RLock

from ..errors import OmicsTasksError
from .background import start
from .credential_chain import DefaultChain, Given, OfSession, Origin
from .fork_safety import reset_after_fork
from .keys import Credentials, CredentialsLike, read, read_at_once
from .profiles import SessionLike

__all__ = ["CredentialSource", "Credentials", "CredentialsLike", "credential_source"]


class CredentialSource:
    """Where a client's credentials come from. Ask for every attempt; threads and loops share it."""

    def __init__(self, origin: Origin, holder: CredentialsLike | None = None) -> None:
        """Ask the origin for what holds the credentials at the first call, unless it is given."""
        self._origin = origin
        self._holder = holder
        self._latest: Credentials | None = None
        self._refused: tuple[CredentialsLike, Credentials] | None = None
        self._fetching: Future[Credentials] | None = None
        # Reentrant: where no thread can be started, the fetch is done where it is started.
        self._lock = RLock()
        self.version: int = 0
        """Grows with every ``expire``."""
        reset_after_fork(self)

    def fetch(self) -> Credentials | Future[Credentials]:
        """Return the credentials, or a future that will have them where a provider is asked.

        Never waits. Callers that need a provider at the same time share what it gives; the future
        is each one's own, and can't be cancelled. It may fail with a ConfigurationError.
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
        fetching.add_done_callback(partial(_pass_on, own))
        return own

    def get(self) -> Credentials:
        """Return the credentials, however long it takes."""
        found = self.fetch()
        return found if isinstance(found, Credentials) else found.result()

    async def aget(self) -> Credentials:
        """Return the credentials. The event loop goes on while a provider is asked."""
        found = self.fetch()
        if isinstance(found, Credentials):
            return found
        import asyncio  # noqa: PLC0415 - sync programs never need it

        return await asyncio.wrap_future(found)

    def expire(self, version: int) -> None:
        """Have the credentials fetched anew, once however many calls had that ``version`` refused.

        A fetch that is under way may still come to the refused ones: later calls don't wait for it.
        """
        with self._lock:
            if version != self.version:
                return
            self.version += 1
            if self._holder is not None and self._latest is not None:
                self._refused = self._holder, self._latest
            self._holder = self._fetching = None

    def after_fork(self) -> None:
        """Forget what threads are doing that the child doesn't have."""
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
        """Return others than the refused ones, or the same where there is no way to get others."""
        holder = self._origin.reload(holder)
        found = read(holder)
        if found == refused and (renewed := self._origin.renew(holder, refused)) is not None:
            return renewed, read(renewed)
        return holder, found


def _pass_on(own: Future[Credentials], fetched: Future[Credentials]) -> None:
    error = fetched.exception()
    if error is None:
        own.set_result(fetched.result())
        return
    if isinstance(error, OmicsTasksError):
        # Each call writes its own name on its error.
        cause, error = error.__cause__, copy(error)
        error.__cause__ = cause
    own.set_exception(error)


def credential_source(
    credentials: CredentialsLike | None,
    session: SessionLike | None,
    profile: str | None,
    region: str,
) -> CredentialSource:
    """Return the source of the given credentials, else the session's, else the default chain's."""
    if credentials is not None:
        return CredentialSource(Given(credentials), credentials)
    if session is not None:
        return CredentialSource(OfSession(session))
    return CredentialSource(DefaultChain(profile, region))
