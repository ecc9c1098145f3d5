"""Operations that write, one of each kind of repeatability; no service has them."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from omics_tasks import RetryPolicy
from omics_tasks._core.model import Input, Model, new_token
from omics_tasks._core.operation import Operation, Repeatability
from omics_tasks.healthomics.operations import HEALTHOMICS

from ..asking import Ask

QUICK = RetryPolicy(sleep=lambda _: None)


class Thing(Model):
    """The output of the operations."""

    id: str | None = None
    """Id of the thing."""


class ThingInput(Input):
    """Arguments without a token."""

    name: str
    """Name of the thing."""


class TokenInput(ThingInput):
    """Arguments with one."""

    client_token: str = Field(default_factory=new_token)
    """Idempotency token."""


def operation(kind: Repeatability, path: str = "/thing", **facts: Any) -> Operation[Any, Thing]:
    """Return an operation that is a POST, of that kind."""
    if kind is Repeatability.BY_TOKEN:
        return Operation(HEALTHOMICS, "MakeThing", TokenInput, Thing, (), "POST", path, **facts)
    facts["declared_repeatability"] = kind
    return Operation(HEALTHOMICS, "MakeThing", ThingInput, Thing, (), "POST", path, **facts)


def call(client: Any, kind: Repeatability) -> Any:
    """Call the operation of that kind."""
    return client._call(operation(kind), name="x")  # noqa: SLF001 - no public method writes yet


def make_thing(ask: Ask, kind: Repeatability, **options: Any) -> Thing:
    """Call the operation of that kind once, with a client of its own."""
    made: Thing = ask(lambda client: call(client, kind), retries=QUICK, **options)
    return made
