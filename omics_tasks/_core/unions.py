"""Arguments that are one of several structures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

from pydantic import GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema


class OneOf:
    """One of several dataclasses: bare in Python, under the name of its member on the wire."""

    def __init__(self, members: Mapping[str, type[Any]]) -> None:
        """The classes, by those names."""
        self.members = members
        self._rules: dict[str, TypeAdapter[Any]] = {}

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Leaves a value to the rules of its own class, so that no others are said to be broken."""
        return core_schema.json_or_python_schema(
            core_schema.no_info_plain_validator_function(self._from_wire),
            core_schema.no_info_plain_validator_function(self._from_python),
            serialization=core_schema.plain_serializer_function_ser_schema(self._to_wire),
        )

    def _from_python(self, value: object) -> object:
        name = self._name_of(value)
        if name is None:
            classes = ", ".join(cls.__name__ for cls in self.members.values())
            raise ValueError(f"must be one of {classes}")
        return self._rules_of(name).validate_python(value)

    def _from_wire(self, value: Any) -> object:
        names = list(cast("Mapping[str, object]", value)) if isinstance(value, dict) else []
        if len(names) != 1 or names[0] not in self.members:
            raise ValueError(f"must have one member of {', '.join(self.members)}")
        inside = json.dumps(value[names[0]])
        return self._rules_of(names[0]).validate_json(inside, by_alias=True, by_name=False)

    def _to_wire(self, value: object) -> dict[str, object]:
        name = self._name_of(value) or ""
        rules = self._rules_of(name)
        return {name: rules.dump_python(value, mode="json", by_alias=True, exclude_none=True)}

    def _name_of(self, value: object) -> str | None:
        return next((name for name, cls in self.members.items() if type(value) is cls), None)

    def _rules_of(self, name: str) -> TypeAdapter[Any]:
        """Made when they are first needed: a class can have itself inside."""
        if name not in self._rules:
            self._rules[name] = TypeAdapter(self.members[name])
        return self._rules[name]
