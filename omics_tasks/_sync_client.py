"""The sync driver: check the arguments, then sign, send and decode, with retries."""

from __future__ import annotations

import math
import weakref
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from ._call import Call
from ._client import BaseClient, listing
from ._core.lifecycle import Lifecycle
from ._core.methods import ListingMethod, WatchMethod, WorkflowMethod
from ._core.model import ListInput, Page
from ._core.operation import In, Operation, Out
from ._core.paging import Cursor
from ._core.protocols import check, check_as
from ._core.rate_limiter import Slot
from ._core.retries import check_sleeps, sleep_now
from ._core.watching import Watch
from ._core.workflow import CallStep, Runner, Workflow
from ._io.closing import Closing
from ._io.exchange import Channel, ErrorClassifier
from ._io.retrying import Attempt
from ._io.sending import Sender
from .config import ClientOptions
from .errors import OmicsTasksError, ServiceError
from .pagination import Paginator
from .states import Change

if TYPE_CHECKING:
    from ._io.transport import SyncTransport

T = TypeVar("T")
L = TypeVar("L", bound=Lifecycle)


def _through(transport: SyncTransport) -> tuple[Callable[[], Channel], ErrorClassifier]:
    """Return how a client sends through a transport that it is given."""
    from ._io import transport as httpx  # noqa: PLC0415 - most programs need no httpx

    httpx.check_transport(transport, httpx.SyncTransport)
    return partial(httpx.TransportChannel, transport), httpx.classify_error


def _over_httpcore(
    url: str, verify: bool | Path, closing: Closing
) -> tuple[Callable[[], Channel], ErrorClassifier]:
    """Return how a client sends by default."""
    from ._io import pool  # noqa: PLC0415 - async programs load this module too

    return partial(pool.Pool, url, verify, closing), pool.classify_error


class SyncClient(BaseClient):
    """A synchronous, thread-safe client. Use it in a ``with`` block, or call ``close()``."""

    def __init__(
        self, *, transport: SyncTransport | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        """Create a client. All arguments are optional; the defaults are those of AWS's other tools.

        ``transport`` is the httpx transport that sends the signed requests; the client closes it.
        The other arguments are described at ``ClientOptions``. Raise ``ConfigurationError``, which
        names the settings that were looked up, for a missing or invalid one.
        """
        given = None if transport is None else _through(transport)
        super().__init__(options, transport)
        config = self._config
        check_sleeps(config.retries.sleep)
        self._closing = Closing()
        make, classify_error = given or _over_httpcore(
            config.endpoint_url, config.verify, self._closing
        )
        self._sender = Sender(make, classify_error, self._endpoint(), self._closing)
        self._finalizer = weakref.finalize(self, self._sender.close)

    def _call(self, operation: Operation[In, Out], **arguments: object) -> Out:
        return self._invoke(operation, check(operation, arguments))

    def _list(self, operation: Operation[ListInput, Page[T]], **arguments: object) -> Paginator[T]:
        start, prefetch = listing(operation, Cursor[T], arguments)
        return Paginator(start, partial(self._invoke, operation), prefetch=prefetch)

    def _iterate(self, method: ListingMethod[Any, T], **arguments: object) -> Paginator[T]:
        start, prefetch = listing(method.operation, method.cursor, arguments)
        return Paginator(
            start, lambda page_input: self._run(method.page(page_input)), prefetch=prefetch
        )

    def _perform(self, method: WorkflowMethod[In, T], **arguments: object) -> T:
        given = check_as(method.input, method.operation, arguments)
        return self._run(method.run(given, self._context))

    def _watch(self, method: WatchMethod[In, L], **arguments: object) -> Generator[Change[L]]:
        given = check_as(method.input, method.operation, arguments)
        return self._changes(method.start(given, self._context))

    def _invoke(
        self, operation: Operation[In, Out], arguments: In, time_limit: float = math.inf
    ) -> Out:
        call = self._begin(operation, arguments)

        def attempt(this: Attempt) -> Out:
            while True:
                if (slot := call.reserve_slot(this)) is not None:
                    self._wait_for(slot, call, this)
                with call.attempt(this) as headers:
                    response = self._sender.send(call.request, headers, this.time_left)
                try:
                    return call.read(response)
                except ServiceError as error:
                    if not call.recover(error):
                        raise

        try:
            return self._retrier.run(attempt, self._sleep, time_limit)
        except OmicsTasksError as error:
            call.annotate(error)
            raise

    def _wait_for(self, slot: Slot, call: Call[Any], this: Attempt) -> None:
        try:
            try:
                self._closing.result(slot.ready, this.time_left())
            except TimeoutError:
                raise call.out_of_time(this, slot.delay) from None
            if delay := slot.acquire_delay():
                call.check_time(this, delay)
                self._sleep(delay)
            slot.acquire()
        finally:
            slot.release()

    def _sleep(self, seconds: float) -> None:
        sleep_now(self._config.retries.sleep or self._closing.sleep, seconds)
        self._closing.check()

    def _run(self, steps: Workflow[T]) -> T:
        """Execute a workflow's steps, and return its result."""
        runner = Runner(steps)
        while (step := runner.next()) is not None:
            try:
                if isinstance(step, CallStep):
                    runner.output = self._invoke(step.operation, step.arguments, step.time_limit)
                else:
                    self._sleep(step.seconds)
            except OmicsTasksError as error:
                runner.error = error
        return runner.result

    def _changes(self, watch: Watch[L]) -> Generator[Change[L]]:
        while not watch.is_over:
            yield from self._run(watch.round())

    def close(self) -> None:
        """Close the connections, and end the calls that are in progress in any thread.

        These calls, and all later ones, raise ``ClosedClientError``.
        """
        self._finalizer()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
