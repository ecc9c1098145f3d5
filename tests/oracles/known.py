"""AWS's models as far as the library knows them: without what a newer botocore has added.

Arguments and answers that tests make are made from these, so that an addition fails none of them.
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
    """AWS's model of a service, less what breaks nothing in any operation of ours."""
    described = deepcopy(dict(api(service)))
    for operation in OPERATIONS.values():
        if operation.service.id == service:
            for difference in differences(operation, model_of(operation)):
                if not difference.breaks:
                    take_back(described, difference)
    return ServiceModel(described, service)


def known_model(operation: Operation[Any, Any]) -> OperationModel:
    """AWS's model of one of our operations, less what breaks nothing."""
    return known_service(operation.service.id).operation_model(operation.name)


def take_back(described: Mapping[str, Any], difference: Difference) -> None:
    """Makes AWS's description what it was before a difference. A new error may stay."""
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
    """What an error is called on the wire."""
    return str(shape.get("error", {}).get("code", error["shape"]))


def place_of(part: str, shape: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Where a shape has the reference to a part of it: in which object, under which key."""
    if part in ("[]", "{}"):
        return shape, {"[]": "member", "{}": "value"}[part]
    members = shape["members"]
    names = (name for name, each in members.items() if each.get("locationName", name) == part)
    return members, next(names, part)
