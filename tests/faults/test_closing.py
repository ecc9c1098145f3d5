"""Cancelling, closing and dropping a client leaves nothing open."""

from __future__ import annotations

import asyncio
import gc
import warnings
from typing import Any

import pytest

import omics_tasks
from omics_tasks import (
    AsyncHealthOmicsClient,
    ClosedClientError,
    HealthOmicsClient,
    PaginationError,
    RetryPolicy,
    TransportError,
)

from ..asking import OPTIONS, Ask, asettled, ask_async, ask_sync, pages, settled, take
from .server import Plan, RawServer, http
from .test_bytes import OPERATIONS

pytestmark = pytest.mark.filterwarnings("error")


def endless(number: int, request: bytes) -> Plan:
    del request
    return [http(200, {"items": [{"taskId": "1"}, {"taskId": "2"}], "nextToken": f"t{number}"})]


def test_a_cancelled_call_returns_its_connection() -> None:
    """After many cancelled calls, a small pool still has a connection for the next one."""

    def plan(number: int, request: bytes) -> Plan:
        del number
        return [60.0] if b"/run/2 " in request else [http(200, {"id": "1"})]

    async def main(url: str) -> Any:
        async with AsyncHealthOmicsClient(**OPTIONS, endpoint_url=url, timeout=5.0) as client:
            for _ in range(120):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(client.get_run("2"), 0.02)
            return await client.get_run("1")

    with RawServer(plan) as server:
        assert "1" == asyncio.run(main(server.url)).id


def test_a_cancelled_task_is_cancelled() -> None:
    """CancelledError propagates and isn't retried."""

    async def main(server: RawServer) -> None:
        async with AsyncHealthOmicsClient(**OPTIONS, endpoint_url=server.url) as client:
            task = asyncio.create_task(client.get_run("1"))
            assert await asettled(lambda: bool(server.requests))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    with RawServer(lambda *_: [60.0]) as server:
        asyncio.run(main(server))
        assert 1 == len(server.requests)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_closed_client_raises(name: str) -> None:
    """A call of a closed client raises ClosedClientError and sends nothing."""
    service, question, _ = OPERATIONS[name]
    with RawServer(endless) as server:
        options = {**OPTIONS, "endpoint_url": server.url}
        client = getattr(omics_tasks, f"{service}Client")(**options)
        client.close()
        client.close()
        with pytest.raises(
            ClosedClientError, match=f"{name}: the client is closed; make a new one"
        ):
            question(client)

        async def main() -> None:
            client = getattr(omics_tasks, f"Async{service}Client")(**options)
            await client.aclose()
            await client.aclose()
            await question(client)

        with pytest.raises(ClosedClientError, match=f"{name}: the client is closed"):
            asyncio.run(main())
        assert [] == server.requests


def test_closing_closes_the_connections(ask: Ask) -> None:
    """After the ``with`` block no connection is open."""
    with RawServer(lambda *_: [http(200, {"id": "1"})]) as server:
        ask(lambda c: c.get_run("1"), endpoint_url=server.url)
        assert 1 == server.connections
        assert settled(lambda: server.open_connections == 0)


def test_a_dropped_client_closes_its_connections() -> None:
    """A garbage-collected client leaks no socket and causes no warning."""
    with RawServer(lambda *_: [http(200, {"id": "1"})]) as server:
        client = HealthOmicsClient(**OPTIONS, endpoint_url=server.url)
        client.get_run("1")
        assert 1 == server.open_connections
        del client
        gc.collect()
        assert settled(lambda: server.open_connections == 0)


def test_a_dropped_async_client_closes_its_connections() -> None:
    """A garbage-collected async client leaks no socket while its event loop runs."""

    async def main(server: RawServer) -> bool:
        client = AsyncHealthOmicsClient(**OPTIONS, endpoint_url=server.url)
        await client.get_run("1")
        assert 1 == server.open_connections
        del client
        gc.collect()
        return await asettled(lambda: server.open_connections == 0)

    with RawServer(lambda *_: [http(200, {"id": "1"})]) as server:
        assert asyncio.run(main(server))


