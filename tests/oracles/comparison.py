"""Holds an operation against AWS's model of it.

Both are laid out as paths and facts. ``GetRun.output.vpcConfig.subnetIds`` has facts such as its
type; ``[]`` in a path stands for the elements of a list, ``{}`` for the values of a map.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.model import OperationModel

from omics_tasks._core.operation import Operation

from .aws import paging
from .layout_of_aws import Facts, Layout, of_aws
from .layout_of_ours import of_ours
from .strategies import OPERATORS

DECIDED: Mapping[str, Facts] = {
    # "id" says too little in a signature.
    ".input.id": {"name": "run_id"},
    # Without its identity, nothing can be said of a thing.
    "GetRun.output.id": {"required": True},
    "GetRunTask.output.taskId": {"required": True},
    "ListRuns.output.items[].id": {"required": True},
    "ListRunTasks.output.items[].taskId": {"required": True},
    "DescribeTasks.output.tasks[].taskArn": {"required": True},
    # botocore takes the last B for a word of its own.
    ".sizeInGiB": {"name": "size_in_gib"},
    # The API's page has this range, and the model has not.
    "ListTasks.input.maxResults": {"min": 1, "max": 100},
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
"""Where we differ from AWS's model on purpose: what a path ends with, and the facts there."""


def differences(operation: Operation[Any, Any], model: OperationModel) -> list[str]:
    """What is not the same in our operation, one line each."""
    return sorted(_differences(operation, model))


def expected(operation: Operation[Any, Any], model: OperationModel) -> Layout:
    """What AWS's model says of an operation, with our decisions."""
    layout = of_aws(model)
    for end, facts in (*DECIDED.items(), *_names_of_paging(operation)):
        for path in layout:
            if path.endswith(end):
                layout[path] |= facts
    return layout


def _differences(operation: Operation[Any, Any], model: OperationModel) -> Iterator[str]:
    ours, aws = of_ours(operation), expected(operation, model)
    yield from (f"{path}: missing here" for path in aws.keys() - ours.keys())
    yield from (f"{path}: not at AWS" for path in ours.keys() - aws.keys())
    for path in aws.keys() & ours.keys():
        here, there = _relevant(path, ours[path]), _relevant(path, aws[path])
        for name in here.keys() | there.keys():
            is_open = name in there and there[name] is None
            if not is_open and here.get(name) != there.get(name):
                said, meant = there.get(name), here.get(name)
                yield f"{path}: {name} is {said!r} at AWS and {meant!r} here"


def _relevant(path: str, facts: Facts) -> Facts:
    """Answers are read leniently: they have no limits. Errors even more so: nothing is required."""
    _, _, inside = path.partition(".")
    if inside.startswith("output."):
        return {name: said for name, said in facts.items() if name not in ("min", "max", "pattern")}
    if inside.startswith("errors."):
        return {name: said for name, said in facts.items() if name in ("status", "name", "type")}
    return facts


def _names_of_paging(operation: Operation[Any, Any]) -> list[tuple[str, Facts]]:
    """AWS's lists name their paging each in its own way; here it is the same everywhere."""
    said = paging(operation.service.id, operation.name)
    ours = {
        "input_token": ("input", "starting_token"),
        "limit_key": ("input", "page_size"),
        "output_token": ("output", "next_token"),
        "result_key": ("output", "items"),
    }
    return [
        (f"{operation.name}.{side}.{said[kind]}", {"name": name})
        for kind, (side, name) in ours.items()
        if kind in said
    ]
