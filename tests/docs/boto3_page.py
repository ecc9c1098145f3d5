"""docs/from-boto3.md: its tables and the names that their two sides may use."""

from __future__ import annotations

import importlib
from typing import Any, NamedTuple

from botocore.config import Config

import omics_tasks
from omics_tasks.deadline import searching

from .pages import DOCS, codes, table

PAGE = DOCS / "from-boto3.md"
boto3: Any = importlib.import_module("boto3")  # it comes without types
for name in ("botocore.exceptions", "omics_tasks.deadline", "omics_tasks.ecs"):
    importlib.import_module(name)
NAMES: dict[str, Any] = {
    **{name: getattr(omics_tasks, name) for name in omics_tasks.__all__},
    **{name: getattr(searching, name) for name in searching.__all__},
    "Config": Config,
    "boto3": boto3,
    "botocore": importlib.import_module("botocore"),
    "omics_tasks": omics_tasks,
}
CLIENTS = {"omics": "HealthOmics", "ecs": "ECS", "deadline": "Deadline"}


class Row(NamedTuple):
    """A row of a table: the code on both sides."""

    theirs: str
    ours: str


def rows(after: str) -> list[Row]:
    """Return the rows of the first table after a line."""
    cells = table(PAGE, "| boto3 | omics-tasks |", after=f"{after}\n")
    return [Row(*(codes(cell)[0] for cell in row)) for row in cells]
