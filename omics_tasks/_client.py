"""The common base of the sync and async clients: everything that does not wait."""

from __future__ import annotations

import platform
from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar, TypeVar

from ._call import Call
from ._core.methods import Context
from ._core.model import ListInput, Page
from ._core.operation import In, Operation, Out, Service
from ._core.paging import Cursor
from ._core.protocols import check
from ._core.rate_limiter import RateLimiter
from ._core.resuming import ItemsToSkip, from_resume_token
from ._io.clock import ServiceClock
from ._io.fork_safety import reset_after_fork
from ._io.retrying import Retrier
from ._io.sending import Endpoint
from ._io.signing import Signer
from ._version import __version__
from .config import ClientConfig, ClientOptions, resolve
from .errors import ConfigurationError

T = TypeVar("T")

_HEADERS = {"User-Agent": f"omics-tasks/{__version__} python/{platform.python_version()}"}


class BaseClient:
    """Common base of the sync and async clients."""

    _service: ClassVar[Service]

    def __init__(self, options: ClientOptions, transport: object) -> None:
        self._options = options
        self._has_own_transport = transport is None
        self._config, self._credentials = resolve(self._service, options)
        self._retrier = Retrier(self._config.retries)
        self._limiter = RateLimiter(self._config.rate_limit, self._config.retries.clock)
        reset_after_fork(self._limiter)
        self._clock = ServiceClock()
        self._context = Context(self._config.retries, self._clock.answered_at)

    @property
    def config(self) -> ClientConfig:
        """The client's resolved settings: region, endpoint, timeouts and so on."""
        return self._config

    def __repr__(self) -> str:
        where = f"region={self._config.region!r}, endpoint_url={self._config.endpoint_url!r}"
        return f"{type(self).__name__}({where})"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the client as its options, from which unpickling creates a new client.

        Raise ConfigurationError for a client with a transport, or with ``credentials`` or
        ``session`` unless it was created with ``pickle_credentials=True``.
        """
        if not self._has_own_transport:
            raise ConfigurationError("a client with its own transport= can't be pickled")
        secret = {"credentials", "session"} & {k for k, v in self._options.items() if v is not None}
        if secret and not self._options.get("pickle_credentials"):
            raise ConfigurationError(
                f"a client with {secret.pop()}= can't be pickled, as the pickle would contain the "
                "secret; create it with pickle_credentials=True to allow that, or configure the "
                "credentials where it is unpickled"
            )
        return _create, (type(self), self._options)

    def _endpoint(self) -> Endpoint:
        config = self._config
        return Endpoint(
            config.endpoint_url,
            None if config.is_custom_endpoint else self._service.host_prefix,
            Signer(self._service.id, config.region, self._credentials, self._clock.now),
            config.connect_timeout,
            config.read_timeout,
            config.attempt_timeout,
        )

    def _begin(self, operation: Operation[In, Out], arguments: In) -> Call[Out]:
        return Call(
            operation,
            arguments,
            clock=self._clock,
            credentials=self._credentials,
            limiter=self._limiter,
            headers=_HEADERS,
            max_attempts=self._config.retries.max_attempts,
        )


def _create(cls: Callable[..., BaseClient], options: ClientOptions) -> BaseClient:
    return cls(**options)


def listing(
    operation: Operation[ListInput, Page[T]],
    cursor: type[Cursor[T]],
    arguments: Mapping[str, object],
) -> tuple[Callable[[], Cursor[T]], bool]:
    """Return a function that starts an iteration over a listing, and ``prefetch``.

    Raise ParamValidationError for invalid arguments.
    """
    token, skip = arguments.get("starting_token"), ItemsToSkip()
    if isinstance(token, str):
        token, skip = from_resume_token(token)
    first = check(operation, {**arguments, "starting_token": token})
    return partial(cursor, operation, first, skip), first.prefetch
