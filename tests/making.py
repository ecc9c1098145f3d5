"""Makes a client of either kind, which nothing is asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from omics_tasks import ConfigurationError

Make = Callable[..., Any]


def refusal(make: Make, **options: Any) -> str:
    """What the ConfigurationError says that the making of a client raises."""
    with pytest.raises(ConfigurationError) as caught:
        make(**options)
    return str(caught.value)
