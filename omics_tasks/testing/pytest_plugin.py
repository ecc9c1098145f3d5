"""The pytest plugin of the package: a new stand-in for each test that uses the fixture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .local_aws import LocalAWS


@pytest.fixture
def local_aws() -> Iterator[LocalAWS]:
    """A new, empty LocalAWS on a free port: HealthOmics, ECS and Deadline Cloud on this machine."""
    from .local_aws import LocalAWS  # noqa: PLC0415 - tests that don't use it don't pay for it

    with LocalAWS() as aws:
        yield aws
