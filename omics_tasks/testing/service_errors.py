"""How the local services say no."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Problem


class ErrorResponse(Exception):
    """An error that the caller is answered with."""

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 400,
        *,
        retry_after: int | None = None,
        **members: object,
    ) -> None:
        """``members`` are those that the error has besides its message, under their wire names.

        ``retry_after`` is the header's: seconds until it makes sense to try again.
        """
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.retry_after = retry_after
        self.members = members


class InvalidInput(Exception):
    """Arguments break the API's rules; each service has an error of its own for that."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*problems)
        self.problems = problems
