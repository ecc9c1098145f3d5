"""Pagination by item offset: a number on the wire, an opaque token in Python."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .scalars import Integer


@dataclass(frozen=True)
class ItemOffset:
    """Number of items before a page: a number in JSON, a string of digits in Python."""

    ge: int | None = None
    """Minimum; None for no check, as in responses."""
    le: int | None = None
    """Maximum; None for no check, as in responses."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Build the schema: a number in JSON, a string of digits in Python."""
        is_answer = self.ge is None and self.le is None
        number = handler.generate_schema(
            Integer if is_answer else Annotated[int, Field(ge=self.ge, le=self.le)]
        )
        digits = core_schema.str_schema(pattern="^(0|[1-9][0-9]{0,8})$")
        return core_schema.json_or_python_schema(
            core_schema.no_info_after_validator_function(str, number),
            core_schema.no_info_after_validator_function(self._check, digits),
            serialization=core_schema.plain_serializer_function_ser_schema(int, when_used="json"),
        )

    def _check(self, digits: str) -> str:
        if self.le is not None and int(digits) > self.le:
            raise ValueError(f"must be {self.le} at most")
        return digits
