"""What Amazon ECS raises.

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
    """Something is wrong with the call, such as a resource that the caller can't use."""


class ServerException(InternalServerException):
    """Something failed inside ECS."""


class InvalidParameterException(ValidationException):
    """An argument is invalid for this call."""


class ClusterNotFoundException(ResourceNotFoundException):
    """There is no such cluster in this account and region."""

    status = 400


class ServiceNotFoundException(ResourceNotFoundException):
    """There is no such ECS service in the cluster."""

    status = 400
