"""A local HealthOmics, ECS and Deadline Cloud for tests, without an account or a network."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .deadline import LocalDeadline
    from .ecs import LocalECS
    from .faults import FaultName
    from .healthomics import LocalHealthOmics
    from .local_aws import LocalAWS, LocalClientOptions
    from .recording import RecordedRequest

__all__ = [
    "FaultName",
    "LocalAWS",
    "LocalClientOptions",
    "LocalDeadline",
    "LocalECS",
    "LocalHealthOmics",
    "RecordedRequest",
]

_HOMES = {
    "FaultName": ".faults",
    "LocalAWS": ".local_aws",
    "LocalClientOptions": ".local_aws",
    "LocalDeadline": ".deadline",
    "LocalECS": ".ecs",
    "LocalHealthOmics": ".healthomics",
    "RecordedRequest": ".recording",
}


def __getattr__(name: str) -> object:
    """Load a name on first use: pytest imports this package wherever it is installed."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
