"""Fixtures of the Deadline Cloud tests."""

from __future__ import annotations

import pytest

from ..asking import Ask
from .farm import Farm


@pytest.fixture
def farm(ask: Ask) -> Farm:
    return Farm(ask)
