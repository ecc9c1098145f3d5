"""Waiting for a provider: one thread fetches while everything else runs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Any

import botocore.credentials
import httpx
import pytest

from omics_tasks import AsyncECSClient, AsyncSigV4Transport, Credentials, OmicsTasksError
from omics_tasks._io.credentials import CredentialSource, credential_source

from ..asking import OPTIONS, Ask
from .cloud import AT_MOST, Refusing, Rotating
from .custom import PROVIDERS, Frozen, Held, Property, Provider, Session, refreshable

KEY = Credentials("KEY1", "s")


@pytest.fixture(params=PROVIDERS)
def provider(request: pytest.FixtureRequest) -> Provider:
    return PROVIDERS[request.param]


async def call_client(service: Refusing, **options: Any) -> None:
    options = {**OPTIONS, "transport": service, **options}
    async with AsyncECSClient(**options) as client:
        for _ in range(2):
            await client.list_tasks().collect()


async def call_httpx(service: Refusing, **options: Any) -> None:
    options = {"service": "ecs", "region": "us-east-1", "transport": service, **options}
    async with httpx.AsyncClient(transport=AsyncSigV4Transport(**options)) as client:
        for _ in range(2):
            await client.post("https://ecs.example/")


@pytest.mark.parametrize("call", [call_client, call_httpx])
def test_a_provider_does_not_block_the_event_loop(
    provider: Provider, call: Callable[..., Awaitable[None]]
) -> None:
    """Tasks run while a provider is called, whatever the source of the credentials."""
    called = threading.Semaphore(0)
    tick = threading.Semaphore(0)

    def fetch() -> Credentials:
        called.release()
        if not tick.acquire(timeout=AT_MOST):
            raise AssertionError("the event loop stood still")
        return KEY

    async def ticking() -> None:
        while True:
            if called.acquire(blocking=False):
                tick.release()
            await asyncio.sleep(0)

    async def both() -> None:
        ticks = asyncio.create_task(ticking())
        await call(service, **provider(fetch))
        ticks.cancel()

    service = Refusing()
    asyncio.run(both())
    assert ["KEY1", "KEY1"] == service.keys


def test_expiring_does_not_wait() -> None:
    """A rejection is recorded while a fetch blocks, and later calls use another fetch."""
    hang = threading.Event()
    begun: list[threading.Event] = [threading.Event(), threading.Event()]
    keys = iter(["OLD", "NEW"])

    def fetch() -> Credentials:
        key = next(keys)
        if key == "OLD":
            begun[0].set()
            hang.wait(AT_MOST)
        return Credentials(key, "s")

    source = credential_source(None, Session(fetch), None, "us-east-1")
    old = source.fetch()
    assert begun[0].wait(AT_MOST)
    expiring = threading.Thread(target=source.expire, args=(source.version,))
    expiring.start()
    expiring.join(AT_MOST)
    assert not expiring.is_alive()
    assert "NEW" == source.get().access_key
    hang.set()
    assert isinstance(old, Future)
    assert "OLD" == old.result(AT_MOST).access_key
    assert "NEW" == source.get().access_key


@pytest.mark.parametrize(
    "given",
    [
        KEY,
        botocore.credentials.Credentials("KEY1", "s"),
        botocore.credentials.ReadOnlyCredentials("KEY1", "s", None),
        Rotating().refreshable(),
    ],
    ids=lambda given: type(given).__name__,
)
def test_static_credentials_need_no_thread(given: Any) -> None:
    """Known credential types without a provider are read in the calling thread."""
    found = credential_source(given, None, None, "us-east-1").fetch()
    assert isinstance(found, Credentials)
    assert "KEY1" == found.access_key


class Overridden(botocore.credentials.Credentials):
    """botocore's credentials with an overridden property."""


