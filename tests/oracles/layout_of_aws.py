"""The layout of an operation in AWS's model, for the comparison."""

from __future__ import annotations

from collections.abc import Iterator

from botocore import xform_name
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from .aws import host_prefix_of, paging

Facts = dict[str, object]
Layout = dict[str, Facts]

SAME_TYPES = {"long": "integer", "double": "float"}
"""Types of which Python has one alone."""


def of_aws(model: OperationModel) -> Layout:
    """Return paths and facts of AWS's model. None is a fact that the model leaves open."""
    service = model.service_model
    is_json = service.protocol == "json"
    parts = dict(_inside(f"{model.name}.input", model.input_shape))
    outputs = dict(_inside(f"{model.name}.output", model.output_shape))
    operation: Facts = {
        "method": model.http["method"],
        "path": model.http["requestUri"],
        "protocol": service.protocol,
        "target": f"{service.metadata['targetPrefix']}.{model.name}" if is_json else "",
        "signing name": service.signing_name,
        "host": host_prefix_of(model) + service.endpoint_prefix,
        "paged": bool(paging(service.service_name, model.name)),
        "sensitive": any(facts["sensitive"] for facts in outputs.values()),
    }
    return {model.name: operation, **parts, **outputs, **dict(_errors(model))}


def _errors(model: OperationModel) -> Iterator[tuple[str, Facts]]:
    for error in model.error_shapes:
        error_trait = error.metadata.get("error", {})  # nothing in awsJson services
        path = f"{model.name}.errors.{error_trait.get('code', error.name)}"
        yield path, {"status": error_trait.get("httpStatusCode")}
        for at, facts in _inside(path, error):
            # Every error of ours has these two, as ``message`` and ``retry_after``.
            if at not in (f"{path}.message", f"{path}.Retry-After"):
                yield at, facts


def _inside(
    path: str, shape: Shape | None, *, hidden: bool = False, around: tuple[str, ...] = ()
) -> Iterator[tuple[str, Facts]]:
    """Return the parts of a shape without recursion. Parts of a sensitive shape are sensitive."""
    match shape:
        case StructureShape() if shape.name in around:
            pass
        case ListShape():
            yield from _part(f"{path}[]", shape.member, {}, hidden=hidden, around=around)
        case MapShape():
            yield from _part(f"{path}{{}}", shape.value, {}, hidden=hidden, around=around)
        case StructureShape(is_document_type=False):
            for name, member in shape.members.items():
                facts: Facts = {
                    "name": xform_name(name),
                    # A token that is not given fills itself in.
                    "required": name in shape.required_members
                    and not member.metadata.get("idempotencyToken"),
                    "where": member.serialization.get("location", "body"),
                    "token": bool(member.metadata.get("idempotencyToken")),
                }
                at = f"{path}.{member.serialization.get('name', name)}"
                within = (*around, shape.name)
                yield from _part(at, member, facts, hidden=hidden, around=within)
        case _:
            pass


def _part(
    path: str, shape: Shape, facts: Facts, *, hidden: bool, around: tuple[str, ...]
) -> Iterator[tuple[str, Facts]]:
    hidden = hidden or bool(shape.metadata.get("sensitive"))
    yield path, {**facts, **_type(shape), "sensitive": hidden}
    yield from _inside(path, shape, hidden=hidden, around=around)


def format_of_time(shape: Shape) -> str:
    """Return the format of a time: in a JSON body a number, unless its shape differs."""
    return str(shape.serialization.get("timestampFormat", "unixTimestamp"))


def _type(shape: Shape) -> Facts:
    if isinstance(shape, StructureShape) and shape.is_document_type:
        return {"type": "document"}
    if "enum" in shape.metadata:
        return {"type": "string", "enum": sorted(shape.metadata["enum"])}
    if shape.type_name == "timestamp":
        return {"type": "timestamp", "format": format_of_time(shape)}
    facts: Facts = {"type": SAME_TYPES.get(shape.type_name, shape.type_name)}
    is_sized = facts["type"] in ("string", "list", "map")
    if (least := shape.metadata.get("min")) is not None and not (is_sized and least == 0):
        facts["min"] = least  # a least length of 0 says nothing
    if (most := shape.metadata.get("max")) is not None:
        facts["max"] = most
    if pattern := shape.metadata.get("pattern"):
        # It is meant for the whole string, whether it says so or not.
        facts["pattern"] = f"^{pattern.removeprefix('^').removesuffix('$')}$"
    return facts
