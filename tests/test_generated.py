"""The generated modules: they are what the generator makes of the definitions."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

import omics_tasks
from omics_tasks._core.arguments import Document, FloatArgument, TimestampArgument
from omics_tasks._core.binding import Header, Query
from omics_tasks._core.model import Input, Structure, new_token

from . import generator
from .test_design import public_methods

CLIENTS = [
    f"{kind}{service}Client"
    for service in ("HealthOmics", "ECS", "Deadline")
    for kind in ("", "Async")
]
METHODS = {
    f"{client}.{name}": method
    for client in CLIENTS
    for name, method in public_methods(getattr(omics_tasks, client)).items()
}


@pytest.fixture(scope="module")
def generated() -> dict[Path, str]:
    return generator.generated()


def test_the_generator_fits_in_one_reading() -> None:
    """It has fewer than 250 lines."""
    assert len(Path(generator.__file__).read_text().splitlines()) < 250


@pytest.mark.parametrize(
    "module", ["healthomics/client", "ecs/client", "deadline/client", "testing/builder_fields"]
)
def test_a_generated_module_is_up_to_date(generated: dict[Path, str], module: str) -> None:
    """The file in the package is, byte for byte, what the generator writes now."""
    path = generator.ROOT / f"{module}.py"
    assert generated[path] == path.read_text()


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_docstring_describes_the_whole_method(method: Any) -> None:
    """It has a summary, the API page, each argument, the result and the errors, in that order."""
    doc = inspect.getdoc(method) or ""
    summary, *_ = doc.split("\n\n")
    assert summary.endswith(".")
    assert "\n" not in summary
    sections = [
        line for line in doc.splitlines() if line in ("Args:", "Returns:", "Yields:", "Raises:")
    ]
    assert "Args:" == sections[0]
    assert "Raises:" == sections[-1]
    arguments = doc.partition("\nArgs:\n")[2].partition("\n\n")[0]
    described = [
        line.strip().partition(":")[0] for line in arguments.splitlines() if line[4] != " "
    ]
    assert list(inspect.signature(method).parameters)[1:] == described


class Storage(Structure):
    """A structure."""


class Everything(Input):
    """Has an argument of each kind."""

    number: Annotated[int, Field(ge=1)]
    times: Sequence[TimestampArgument] | None = None
    token: Annotated[str, Header("X-Amz-Client-Token")] = Field(default_factory=new_token)
    force: Annotated[bool, Query()] | None = None
    storage: Storage | None = None
    several: Mapping[str, Sequence[Storage]] | None = None
    parameters: Document | None = None
    ratio: FloatArgument = Field(kw_only=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("number", "number: int"),
        ("times", "times: Sequence[datetime] | None = None"),
        ("token", "token: str | None = None"),
        ("force", "force: bool | None = None"),
        ("storage", "storage: Storage | Mapping[str, object] | None = None"),
        (
            "several",
            "several: Mapping[str, Sequence[Storage | Mapping[str, object]]] | None = None",
        ),
        ("parameters", "parameters: Json | None = None"),
        ("ratio", "ratio: float"),
    ],
)
def test_an_argument_is_typed_as_callers_give_it(name: str, expected: str) -> None:
    """Structures may be mappings, documents are JSON, and a token may be left out."""
    source = generator.Source("omics_tasks.ecs", [])
    assert expected == generator.parameter(name, Everything.model_fields[name], source)
