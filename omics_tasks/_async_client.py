"""The async driver: the same as the sync one, on an event loop."""

from __future__ import annotations

import inspect
import math
import weakref
from collections.abc import AsyncGenerator
from functools import partial
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
from ._core.watching import Watch
from ._core.workflow import CallStep, Runner, Workflow
from ._io.closing import AsyncClosing
from ._io.exchange import AsyncChannel
from ._io.retrying import Attempt
from ._io.sending import AsyncSender
from .config import ClientOptions
from .errors import OmicsTasksError, ServiceError
from .pagination import AsyncPaginator
from .states import Change

if TYPE_CHECKING:
    from ._io.transport import AsyncTransport

T = TypeVar("T")
L = TypeVar("L", bound=Lifecycle)


class AsyncClient(BaseClient):
    """An asynchronous client. Use it in an ``async with`` block, or ``await aclose()``.

    It can be used by one event loop at a time.
    """

    def __init__(
        self, *, transport: AsyncTransport | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        """Create a client. All arguments are optional; the defaults are those of AWS's other tools.

        ``transport`` is the async httpx transport that sends the signed requests; the client
        closes it. The other arguments are described at ``ClientOptions``. Raise
        ``ConfigurationError``, which names the settings that were looked up, for a missing or
        invalid one.
        """
        from ._io import transport as httpx  # noqa: PLC0415 - sync programs load this module too

        httpx.check_transport(transport, httpx.AsyncTransport)
        super().__init__(options, transport)
        config = self._config
        self._closing = AsyncClosing()

        def make() -> AsyncChannel:
            if transport is not None:
                return httpx.AsyncTransportChannel(transport)
            default = httpx.default_async_transport(config.endpoint_url, config.verify)
            return httpx.AsyncTransportChannel(default)

        self._sender = AsyncSender(
            make, httpx.async_error_classifier(), self._endpoint(), self._closing
        )
        self._finalizer = weakref.finalize(self, self._sender.abandon)

    async def _call(self, operation: Operation[In, Out], **arguments: object) -> Out:
        return await self._invoke(operation, check(operation, arguments))

    def _list(
        self, operation: Operation[ListInput, Page[T]], **arguments: object
    ) -> AsyncPaginator[T]:
        start, prefetch = listing(operation, Cursor[T], arguments)
        return AsyncPaginator(start, partial(self._invoke, operation), prefetch=prefetch)

    def _iterate(self, method: ListingMethod[Any, T], **arguments: object) -> AsyncPaginator[T]:
        start, prefetch = listing(method.operation, method.cursor, arguments)
        return AsyncPaginator(
            start, lambda page_input: self._run(method.page(page_input)), prefetch=prefetch
        )

    async def _perform(self, method: WorkflowMethod[In, T], **arguments: object) -> T:
        given = check_as(method.input, method.operation, arguments)
        return await self._run(method.run(given, self._context))

    def _watch(self, method: WatchMethod[In, L], **arguments: object) -> AsyncGenerator[Change[L]]:
        given = check_as(method.input, method.operation, arguments)
        return self._changes(method.start(given, self._context))

    async def _invoke(
        self, operation: Operation[In, Out], arguments: In, time_limit: float = math.inf
    ) -> Out:
        import asyncio  # noqa: PLC0415 - sync programs load this module too

        call = self._begin(operation, arguments)

        async def attempt(this: Attempt) -> Out:
            while True:
                if (slot := call.reserve_slot(this)) is not None:
                    await self._wait_for(slot, call, this)
                with call.attempt(this) as headers:
                    response = await self._sender.send(call.request, headers, this.time_left)
                try:
                    return call.read(response)
                except ServiceError as error:
                    if not call.recover(error):
                        raise

        try:
            if self._sender.claim(asyncio.get_running_loop()):
                self._limiter.forget()
            return await self._retrier.arun(attempt, self._sleep, time_limit)
        except OmicsTasksError as error:
            call.annotate(error)
            raise

    async def _wait_for(self, slot: Slot, call: Call[Any], this: Attempt) -> None:
        try:
            try:
                await self._closing.result(slot.ready, this.time_left())
            except TimeoutError:
                raise call.out_of_time(this, slot.delay) from None
            if delay := slot.acquire_delay():
                call.check_time(this, delay)
                await self._sleep(delay)
            slot.acquire()
        finally:
            slot.release()

    async def _sleep(self, seconds: float) -> None:
        sleeping = (self._config.retries.sleep or self._closing.sleep)(seconds)
        if inspect.isawaitable(sleeping):
            await sleeping
        self._closing.check()

    async def _run(self, steps: Workflow[T]) -> T:
        """Execute a workflow's steps, and return its result."""
        runner = Runner(steps)
        while (step := runner.next()) is not None:
            try:
                if isinstance(step, CallStep):
                    runner.output = await self._invoke(
                        step.operation, step.arguments, step.time_limit
                    )
                else:
                    await self._sleep(step.seconds)
            except OmicsTasksError as error:
                runner.error = error
        return runner.result

    async def _changes(self, watch: Watch[L]) -> AsyncGenerator[Change[L]]:
        while not watch.is_over:
            for change in await self._run(watch.round()):
                yield change

    async def aclose(self) -> None:
        """Close the connections, and end the calls that are in progress.

        These calls, and all later ones, raise ``ClosedClientError``.
        """
        self._finalizer.detach()
        await self._sender.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()
