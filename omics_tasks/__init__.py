"""Typed clients for the task APIs of AWS HealthOmics, Amazon ECS and AWS Deadline Cloud.

Names are imported lazily: a program that reads ECS tasks does not import the other services.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from . import errors
from ._version import __version__
from .errors import *  # noqa: F403 - its __all__ is the list of its public names

if TYPE_CHECKING:
    from ._io.credentials import Credentials, CredentialsLike
    from ._io.profiles import SessionLike
    from ._io.sigv4 import AsyncSigV4Transport, SigV4Transport
    from .config import ClientConfig, ClientOptions, RateLimit, RetryPolicy
    from .deadline import AsyncDeadlineClient, DeadlineClient
    from .ecs import AsyncECSClient, ECSClient
    from .healthomics import AsyncHealthOmicsClient, HealthOmicsClient
    from .pagination import AsyncPaginator, Page, Paginator
    from .states import Change, TaskLike, TaskState

__all__ = [
    "AsyncDeadlineClient",
    "AsyncECSClient",
    "AsyncHealthOmicsClient",
    "AsyncPaginator",
    "AsyncSigV4Transport",
    "Change",
    "ClientConfig",
    "ClientOptions",
    "Credentials",
    "CredentialsLike",
    "DeadlineClient",
    "ECSClient",
    "HealthOmicsClient",
    "Page",
    "Paginator",
    "RateLimit",
    "RetryPolicy",
    "SessionLike",
    "SigV4Transport",
    "TaskLike",
    "TaskState",
    "__version__",
]
__all__ += errors.__all__

_HOMES = {
    "._io.credentials": ("Credentials", "CredentialsLike"),
    "._io.profiles": ("SessionLike",),
    "._io.sigv4": ("AsyncSigV4Transport", "SigV4Transport"),
    ".config": ("ClientConfig", "ClientOptions", "RateLimit", "RetryPolicy"),
    ".deadline": ("AsyncDeadlineClient", "DeadlineClient"),
    ".ecs": ("AsyncECSClient", "ECSClient"),
    ".healthomics": ("AsyncHealthOmicsClient", "HealthOmicsClient"),
    ".pagination": ("AsyncPaginator", "Page", "Paginator"),
    ".states": ("Change", "TaskLike", "TaskState"),
}


def __getattr__(name: str) -> object:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(home, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
