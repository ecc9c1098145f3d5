"""What the oracles share: one recording server for all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .server import RecordingServer, recording_server


@pytest.fixture(scope="session")
def server() -> Iterator[RecordingServer]:
    """A server that records what it is asked."""
    with recording_server() as running:
        yield running