@pytest.mark.parametrize(
    "given",
    [
        Frozen(lambda: KEY),
        Property(lambda: KEY),
        refreshable(lambda: KEY),
        botocore.credentials.DeferredRefreshableCredentials(Rotating().fetch, "mine"),
        Overridden("KEY1", "s"),
    ],
    ids=lambda given: type(given).__name__,
)
def test_unknown_credentials_are_read_in_a_thread(given: Any) -> None:
    """Other types are read in a thread each time, since they may block."""
    source = credential_source(given, None, None, "us-east-1")
    for _ in range(2):
        found = source.fetch()
        assert isinstance(found, Future)
        assert "KEY1" == found.result(AT_MOST).access_key
        if isinstance(given, botocore.credentials.DeferredRefreshableCredentials):
            break


def get(source: CredentialSource, count: int, held: Held) -> list[str]:
    """Read the credentials in several threads at once."""
    found: list[Credentials] = []
    threads = [threading.Thread(target=lambda: found.append(source.get())) for _ in range(count)]
    for thread in threads:
        thread.start()
    held.begun.wait(AT_MOST)
    held.released.set()
    for thread in threads:
        thread.join(AT_MOST)
    return [credentials.access_key for credentials in found]


def aget(source: CredentialSource, count: int, held: Held) -> list[str]:
    """Read the credentials in several tasks at once, the first of which is cancelled."""

    async def gathered() -> list[Credentials]:
        cancelled, *tasks = (asyncio.create_task(source.aget()) for _ in range(count + 1))
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.wait([cancelled])
        held.released.set()
        return await asyncio.gather(*tasks)

    return [credentials.access_key for credentials in asyncio.run(gathered())]


@pytest.mark.parametrize("asking", [get, aget])
def test_callers_share_one_fetch(
    asking: Callable[[CredentialSource, int, Held], list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    """The provider is called once for 20 callers, one of which is cancelled."""
    held = Held()
    assert ["KEY1"] * 20 == asking(held.source(), 20, held)
    assert (1, []) == (held.calls, [r for r in caplog.records if r.name != "asyncio"])


def test_threads_and_event_loops_share_one_fetch() -> None:
    """Threads and tasks that wait for the same provider get the same credentials."""
    held = Held()
    source = held.source()
    in_thread = source.fetch()
    assert isinstance(in_thread, Future)
    assert ["KEY1"] * 3 == aget(source, 3, held)
    assert ("KEY1", 1) == (in_thread.result(AT_MOST).access_key, held.calls)


def test_a_failed_fetch_names_each_operation(ask: Ask) -> None:
    """Each call that waits for a failed fetch raises an error with its own operation."""
    held = Held()

    def fail() -> Credentials:
        held.fetch()
        raise KeyError("broken")

    def question(client: Any) -> Any:
        return in_threads(client) if hasattr(client, "close") else gathered(client)

    async def gathered(client: Any) -> list[OmicsTasksError]:
        tasks = [
            asyncio.ensure_future(client.list_tasks().collect()),
            asyncio.ensure_future(client.describe_tasks(["a"], cluster="c")),
        ]
        await asyncio.sleep(0)
        held.released.set()
        outcomes: list[Any] = await asyncio.gather(*tasks, return_exceptions=True)
        return outcomes

    def in_threads(client: Any) -> list[OmicsTasksError]:
        errors: list[OmicsTasksError] = []

        def asking(call: Callable[[], Any]) -> None:
            try:
                call()
            except OmicsTasksError as error:
                errors.append(error)

        calls = (client.list_tasks().collect, lambda: client.describe_tasks(["a"], cluster="c"))
        threads = [threading.Thread(target=asking, args=(call,)) for call in calls]
        for thread in threads:
            thread.start()
        held.begun.wait(AT_MOST)
        held.released.set()
        for thread in threads:
            thread.join(AT_MOST)
        return errors

    errors = ask(question, "ECS", credentials=None, session=Session(fail), transport=Refusing())
    assert {"ListTasks", "DescribeTasks"} == {error.operation for error in errors}
    assert all(isinstance(error.__cause__, KeyError) for error in errors)
