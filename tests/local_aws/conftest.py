"""Fixtures of the stand-in's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from omics_tasks.testing import LocalAWS


@pytest.fixture
def aws() -> Iterator[LocalAWS]:
    with LocalAWS() as running:
        yield running
