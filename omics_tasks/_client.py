"""The drivers, sync and async: check → (sign → send → decode or raise), as often as need be."""

from __future__ import annotations

import inspect
import math
import platform
import weakref
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, Unpack

from ._call import Call
from ._core.lifecycle import Lifecycle
from ._core.model import ListInput, Page
from ._core.operation import In, Operation, Out, Service
from ._core.paging import Cursor, from_resume_token
from ._core.protocols import check
from ._core.rates import RateLimiter, Turn
from ._core.steps import Ask, Steps, Work
from ._io.clock import ServiceClock
from ._io.closing import AsyncClosing, Closing
from ._io.forking import tell_after_fork
from ._io.retrying import Attempt, Retrier
from ._io.transport import (
    AsyncSender,
    AsyncTransport,
    Endpoint,
    Sender,
    Signer,
    SyncTransport,
    default_async_transport,
    default_transport,
)
from ._version import __version__
from .config import ClientConfig, ClientOptions, resolve
from .errors import ConfigurationError, OmicsTasksError, ServiceError
from .pagination import AsyncPaginator, Paginator
from .states import Change

if TYPE_CHECKING:
    from ._core.polling import Watch

T = TypeVar("T")
L = TypeVar("L", bound=Lifecycle)

_HEADERS = {"User-Agent": f"omics-tasks/{__version__} python/{platform.python_version()}"}


class _Client:
    """What the sync and the async clients have in common: all that doesn't wait."""

    _service: ClassVar[Service]

    def __init__(self, options: ClientOptions, transport: object) -> None:
        self._options = options
        self._has_own_transport = transport is None
        self._config = resolve(self._service, options)
        self._retrier = Retrier(self._config.retries)
        self._limiter = RateLimiter(self._config.rate_limit, self._config.retries.clock)
        tell_after_fork(self._limiter)
        self._clock = ServiceClock()

    @property
    def config(self) -> ClientConfig:
        """What the client's settings came to: region, endpoint, time-outs and so on."""
        return self._config

    def __repr__(self) -> str:
        where = f"region={self._config.region!r}, endpoint_url={self._config.endpoint_url!r}"
        return f"{type(self).__name__}({where})"

    def __reduce__(self) -> tuple[object, ...]:
        """A client is pickled as what it was made with, and made anew from that."""
        if not self._has_own_transport:
            raise ConfigurationError("a client that was given a transport can't be pickled")
        secret = {"credentials", "session"} & {k for k, v in self._options.items() if v is not None}
        if secret and not self._options.get("pickle_credentials"):
            raise ConfigurationError(
                f"a client that was given {secret.pop()}= is not pickled, as its secret would be "
                "too; make it with pickle_credentials=True if that is meant, or configure the "
                "credentials where it is unpickled"
            )
        return _make, (type(self), self._options)

    def _endpoint(self) -> Endpoint:
        config = self._config
        return Endpoint(
            config.endpoint_url,
            Signer(self._service.id, config.region, config.credentials, self._clock.now),
            config.connect_timeout,
            config.read_timeout,
            config.attempt_timeout,
        )

    def _begin(self, operation: Operation[In, Out], arguments: In) -> Call[Out]:
        return Call(
            operation,
            arguments,
            clock=self._clock,
            credentials=self._config.credentials,
            limiter=self._limiter,
            headers=_HEADERS,
            max_attempts=self._config.retries.max_attempts,
        )


def _make(cls: Callable[..., _Client], options: ClientOptions) -> _Client:
    return cls(**options)


def _listing(
    operation: Operation[ListInput, Page[T]],
    cursor: type[Cursor[T]],
    arguments: Mapping[str, object],
) -> tuple[Callable[[], Cursor[T]], bool]:
    """What starts an iteration over a listing, once its arguments are checked; and ``prefetch``."""
    token, skip = arguments.get("starting_token"), 0
    if isinstance(token, str):
        token, skip = from_resume_token(token)
    first = check(operation, {**arguments, "starting_token": token})
    return partial(cursor, operation, first, skip), first.prefetch


