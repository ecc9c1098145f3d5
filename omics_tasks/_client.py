"""One call: check → encode → (sign → send → decode or raise), as often as attempts are made."""

from __future__ import annotations

import platform
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import partial
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar, Unpack
from uuid import uuid4

from ._core.model import ListInput, Page
from ._core.operation import In, Operation, Out, Service
from ._core.paging import Cursor, from_resume_token
from ._core.protocols import check, decode, encode
from ._io.retrying import Attempt, Retrier
from ._io.transport import (
    AsyncSender,
    AsyncSigV4Transport,
    AsyncTransport,
    Endpoint,
    Sender,
    SigV4Transport,
    SyncTransport,
    default_async_transport,
    default_transport,
)
from ._version import __version__
from .config import ClientConfig, ClientOptions, resolve
from .errors import TransportError
from .pagination import AsyncPaginator, Paginator

T = TypeVar("T")

_USER_AGENT = f"omics-tasks/{__version__} python/{platform.python_version()}"


class _Client:
    """What the sync and the async clients have in common: all that doesn't wait."""

    _service: ClassVar[Service]

    def __init__(self, options: ClientOptions) -> None:
        self._config = resolve(self._service, options)
        self._retrier = Retrier(self._config.retries)

    @property
    def config(self) -> ClientConfig:
        """What the client's settings came to: region, endpoint, time-outs and so on."""
        return self._config

    def __repr__(self) -> str:
        where = f"region={self._config.region!r}, endpoint_url={self._config.endpoint_url!r}"
        return f"{type(self).__name__}({where})"

    def _endpoint(self) -> Endpoint:
        config = self._config
        return Endpoint(config.endpoint_url, config.connect_timeout, config.read_timeout)

    def _headers(self) -> Callable[[Attempt], Mapping[str, str]]:
        """The headers of one call's attempts; AWS finds the attempts of a call by them."""
        of_call = {"User-Agent": _USER_AGENT, "amz-sdk-invocation-id": str(uuid4())}
        most = self._config.retries.max_attempts
        return lambda attempt: {
            **of_call,
            "amz-sdk-request": f"attempt={attempt.number}; max={most}",
        }


def _cursors(
    operation: Operation[ListInput, Page[T]], arguments: Mapping[str, object]
) -> Callable[[], Cursor[T]]:
    """What starts an iteration over a listing, once the arguments are checked."""
    token, skip = arguments.get("starting_token"), 0
    if isinstance(token, str):
        token, skip = from_resume_token(token)
    first = check(operation, {**arguments, "starting_token": token})
    return partial(Cursor[T], operation, first, skip)


@contextmanager
def _during(operation: Operation[Any, Any]) -> Generator[None]:
    """Names the operation on a failure of the transport, which knows of none."""
    try:
        yield
    except TransportError as error:
        error.service, error.operation = operation.service.id, operation.name
        raise


class SyncClient(_Client):
    """A client that waits. Use it in a ``with`` block, or ``close()`` it; threads can share it."""

    def __init__(
        self, *, transport: SyncTransport | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        """All arguments are optional: the default is what AWS's other tools would take.

        ``transport`` is an httpx transport to send signed requests with; the client closes it.
        Raises a ``ConfigurationError`` that says which settings were looked at.
        """
        super().__init__(options)
        config = self._config
        signed = SigV4Transport(
            self._service.id,
            config.region,
            credentials=config.credentials,
            transport=transport or default_transport(config.endpoint_url, config.verify),
        )
        self._sender = Sender(signed, self._endpoint())

    def _call(self, operation: Operation[In, Out], **arguments: object) -> Out:
        return self._invoke(operation, check(operation, arguments))

    def _list(self, operation: Operation[ListInput, Page[T]], **arguments: object) -> Paginator[T]:
        return Paginator(_cursors(operation, arguments), partial(self._invoke, operation))

    def _invoke(self, operation: Operation[In, Out], arguments: In) -> Out:
        request, headers = encode(operation, arguments), self._headers()

        def attempt(this: Attempt) -> Out:
            with _during(operation):
                response = self._sender.send(request, headers(this), this.time_left)
            return decode(operation, response)

        return self._retrier.run(attempt)

    def close(self) -> None:
        """Closes the connections."""
        self._sender.close()

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
    """A client to await. Use it in an ``async with`` block, or ``await aclose()``."""

    def __init__(
        self, *, transport: AsyncTransport | None = None, **options: Unpack[ClientOptions]
    ) -> None:
        """All arguments are optional: the default is what AWS's other tools would take.

        ``transport`` is an async httpx transport to send signed requests with; the client closes
        it. Raises a ``ConfigurationError`` that says which settings were looked at.
        """
        super().__init__(options)
        config = self._config
        signed = AsyncSigV4Transport(
            self._service.id,
            config.region,
            credentials=config.credentials,
            transport=transport or default_async_transport(config.endpoint_url, config.verify),
        )
        self._sender = AsyncSender(signed, self._endpoint())

    async def _call(self, operation: Operation[In, Out], **arguments: object) -> Out:
        return await self._invoke(operation, check(operation, arguments))

    def _list(
        self, operation: Operation[ListInput, Page[T]], **arguments: object
    ) -> AsyncPaginator[T]:
        return AsyncPaginator(_cursors(operation, arguments), partial(self._invoke, operation))

    async def _invoke(self, operation: Operation[In, Out], arguments: In) -> Out:
        request, headers = encode(operation, arguments), self._headers()

        async def attempt(this: Attempt) -> Out:
            with _during(operation):
                response = await self._sender.send(request, headers(this), this.time_left)
            return decode(operation, response)

        return await self._retrier.arun(attempt)

    async def aclose(self) -> None:
        """Closes the connections."""
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
