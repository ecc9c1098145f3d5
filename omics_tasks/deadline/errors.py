"""What AWS Deadline Cloud raises: the categories that all services share, with more members.

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
    """One argument that the service refuses."""

    name: str
    """Its name, as the API has it."""
    message: str
    """What is wrong with it."""


class _Answer(TypedDict, total=False):
    """What every ServiceError can be made with."""

    service: str | None
    """Id of the service."""
    operation: str | None
    """Name of the operation."""
    code: str | None
    """The service's name for the error; by default that of the class."""
    status: int | None
    """HTTP status; by default that of the class."""
    request_id: str | None
    """AWS's id of the request."""
    headers: Mapping[str, str] | None
    """The answer's headers."""
    body: str
    """How the answer's body begins."""


class AccessDeniedException(errors.AccessDeniedException):
    """The caller may not do this."""

    context: DenseMap[str]
    """What the service adds, by name."""

    def __init__(
        self,
        message: str | None = None,
        *,
        context: Mapping[str, str] | None = None,
        **answer: Unpack[_Answer],
    ) -> None:
        super().__init__(message, **answer)
        self.context = dict(context or {})


class InternalServerErrorException(errors.InternalServerException):
    """Something failed inside Deadline Cloud; ``retry_after`` says when to ask again."""


class ResourceNotFoundException(errors.ResourceNotFoundException):
    """There is no such resource in this account and region."""

    resource_id: str | None
    """Id of what isn't there."""
    resource_type: str | None
    """What kind of resource that is, such as ``task``."""
    context: DenseMap[str]
    """What the service adds, by name."""

    def __init__(
        self,
        message: str | None = None,
        *,
        resource_id: str | None = None,
        resource_type: str | None = None,
        context: Mapping[str, str] | None = None,
        **answer: Unpack[_Answer],
    ) -> None:
        super().__init__(message, **answer)
        self.resource_id = resource_id
        self.resource_type = resource_type
        self.context = dict(context or {})


class ThrottlingException(errors.ThrottlingException):
    """Too many requests; ``retry_after`` says when to ask again."""

    service_code: str | None
    """Code of the service that the quota belongs to."""
    quota_code: str | None
    """Code of the quota, as Service Quotas has it."""
    context: DenseMap[str]
    """What the service adds, by name."""

    def __init__(
        self,
        message: str | None = None,
        *,
        service_code: str | None = None,
        quota_code: str | None = None,
        context: Mapping[str, str] | None = None,
        **answer: Unpack[_Answer],
    ) -> None:
        super().__init__(message, **answer)
        self.service_code = service_code
        self.quota_code = quota_code
        self.context = dict(context or {})


class ValidationException(errors.ValidationException):
    """The service refuses the arguments."""

    reason: str | None
    """UNKNOWN_OPERATION, CANNOT_PARSE, FIELD_VALIDATION_FAILED or OTHER."""
    field_list: DenseList[ValidationExceptionField]
    """The arguments that are refused, each with what is wrong with it."""
    context: DenseMap[str]
    """What the service adds, by name."""

    def __init__(
        self,
        message: str | None = None,
        *,
        reason: str | None = None,
        field_list: Iterable[ValidationExceptionField] = (),
        context: Mapping[str, str] | None = None,
        **answer: Unpack[_Answer],
    ) -> None:
        super().__init__(message, **answer)
        self.reason = reason
        self.field_list = list(field_list)
        self.context = dict(context or {})
