"""Error answers: the exception class and its attributes."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any, get_type_hints

import httpx
import pytest
from pydantic import TypeAdapter

import omics_tasks
from omics_tasks import deadline, ecs, errors, healthomics
from omics_tasks._core import error_parsing

from .asking import Ask, Script
from .test_arguments import DEADLINE_IDS

QUESTIONS: dict[str, Any] = {
    "HealthOmics": lambda client: client.get_run("1"),
    "ECS": lambda client: client.list_tasks().collect(),
    "Deadline": lambda client: client.get_task(**DEADLINE_IDS),
}
ONCE = omics_tasks.RetryPolicy(max_attempts=1)


def fault(
    ask: Ask, service: str, status: int, headers: dict[str, str] | None = None, **body: Any
) -> Any:
    script = Script(httpx.Response(status, headers=headers, **(body or {"json": {}})))
    with pytest.raises(errors.ServiceError) as caught:
        ask(QUESTIONS[service], service, transport=script.transport, retries=ONCE)
    return caught.value


@pytest.mark.parametrize(
    ("service", "status", "code", "cls", "category"),
    [
        ("HealthOmics", 403, "AccessDeniedException", healthomics.AccessDeniedException, None),
        ("HealthOmics", 409, "ConflictException", healthomics.ConflictException, None),
        ("HealthOmics", 500, "InternalServerException", healthomics.InternalServerException, None),
        ("HealthOmics", 408, "RequestTimeoutException", healthomics.RequestTimeoutException, None),
        ("HealthOmics", 404, "ResourceNotFoundException", healthomics.ResourceNotFoundException,
         None),
        ("HealthOmics", 402, "ServiceQuotaExceededException",
         healthomics.ServiceQuotaExceededException, None),
        ("HealthOmics", 429, "ThrottlingException", healthomics.ThrottlingException, None),
        ("HealthOmics", 400, "ValidationException", healthomics.ValidationException, None),
        ("ECS", 400, "AccessDeniedException", ecs.AccessDeniedException, None),
        ("ECS", 400, "ClientException", ecs.ClientException, errors.ServiceError),
        ("ECS", 400, "ClusterNotFoundException", ecs.ClusterNotFoundException,
         errors.ResourceNotFoundException),
        ("ECS", 400, "InvalidParameterException", ecs.InvalidParameterException,
         errors.ValidationException),
        ("ECS", 500, "ServerException", ecs.ServerException, errors.InternalServerException),
        ("ECS", 400, "ServiceNotFoundException", ecs.ServiceNotFoundException,
         errors.ResourceNotFoundException),
        ("ECS", 400, "ThrottlingException", ecs.ThrottlingException, errors.ThrottlingException),
        ("Deadline", 403, "AccessDeniedException", deadline.AccessDeniedException,
         errors.AccessDeniedException),
        ("Deadline", 500, "InternalServerErrorException", deadline.InternalServerErrorException,
         errors.InternalServerException),
        ("Deadline", 404, "ResourceNotFoundException", deadline.ResourceNotFoundException,
         errors.ResourceNotFoundException),
        ("Deadline", 429, "ThrottlingException", deadline.ThrottlingException,
         errors.ThrottlingException),
        ("Deadline", 400, "ValidationException", deadline.ValidationException,
         errors.ValidationException),
        *(
            (service, 403, code, errors.AuthenticationException, None)
            for service in QUESTIONS
            for code in (
                "ExpiredTokenException", "InvalidSignatureException",
                "UnrecognizedClientException", "IncompleteSignature", "RequestExpired",
                "RequestTimeTooSkewed", "MissingAuthenticationTokenException",
                "SignatureDoesNotMatch",
            )
        ),
        ("HealthOmics", 403, "OptInRequired", errors.AccessDeniedException, None),
        ("HealthOmics", 400, "NotAuthorized", errors.AccessDeniedException, None),
        ("HealthOmics", 503, "ServiceUnavailable", errors.InternalServerException, None),
        ("HealthOmics", 500, "InternalFailure", errors.InternalServerException, None),
        ("HealthOmics", 400, "ValidationError", errors.ValidationException, None),
        ("Deadline", 418, "TeapotException", errors.ServiceError, None),
    ],
)  # fmt: skip
def test_a_code_has_its_class(
    ask: Ask, service: str, status: int, code: str, cls: type, category: type | None
) -> None:
    """Every modelled and every common code raises its class, which has its category."""
    error = fault(ask, service, status, {"x-amzn-errortype": code})
    assert (cls, code, status) == (type(error), error.code, error.status)
    assert issubclass(cls, category or cls)


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({"x-amzn-errortype": "A:http://internal/"}, {"json": {"__type": "B"}}, "A"),
        ({}, {"json": {"code": "B", "__type": "C"}}, "B"),
        ({"x-amzn-errortype": ":"}, {"json": {"__type": "C"}}, "C"),
        ({}, {"json": {"Code": "B"}}, "B"),
        ({}, {"json": {"__type": "com.amazonaws.ecs#C"}}, "C"),
        ({}, {"json": {"__type": "ns#C:http://x#y"}}, "C"),
        ({"x-amzn-query-error": "Old.Code;Sender"}, {"json": {"__type": "C"}}, "Old.Code"),
        ({"x-amzn-errortype": "A"}, {"content": b""}, "A"),
        ({}, {"json": {"__type": 5, "code": ""}}, "418"),
        ({}, {"content": b"null"}, "418"),
        ({}, {"content": b"[]"}, "418"),
        ({}, {"content": b'"x"'}, "418"),
        ({}, {"content": b"<html>Bad gateway</html>"}, "418"),
        ({}, {"content": b"\xff\xfe\x00"}, "418"),
        ({}, {"content": b"[" * 10**5}, "418"),
        ({}, {"content": b"1" * 10**5}, "418"),
    ],
)
@pytest.mark.parametrize("service", QUESTIONS)
def test_where_the_code_is_found(
    ask: Ask, service: str, headers: dict[str, str], body: dict[str, Any], code: str
) -> None:
    """The header precedes the body in both protocols; without a code the status is used."""
    assert code == fault(ask, service, 418, headers, **body).code


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"message": "a", "Message": "b"}, "a"),
        ({"Message": "b", "errorMessage": "c"}, "b"),
        ({"errorMessage": "c"}, "c"),
        ({"message": None}, None),
        ({"message": 5}, None),
        ({}, None),
    ],
)
def test_where_the_message_is_found(ask: Ask, body: dict[str, Any], message: str | None) -> None:
    """The message is found under any of its three names, or is None."""
    assert message == fault(ask, "ECS", 400, json=body).message


def test_everything_is_on_the_error(ask: Ask) -> None:
    """An unknown code is a ServiceError with all data of the answer."""
    error = fault(
        ask, "HealthOmics", 418,
        {"X-Amzn-RequestId": "r-1", "x-amzn-errortype": "Teapot"}, json={"message": "no coffee"},
    )  # fmt: skip
    assert (
        errors.ServiceError, "omics", "GetRun", "Teapot", "no coffee", 418, "r-1", 1, False,
        False, None, '{"message":"no coffee"}', "Teapot",
    ) == (
        type(error), error.service, error.operation, error.code, error.message, error.status,
        error.request_id, error.attempts, error.retryable, error.throttling, error.retry_after,
        error.body, error.headers["x-amzn-errortype"],
    )  # fmt: skip
    assert "omics GetRun: Teapot: no coffee (HTTP 418, request id: r-1)" == str(error)


def test_the_alternative_request_id_header(ask: Ask) -> None:
    """Without x-amzn-requestid, x-amz-request-id is used."""
    assert "r-2" == fault(ask, "ECS", 400, {"x-amz-request-id": "r-2"}).request_id


def test_deadline_errors_carry_their_members(ask: Ask) -> None:
    """Additional members of Deadline Cloud's errors are typed attributes."""
    error = fault(
        ask, "Deadline", 400, {"x-amzn-errortype": "ValidationException"},
        json={
            "reason": "FIELD_VALIDATION_FAILED", "context": {"a": "b"},
            "fieldList": [{"name": "farmId", "message": "too long"}, None],
        },
    )  # fmt: skip
    assert "FIELD_VALIDATION_FAILED" == error.reason
    assert {"a": "b"} == error.context
    assert [("farmId", "too long")] == [(f.name, f.message) for f in error.field_list]


