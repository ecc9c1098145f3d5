"""Errors of AWS Deadline Cloud: the categories that all services share, with more attributes.

https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html#API_GetTask_Errors
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypedDict, Unpack

from .. import errors
from .._core.model import DenseList, DenseMap, Model

__all__ = [
    "AccessDeniedException",
    "InternalServerErrorException",
    "ResourceNotFoundException",
    "ThrottlingException",
    "ValidationException",
    "ValidationExceptionField",
]


class ValidationExceptionField(Model):
    """An argument that the service rejected."""

    name: str
    """Name of the argument in the API."""
    message: str
    """Message about the problem."""


class _ErrorArguments(TypedDict, total=False):
    """Keyword arguments of every ServiceError."""

    service: str | None
    """Id of the service."""
    operation: str | None
    """Name of the operation."""
    code: str | None
    """Error code of the service; the default is the name of the class."""
    status: int | None
    """HTTP status; the default is the status of the class."""
    request_id: str | None
    """AWS's request id."""
    headers: Mapping[str, str] | None
    """Headers of the response."""
    body: str
    """Start of the response body."""


class AccessDeniedException(errors.AccessDeniedException):
    """The caller lacks the permission for the operation."""

    context: DenseMap[str]
    """Further information from the service, by name."""

    def __init__(
        self,
        message: str | None = None,
        *,
        context: Mapping[str, str] | None = None,
        **arguments: Unpack[_ErrorArguments],
    ) -> None:
        super().__init__(message, **arguments)
        self.context = dict(context or {})


class InternalServerErrorException(errors.InternalServerException):
    """Deadline Cloud failed internally; ``retry_after`` has the seconds to wait, if known."""


class ResourceNotFoundException(errors.ResourceNotFoundException):
    """The resource does not exist in this account and region."""

    resource_id: str | None
    """Id of the missing resource."""
    resource_type: str | None
    """Type of the missing resource, such as ``task``."""
    context: DenseMap[str]
    """Further information from the service, by name."""

    def __init__(
        self,
        message: str | None = None,
        *,
        resource_id: str | None = None,
        resource_type: str | None = None,
        context: Mapping[str, str] | None = None,
        **arguments: Unpack[_ErrorArguments],
    ) -> None:
        super().__init__(message, **arguments)
        self.resource_id = resource_id
        self.resource_type = resource_type
        self.context = dict(context or {})


class ThrottlingException(errors.ThrottlingException):
    """The service throttled the request; ``retry_after`` has the seconds to wait, if known."""

    service_code: str | None
    """Code of the service whose quota is exceeded."""
    quota_code: str | None
    """Code of the quota in Service Quotas."""
    context: DenseMap[str]
    """Further information from the service, by name."""

    def __init__(
        self,
        message: str | None = None,
        *,
        service_code: str | None = None,
        quota_code: str | None = None,
        context: Mapping[str, str] | None = None,
        **arguments: Unpack[_ErrorArguments],
    ) -> None:
        super().__init__(message, **arguments)
        self.service_code = service_code
        self.quota_code = quota_code
        self.context = dict(context or {})


class ValidationException(errors.ValidationException):
    """The service rejected the arguments."""

    reason: str | None
    """Reason: UNKNOWN_OPERATION, CANNOT_PARSE, FIELD_VALIDATION_FAILED or OTHER."""
    field_list: DenseList[ValidationExceptionField]
    """The rejected arguments, each with a message about the problem."""
    context: DenseMap[str]
    """Further information from the service, by name."""

    def __init__(
        self,
        message: str | None = None,
        *,
        reason: str | None = None,
        field_list: Iterable[ValidationExceptionField] = (),
        context: Mapping[str, str] | None = None,
        **arguments: Unpack[_ErrorArguments],
    ) -> None:
        super().__init__(message, **arguments)
        self.reason = reason
        self.field_list = list(field_list)
        self.context = dict(context or {})
