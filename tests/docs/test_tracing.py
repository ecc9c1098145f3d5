"""docs/guide/logging.md: its table of OpenTelemetry instrumentations is correct."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.httpx import (
    AsyncOpenTelemetryTransport,
    HTTPXClientInstrumentor,
    SyncOpenTelemetryTransport,
)
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from omics_tasks import AsyncHealthOmicsClient, HealthOmicsClient, RetryPolicy
from omics_tasks.testing import LocalAWS

from ..asking import OPTIONS, Script, json_answer
from .pages import DOCS, codes, table

PAGE = DOCS / "guide" / "logging.md"
EVERY, NEW, NONE = (
    "every client, made before or after",
    "clients that haven't called yet",
    "no",
)


class Tracing:
    """An exporter of spans, and their number."""

    def __init__(self) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))

    def seen(self) -> int:
        count = len(self.exporter.get_finished_spans())
        self.exporter.clear()
        return count

    @contextmanager
    def by(self, instrumentor: Any) -> Generator[None]:
        instrumentor.instrument(tracer_provider=self.provider)
        try:
            yield
        finally:
            instrumentor.uninstrument()


@pytest.fixture
def tracing() -> Tracing:
    return Tracing()


def clients(kind: str, aws: LocalAWS) -> Any:
    """Return a client of the kind in a row of the table."""
    if kind.startswith("sync"):
        own = httpx.HTTPTransport() if "HTTPTransport" in kind else None
        return HealthOmicsClient(**aws.client_options, transport=own)
    transport = httpx.AsyncHTTPTransport() if "without" in kind else None
    return AsyncHealthOmicsClient(**aws.client_options, transport=transport)


async def call(client: Any, run_id: str) -> None:
    answer = client.get_run(run_id)
    if isinstance(client, AsyncHealthOmicsClient):
        await answer


async def close(*made: Any) -> None:
    for client in made:
        await client.aclose() if isinstance(client, AsyncHealthOmicsClient) else client.close()


ROWS = table(PAGE, "| client | `HTTPX")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
@pytest.mark.parametrize(
    ("column", "instrumentor"), [(1, HTTPXClientInstrumentor), (2, AioHttpClientInstrumentor)]
)
def test_instrumentations_see_what_the_table_says(
    row: list[str], column: int, instrumentor: Any, aws: LocalAWS, tracing: Tracing
) -> None:
    """A client that has called before, an unused one and a new one are traced as in the table."""
    run = aws.healthomics.add_run()

    async def seen() -> list[int]:
        called, made = clients(row[0], aws), clients(row[0], aws)
        await call(called, run.id)
        with tracing.by(instrumentor()):
            new = clients(row[0], aws)
            counts: list[int] = []
            for client in (called, made, new):
                await call(client, run.id)
                counts.append(tracing.seen())
            await close(called, made, new)
        return counts

    expected = {EVERY: [1, 1, 1], NEW: [0, 1, 1], NONE: [0, 0, 0]}[row[column]]
    assert expected == asyncio.run(seen())


def test_a_span_is_an_attempt(aws: LocalAWS, tracing: Tracing) -> None:
    """A retried call has one span per attempt."""
    run = aws.healthomics.add_run()
    aws.fail_next("throttling")
    retries = RetryPolicy(sleep=aws.advance)
    with (
        tracing.by(HTTPXClientInstrumentor()),
        HealthOmicsClient(
            **aws.client_options, retries=retries, transport=httpx.HTTPTransport()
        ) as omics,
    ):
        omics.get_run(run.id)
    assert 2 == tracing.seen()


def test_the_table_names_the_transports() -> None:
    """The last column has the wrappers for both kinds of client."""
    named = [codes(row[3])[0] for row in ROWS]
    sync, other = SyncOpenTelemetryTransport.__name__, AsyncOpenTelemetryTransport.__name__
    assert [sync, sync, other, other] == named


def test_a_wrapped_transport_is_traced(tracing: Tracing) -> None:
    """Either wrapper makes a span and adds a header that isn't signed."""
    script = Script(json_answer(id="7"))
    provider = tracing.provider
    with HealthOmicsClient(
        **OPTIONS, transport=SyncOpenTelemetryTransport(script.transport, provider)
    ) as omics:
        omics.get_run("7")

    async def get_run() -> None:
        async with AsyncHealthOmicsClient(
            **OPTIONS, transport=AsyncOpenTelemetryTransport(script.transport, provider)
        ) as omics:
            await omics.get_run("7")

    asyncio.run(get_run())
    assert 2 == tracing.seen()
    for request in script.requests:
        assert "traceparent" in request.headers
        assert "traceparent" not in request.headers["Authorization"]
