"""LocalAWS: the state, the signature check, the services, and the two ways to reach them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypedDict

from .._core.endpoints import check_region
from .._core.protocols import Request
from .._io.clock import utc_now
from .._io.credentials import Credentials
from .deadline import LocalDeadline
from .ecs import LocalECS
from .fake_values import FakeValues
from .faults import FaultName, Reply
from .gateway import Gateway
from .healthomics import LocalHealthOmics
from .paging import Pager
from .recording import RecordedRequest
from .server import Server
from .signatures import SignatureCheck
from .state import State
from .transport import LocalTransport

_ACCESS_KEY = "AKIDLOCALAWSEXAMPLE0"
_SECRET_KEY = "a-secret-of-the-local-stand-in-alone"  # noqa: S105 - it opens nothing but this
_START = datetime(2026, 1, 1, tzinfo=UTC)
_NOWHERE = "http://local-aws-outside-its-with-block.invalid"


class LocalClientOptions(TypedDict):
    """The ``ClientOptions`` that connect a client to the stand-in. The others can be added."""

    region: str
    """Region of the stand-in."""
    endpoint_url: str
    """URL that it listens at."""
    credentials: Credentials
    """Keys that it accepts."""
    use_fips: bool
    """False: the stand-in has a single endpoint."""
    use_dualstack: bool
    """False: the stand-in has a single endpoint."""
    verify: bool
    """True. It has no effect on plain HTTP."""
    rate_limit: None
    """None: tests need no limit."""


class LocalAWS:
    """HealthOmics, ECS and Deadline Cloud on this machine, for tests of any AWS client.

        with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as omics:
            run = aws.healthomics.add_run(status="FAILED")
            assert omics.get_run(run.id).status == "FAILED"

    Inside a ``with`` block it listens on a port. Any AWS client can use it there, with the
    endpoint, region and keys from its attributes. Outside a block, httpx clients can use it
    through ``transport``. It implements GetRun, ListRuns, ListRunTasks and GetRunTask of
    HealthOmics, ListTasks and DescribeTasks of ECS, and GetTask, ListTasks, SearchTasks and
    BatchGetTask of Deadline Cloud. It checks signatures and arguments, pages listings, and returns
    the services' own error codes. It holds the runs and tasks that were added to ``healthomics``,
    ``ecs`` and ``deadline``. They stay there after the block.
    """

    def __init__(
        self,
        *,
        region: str = "us-east-1",
        access_key: str = _ACCESS_KEY,
        secret_key: str = _SECRET_KEY,
        session_token: str | None = None,
        keys_last: float | None = None,
        seed: int = 0,
        start: datetime = _START,
        clock: Callable[[], datetime] = utc_now,
        port: int = 0,
    ) -> None:
        """Create a stand-in without runs and tasks. All arguments are optional.

        Requests must be signed for ``region`` with the given keys, and with ``session_token`` if
        there is one. The time of a signature may differ by up to 15 minutes from ``clock``, which
        returns a time with a zone, or from the stand-in's own time, which is in the ``Date`` header
        of its answers. The keys expire when ``advance`` has moved the time by ``keys_last``
        seconds in total.
        ``start`` is the initial time, with a zone. Generated ids depend on ``seed``. The ``with``
        block listens on ``port``, by default on a free one.
        """
        self.region: str = check_region(region)
        """Region that requests must be signed for."""
        self.access_key = access_key
        """Access key that requests must be signed with."""
        self.secret_key = secret_key
        """Secret key of the access key."""
        self.session_token = session_token
        """Session token of the access key, if it has one."""
        self.latency: float = 0.0
        """Seconds by which every answer is delayed. Can be set at any time."""
        self._state = State(start)
        fake_values, pager = FakeValues(region, seed), Pager(secret_key.encode())
        self.healthomics: LocalHealthOmics = LocalHealthOmics(self._state, fake_values, pager)
        """HealthOmics: runs and their tasks."""
        self.ecs: LocalECS = LocalECS(self._state, fake_values, pager)
        """ECS: clusters and their tasks. The cluster ``default`` always exists."""
        self.deadline: LocalDeadline = LocalDeadline(self._state, fake_values, pager)
        """Deadline Cloud: tasks."""
        signatures = SignatureCheck(
            access_key, secret_key, session_token, region, clock, self._state, keys_last
        )
        services = (self.healthomics, self.ecs, self.deadline)
        self._gateway = Gateway(services, signatures, self._state, clock)
        self._port = port
        self._server: Server | None = None

    @property
    def now(self) -> datetime:
        """Current time of the stand-in. Only ``advance`` changes it."""
        return self._state.now

    def seconds(self) -> float:
        """Return ``now`` in seconds since 1970, for clients that wait without taking real time.

        Clients with ``RetryPolicy(sleep=aws.advance, clock=aws.seconds)`` wait on this clock.
        """
        return self.now.timestamp()

    def advance(self, seconds: float | None = None) -> None:
        """Move the time forward by ``seconds``, or to the next change of a run's or task's status.

        Signatures may still be made with the machine's clock. The method can be used as a sleep
        function: ``RetryPolicy(sleep=aws.advance)``.
        """
        self._state.advance(seconds)

    def fail_next(self, fault: FaultName, times: int = 1, *, operation: str | None = None) -> None:
        """Make the next ``times`` calls fail, of any operation or of one such as ``ListRunTasks``.

        ``throttling`` and ``internal`` return the service's own error, ``reset`` resets the
        connection, ``truncate`` cuts the answer off, ``timeout`` never answers (on ``transport``
        it raises at once), and ``html`` returns a web page with status 200. Faults happen in the
        order in which they were added. Raises ``ValueError`` for an unknown fault or operation.
        """
        with self._state.lock:
            self._gateway.faults.add(fault, times, operation)

    @property
    def requests(self) -> list[RecordedRequest]:
        """All requests with a valid signature, in order. The list may be cleared.

        The ``error`` of a request is the reason why it failed. Requests for operations and
        services that the stand-in doesn't have are recorded too.
        """
        return self._gateway.requests

    @property
    def transport(self) -> LocalTransport:
        """An httpx transport for sync and async clients, which works outside a ``with`` block."""
        return LocalTransport(self._answer)

    @property
    def endpoint_url(self) -> str:
        """URL of all three services, such as ``http://127.0.0.1:49152``."""
        if self._server is None:
            raise RuntimeError("LocalAWS listens on no port: use it inside its with block")
        return self._server.url

    @property
    def client_options(self) -> LocalClientOptions:
        """Arguments that connect a client of this library, whatever the environment holds.

        Outside the ``with`` block the client also needs ``transport=aws.transport``.
        """
        return LocalClientOptions(
            region=self.region,
            endpoint_url=self._server.url if self._server else _NOWHERE,
            credentials=Credentials(self.access_key, self.secret_key, self.session_token),
            use_fips=False,
            use_dualstack=False,
            verify=True,
            rate_limit=None,
        )

    def _answer(self, request: Request) -> Reply:
        return replace(self._gateway.answer(request), latency=self.latency)

    def __enter__(self) -> Self:
        if self._server is not None:
            raise RuntimeError(f"LocalAWS is at {self._server.url} already: use it in one block")
        self._server = Server(self._answer, self._gateway.refuse, self._port)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
