"""Example values of botocore's shapes, and a check of values against a shape."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

TIMES: dict[str, Any] = {"rest-json": "2026-01-02T03:04:05Z", "json": 1767323045.0}
"""The same time in the format of each protocol."""


def example(shape: Shape, name: str, protocol: str = "rest-json") -> Any:
    """Return a value of the shape in its wire format, with all members."""
    if isinstance(shape, StructureShape):
        is_union = bool(getattr(shape, "is_tagged_union", False))
        members = list(shape.members.items())[: 1 if is_union else None]
        if getattr(shape, "is_document_type", False):
            return {"free": [1, None]}
        return {member: example(inner, member, protocol) for member, inner in members}
    if isinstance(shape, ListShape):
        return [example(shape.member, name, protocol)]
    if isinstance(shape, MapShape):
        return {"key": example(shape.value, name, protocol)}
    values = {"timestamp": TIMES[protocol], "integer": 7, "long": 7, "boolean": True, "double": 0.5}
    enum = shape.metadata.get("enum")
    text = enum[0] if enum else "7" if name in ("id", "taskId") else f"some {name}"
    return values.get(shape.type_name, text)


def mismatches(shape: Shape, value: Any, at: str, protocol: str = "rest-json") -> Iterator[str]:
    """Yield the places where a value in its wire format doesn't match the shape."""
    if isinstance(shape, StructureShape) and not getattr(shape, "is_document_type", False):
        yield from (f"{at}.{name} is missing" for name in {*shape.required_members} - {*value})
        for name, inner in value.items():
            if name in shape.members:
                yield from mismatches(shape.members[name], inner, f"{at}.{name}", protocol)
            else:
                yield f"{at}.{name}"
    elif isinstance(shape, ListShape):
        for inner in value:
            yield from mismatches(shape.member, inner, f"{at}[]", protocol)
    elif isinstance(shape, MapShape):
        for inner in value.values():
            yield from mismatches(shape.value, inner, f"{at}{{}}", protocol)
    else:
        types = {"integer": int, "long": int, "boolean": bool, "string": str, "double": float}
        types["timestamp"] = type(TIMES[protocol])
        if not isinstance(value, types.get(shape.type_name, object)):
            yield f"{at}: {value!r}"
