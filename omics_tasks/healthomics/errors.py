"""Errors of HealthOmics: the categories that all services share, unchanged.

https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html#API_GetRun_Errors
"""

from __future__ import annotations

from ..errors import (
    AccessDeniedException,
    ConflictException,
    InternalServerException,
    RequestTimeoutException,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    ThrottlingException,
    ValidationException,
)

__all__ = [
    "AccessDeniedException",
    "ConflictException",
    "InternalServerException",
    "RequestTimeoutException",
    "ResourceNotFoundException",
    "ServiceQuotaExceededException",
    "ThrottlingException",
    "ValidationException",
]
