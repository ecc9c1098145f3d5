"""Errors of Amazon ECS.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html#API_ListTasks_Errors
"""

from __future__ import annotations

from ..errors import (
    AccessDeniedException,
    InternalServerException,
    ResourceNotFoundException,
    ServiceError,
    ThrottlingException,
    ValidationException,
)

__all__ = [
    "AccessDeniedException",
    "ClientException",
    "ClusterNotFoundException",
    "InvalidParameterException",
    "ServerException",
    "ServiceNotFoundException",
    "ThrottlingException",
]


class ClientException(ServiceError):
    """The call is invalid, for example as the caller lacks the permission to use a resource."""


class ServerException(InternalServerException):
    """ECS failed internally."""


class InvalidParameterException(ValidationException):
    """An argument is invalid for this operation."""


class ClusterNotFoundException(ResourceNotFoundException):
    """The cluster does not exist in this account and region."""

    status = 400


class ServiceNotFoundException(ResourceNotFoundException):
    """The ECS service does not exist in the cluster."""

    status = 400
