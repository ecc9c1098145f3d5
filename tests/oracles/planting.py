"""Simulated changes of AWS to a service model of botocore."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from botocore.model import OperationModel, ServiceModel

from omics_tasks._core.operation import Operation

from .aws import OPERATIONS, api, model_of
from .comparison import Difference, differences

Change = Callable[[dict[str, Any]], object]
"""A function that changes the description of a service in place."""


def planted(name: str, change: Change) -> list[Difference]:
    """Return the differences of an operation after a change to its service."""
    operation = OPERATIONS[name]
    before = differences(operation, model_of(operation))
    return [e for e in differences(operation, changed_model(operation, change)) if e not in before]


def changed_model(operation: Operation[Any, Any], change: Change) -> OperationModel:
    """Return AWS's model of one of our operations after a change to its service."""
    service = operation.service.id
    described = deepcopy(dict(api(service)))
    change(described)
    return ServiceModel(described, service).operation_model(operation.name)


def adding(shape: str, member: Mapping[str, str], *, required: bool = False) -> Change:
    """Add the member ``newThing`` to a structure."""

    def change(described: dict[str, Any]) -> None:
        changed = described["shapes"][shape]
        changed["members"]["newThing"] = member
        if required:
            changed["required"] = [*changed.get("required", []), "newThing"]

    return change


def adding_value(shape: str) -> Change:
    """Add a value to an enum."""
    return lambda described: described["shapes"][shape]["enum"].append("NEW_VALUE")


def adding_error(operation: str, *, like: str) -> Change:
    """Add an error to an operation, with the status and the members of another one."""

    def change(described: dict[str, Any]) -> None:
        error = deepcopy(described["shapes"][like])
        error.get("error", {}).pop("code", None)
        described["shapes"]["NewException"] = error
        described["operations"][operation]["errors"].append({"shape": "NewException"})

    return change


def removing(shape: str, member: str) -> Change:
    """Remove a member of a structure."""
    return lambda described: described["shapes"][shape]["members"].pop(member)


def setting(shape: str, **facts: object) -> Change:
    """Set facts of a shape, such as its ``max``."""
    return lambda described: described["shapes"][shape].update(facts)


def adding_everywhere(described: dict[str, Any]) -> None:
    """Add a member to every structure, a value to every enum and an error to every operation,
    and relax every limit. The new member has members of every kind.
    """
    shapes = described["shapes"]
    for shape in shapes.values():
        if shape["type"] == "structure" and not shape.get("document"):
            shape["members"]["addition"] = {"shape": "Added"}
        if "enum" in shape:
            shape["enum"].append("ADDED")
        if "max" in shape:
            shape["max"] *= 2
        if shape.get("min", 0) > 0:
            shape["min"] -= 1
    kinds = ("boolean", "blob", "double", "float", "long", "integer", "string", "timestamp")
    shapes |= {f"Added{kind.title()}": {"type": kind} for kind in kinds}
    members = {kind: {"shape": f"Added{kind.title()}"} for kind in kinds}
    shapes["Added"] = {"type": "structure", "required": [*members], "members": members}
    for name, operation in described["operations"].items():
        if operation["http"]["method"] == "GET" and "input" in operation:
            shapes[operation["input"]["shape"]]["members"]["addition"] = {
                "shape": "AddedString",
                "location": "querystring",
                "locationName": "addition",
            }
        if errors := operation.get("errors"):
            adding_error(name, like=errors[0]["shape"])(described)