def test_members_of_the_wrong_type_are_absent(ask: Ask) -> None:
    """An error with invalid members is raised without them."""
    error = fault(
        ask, "Deadline", 404, {"x-amzn-errortype": "ResourceNotFoundException"},
        json={"resourceId": 5, "context": "x"},
    )  # fmt: skip
    assert (None, None, {}) == (error.resource_id, error.resource_type, error.context)


@pytest.mark.parametrize(
    "members",
    [{"ResourceId": "t", "Context": {"a": "b"}}, {"resourceId": "t", "context": {"a": "b"}},
     {"resourceId": "t", "ResourceId": "u", "context": {"a": "b"}}],
)  # fmt: skip
def test_members_may_begin_with_a_capital(ask: Ask, members: dict[str, Any]) -> None:
    """An error's member is read under its name with a capital too, if it has no other."""
    error = fault(
        ask, "Deadline", 404, {"x-amzn-errortype": "ResourceNotFoundException"}, json=members
    )
    assert ("t", {"a": "b"}) == (error.resource_id, error.context)


def test_members_are_described_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The members of an error class are looked up once."""
    made: list[object] = []

    def counted(annotation: Any) -> TypeAdapter[object]:
        made.append(annotation)
        return TypeAdapter(annotation)

    error_parsing._details.cache_clear()  # noqa: SLF001 - other tests have filled it
    monkeypatch.setattr(error_parsing, "TypeAdapter", counted)
    for _ in range(3):
        fault(ask, "Deadline", 404, {"x-amzn-errortype": "ResourceNotFoundException"})
    assert 3 == len(made)


@pytest.mark.parametrize("service", QUESTIONS)
def test_throttling_is_caught_alike_in_every_service(ask: Ask, service: str) -> None:
    """ThrottlingError is raised for every throttling code and for a bare 429."""
    for status, code in [(429, "ThrottlingException"), (400, "ThrottlingException"),
                         (400, "TooManyRequestsException"), (429, "")]:  # fmt: skip
        error = fault(ask, service, status, {"x-amzn-errortype": code})
        assert isinstance(error, omics_tasks.ThrottlingException)
        assert (True, True) == (error.throttling, error.retryable)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"x-amz-retry-after": "1500", "retry-after": "7"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({}, None),
    ],
)
def test_retry_after(ask: Ask, headers: dict[str, str], seconds: float | None) -> None:
    """Retry-After is in seconds and AWS's own header in milliseconds; others are ignored."""
    assert seconds == fault(ask, "Deadline", 429, headers).retry_after


