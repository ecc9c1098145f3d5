"""AWS's models as known to the library: without additions of a newer botocore.

Tests draw arguments and answers from these, so that an addition fails none of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from typing import Any

from botocore.model import OperationModel, ServiceModel

from omics_tasks._core.operation import Operation

from .aws import OPERATIONS, api, model_of
from .comparison import Difference, differences


@cache
def known_service(service: str) -> ServiceModel:
    """Return AWS's model of a service without changes that break no operation of ours."""
    described = deepcopy(dict(api(service)))
    for operation in OPERATIONS.values():
        if operation.service.id == service:
            for difference in differences(operation, model_of(operation)):
                if not difference.breaks:
                    revert(described, difference)
    return ServiceModel(described, service)


def known_model(operation: Operation[Any, Any]) -> OperationModel:
    """Return AWS's model of an operation of ours without changes that break nothing."""
    return known_service(operation.service.id).operation_model(operation.name)


def revert(described: Mapping[str, Any], difference: Difference) -> None:
    """Revert a difference in AWS's description. A new error may stay."""
    shapes = described["shapes"]
    operation, side, *parts = re.findall(r"[^.\[\]{}]+|\[\]|\{\}", difference.path)
    roots = described["operations"][operation]
    if side == "errors":
        roots = {code_of(shapes[error["shape"]], error): error for error in roots["errors"]}
        side = parts.pop(0)
    reference, key = roots[side], ""
    shape: dict[str, Any] = {}
    holder: dict[str, Any] = {}
    for part in parts:
        shape = shapes[reference["shape"]]
        holder, key = place_of(part, shape)
        if key not in holder:
            return  # another operation has the same shape, and it was taken back there
        reference = holder[key]
    required = [each for each in shape.get("required", []) if each != key]
    match difference.fact:
        case "part":
            holder.pop(key, None)
            shape["required"] = required
        case "required":
            shape["required"] = [*required, key] if difference.here else required
        case "value":
            inner = shapes[reference["shape"]]
            inner["enum"] = [value for value in inner["enum"] if value != difference.at_aws]
        case fact if difference.here is None:
            shapes[reference["shape"]].pop(fact, None)
        case fact:
            shapes[reference["shape"]][fact] = difference.here


def code_of(shape: Mapping[str, Any], error: Mapping[str, str]) -> str:
    """Return the wire code of an error."""
    return str(shape.get("error", {}).get("code", error["shape"]))


def place_of(part: str, shape: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the object and the key that hold the reference to a part of a shape."""
    if part in ("[]", "{}"):
        return shape, {"[]": "member", "{}": "value"}[part]
    members = shape["members"]
    names = (name for name, each in members.items() if each.get("locationName", name) == part)
    return members, next(names, part)