@pytest.mark.parametrize("read", [take, pages])
def test_an_abandoned_listing_leaves_nothing_open(ask: Ask, read: Any) -> None:
    """A listing that isn't read to its end holds no connection open."""
    with RawServer(endless) as server:
        left = ask(lambda c: read(c.list_run_tasks("1"), 3), endpoint_url=server.url)
        gc.collect()
        assert 3 == len(left)
        assert settled(lambda: server.open_connections == 0)


def test_an_async_client_can_move_to_another_event_loop() -> None:
    """An async client works in a second ``asyncio.run``."""
    with RawServer(lambda *_: [http(200, {"id": "1"})]) as server:
        client = AsyncHealthOmicsClient(**OPTIONS, endpoint_url=server.url)

        async def use() -> str:
            return (await client.get_run("1")).id

        async def use_and_close() -> str:
            run_id = await use()
            await client.aclose()
            return run_id

        with warnings.catch_warnings(action="ignore", category=ResourceWarning):
            # asyncio warns of connections that a loop left open when it ended, and closes them.
            assert ["1", "1"] == [asyncio.run(use()), asyncio.run(use_and_close())]
            gc.collect()


def test_an_unread_answer_is_closed(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection of an abandoned response closes at once, while the client stays open."""
    monkeypatch.setattr("omics_tasks._io.limits.MAX_BODY", 10)

    def give_up(client: Any) -> Any:
        answer = client.get_run("1")
        return asyncio.wait_for(given_up(answer), 9) if asyncio.iscoroutine(answer) else None

    async def given_up(answer: Any) -> bool:
        with pytest.raises(TransportError):
            await answer
        return await asettled(lambda: server.open_connections == 0)

    with RawServer(
        lambda *_: [b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 99, *[b" ", 0.01] * 900]
    ) as server:
        options: dict[str, Any] = {**OPTIONS, "endpoint_url": server.url}
        if ask is ask_async:
            assert ask(give_up, **options)
            return
        with HealthOmicsClient(**options) as client:
            with pytest.raises(TransportError):
                client.get_run("1")
            assert settled(lambda: server.open_connections == 0)


def test_closing_prevents_retries(ask: Ask) -> None:
    """A client that is closed between two attempts makes no further attempt."""
    clients: list[Any] = []

    def sleep(seconds: float) -> Any:
        del seconds
        return clients[0].close() if ask is ask_sync else clients[0].aclose()

    def question(client: Any) -> Any:
        clients.append(client)
        return client.get_run("1")

    with RawServer(lambda *_: [http(503)]) as server:
        with pytest.raises(ClosedClientError):
            ask(question, endpoint_url=server.url, retries=RetryPolicy(sleep=sleep))
        assert 1 == len(server.requests)


def test_cookies_are_not_kept(ask: Ask) -> None:
    """A server's cookies aren't sent back, and no unexpected header is sent."""
    answer = http(200, {"items": [{"taskId": "1"}], "nextToken": "t"}, set_cookie="a=b")
    with RawServer(lambda *_: [answer]) as server:
        by_name = server.url.replace("127.0.0.1", "localhost")  # no jar keeps an address's cookies
        with pytest.raises(PaginationError):
            ask(lambda c: c.list_run_tasks("1").collect(), endpoint_url=by_name)
        assert 2 == len(server.requests)
    heads = b"".join(server.requests).lower()
    assert [] == [name for name in (b"cookie:", b"accept:", b"accept-encoding:") if name in heads]


def test_connections_are_kept_alive(ask: Ask) -> None:
    """Consecutive calls share one connection."""
    with RawServer(endless) as server:
        ask(lambda c: take(c.list_run_tasks("1"), 20), endpoint_url=server.url)
        assert (10, 1) == (len(server.requests), server.connections)


def test_a_refused_connection(ask: Ask) -> None:
    """A refused connection raises an error with the endpoint after all attempts."""
    with RawServer(endless) as server:
        url = server.url
    policy = RetryPolicy(sleep=lambda _: None)
    with pytest.raises(TransportError, match=f"no connection to {url}") as caught:
        ask(lambda c: c.get_run("1"), endpoint_url=url, retries=policy)
    assert 3 == caught.value.attempts