ALL = sorted(errors.__all__)


def test_errors_survive_pickling(ask: Ask) -> None:
    """A pickled error equals the original."""
    for error in (
        fault(ask, "Deadline", 404, {"x-amzn-errortype": "ResourceNotFoundException"}),
        errors.ParamValidationError("omics", "GetRun", (errors.Problem("run_id", "bad"),)),
        errors.PaginationError("ecs", "ListTasks", "t"),
        errors.NoRegionError("no region"),
    ):
        copy = pickle.loads(pickle.dumps(error))
        assert (type(error), str(error), error.__dict__) == (type(copy), str(copy), copy.__dict__)


def in_the_tree(cls: type[errors.OmicsTasksError]) -> Iterator[type[errors.OmicsTasksError]]:
    yield cls
    for each in cls.__subclasses__():
        if each.__module__.startswith("omics_tasks."):
            yield from in_the_tree(each)


MADE_OF_WORDS = sorted(
    set(in_the_tree(errors.OmicsTasksError))
    - {errors.ParamValidationError, errors.PaginationError},
    key=lambda cls: (cls.__module__, cls.__name__),
)


@pytest.mark.parametrize("cls", MADE_OF_WORDS, ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_an_error_made_from_a_message(cls: type[errors.OmicsTasksError]) -> None:
    """Any error can be made from a message alone; its other attributes are empty."""
    error = cls("gone")
    assert "gone" in str(error)
    members = get_type_hints(cls, include_extras=True)
    assert [] == [name for name in members if not hasattr(error, name)]
    copy = pickle.loads(pickle.dumps(error))
    assert (type(error), str(error), error.__dict__) == (type(copy), str(copy), copy.__dict__)


@pytest.mark.parametrize(
    ("error", "code", "status", "retryable"),
    [
        (ecs.ClusterNotFoundException("gone"), "ClusterNotFoundException", 400, False),
        (ecs.ServerException(), "ServerException", 500, True),
        (errors.ThrottlingException(status=400), "ThrottlingException", 400, True),
        (errors.RequestTimeoutException(), "RequestTimeoutException", 408, True),
        (errors.ServiceError(code="Teapot", status=418), "Teapot", 418, False),
        (deadline.InternalServerErrorException(), "InternalServerErrorException", 500, True),
    ],
)
def test_a_service_error_made_by_hand(
    error: errors.ServiceError, code: str, status: int, retryable: bool
) -> None:
    """Its code, status and ``retryable`` are the defaults of its class."""
    assert (code, status, retryable) == (error.code, error.status, error.retryable)
    assert isinstance(error, errors.ThrottlingException) is error.throttling


def test_the_members_of_a_deadline_error_made_by_hand() -> None:
    """They are keyword arguments, and no two errors share a mapping."""
    field = deadline.ValidationExceptionField(name="farmId", message="too long")
    refused = deadline.ValidationException("no", reason="OTHER", field_list=[field])
    assert ("OTHER", [field], {}) == (refused.reason, refused.field_list, refused.context)
    lost = deadline.ResourceNotFoundException(
        "gone", resource_id="task-1", resource_type="task", context={"a": "b"},
        service="deadline", operation="GetTask",
    )  # fmt: skip
    assert ("task-1", "task", {"a": "b"}) == (lost.resource_id, lost.resource_type, lost.context)
    assert "deadline GetTask: ResourceNotFoundException: gone (HTTP 404)" == str(lost)
    slow = deadline.ThrottlingException(service_code="deadline", quota_code="L-1")
    assert ("deadline", "L-1") == (slow.service_code, slow.quota_code)
    denied = [deadline.AccessDeniedException() for _ in range(2)]
    denied[0].context["a"] = "b"
    assert {} == denied[1].context


def test_the_tree_is_drawn_as_it_is() -> None:
    """The module's docstring draws exactly the existing classes, each below its base."""
    drawn: dict[str, str] = {}
    path: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        text = line.lstrip(" │├└─")
        name = text.split(" ")[0]
        if name not in errors.__all__:
            continue
        depth = len(line) - len(text)
        path = [(d, n) for d, n in path if d < depth]
        if path:
            drawn[name] = path[-1][1]
        path.append((depth, name))
    real = {
        name: (cls.__base__ or cls).__name__
        for name, cls in vars(errors).items()
        if isinstance(cls, type) and issubclass(cls, errors.OmicsTasksError)
    }
    assert {**drawn, "OmicsTasksError": "Exception"} == real
