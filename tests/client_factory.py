"""Making clients with invalid settings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from omics_tasks import ConfigurationError

Make = Callable[..., Any]


def configuration_error(make: Make, **options: Any) -> str:
    """Return the message of the ConfigurationError that a client raises."""
    with pytest.raises(ConfigurationError) as caught:
        make(**options)
    return str(caught.value)
