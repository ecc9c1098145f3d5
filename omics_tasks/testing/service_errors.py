"""Errors that the local services return."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Problem


class ErrorResponse(Exception):
    """An error to return to the client."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        *,
        retry_after: int | None = None,
        **members: object,
    ) -> None:
        """Create an error. ``members`` are its further members, under their wire names.

        ``retry_after`` is the number of seconds in the ``Retry-After`` header.
        """
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.members = members


class InvalidInput(Exception):
    """Invalid arguments. Each service turns this into its own validation error."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*problems)
        self.problems = problems
