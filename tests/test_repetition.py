"""The decision whether the service may have acted on a failed request."""

from __future__ import annotations

from typing import Any

import pytest

from omics_tasks import (
    ClosedClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    OmicsTasksError,
    ReadTimeoutError,
    ServiceError,
    ThrottlingException,
    errors,
)
from omics_tasks._core.error_parsing import THROTTLING_CODES, TRANSIENT_CODES, parse_error
from omics_tasks._core.operation import Repeatability
from omics_tasks._core.protocols import encode
from omics_tasks._core.repetition import Repetition, may_have_acted
from omics_tasks.healthomics.operations import GET_RUN

from .faults.things import operation
from .test_errors import in_the_tree

MAY_HAVE_ACTED = {
    "ConnectionClosedError",
    "InternalServerErrorException",
    "InternalServerException",
    "ReadTimeoutError",
    "RequestTimeoutException",
    "ResponseError",
    "ServerException",
    "TransportError",
}
NOT_MADE_OF_WORDS = {errors.ParamValidationError, errors.PaginationError}

each_kind = pytest.mark.parametrize("kind", list(Repeatability), ids=lambda kind: kind.name)


def test_every_class_is_decided() -> None:
    """After these errors, and no others, the service may have acted."""
    classes = set(in_the_tree(OmicsTasksError)) - NOT_MADE_OF_WORDS
    assert MAY_HAVE_ACTED == {cls.__name__ for cls in classes if may_have_acted(cls("x"))}


def answered(status: int, code: str) -> ServiceError:
    return parse_error(GET_RUN, status, {"x-amzn-errortype": code}, b"")


@pytest.mark.parametrize("status", [400, 429, 500, 503])
@pytest.mark.parametrize("code", sorted(THROTTLING_CODES))
def test_a_throttled_request_was_not_acted_on(code: str, status: int) -> None:
    """Throttling comes before the operation, whatever status it has."""
    assert not may_have_acted(answered(status, code))


@pytest.mark.parametrize("code", sorted(TRANSIENT_CODES))
def test_a_transient_fault_may_have_been_acted_on(code: str) -> None:
    """A code of a fault inside the service leaves it open, even with the status of a refusal."""
    assert may_have_acted(answered(400, code))


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (400, "Unknown", False),
        (404, "Unknown", False),
        (409, "Unknown", False),
        (429, "Unknown", False),
        (499, "Unknown", False),
        (500, "Unknown", True),
        (501, "Unknown", True),
        (599, "Unknown", True),
        (400, "ExpiredTokenException", False),
        (403, "RequestInTheFuture", False),
        (403, "InvalidSignatureException", False),
        (500, "ExpiredToken", False),
        (500, "AccessDenied", False),
    ],
)
def test_statuses_from_500_leave_it_open(status: int, code: str, expected: bool) -> None:
    """Any other is a refusal; so are credentials and times that a service doesn't accept."""
    assert expected is may_have_acted(answered(status, code))


@pytest.mark.parametrize(
    ("interrupted", "expected"),
    [
        (None, False),
        (ValueError("x"), False),
        (ConnectTimeoutError("x"), False),
        (EndpointConnectionError("x"), False),
        (ReadTimeoutError("x"), True),
        (ConnectionClosedError("x"), True),
    ],
)
def test_the_end_of_the_client_leaves_open_what_it_interrupts(
    interrupted: Exception | None, expected: bool
) -> None:
    """A closed client's error has what it interrupted as its cause."""
    error = ClosedClientError("closed")
    error.__cause__ = interrupted
    assert expected is may_have_acted(error)


def failures(kind: Repeatability, *failed: OmicsTasksError) -> tuple[bool, list[bool]]:
    repetition = Repetition(operation(kind))
    for error in failed:
        repetition.failed(error)
    return repetition.may_have_happened, [error.retryable for error in failed]


@each_kind
def test_what_may_have_happened_may_not_be_retried(kind: Repeatability) -> None:
    """Only an operation of no kind is not, and only one that changes nothing has not happened."""
    is_none, is_safe = kind is Repeatability.NONE, kind is Repeatability.SAFE
    assert (not is_safe, [not is_none]) == failures(kind, ReadTimeoutError("x"))
    assert (False, [True]) == failures(kind, ThrottlingException("x"))
    assert (False, [True]) == failures(kind, ConnectTimeoutError("x"))


@each_kind
def test_no_later_failure_makes_it_certain(kind: Repeatability) -> None:
    """Once a request may have acted, the call may have happened."""
    unclear, refused = ConnectionClosedError("x"), errors.ConflictException("x")
    assert (kind is not Repeatability.SAFE) is failures(kind, unclear, refused)[0]


@each_kind
def test_a_request_says_whether_it_may_be_repeated(kind: Repeatability) -> None:
    """The transport's side needs to know no more."""
    writes: Any = operation(kind)
    request = encode(writes, writes.input(name="x"))
    assert (kind is not Repeatability.NONE) is request.may_repeat
