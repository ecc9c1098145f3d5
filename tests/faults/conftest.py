"""Fixtures of the fault tests: the sync client, and the async one over either transport."""

from __future__ import annotations

import pytest

from omics_tasks._io.transport import httpx_async_transport

from ..asking import Ask, ask_async, ask_sync


@pytest.fixture(params=["sync", "async", "async over httpx"])
def ask(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Call the sync client, the async client, and the async client without the ``async`` extra."""
    if request.param == "async over httpx":
        monkeypatch.setattr(
            "omics_tasks._io.transport.default_async_transport", httpx_async_transport
        )
    return ask_sync if request.param == "sync" else ask_async
