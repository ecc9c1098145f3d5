"""Fixtures of the comparisons: a recording server for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .server import RecordingServer, recording_server


@pytest.fixture(scope="session")
def server() -> Iterator[RecordingServer]:
    """A server that records its requests."""
    with recording_server() as running:
        yield running
