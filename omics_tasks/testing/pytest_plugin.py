"""What pytest finds once the package is installed: a stand-in of its own for each test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .local_aws import LocalAWS


@pytest.fixture
def local_aws() -> Iterator[LocalAWS]:
    """HealthOmics, ECS and Deadline Cloud on this machine, empty, at a port of their own."""
    from .local_aws import LocalAWS  # noqa: PLC0415 - tests that don't use it don't pay for it

    with LocalAWS() as aws:
        yield aws
