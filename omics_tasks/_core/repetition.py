"""The repetition of requests: what a failed one may have done, and whether to send another."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ..errors import (
    AccessDeniedException,
    AuthenticationException,
    ClosedClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    OmicsTasksError,
    ResponseError,
    ServiceError,
    TransportError,
)
from .operation import Operation, Repeatability


def may_have_acted(error: OmicsTasksError) -> bool:
    """Return whether the service may have acted on the request that ended in the error.

    It has not where the request was not sent, or was refused before the operation began.
    """
    match error:
        case EndpointConnectionError() | ConnectTimeoutError():
            return False
        case TransportError() | ResponseError():
            return True
        case AccessDeniedException() | AuthenticationException():
            return False
        case ServiceError():
            is_unclear = error.retryable or error.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            return is_unclear and not error.throttling
        case ClosedClientError(__cause__=OmicsTasksError() as interrupted):
            return may_have_acted(interrupted)
        case _:
            return False


class Repetition:
    """The requests of one call: whether one may have acted, and whether another does harm."""

    def __init__(self, operation: Operation[Any, Any]) -> None:
        self._operation = operation
        self._may_have_acted = False

    def failed(self, error: OmicsTasksError) -> None:
        """Record the failure of a request. It is not to be retried if another may do harm."""
        if may_have_acted(error):
            self._may_have_acted = True
            if self._operation.repeatability is Repeatability.NONE:
                error.retryable = False

    @property
    def may_have_happened(self) -> bool:
        """True if any of the requests may have changed the service."""
        return self._may_have_acted and self._operation.repeatability is not Repeatability.SAFE
