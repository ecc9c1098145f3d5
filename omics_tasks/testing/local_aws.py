"""The stand-in itself: state, signatures and the HTTP front, put together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from .._core.endpoints import check_region
from .._io.credentials import Credentials
from ..config import ClientOptions
from .deadline import LocalDeadline
from .ecs import LocalECS
from .gateway import Gateway, RecordedRequest
from .healthomics import LocalHealthOmics
from .paging import Pager
from .plausible import Plausible
from .server import Server
from .signatures import SignatureCheck

_ACCESS_KEY = "AKIDLOCALAWSEXAMPLE0"
_SECRET_KEY = "a-secret-of-the-local-stand-in-alone"  # noqa: S105 - it opens nothing but this


def _now() -> datetime:
    return datetime.now(UTC)


class LocalAWS:
    """HealthOmics, ECS and Deadline Cloud on a port of this machine, while a ``with`` block lasts.

    ::

        with LocalAWS() as aws, HealthOmicsClient(**aws.client_options) as omics:
            run = aws.healthomics.add_run(status="FAILED")
            assert omics.get_run(run.id).status == "FAILED"

    Any AWS client can use it, with the endpoint, region and keys that the attributes give. It
    answers GetRun, ListRunTasks, GetRunTask, ECS's ListTasks and Deadline Cloud's GetTask as the
    services do: it checks the signature and the arguments, pages, and refuses in the services'
    own codes. What it knows is what was put into ``healthomics``, ``ecs`` and ``deadline``, and
    stays there from one ``with`` block to the next.
    """

    def __init__(
        self,
        *,
        region: str = "us-east-1",
        access_key: str = _ACCESS_KEY,
        secret_key: str = _SECRET_KEY,
        session_token: str | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """All arguments are optional.

        Requests must be signed for ``region`` with the given keys, and with ``session_token``
        where there is one, no more than 15 minutes from what ``clock`` says (with a zone).
        """
        self.region = check_region(region)
        """The only region that there is."""
        self.access_key = access_key
        """The only access key that is known."""
        self.secret_key = secret_key
        """The secret that belongs to it."""
        self.session_token = session_token
        """The session token that belongs to it, if any."""
        plausible, pager = Plausible(region), Pager(secret_key.encode())
        self.healthomics = LocalHealthOmics(plausible, pager)
        """The runs of HealthOmics and their tasks."""
        self.ecs = LocalECS(plausible, pager)
        """The clusters of ECS and their tasks; ``default`` is there from the start."""
        self.deadline = LocalDeadline(plausible)
        """The tasks of Deadline Cloud."""
        signatures = SignatureCheck(access_key, secret_key, session_token, region, clock)
        self._gateway = Gateway((self.healthomics, self.ecs, self.deadline), signatures, clock)
        self._server: Server | None = None

    @property
    def requests(self) -> list[RecordedRequest]:
        """What was called, in order, less what had no good signature. Clear it freely."""
        return self._gateway.requests

    @property
    def endpoint_url(self) -> str:
        """Where the three services are, such as ``http://127.0.0.1:49152``."""
        if self._server is None:
            raise RuntimeError("LocalAWS is at no port: use it inside its with block")
        return self._server.url

    @property
    def client_options(self) -> ClientOptions:
        """What one of this library's clients is made with to use it; the environment has no say."""
        return ClientOptions(
            region=self.region,
            endpoint_url=self.endpoint_url,
            credentials=Credentials(self.access_key, self.secret_key, self.session_token),
            use_fips=False,
            use_dualstack=False,
            verify=True,
        )

    def __enter__(self) -> Self:
        self._server = Server(self._gateway.answer)
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
