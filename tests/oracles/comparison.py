"""Compares an operation with AWS's model of it.

Both are laid out as paths and facts. ``GetRun.output.vpcConfig.subnetIds`` has facts such as its
type; ``[]`` in a path stands for the elements of a list, ``{}`` for the values of a map.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel

from omics_tasks._core.operation import Operation

from .aws import paging
from .layout_of_aws import Facts, Layout, of_aws
from .layout_of_ours import of_ours
from .strategies import OPERATORS

DECIDED: Mapping[str, Facts] = {
    # "id" is too vague as an argument.
    ".input.id": {"name": "run_id"},
    # An object without its id is of no use.
    "GetRun.output.id": {"required": True},
    "GetRunTask.output.taskId": {"required": True},
    "ListRuns.output.items[].id": {"required": True},
    "ListRunTasks.output.items[].taskId": {"required": True},
    "DescribeTasks.output.tasks[].taskArn": {"required": True},
    # AWS's documentation calls it a credential, and the model doesn't.
    "GetRun.output.parametersUri": {"sensitive": True},
    # botocore takes the last B for a word of its own.
    ".sizeInGiB": {"name": "size_in_gib"},
    # The API's page has this range, and the model has not.
    "ecs.ListTasks.input.maxResults": {"min": 1, "max": 100},
    # Its offsets are the tokens of a listing, and a search begins at its beginning.
    "SearchTasks": {"paged": True},
    "SearchTasks.input.itemOffset": {"name": "starting_token", "required": False},
    "SearchTasks.output.nextItemOffset": {"name": "next_token"},
    "SearchTasks.output.tasks": {"name": "items"},
    # What a search doesn't tell of a task is little without its identity.
    "SearchTasks.output.tasks[].taskId": {"required": True},
    # The model has one enum for all filters, and says which values each of them supports.
    ".dateTimeFilter.operator": {"enum": sorted(OPERATORS["DateTimeFilterExpression"])},
    ".stringFilter.operator": {"enum": sorted(OPERATORS["StringFilterExpression"])},
    ".stringListFilter.operator": {"enum": sorted(OPERATORS["StringListFilterExpression"])},
    # Shorter, and what the method of GetTask returns for it.
    "BatchGetTask.input.identifiers": {"name": "ids"},
}
"""Intended differences from AWS's model: the end of a path, and the facts there."""


PART = "part"
"""Placeholder for a fact if one side lacks the whole part."""
VALUE = "value"
"""Placeholder for a value of an enum that one side lacks."""


@dataclass(frozen=True)
class Difference:
    """A fact that differs between AWS and the library; None on the side that lacks it."""

    path: str
    fact: str
    at_aws: Any
    here: Any

    def __str__(self) -> str:
        if self.fact in (PART, VALUE):
            value = f"={self.at_aws or self.here}" if self.fact == VALUE else ""
            return f"{self.path}{value}: {'not at AWS' if self.at_aws is None else 'missing here'}"
        return f"{self.path}: {self.fact} is {self.at_aws!r} at AWS and {self.here!r} here"

    @property
    def news(self) -> str:
        """Return the warning about a difference that breaks nothing."""
        is_new = self.fact in (PART, VALUE)
        return f"AWS has added {str(self).partition(':')[0]}" if is_new else f"AWS changed {self}"

    @property
    def breaks(self) -> bool:
        """Return whether the difference can break a client or expose sensitive data."""
        is_input = ".input." in self.path
        match self.fact:
            case "part":
                return self.at_aws is None or (is_input and bool(self.at_aws["required"]))
            case "value":
                return self.at_aws is None
            case "enum":
                return is_input and self.here is None
            case "required":
                return bool(self.at_aws) is is_input
            case "sensitive":
                return bool(self.at_aws)
            case "min":
                return self.at_aws is not None and (self.here is None or self.at_aws > self.here)
            case "max":
                return self.at_aws is not None and (self.here is None or self.at_aws < self.here)
            case "pattern":
                return self.at_aws is not None
            case _:
                return True


def differences(operation: Operation[Any, Any], model: OperationModel) -> list[Difference]:
    """Return all differences of an operation; for a missing part, only the outermost path."""
    return sorted(_differences(operation, model), key=str)


def expected(operation: Operation[Any, Any], model: OperationModel) -> Layout:
    """Return the facts of AWS's model, with our intended differences."""
    layout = of_aws(model)
    for end, facts in (*DECIDED.items(), *_names_of_paging(operation)):
        for path in layout:
            if f"{operation.service.id}.{path}".endswith(end):
                layout[path] |= facts
    return layout


def _differences(operation: Operation[Any, Any], model: OperationModel) -> Iterator[Difference]:
    ours, aws = of_ours(operation), expected(operation, model)
    for path in _outermost(aws.keys() - ours.keys()):
        yield Difference(path, PART, aws[path], None)
    for path in _outermost(ours.keys() - aws.keys()):
        yield Difference(path, PART, None, ours[path])
    for path in aws.keys() & ours.keys():
        here, there = _relevant(path, ours[path]), _relevant(path, aws[path])
        for name in here.keys() | there.keys():
            is_open = name in there and there[name] is None
            if not is_open and here.get(name) != there.get(name):
                yield from _of_fact(path, name, there.get(name), here.get(name))


def _outermost(paths: set[str]) -> Iterator[str]:
    """Return the paths that are inside none of the others."""
    for path in paths:
        if not any(path.startswith((f"{p}.", f"{p}[", f"{p}{{")) for p in paths - {path}):
            yield path


def _of_fact(path: str, name: str, at_aws: Any, here: Any) -> Iterator[Difference]:
    if name == "enum" and None not in (at_aws, here):
        yield from (Difference(path, VALUE, value, None) for value in {*at_aws} - {*here})
        yield from (Difference(path, VALUE, None, value) for value in {*here} - {*at_aws})
    else:
        yield Difference(path, name, at_aws, here)


def _relevant(path: str, facts: Facts) -> Facts:
    """Return the facts without limits of outputs and requirements of errors."""
    _, _, inside = path.partition(".")
    if inside.startswith("output."):
        return {name: fact for name, fact in facts.items() if name not in ("min", "max", "pattern")}
    if inside.startswith("errors."):
        return {name: fact for name, fact in facts.items() if name in ("status", "name", "type")}
    return facts


def _names_of_paging(operation: Operation[Any, Any]) -> list[tuple[str, Facts]]:
    """Return the paths of an operation's paging members with the library's common names."""
    names = paging(operation.service.id, operation.name)
    ours = {
        "input_token": ("input", "starting_token"),
        "limit_key": ("input", "page_size"),
        "output_token": ("output", "next_token"),
        "result_key": ("output", "items"),
    }
    return [
        (f"{operation.name}.{side}.{names[kind]}", {"name": name})
        for kind, (side, name) in ours.items()
        if kind in names
    ]