class SyncClient(_Client):
    """A client that waits. Use it in a ``with`` block, or ``close()`` it; threads can share it."""

    def __init__(
        self, *, transport: SyncTransport | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        """All arguments are optional: the default is what AWS's other tools would take.

        ``transport`` is an httpx transport to send signed requests with; the client closes it.
        Raises a ``ConfigurationError`` that says which settings were looked at.
        """
        super().__init__(options, transport)
        config = self._config
        self._closing = Closing()
        make = partial(default_transport, config.endpoint_url, config.verify, self._closing)
        self._sender = Sender(
            make if transport is None else lambda: transport, self._endpoint(), self._closing
        )
        self._finalizer = weakref.finalize(self, self._sender.close)

    def _call(self, operation: Operation[In, Out], **arguments: object) -> Out:
        return self._invoke(operation, check(operation, arguments))

    def _list(
        self,
        operation: Operation[ListInput, Page[T]],
        page: Callable[[Any], Steps[Page[T]]] | None = None,
        cursor: type[Cursor[T]] = Cursor,
        /,
        **arguments: object,
    ) -> Paginator[T]:
        """A listing by an operation; or by steps, where a page takes several calls."""
        start, prefetch = _listing(operation, cursor, arguments)
        if page is None:
            return Paginator(start, partial(self._invoke, operation), prefetch=prefetch)
        return Paginator(start, lambda asked: self._run(page(asked)), prefetch=prefetch)

    def _invoke(
        self, operation: Operation[In, Out], arguments: In, time_limit: float = math.inf
    ) -> Out:
        call = self._begin(operation, arguments)

        def attempt(this: Attempt) -> Out:
            while True:
                if (turn := call.enter(this)) is not None:
                    self._wait_for(turn, call, this)
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
            call.describe(error)
            raise

    def _wait_for(self, turn: Turn, call: Call[Any], this: Attempt) -> None:
        try:
            try:
                self._closing.result(turn.comes, this.time_left())
            except TimeoutError:
                raise call.out_of_time(this, turn.delay) from None
            if pause := turn.pause():
                call.check_time(this, pause)
                self._sleep(pause)
            turn.take()
        finally:
            turn.leave()

    def _sleep(self, seconds: float) -> None:
        sleep = self._config.retries.sleep or self._closing.sleep
        sleep(seconds)
        self._closing.check()

    def _run(self, steps: Steps[T]) -> T:
        """Does the steps of some work, and returns what it comes to."""
        work = Work(steps)
        while (step := work.next()) is not None:
            try:
                if isinstance(step, Ask):
                    work.output = self._invoke(step.operation, step.arguments, step.time_limit)
                else:
                    self._sleep(step.seconds)
            except OmicsTasksError as error:
                work.error = error
        return work.result

    def _watch(self, watch: Watch[L]) -> Generator[Change[L]]:
        while not watch.is_over:
            yield from self._run(watch.round())

    def close(self) -> None:
        """Close the connections and end the calls that are under way, in whatever thread.

        They raise ``ClosedClientError``, as every later call does.
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


class AsyncClient(_Client):
    """A client to await. Use it in an ``async with`` block, or ``await aclose()``.

    One event loop at a time can use it.
    """

    def __init__(
        self, *, transport: AsyncTransport | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        """All arguments are optional: the default is what AWS's other tools would take.

        ``transport`` is an async httpx transport to send signed requests with; the client closes
        it. Raises a ``ConfigurationError`` that says which settings were looked at.
        """
        super().__init__(options, transport)
        config = self._config
        self._closing = AsyncClosing()
        make = partial(default_async_transport, config.endpoint_url, config.verify)
        self._sender = AsyncSender(
            make if transport is None else lambda: transport, self._endpoint(), self._closing
        )
        self._finalizer = weakref.finalize(self, self._sender.abandon)

    async def _call(self, operation: Operation[In, Out], **arguments: object) -> Out:
        return await self._invoke(operation, check(operation, arguments))

    def _list(
        self,
        operation: Operation[ListInput, Page[T]],
        page: Callable[[Any], Steps[Page[T]]] | None = None,
        cursor: type[Cursor[T]] = Cursor,
        /,
        **arguments: object,
    ) -> AsyncPaginator[T]:
        """A listing by an operation; or by steps, where a page takes several calls."""
        start, prefetch = _listing(operation, cursor, arguments)
        if page is None:
            return AsyncPaginator(start, partial(self._invoke, operation), prefetch=prefetch)
        return AsyncPaginator(start, lambda asked: self._run(page(asked)), prefetch=prefetch)

    async def _invoke(
        self, operation: Operation[In, Out], arguments: In, time_limit: float = math.inf
    ) -> Out:
        call = self._begin(operation, arguments)

        async def attempt(this: Attempt) -> Out:
            while True:
                if (turn := call.enter(this)) is not None:
                    await self._wait_for(turn, call, this)
                with call.attempt(this) as headers:
                    response = await self._sender.send(call.request, headers, this.time_left)
                try:
                    return call.read(response)
                except ServiceError as error:
                    if not call.recover(error):
                        raise

        try:
            return await self._retrier.arun(attempt, self._sleep, time_limit)
        except OmicsTasksError as error:
            call.describe(error)
            raise

    async def _wait_for(self, turn: Turn, call: Call[Any], this: Attempt) -> None:
        try:
            try:
                await self._closing.result(turn.comes, this.time_left())
            except TimeoutError:
                raise call.out_of_time(this, turn.delay) from None
            if pause := turn.pause():
                call.check_time(this, pause)
                await self._sleep(pause)
            turn.take()
        finally:
            turn.leave()

    async def _sleep(self, seconds: float) -> None:
        sleeping = (self._config.retries.sleep or self._closing.sleep)(seconds)
        if inspect.isawaitable(sleeping):
            await sleeping
        self._closing.check()

    async def _run(self, steps: Steps[T]) -> T:
        """Does the steps of some work, and returns what it comes to."""
        work = Work(steps)
        while (step := work.next()) is not None:
            try:
                if isinstance(step, Ask):
                    work.output = await self._invoke(
                        step.operation, step.arguments, step.time_limit
                    )
                else:
                    await self._sleep(step.seconds)
            except OmicsTasksError as error:
                work.error = error
        return work.result

    async def _watch(self, watch: Watch[L]) -> AsyncGenerator[Change[L]]:
        while not watch.is_over:
            for change in await self._run(watch.round()):
                yield change

    async def aclose(self) -> None:
        """Close the connections and end the calls that are under way.

        They raise ``ClosedClientError``, as every later call does.
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
