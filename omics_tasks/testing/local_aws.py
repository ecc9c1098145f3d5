"""The stand-in itself: state, time, signatures and the two fronts, put together."""

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
    """Those of ``ClientOptions`` that lead to the stand-in; the others can be given beside them."""

    region: str
    """The stand-in's region."""
    endpoint_url: str
    """Where it listens."""
    credentials: Credentials
    """Keys that it accepts."""
    use_fips: bool
    """False: it has one endpoint."""
    use_dualstack: bool
    """False: it has one endpoint."""
    verify: bool
    """False: it speaks plain HTTP."""
    rate_limit: None
    """None: tests need no limit."""


class LocalAWS:
    """HealthOmics, ECS and Deadline Cloud on this machine, for tests of any AWS client.

        with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as omics:
            run = aws.healthomics.add_run(status="FAILED")
            assert omics.get_run(run.id).status == "FAILED"

    While a ``with`` block lasts, it is at a port; any AWS client can use it, with the endpoint,
    region and keys that the attributes give. Without one, httpx clients can, through
    ``transport``. It answers HealthOmics' GetRun, ListRuns, ListRunTasks and GetRunTask, ECS's
    ListTasks and DescribeTasks, and Deadline Cloud's GetTask, ListTasks, SearchTasks and
    BatchGetTask as the services do: it checks the signature and the arguments, pages, and refuses
    in the services' own codes. What it knows is what was put into ``healthomics``, ``ecs`` and
    ``deadline``; that stays from one block to the next.
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
        """All arguments are optional.

        Requests must be signed for ``region`` with the given keys, and with ``session_token``
        where there is one, no more than 15 minutes from what ``clock`` says (with a zone), or by
        the stand-in's own time, which its answers are dated by. Once ``advance`` has moved the time
        on by ``keys_last`` seconds, the keys are expired.
        ``start`` (with a zone) is the time at first; ``seed`` is what made-up ids depend on;
        ``port`` is where the ``with`` block listens, by default at any that is free.
        """
        self.region: str = check_region(region)
        """The only region that there is."""
        self.access_key = access_key
        """The only access key that is known."""
        self.secret_key = secret_key
        """The secret that belongs to it."""
        self.session_token = session_token
        """The session token that belongs to it, if any."""
        self.latency: float = 0.0
        """Seconds that every answer takes; set it at any time."""
        self._state = State(start)
        fake_values, pager = FakeValues(region, seed), Pager(secret_key.encode())
        self.healthomics: LocalHealthOmics = LocalHealthOmics(self._state, fake_values, pager)
        """The runs of HealthOmics and their tasks."""
        self.ecs: LocalECS = LocalECS(self._state, fake_values, pager)
        """The clusters of ECS and their tasks; ``default`` is there from the start."""
        self.deadline: LocalDeadline = LocalDeadline(self._state, fake_values, pager)
        """The tasks of Deadline Cloud."""
        signatures = SignatureCheck(
            access_key, secret_key, session_token, region, clock, self._state, keys_last
        )
        services = (self.healthomics, self.ecs, self.deadline)
        self._gateway = Gateway(services, signatures, self._state, clock)
        self._port = port
        self._server: Server | None = None

    @property
    def now(self) -> datetime:
        """The time that runs and tasks live by. It stands still but for ``advance``."""
        return self._state.now

    def seconds(self) -> float:
        """``now`` in seconds, for clients whose waits are to take no time.

        ``RetryPolicy(sleep=aws.advance, clock=aws.seconds)`` has them wait by this clock.
        """
        return self.now.timestamp()

    def advance(self, seconds: float | None = None) -> None:
        """Moves the time on; without ``seconds``, to the next change of a run's or task's status.

        Signatures may go by another clock, as most are made by one. Fits where a function that
        sleeps is asked for: ``RetryPolicy(sleep=aws.advance)``.
        """
        self._state.advance(seconds)

    def fail_next(self, fault: FaultName, times: int = 1, *, operation: str | None = None) -> None:
        """Lets the next calls fail, of any operation or of one, such as ``ListRunTasks``.

        ``throttling`` and ``internal`` are the service's own errors, ``reset`` cuts the
        connection, ``truncate`` the answer, ``timeout`` never answers (and on ``transport`` gives
        up at once), and ``html`` is a web page with status 200. What is asked for first happens
        first. Raises ``ValueError`` for a fault or an operation that there is not.
        """
        with self._state.lock:
            self._gateway.faults.add(fault, times, operation)

    @property
    def requests(self) -> list[RecordedRequest]:
        """Every request that had a good signature, in order, answered or not. Clear it freely.

        Each tells in its ``error`` why it wasn't answered. Requests for operations and services
        that are not here are among them.
        """
        return self._gateway.requests

    @property
    def transport(self) -> LocalTransport:
        """An httpx transport, sync and async, that needs no ``with`` block and no port."""
        return LocalTransport(self._answer)

    @property
    def endpoint_url(self) -> str:
        """Where the three services are, such as ``http://127.0.0.1:49152``."""
        if self._server is None:
            raise RuntimeError("LocalAWS is at no port: use it inside its with block")
        return self._server.url

    @property
    def client_options(self) -> LocalClientOptions:
        """What one of this library's clients is made with to use it; the environment has no say.

        Outside the ``with`` block they need ``transport=aws.transport`` beside them.
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
